import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from affect_llm.config import Settings, load_settings
from affect_llm.errors import AffectError, CapabilityError
from affect_llm.pipeline import Failure, Pipeline, Source, split_windows
from affect_llm.reasoners.fake import FakeReasoner
from affect_llm.types import Completion, EmotionResult, Modality, Prompt, Usage


def settings(**more: object) -> Settings:
    fixed = {"reasoner": "fake", "face": "fake", "voice": "fake", "scene": "off", "speech": "auto"}
    return load_settings(**{**fixed, **more})


def only(outcomes: list[EmotionResult | Failure]) -> EmotionResult:
    (outcome,) = outcomes
    assert isinstance(outcome, EmotionResult)
    return outcome


def test_a_text_goes_in_and_a_checked_answer_comes_out() -> None:
    result = only(list(Pipeline(settings(labels="meld7")).run([Source(text="We won!")])))
    assert set(result.distribution or {}) == set(result.label_set)
    assert sum((result.distribution or {}).values()) == pytest.approx(1)
    ids = {cue.id for cue in result.sheet.cues}
    assert all(set(s.cue_ids) <= ids for s in result.explanation)
    assert {a.modality for a in result.sheet.absent} == {Modality.AUDIO, Modality.VISUAL}
    assert result.transcript[0].text == "We won!"


def test_outcomes_keep_the_order_and_a_bad_source_stops_nothing(tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    sources = [Source(text="one"), Source(path=empty), Source(text="two"), Source(path=tmp_path)]
    outcomes = list(Pipeline(settings(batch_size=3)).run(sources))
    assert [type(o).__name__ for o in outcomes] == [
        "EmotionResult",
        "Failure",
        "EmotionResult",
        "Failure",
    ]
    assert isinstance(outcomes[1], Failure)
    assert "Traceback" not in outcomes[1].message


def test_what_was_not_asked_is_said_so() -> None:
    result = only(list(Pipeline(settings(modalities=("text",))).run([Source(text="hello")])))
    states = {a.modality: a.state for a in result.sheet.absent}
    assert states[Modality.AUDIO] == "not_asked"


def test_no_evidence_abstains_and_asks_nobody() -> None:
    class Refuses:
        name = "refuses"
        capabilities: frozenset[str] = frozenset()
        calibration = None
        context_tokens = 1

        def count_tokens(self, text: str) -> int:
            return len(text)

        def complete(self, prompts: Sequence[Prompt], *, max_new_tokens: int) -> list[Completion]:
            assert not prompts, "nothing may be asked without a cue"
            return []

    pipeline = Pipeline(settings(modalities=("audio",)), reasoner=Refuses())  # type: ignore[arg-type]
    result = only(list(pipeline.run([Source(text="hello")])))
    assert result.abstained
    assert result.labels == ()
    assert result.distribution is None


def test_an_unreadable_answer_is_unparsed_and_not_a_label() -> None:
    class Mumbles:
        name = "mumbles"
        capabilities: frozenset[str] = frozenset()
        calibration = None
        context_tokens = 4096

        def count_tokens(self, text: str) -> int:
            return len(text)

        def complete(self, prompts: Sequence[Prompt], *, max_new_tokens: int) -> list[Completion]:
            usage = Usage(prompt_tokens=1, completion_tokens=1)
            return [
                Completion(text="joy, surely", usage=usage, finish="stop", model="m")
                for _ in prompts
            ]

    pipeline = Pipeline(settings(), reasoner=Mumbles())  # type: ignore[arg-type]
    result = only(list(pipeline.run([Source(text="hello")])))
    assert result.labels == ()
    assert result.unparsed is not None
    assert result.raw == "joy, surely"


def test_a_refused_prompt_costs_its_own_row_only() -> None:
    """Servers refuse single prompts: content filters, too long, a bad moment."""

    class Refuses(FakeReasoner):
        def complete(self, prompts: Sequence[Prompt], *, max_new_tokens: int) -> list[Completion]:
            if any("forbidden" in message.content for p in prompts for message in p.messages):
                raise CapabilityError("The server refused the prompt.")
            return super().complete(prompts, max_new_tokens=max_new_tokens)

    pipeline = Pipeline(settings(batch_size=3), reasoner=Refuses())
    texts = ["I love it", "a forbidden word", "I hate it", "and a fourth"]
    outcomes = list(pipeline.run([Source(text=text) for text in texts]))
    assert [isinstance(outcome, Failure) for outcome in outcomes] == [False, True, False, False]
    assert outcomes[1] == Failure("text", "The server refused the prompt.")
    assert outcomes[0] == only(list(pipeline.run([Source(text="I love it")])))


def test_the_same_input_gives_the_same_bytes() -> None:
    first, second = (
        [r.model_dump_json() for r in Pipeline(settings()).run([Source(text="hello")])]  # type: ignore[union-attr]
        for _ in range(2)
    )
    assert first == second


def test_results_survive_json() -> None:
    result = only(list(Pipeline(settings()).run([Source(text="hello")])))
    again = EmotionResult.model_validate(json.loads(result.model_dump_json()))
    assert again == result


@pytest.mark.parametrize(
    ("duration", "window", "count"), [(0.0, 20.0, 1), (20.0, 20.0, 1), (20.5, 20.0, 2), (61, 20, 4)]
)
def test_windows_cover_the_clip(duration: float, window: float, count: int) -> None:
    windows = split_windows(duration, window)
    assert len(windows) == count
    assert windows[0].start_s == 0
    assert windows[-1].end_s == duration
    assert all(w.duration_s <= window for w in windows)


@pytest.mark.parametrize("more", [{"labels": "meld8"}, {"reasoner": "embeded"}, {"face": "lite"}])
def test_a_wrong_name_is_known_before_the_first_file(more: dict[str, str]) -> None:
    with pytest.raises(AffectError, match="Did you mean"):
        Pipeline(settings(**more))
