"""One question, a conversation at a terminal, or questions by the line."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import TextIOWrapper

from affect_llm.cli.exits import USER_ERROR, complain
from affect_llm.cli.output import print_failure
from affect_llm.config import Settings
from affect_llm.conversation import Conversation
from affect_llm.errors import AffectError, ConfigError, MediaError
from affect_llm.pipeline import Failure, Pipeline, Source
from affect_llm.reasoners.registry import open_reasoner
from affect_llm.report.entry import writable
from affect_llm.types import EmotionResult, Reply

_PROMPT = "ask> "


def converse(source: Source, settings: Settings, question: str | None, as_json: bool) -> int:
    """Analyse `source` once, answer what is asked of it, and return the exit code.

    Args:
        source: what is asked about.
        settings: those of the run.
        question: to answer; None for those that stdin has.
        as_json: JSON lines instead of prose; always so where questions are piped in.

    Raises:
        AffectError: the clip or the one question cannot be read, or the pipeline not be set up.
    """
    reasoner = open_reasoner(settings)
    (outcome,) = Pipeline(settings, reasoner).run([source])
    outcome = writable(outcome)
    if isinstance(outcome, Failure):
        raise MediaError(outcome.message)
    conversation = Conversation(outcome, reasoner, settings.max_new_tokens)
    if question is not None:
        _show(conversation.ask(question), source, as_json)
        return 0
    if sys.stdin.isatty():
        return _by_line(conversation, source, _typed(conversation.result), as_json)
    if isinstance(sys.stdin, TextIOWrapper):  # bytes that are no UTF-8 stand as U+FFFD
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    return _by_line(conversation, source, sys.stdin, True)


def _by_line(
    conversation: Conversation, source: Source, questions: Iterable[str], as_json: bool
) -> int:
    """Answer every line that is not blank; a question that cannot be answered stops nothing."""
    code = 0
    for question in filter(str.strip, questions):
        try:
            _show(conversation.ask(question), source, as_json)
        except AffectError as error:
            code = USER_ERROR
            complain(str(error))
            if as_json:
                print_failure(question=question.strip(), error=str(error))
    return code


def _typed(result: EmotionResult) -> Iterator[str]:
    """Lines typed at the terminal, with editing and history where there is readline."""
    from affect_llm.report.words import verdict_of

    with suppress(ImportError):
        import readline  # noqa: F401 (input() uses it once it is loaded)
    verdict = verdict_of(result)
    print(f"{result.clip_name}: {verdict.headline}. Ask about it; Ctrl-D ends.", file=sys.stderr)
    while True:
        try:
            if sys.stdout.isatty():
                yield input(_PROMPT)
            else:  # answers go into a pipe or a file, and the prompt stays out of them
                print(_PROMPT, end="", file=sys.stderr, flush=True)
                yield input()
        except EOFError:
            print(file=sys.stderr)
            return
        except UnicodeDecodeError as error:
            raise ConfigError("What was typed is not UTF-8.") from error


def _show(reply: Reply, source: Source, as_json: bool) -> None:
    if as_json:
        print(reply.model_dump_json(), flush=True)
        return
    from affect_llm.report.reply_terminal import print_reply

    print_reply(reply, source.path)
