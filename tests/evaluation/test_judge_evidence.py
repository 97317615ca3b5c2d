import random
from pathlib import Path

import pytest
from judged_clips import composed, explained, result_of

from affect_llm.errors import DataError
from affect_llm.evaluation.judges.evidence import (
    checkable,
    judge_evidence,
    read_results,
    salient_cues,
)
from affect_llm.prompting.explain.assemble import Draft
from affect_llm.types import SupportCounts
from workshop.falsification import falsify

CLIPS = composed(12)
TRUE = [explained(clip) for clip in CLIPS]


def test_true_explanations_hold_and_false_ones_do_not() -> None:
    rng = random.Random(1)
    false = []
    for clip, result in zip(CLIPS, TRUE, strict=True):
        drafts = [Draft(s.text, s.cue_ids) for s in result.explanation]
        made = [falsify(draft, clip.sheet, rng) or draft for draft in drafts]
        false.append(result_of(clip, [(d.text, d.cue_ids) for d in made]))
    true_report, false_report = judge_evidence(TRUE), judge_evidence(false)
    assert (true_report.supported.value or 0) > 0.95
    assert true_report.supported.interval is not None
    assert (false_report.supported.value or 0) < 0.35
    parts = (false_report.supported, false_report.unsupported, false_report.contradicted)
    assert sum(part.value or 0 for part in parts) == pytest.approx(1)
    assert (true_report.recall.value or 0) > (false_report.recall.value or 0)


def test_the_cues_of_another_clip_do_not_bear_it_out() -> None:
    """Control: with shuffled sheets support must fall."""
    sheets = [clip.sheet for clip in CLIPS[1:] + CLIPS[:1]]
    shuffled = [r.model_copy(update={"sheet": s}) for r, s in zip(TRUE, sheets, strict=True)]
    report = judge_evidence(shuffled)
    assert (report.supported.value or 0) < 0.4
    assert report.remarked > 0


def test_marks_of_the_file_are_not_believed() -> None:
    [clip] = composed(1)
    honest = result_of(clip, [("The face shows a smile.", ("T1",))])
    [sentence] = honest.explanation
    lied = honest.model_copy(
        update={"explanation": (sentence.model_copy(update={"support": "supported"}),)}
    )
    report = judge_evidence([lied])
    assert report.supported.value == 0
    assert report.remarked == 1


def test_idle_sentences_cover_nothing() -> None:
    [clip] = composed(1)
    cue = clip.sheet.cues[0].id
    report = judge_evidence(
        [result_of(clip, [("It is a nice day.", (cue,)), ("The face looks sad.", (cue,))])]
    )
    assert report.coverage.value == 0.5
    assert checkable("She frowns.")
    assert not checkable("The weather plays no part.")


def test_recall_counts_salient_cues_that_hold() -> None:
    [clip] = composed(1)
    salient = salient_cues(clip.sheet)
    words = next(cue for cue in clip.sheet.cues if cue.name == "words" and cue.id in salient)
    said = f'The words are "{words.value}".'
    report = judge_evidence([result_of(clip, [(said, (words.id,))])])
    assert report.recall.value == pytest.approx(1 / len(salient))
    assert len(salient) == 5


def test_silent_and_unparsed_results_are_counted() -> None:
    nothing = SupportCounts(supported=0, contradicted=0, unsupported=0)
    silent = TRUE[0].model_copy(update={"explanation": (), "support": nothing})
    unparsed = silent.model_copy(update={"unparsed": "not JSON"})
    report = judge_evidence([TRUE[1], silent, unparsed])
    assert report.supported.skipped == {"unparsed": 1, "no sentences": 1}
    assert report.supported.n == len(TRUE[1].explanation)


def test_results_are_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text("\n\n".join(result.model_dump_json() for result in TRUE[:3]) + "\n")
    assert read_results(path) == (TRUE[:3], 0)


def test_clips_that_failed_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text(
        TRUE[0].model_dump_json() + '\n{"clip_name": "b.mp4", "error": "It is no video."}\n'
    )
    results, failures = read_results(path)
    assert judge_evidence(results, failures).supported.skipped == {"no result": 1}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{}", "no result"),
        ("[1]", "not a JSON object"),
        ("no json", "not JSON"),
        ('{"schema_version": "x"}', "no result"),
    ],
)
def test_a_line_that_is_no_result_is_named(tmp_path: Path, line: str, problem: str) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text(TRUE[0].model_dump_json() + "\n" + line)
    with pytest.raises(DataError, match=f"line 2 is {problem}"):
        read_results(path)


def test_no_results_at_all(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no results"):
        judge_evidence([])
    with pytest.raises(DataError, match="cannot be read"):
        read_results(tmp_path / "missing.jsonl")
