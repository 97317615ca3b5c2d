from collections.abc import Callable
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console
from sample_results import (
    ALL,
    abstained_clip,
    clip_cues,
    joyful_clip,
    long_clip,
    still_image,
    text_only,
)

from affect_llm.report.lanes import is_quiet, lanes_of, packed, strength
from affect_llm.report.terminal import blocks, print_result
from affect_llm.report.terminal_timeline import levels, timeline
from affect_llm.types import EmotionResult


def printed(result: EmotionResult, width: int = 80) -> str:
    out = StringIO()
    print_result(result, file=out, width=width)
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_every_kind_of_result_fits_every_width(
    make: Callable[[], EmotionResult], width: int
) -> None:
    text = printed(make(), width)
    assert max(map(len, text.splitlines())) <= width
    assert "\x1b" not in text
    assert "what cues suggest, not what" in " ".join(text.split())


def test_the_answer_shows_all_that_is_known() -> None:
    text = printed(joyful_clip(), 200)
    for part in (
        "Cues suggest joy: likely (0.78)", "valence +0.70", "In other words: pride, relief",
        "• The words speak of pride. [T2] 0:02.6–0:06.3",
        "? The pitch is low. [V1] 0:00.0–0:09.0 (not shown as fact: its evidence says otherwise",
        "Each on its own:  text joy  audio neutral  visual joy",
        "Conflict: text and audio", "F1  lip corner puller (AU12), marked (3.20 of 5)",
        "scene: absent, the model open_clip", "→ affect-llm models pull open_clip",
    ):  # fmt: skip
        assert part in text


def test_an_abstention_shows_no_verdict() -> None:
    text = printed(abstained_clip())
    assert "Not enough evidence" in text
    assert "Cues suggest" not in text


def test_no_time_line_without_time() -> None:
    for result in (text_only(), still_image()):
        assert timeline(result, 80).plain == ""
        assert "0:00" not in printed(result)


def test_lanes_follow_the_cues_in_time() -> None:
    lanes = lanes_of(clip_cues())
    assert [lane.family for lane in lanes] == ["words", "prosody", "voice", "face", "head"]
    voice = levels(lanes[2], 9.0, 9)
    assert voice == [0, 0, 6, 6, 6, 6, 0, 0, 0]
    assert levels(lanes[0], 9.0, 9)[7:] == [0, 0]


def test_a_cue_shorter_than_a_column_is_still_seen() -> None:
    lane = lanes_of(long_clip(180).sheet.cues)[0]
    assert all(levels(lane, 3600.0, 20))


def test_strength_is_the_distance_from_nothing_to_see() -> None:
    cues = {cue.id: cue for cue in clip_cues()}
    assert strength(cues["F1"]) == pytest.approx(3.2 / 5)
    assert strength(cues["V1"]) == pytest.approx((236 - 196) / 24 / 3)
    assert strength(cues["T1"]) == 1.0


def test_a_cue_that_says_a_thing_is_not_there_is_quiet() -> None:
    cues = {cue.id: cue for cue in clip_cues()}
    assert not is_quiet(cues["V2"])
    assert is_quiet(cues["V2"].model_copy(update={"value": 0.3}))
    assert is_quiet(cues["F1"].model_copy(update={"value": 0.4}))
    assert not is_quiet(cues["T1"])


def test_packed_rows_do_not_overlap() -> None:
    for row in packed(clip_cues(), 0.1):
        for before, after in pairwise(row):
            assert before.span.end_s <= after.span.start_s


def test_times_link_to_the_moment_where_terminals_follow_links(tmp_path: Path) -> None:
    out = StringIO()
    console = Console(file=out, force_terminal=True, width=200)
    for block in blocks(joyful_clip(), tmp_path / "clip.mp4", 200):
        console.print(block)
    assert f"{(tmp_path / 'clip.mp4').as_uri()}#t=2.6" in out.getvalue()


def test_words_cannot_steer_the_terminal() -> None:
    evil = joyful_clip("a\x1b]0;owned\x07.mp4")
    assert "\x1b" not in printed(evil)
    assert "\x07" not in printed(evil)


def test_square_brackets_are_not_markup() -> None:
    assert "[red]x[/red].mp4" in printed(joyful_clip("[red]x[/red].mp4"))
