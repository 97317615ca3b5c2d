from pathlib import Path

from sample_results import clip_cues, joyful_clip

from affect_llm.report.entry import ReportEntry
from affect_llm.report.html import render_report
from affect_llm.report.lanes import lanes_of
from affect_llm.types import Cue, CueSheet, Modality


def of_two() -> tuple[Cue, ...]:
    """The sample's cues, the seen ones twice: of P1 and of P2."""
    seen = [cue for cue in clip_cues() if cue.modality == Modality.VISUAL]
    others = [c.model_copy(update={"id": f"F{n}", "person": "P2"}) for n, c in enumerate(seen, 80)]
    first = [c.model_copy(update={"person": "P1"}) for c in seen]
    return (*(c for c in clip_cues() if c not in seen), *first, *others)


def test_people_have_lanes_of_their_own() -> None:
    lanes = lanes_of(of_two())
    names = [lane.name for lane in lanes]
    assert {"face P1", "face P2"} <= set(names)
    assert "words" in names, "what belongs to nobody is not tagged"
    for lane in lanes:
        assert {cue.person for cue in lane.cues} == {lane.person}


def test_one_person_alone_is_not_named() -> None:
    one = [cue.model_copy(update={"person": "P1"}) for cue in clip_cues()]
    assert not any("P1" in lane.name for lane in lanes_of(one))


def test_the_time_line_says_whose_face_it_is() -> None:
    result = joyful_clip().model_copy(update={"sheet": CueSheet(cues=of_two())})
    assert ">face P2<" in render_report([ReportEntry(result)], Path())
