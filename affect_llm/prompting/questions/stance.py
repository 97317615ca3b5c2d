"""Which cues speak for an emotion and which against it, by the checker's table and the verdicts."""

from collections.abc import Sequence

from affect_llm.cues.catalogue import kind_of
from affect_llm.prompting.checker.associations import leaning
from affect_llm.prompting.explain.nouns import same
from affect_llm.prompting.explain.write import AGAINST, FOR
from affect_llm.types import Cue, EmotionResult, Modality


def speaking_for(cues: Sequence[Cue], emotion: str, result: EmotionResult) -> list[Cue]:
    """Strongest first; words speak for what the verdict on the words is."""
    found = [c for c in cues if leaning(c, emotion) >= FOR]
    found.sort(key=lambda c: -leaning(c, emotion))
    verdict = words_verdict(result)
    told = verdict is not None and same(verdict, emotion)
    return [*(c for c in cues if told and kind_of(c.name).quoted), *found]


def speaking_against(cues: Sequence[Cue], emotion: str) -> list[Cue]:
    """Strongest first; of words nothing is said here."""
    found = [c for c in cues if leaning(c, emotion) <= AGAINST]
    return sorted(found, key=lambda c: leaning(c, emotion))


def words_verdict(result: EmotionResult) -> str | None:
    """What the words suggest by themselves; the label where they are all there is."""
    label = result.labels[0] if result.labels else None
    return result.modality_verdicts.get(Modality.TEXT, label)
