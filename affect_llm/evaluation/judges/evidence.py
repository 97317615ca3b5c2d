"""Reference-free: do explanations say what the clip's own cues show, and use what matters?

Works on results (`affect-llm/result@1`), which carry their cue sheet. Every sentence is checked
again here; the marks that a file brings are not believed, only counted where they differ.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from affect_llm.errors import DataError
from affect_llm.evaluation.intervals import ratio_score
from affect_llm.evaluation.judges.clues import sentence_clues
from affect_llm.json_lines import read_objects
from affect_llm.prompting.checker.check import check_all
from affect_llm.prompting.checker.mentions import mentions_of
from affect_llm.prompting.checker.tokens import tokens_of
from affect_llm.prompting.salience import salience, select_cues
from affect_llm.types import CueSheet, EmotionResult, Model, Score
from affect_llm.validation import first_problem

SALIENT = 5
"""How many of a clip's cues count as salient, at most: a short explanation cannot cite more."""
VERSION = 1
"""The version of these rules, which rises when shares of the same results would move."""
_FAILURE = {"clip_name", "error"}
"""What a line has instead of a result where a clip could not be answered."""


class EvidenceReport(Model):
    """How far explanations rest on their clips' cues.

    Args:
        version: of these rules.
        supported: share of sentences whose cues bear out what they say; `unsupported` and
            `contradicted` are the rest. With intervals by clip.
        coverage: share of sentences that say something checkable.
        recall: share of the most salient cues that a supported sentence cites, over all clips.
        remarked: sentences whose mark in the file differs from the one found here.
    """

    version: int = VERSION
    supported: Score
    unsupported: Score
    contradicted: Score
    coverage: Score
    recall: Score
    remarked: int


def judge_evidence(results: Sequence[EmotionResult], failures: int = 0) -> EvidenceReport:
    """Check every explanation against the cues of its own clip.

    Args:
        results: of one system, each with the cue sheet that it was made from.
        failures: clips that got no result; counted in `skipped` beside results without an
            explanation ("unparsed" or "no sentences").

    Raises:
        DataError: there are no results.
    """
    if not results:
        raise DataError("There are no results to check. Give a file with one result per line.")
    clips = [(r.clip_id, _counts(r)) for r in results if r.explanation]
    unread = sum(result.unparsed is not None for result in results if not result.explanation)
    silent = len(results) - len(clips) - unread
    skipped = {"unparsed": unread, "no sentences": silent, "no result": failures}

    def share(name: str, part: str, whole: str = "sentences") -> Score:
        rows = [(clip, counts) for clip, counts in clips if counts[whole]]
        parts, wholes = (np.array([c[key] for _, c in rows], np.int64) for key in (part, whole))
        return ratio_score(name, parts, wholes, [clip for clip, _ in rows], skipped)

    return EvidenceReport(
        supported=share("supported", "supported"),
        unsupported=share("unsupported", "unsupported"),
        contradicted=share("contradicted", "contradicted"),
        coverage=share("coverage", "checkable"),
        recall=share("recall", "used", "salient"),
        remarked=sum(counts["remarked"] for _, counts in clips),
    )


def read_results(path: Path) -> tuple[list[EmotionResult], int]:
    """Results of a file as `affect-llm analyze --json` writes it, and how many clips failed.

    Raises:
        DataError: the file cannot be read, or a line is no result; the message says which.
    """
    lines = list(read_objects(path))
    results = []
    for number, row in lines:
        if set(row) == _FAILURE:
            continue
        try:
            results.append(EmotionResult.model_validate(row))
        except ValidationError as error:
            raise DataError(
                f"{path}, line {number} is no result of the schema affect-llm/result@1: "
                f"{first_problem(error).clause('the whole line')}."
            ) from error
    return results, len(lines) - len(results)


def salient_cues(sheet: CueSheet) -> tuple[str, ...]:
    """Ids of the most salient cues, at most `SALIENT`, among those that a prompt would show."""
    ranked = sorted(select_cues(sheet), key=lambda cue: -salience(cue) * cue.confidence)
    return tuple(cue.id for cue in ranked[:SALIENT])


def checkable(text: str) -> bool:
    """Whether a sentence tells a clue or names an emotion."""
    return bool(sentence_clues(text) or mentions_of(tokens_of(text)))


def _counts(result: EmotionResult) -> Counter[str]:
    """How often each mark is given to a sentence here, and what else is counted of a clip."""
    label = result.labels[0] if result.labels else None
    drafts = [(sentence.text, sentence.cue_ids) for sentence in result.explanation]
    checked = check_all(drafts, result.sheet, result.modality_verdicts, label)
    cited = {i for sentence in checked if sentence.support == "supported" for i in sentence.cue_ids}
    salient = salient_cues(result.sheet)
    counts = Counter[str](sentence.support for sentence in checked)
    counts.update(
        sentences=len(checked),
        checkable=sum(checkable(sentence.text) for sentence in checked),
        used=sum(cue in cited for cue in salient),
        salient=len(salient),
        remarked=sum(
            old.support != new.support for old, new in zip(result.explanation, checked, strict=True)
        ),
    )
    return counts
