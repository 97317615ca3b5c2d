"""Any local causal language model: label probabilities, then an answer that follows its schema."""

from collections.abc import Sequence
from pathlib import Path

import torch

from affect_llm.adapters.folder import Adapter, open_adapter, read_calibration
from affect_llm.config import Settings
from affect_llm.errors import CapabilityError
from affect_llm.fusion.slots import SlottedPrompt
from affect_llm.prompting.calibration import Calibration
from affect_llm.reasoners.local.adapter_rack import AdapterRack
from affect_llm.reasoners.local.answer import Answer, begun_answer
from affect_llm.reasoners.local.batch_state import BatchState
from affect_llm.reasoners.local.checkpoint import Checkpoint, open_checkpoint
from affect_llm.reasoners.local.device import memory_guard
from affect_llm.reasoners.local.label_probabilities import score_labels
from affect_llm.reasoners.local.probe import probe_constraining
from affect_llm.reasoners.local.prompt_reader import Chat, PromptReader
from affect_llm.reasoners.reasoner import Capability
from affect_llm.reasoners.specs import TRANSFORMERS
from affect_llm.reasoners.tokens.chat import require_chat_template
from affect_llm.reasoners.tokens.grammar import Vocabulary
from affect_llm.reasoners.tokens.label_paths import LabelPaths, prompt_paths
from affect_llm.reasoners.tokens.limits import context_tokens, eos_ids
from affect_llm.reasoners.tokens.slotted_chat import length_of, slotted_prompt
from affect_llm.types import Completion, Prompt, Usage

_SOFT_TOKENS: frozenset[Capability] = frozenset({"soft_tokens"})


class CausalLM:
    """Greedy and deterministic; a batch answers as its prompts would one by one.

    Adapters are hot-swapped (`add_adapter`, `use`). While one is on, `calibration` is the
    adapter's own or None, because temperatures that were fitted for the base model do not hold
    for another; "soft_tokens" is a capability while one with a projector is on.

    Args:
        name: in the registry.
        checkpoint: the loaded model.
        calibration: fitted for this checkpoint.
        batch_size: prompts per forward pass.
        writes: whether it is large enough to make its own sentences.
    """

    media_tracks: tuple[str, ...] = ()

    def __init__(
        self,
        name: str,
        checkpoint: Checkpoint,
        calibration: Calibration | None,
        batch_size: int,
        *,
        writes: bool = True,
    ) -> None:
        self.name = name
        own: set[Capability] = {"label_logprobs", "constrained"}
        self.capabilities: frozenset[Capability] = frozenset(own | {"writes"} if writes else own)
        self._base = (self.capabilities, calibration)
        self.calibration = calibration
        self.batch_size = batch_size
        config = checkpoint.model.config.get_text_config()
        self.context_tokens = context_tokens(config)
        stops = eos_ids(checkpoint.model.generation_config.eos_token_id, checkpoint.tokenizer)
        self.vocabulary = Vocabulary(checkpoint.tokenizer, config.vocab_size, stops)
        self._take(checkpoint)

    def _take(self, checkpoint: Checkpoint) -> None:
        self.checkpoint = checkpoint
        self._rack = AdapterRack(checkpoint)
        self._reader = PromptReader(checkpoint, self.vocabulary.eos_ids[0])

    def count_tokens(self, text: str) -> int:
        """Length of `text` in tokens, without any that a chat template adds."""
        return len(self.checkpoint.tokenizer.encode(text, add_special_tokens=False))

    @property
    def adapters(self) -> tuple[str, ...]:
        """Names of the adapters that are loaded."""
        return self._rack.names

    def add_adapter(self, adapter: Adapter) -> None:
        """Load an adapter beside those that are there, without switching to it.

        Raises:
            ConfigError, WeightsError, CapabilityError, MissingExtra: see `AdapterRack.add`.
        """
        if self.checkpoint.reopen is not None:
            self._take(self.checkpoint.reopen())
        self._rack.add(adapter)

    def use(self, adapter: str | None) -> None:
        """Switch to an adapter that is loaded, by name; None for the base model as it was.

        Raises:
            ConfigError: no adapter of that name is loaded.
        """
        self._rack.use(adapter)
        self._reader.forget()
        self.capabilities, self.calibration = self._base
        if (active := self._rack.active) is not None:
            self.calibration = active.calibration
            if active.manifest.fusion is not None:
                self.capabilities |= _SOFT_TOKENS

    def complete(self, prompts: Sequence[Prompt], *, max_new_tokens: int) -> list[Completion]:
        """One completion per prompt, in order.

        Raises:
            CapabilityError: a prompt is longer than the model's context, has soft tokens where no
                projector is on, or the batch does not fit into memory.
            PromptError: the answer schema does not fit the labels, or the soft tokens not the
                slots.
        """
        chats = [self._chat(prompt) for prompt in prompts]
        lengths = [length_of(c, p.soft_tokens) for c, p in zip(chats, prompts, strict=True)]
        order = sorted(range(len(prompts)), key=lambda n: lengths[n])
        done: dict[int, Completion] = {}
        for start in range(0, len(order), self.batch_size):
            batch = order[start : start + self.batch_size]
            with torch.inference_mode(), memory_guard(f"{len(batch)} prompts at once"):
                answers = self._answer(
                    [prompts[n] for n in batch], [chats[n] for n in batch], max_new_tokens
                )
            done |= dict(zip(batch, answers, strict=True))
        return [done[n] for n in range(len(prompts))]

    def _chat(self, prompt: Prompt) -> SlottedPrompt:
        if prompt.soft_tokens is not None and "soft_tokens" not in self.capabilities:
            raise CapabilityError(
                f"The reasoner '{self.name}' reads soft tokens only with an adapter that has a "
                "projector. Name one (adapter), or use road = 'text'."
            )
        chat = slotted_prompt(self.checkpoint.tokenizer, prompt)
        length = length_of(chat, prompt.soft_tokens)
        if length >= self.context_tokens:
            raise CapabilityError(
                f"The prompt has {length} tokens and '{self.checkpoint.passport}' reads at most "
                f"{self.context_tokens}. Use shorter windows (window_s) or a model that reads more."
            )
        return chat

    def _answer(
        self, prompts: list[Prompt], chats: list[SlottedPrompt], max_new_tokens: int
    ) -> list[Completion]:
        soft = [prompt.soft_tokens for prompt in prompts]
        lengths = [length_of(c, s) for c, s in zip(chats, soft, strict=True)]
        held = self._reader.read([Chat(c, s) for c, s in zip(chats, soft, strict=True)])
        last = [chat.ids[-1] for chat in chats]
        paths = [prompt_paths(self.vocabulary, prompt) for prompt in prompts]
        logprobs = _scored(held.state, last, paths)
        answers = []
        for n, prompt in enumerate(prompts):
            room = min(max_new_tokens, self.context_tokens - lengths[n])
            answer = begun_answer(self.vocabulary, prompt, paths[n], logprobs[n], room)
            answer.pending = [last[n], *answer.pending]
            answers.append(answer)
        _write(held.state, answers)
        self._reader.hold(held)
        return [
            self._completion(answer, length, scores)
            for answer, length, scores in zip(answers, lengths, logprobs, strict=True)
        ]

    def _completion(
        self, answer: Answer, prompt_tokens: int, logprobs: dict[str, float] | None
    ) -> Completion:
        return Completion(
            text=self.vocabulary.decode(answer.ids),
            label_logprobs=logprobs,
            usage=Usage(prompt_tokens=prompt_tokens, completion_tokens=len(answer.ids)),
            finish=answer.finish or "length",
            model=self._rack.passport,
        )


def open_causal_lm(settings: Settings) -> CausalLM:
    """The reasoner for the checkpoint that `settings.model` names.

    Raises:
        ConfigError: no checkpoint is named.
        WeightsError, CapabilityError, MissingExtra: see `open_checkpoint`.
    """
    return load_causal_lm(TRANSFORMERS.name, TRANSFORMERS.model_of(settings), settings)


def load_causal_lm(name: str, source: str, settings: Settings, *, writes: bool = True) -> CausalLM:
    """Load a checkpoint, its calibration and adapter if it has any; check that it obeys a schema.

    The adapter is on. Its LoRA is proved to change the logits when it is put on.
    """
    checkpoint = open_checkpoint(source, settings)
    require_chat_template(checkpoint.tokenizer, source)
    calibration = read_calibration(Path(source) / "calibration.json")
    reasoner = CausalLM(name, checkpoint, calibration, settings.batch_size, writes=writes)
    if settings.adapter is not None:
        adapter = open_adapter(Path(settings.adapter))
        reasoner.add_adapter(adapter)
        reasoner.use(adapter.manifest.name)
    probe_constraining(reasoner)
    return reasoner


def _scored(
    state: BatchState, last: Sequence[int], paths: Sequence[LabelPaths | None]
) -> list[dict[str, float] | None]:
    """Label probabilities after each row's `last` token; the state is left as it was."""
    if not any(paths):
        return [None] * len(paths)
    width = state.width
    common = [() if p is None else p.common for p in paths]
    root = state.feed([[token, *begun] for token, begun in zip(last, common, strict=True)])
    scores = score_labels(state, root, paths)
    state.rewind(width)
    return scores


def _write(state: BatchState, answers: list[Answer]) -> None:
    while any(answer.finish is None for answer in answers):
        going = [answer.pending if answer.finish is None else [] for answer in answers]
        logits = state.feed(going).cpu()
        for row, answer in zip(logits, answers, strict=True):
            if answer.finish is None:
                answer.take_best(row)
