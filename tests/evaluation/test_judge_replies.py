"""Replies are asked for once, and outlive a run that is killed."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from scripted_reasoner import ScriptedReasoner

from affect_llm.errors import DataError
from affect_llm.evaluation.judges.judge import OverlapQuestion
from affect_llm.evaluation.judges.reasoned import ReasonedJudge
from affect_llm.evaluation.judges.replies import Asker, ReplyLog
from affect_llm.types import Message, Prompt

QUESTIONS = [OverlapQuestion(str(n), "clues", f"clip {n}", f"said {n}") for n in range(7)]


def prompt(text: str) -> Prompt:
    return Prompt(id="p", version=1, messages=(Message(role="user", content=text),))


def run(path: Path, reasoner: ScriptedReasoner) -> list[float | None]:
    judge = ReasonedJudge(Asker(reasoner, ReplyLog(path), 2))
    return [judgement.score for judgement in judge.judge(QUESTIONS)]


def test_a_second_run_asks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "replies.jsonl"
    first, second = (ScriptedReasoner(lambda p: "score: 6") for _ in range(2))
    assert run(path, first) == run(path, second) == [6] * 7
    assert (len(first.asked), len(second.asked)) == (14, 0)


def test_another_text_prompt_schema_or_model_is_asked_anew(tmp_path: Path) -> None:
    log = ReplyLog(tmp_path / "replies.jsonl")
    reasoner = ScriptedReasoner(lambda p: "x")
    asker = Asker(reasoner, log, 2)
    variants = [
        prompt("a"),
        prompt("b"),
        Prompt(id="p", version=2, messages=prompt("a").messages),
        Prompt(id="p", version=1, messages=prompt("a").messages, answer_schema={"type": "object"}),
    ]
    asker.ask([*variants, variants[0]])
    assert len(reasoner.asked) == 4

    class Other(ScriptedReasoner):
        def complete(self, prompts, *, max_new_tokens):  # type: ignore[no-untyped-def]
            said = super().complete(prompts, max_new_tokens=max_new_tokens)
            return [done.model_copy(update={"model": "other@1#0123456789ab"}) for done in said]

    other = Other(lambda p: "y")
    assert Asker(other, log, 2).ask([prompt("a")])[0].text == "y"


def test_equal_prompts_of_one_call_are_asked_once() -> None:
    reasoner = ScriptedReasoner(lambda p: "x")
    replies = Asker(reasoner, ReplyLog(), 2).ask([prompt("a")] * 3)
    assert len(reasoner.asked) == 1
    assert len({reply.key for reply in replies}) == 1


def test_a_half_written_line_is_asked_again_and_hurts_nobody(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    run(path, ScriptedReasoner(lambda p: "score: 6"))
    path.write_bytes(path.read_bytes()[:-30])
    again, after = (ScriptedReasoner(lambda p: "score: 6") for _ in range(2))
    assert run(path, again) == [6] * 7
    assert len(again.asked) == 1
    assert run(path, after) == [6] * 7
    assert after.asked == []


def test_a_run_that_stops_keeps_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    said = iter(["score: 6"] * 5)
    with pytest.raises(StopIteration):
        run(path, ScriptedReasoner(lambda p: next(said)))
    rest = ScriptedReasoner(lambda p: "score: 6")
    assert run(path, rest) == [6] * 7
    assert len(rest.asked) == 10


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    code = textwrap.dedent(f"""
        import sys, time
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from pathlib import Path
        from scripted_reasoner import ScriptedReasoner
        from test_judge_replies import run

        def slow(prompt):
            time.sleep(0.05)
            return "score: 6"

        run(Path({str(path)!r}), ScriptedReasoner(slow))
    """)
    process = subprocess.Popen([sys.executable, "-c", code])
    deadline = time.monotonic() + 60
    while not path.exists() and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    kept = len(ReplyLog(path).replies)
    rest = ScriptedReasoner(lambda p: "score: 6")
    assert run(path, rest) == [6] * 7
    assert kept > 0
    assert len(rest.asked) == 14 - kept


def test_a_log_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        ReplyLog(tmp_path)


def test_foreign_lines_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    path.write_bytes(b"\xff\xfe\n[]\n" + json.dumps({"key": "k"}).encode() + b"\n")
    assert ReplyLog(path).replies == {}
