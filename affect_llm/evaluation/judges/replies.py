"""A reasoner's replies, kept on disk: nothing is asked twice, and a killed run goes on.

One JSON line per reply, keyed by a hash of everything that the reply depends on: the model, the
prompt with its texts, the schema and the length. Several judges may share one file.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from affect_llm.errors import DataError
from affect_llm.evaluation.judges.judgement import JudgeCard, Written
from affect_llm.json_lines import append_lines
from affect_llm.reasoners.reasoner import Reasoner
from affect_llm.types import Message, Model, Prompt

MAX_NEW_TOKENS = 400
"""Room for the longest verdict: eight matches of 80 characters and a reason of 240."""
TEMPLATE_TOKENS = 128
"""Room for what a chat template adds to the messages."""


class JudgeReply(Model):
    """What a model said to one prompt.

    Args:
        key: of the question.
        text: as it came; empty where the prompt is too long to be asked.
        finish: "too long" when it was never asked.
    """

    key: str
    model: str
    text: Written
    finish: Literal["stop", "length", "too long"]


class ReplyLog:
    """Replies by key; with a path they outlive the process.

    Each reply is appended in one write. A line that a killed run left half-written is not read,
    so its question is asked again.

    Args:
        path: the log's file, its folder is made; None keeps replies in memory only.

    Raises:
        DataError: the file cannot be read.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.replies: dict[str, JudgeReply] = {}
        if path is None or not path.exists():
            return
        try:
            lines = path.read_bytes().splitlines()
        except OSError as error:
            raise DataError(f"The log of replies {path} cannot be read: {error}.") from error
        for line in lines:
            with suppress(ValidationError):
                reply = JudgeReply.model_validate_json(line)
                self.replies[reply.key] = reply

    def add(self, replies: Sequence[JudgeReply]) -> None:
        """Keep `replies`, on disk before this returns."""
        self.replies |= {reply.key: reply for reply in replies}
        if self._path is not None and replies:
            append_lines(self._path, (reply.model_dump_json() for reply in replies), durable=True)


class Asker:
    """Asks a reasoner what the log does not know yet.

    Args:
        reasoner: any of the registry.
        log: of earlier replies.
        batch_size: prompts per call; the log grows after each.
    """

    def __init__(self, reasoner: Reasoner, log: ReplyLog, batch_size: int) -> None:
        self._reasoner = reasoner
        self._log = log
        self._batch_size = batch_size

    @property
    def constrained(self) -> bool:
        """Whether answers can be held to a schema."""
        return "constrained" in self._reasoner.capabilities

    @cached_property
    def model(self) -> str:
        """`name@revision#hash` of what answers; only a reply tells it: one token is asked for."""
        hello = Prompt(id="identity", version=1, messages=(Message(role="user", content="Hello"),))
        return self._reasoner.complete([hello], max_new_tokens=1)[0].model

    def card(
        self, name: str, version: int, prompts: tuple[str, ...], parser: str, orders: int
    ) -> JudgeCard:
        """The card of a judge that asks here; arguments as in `JudgeCard`."""
        decoding = "constrained" if self.constrained else "free"
        return JudgeCard(
            name=name,
            version=version,
            model=self.model,
            prompts=prompts,
            parser=f"{parser}, {decoding}",
            orders=orders,
        )

    def ask(self, prompts: Sequence[Prompt]) -> list[JudgeReply]:
        """One reply per prompt, in order; equal prompts are asked once.

        Raises:
            AffectError: the reasoner cannot answer; what it has answered is kept.
        """
        keys = [self._key(prompt) for prompt in prompts]
        known = self._log.replies
        fresh = {k: p for k, p in zip(keys, prompts, strict=True) if k not in known}
        room = self._reasoner.context_tokens - TEMPLATE_TOKENS - MAX_NEW_TOKENS
        too_long = [
            JudgeReply(key=key, model=self.model, text="", finish="too long")
            for key, prompt in fresh.items()
            if sum(self._reasoner.count_tokens(m.content) for m in prompt.messages) > room
        ]
        self._log.add(too_long)
        left = [key for key in fresh if key not in self._log.replies]
        for start in range(0, len(left), self._batch_size):
            batch = left[start : start + self._batch_size]
            questions = [fresh[key] for key in batch]
            answers = self._reasoner.complete(questions, max_new_tokens=MAX_NEW_TOKENS)
            self._log.add(
                [
                    JudgeReply(key=key, model=answer.model, text=answer.text, finish=answer.finish)
                    for key, answer in zip(batch, answers, strict=True)
                ]
            )
        return [self._log.replies[key] for key in keys]

    def _key(self, prompt: Prompt) -> str:
        messages = [message.model_dump() for message in prompt.messages]
        question = (prompt.id, prompt.version, messages, prompt.answer_schema)
        parts = [self.model, *question, MAX_NEW_TOKENS]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
