"""Controls: answers must follow the cues that are given, and only those."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from affect_llm.evaluation.composed.clips import ComposedClip
from affect_llm.evaluation.intervals import mean_score
from affect_llm.evaluation.prediction import Prediction
from affect_llm.types import CueSheet, Score, Sentence


@dataclass(frozen=True, slots=True)
class Deletion:
    """A clip without one cue, and the sentence that had cited it."""

    id: str
    clip: ComposedClip
    cue_id: str
    sentence: Sentence

    @property
    def changed_clip(self) -> ComposedClip:
        """The clip without the deleted cue; the others keep their ids."""
        cues = tuple(cue for cue in self.clip.sheet.cues if cue.id != self.cue_id)
        sheet = CueSheet(cues=cues, absent=self.clip.sheet.absent)
        return ComposedClip(self.id, self.clip.gold, sheet)


def wrong_pairs(clips: Sequence[ComposedClip], rng: np.random.Generator) -> list[ComposedClip]:
    """Each clip with its own name and gold label and the cues of another clip.

    The cues are those of the next clip in a random order, so that no clip keeps its own; the
    label of that other clip plays no part.
    """
    order = rng.permutation(len(clips))
    donor = dict(zip(order.tolist(), np.roll(order, -1).tolist(), strict=True))
    return [
        ComposedClip(f"{clip.id}-wrong", clip.gold, clips[donor[index]].sheet)
        for index, clip in enumerate(clips)
    ]


def chance_agreement(predictions: Sequence[Prediction]) -> float | None:
    """Accuracy of the same answers dealt out at random: the sum of the products of shares."""
    gold, shown = Counter(p.gold for p in predictions), Counter(p.shown for p in predictions)
    total = len(predictions)
    return sum(gold[g] * shown[g] for g in gold) / total**2 if total else None


def deletions(
    clips: Sequence[ComposedClip], predictions: Sequence[Prediction], count: int
) -> list[Deletion]:
    """One deletion per citing sentence, clip by clip, until there are `count`.

    A clip that would be left without any cue is not used.
    """
    made: list[Deletion] = []
    for clip, prediction in zip(clips, predictions, strict=True):
        known = clip.sheet.by_id()
        for place, sentence in enumerate(prediction.explanation):
            cited = next((cue_id for cue_id in sentence.cue_ids if cue_id in known), None)
            if cited is not None and len(known) > 1:
                name = f"{clip.id}-without-{cited}-{place}"
                made.append(Deletion(name, clip, cited, sentence))
    return made[:count]


def changed(deletion: Deletion, after: Prediction) -> bool:
    """Whether the sentence is gone or says something else once its cue is deleted."""
    return all(
        sentence.text != deletion.sentence.text and deletion.cue_id not in sentence.cue_ids
        for sentence in after.explanation
    )


def deletion_share(made: Sequence[Deletion], after: Sequence[Prediction]) -> Score:
    """Share of sentences that changed or went; counterfactuals that could not be read are left out.

    `n` counts sentences.
    """
    pairs = [(d, p) for d, p in zip(made, after, strict=True) if p.state != "unparsed"]
    outcomes = np.array([changed(d, p) for d, p in pairs], dtype=np.float64)
    unread = {"unparsed": len(made) - len(pairs)}
    groups = [deletion.clip.id for deletion, _ in pairs]
    return mean_score("sentences_changed_by_deletion", outcomes, groups, unread)
