"""Tasks by name, built from what the command line says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from affect_llm.errors import ConfigError, UnknownComponent
from affect_llm.evaluation.scored_file.task import Task
from affect_llm.labels.official.official_tables import Edition
from affect_llm.labels.sets import label_set
from affect_llm.metrics.emotion_wheel import OfficialVocabulary
from affect_llm.registry import unknown_name

AnyTask = Task[Any, Any]
OWN = "own"
_EDITIONS: Mapping[str, Edition] = {"official-2025": "2025", "official-2026": "2026"}
VOCABULARIES = (OWN, *_EDITIONS)


@dataclass(frozen=True, slots=True)
class TaskOptions:
    """What tasks can be told; each takes what concerns it.

    Args:
        vocabulary: of open-vocabulary tasks.
        vocabulary_dir: folder of the official tables.
        strict: score the official tables by the repaired rules.
        labels: a label set's name or a comma list, for closed sets; None for the gold file's own.
        judge: of descriptions: "rules", "reasoner" or "reasoner:NAME".
        judge_log: a judge's replies are kept here.
        replies: saved replies of a judge that grouped words, for set-level scores.
        labels_as: how the sentiment task reads label lists: "valence"; None: it refuses them.
    """

    vocabulary: str = OWN
    vocabulary_dir: Path | None = None
    strict: bool = False
    labels: str | None = None
    judge: str = "rules"
    judge_log: Path | None = None
    replies: Path | None = None
    labels_as: str | None = None

    def __post_init__(self) -> None:
        if self.vocabulary not in VOCABULARIES:
            raise UnknownComponent(unknown_name("vocabularies", self.vocabulary, VOCABULARIES))
        if self.vocabulary != OWN and self.vocabulary_dir is None:
            raise ConfigError(
                f"--vocabulary {self.vocabulary} needs --vocabulary-dir: the folder of its tables "
                "(format.csv, synonym.xlsx, wheel1.xlsx … or wheel_mapping.npz), which are not "
                "part of this package."
            )

    def official(self) -> OfficialVocabulary | None:
        """The official vocabulary that was asked for; None for the own one."""
        if self.vocabulary == OWN or self.vocabulary_dir is None:
            return None
        return OfficialVocabulary.official(_EDITIONS[self.vocabulary], self.vocabulary_dir)


def build_task(name: str, options: TaskOptions) -> AnyTask:
    """The task called `name`.

    Raises:
        UnknownComponent: there is none.
        AffectError: its vocabulary, label set or judge is not there.
    """
    if name not in TASKS:
        raise UnknownComponent(unknown_name("tasks", name, TASKS))
    return TASKS[name](options)


def _open_set(options: TaskOptions) -> AnyTask:
    from affect_llm.evaluation.scored_file.open_set import OfficialOpenSet
    from affect_llm.evaluation.scored_file.repaired_open_set import (
        RepairedOpenSet,
        own_groupings,
        strict_groupings,
    )

    vocabulary = options.official()
    if vocabulary is None:
        return RepairedOpenSet(own_groupings())
    return (
        RepairedOpenSet(strict_groupings(vocabulary))
        if options.strict
        else OfficialOpenSet(vocabulary)
    )


def _hit_rate(options: TaskOptions) -> AnyTask:
    from affect_llm.evaluation.scored_file.hit_rate import HitRate, inner_rings
    from affect_llm.labels.emotion_words.vocabulary import EmotionVocabulary as OwnVocabulary

    vocabulary = options.official()
    if vocabulary is None:
        own = OwnVocabulary.own()
        return HitRate((own.at("inner"), own.at("ekman"), own.at("plutchik")))
    return HitRate(inner_rings(vocabulary), vocabulary)


def _sentiment(options: TaskOptions) -> AnyTask:
    from affect_llm.evaluation.scored_file.sentiment import Sentiment

    if options.labels_as not in (None, "valence"):
        raise ConfigError(f"--labels-as is '{options.labels_as}'; the only rule is valence.")
    return Sentiment("valence" if options.labels_as else None)


def _closed_set(options: TaskOptions) -> AnyTask:
    from affect_llm.evaluation.scored_file.closed_set import ClosedSet

    return ClosedSet(labels=_labels(options))


def _multi_label(options: TaskOptions) -> AnyTask:
    from affect_llm.evaluation.scored_file.multi_label import MultiLabel

    return MultiLabel(labels=_labels(options))


def _dimensional(options: TaskOptions) -> AnyTask:
    from affect_llm.evaluation.scored_file.dimensional import Dimensional

    return Dimensional()


def _compound(options: TaskOptions) -> AnyTask:
    from affect_llm.evaluation.scored_file.compound import Compound

    return Compound()


def _emer(options: TaskOptions) -> AnyTask:
    from affect_llm.config import load_settings
    from affect_llm.evaluation.judges.registry import open_judge
    from affect_llm.evaluation.scored_file.emer import Emer

    return Emer(open_judge(options.judge, load_settings(), options.judge_log))


def _set_level(options: TaskOptions) -> AnyTask:
    from affect_llm.evaluation.judges.saved_replies import read_saved_replies
    from affect_llm.evaluation.scored_file.set_level import SetLevel
    from affect_llm.labels.emotion_words.vocabulary import EmotionVocabulary as OwnVocabulary

    if options.replies is not None:
        return SetLevel(read_saved_replies(options.replies), None, f"replies in {options.replies}")
    vocabulary = options.official()
    if vocabulary is not None:
        return SetLevel({}, vocabulary.groupings["M2"], f"{vocabulary.version}, M2")
    families = OwnVocabulary.own().at("family")
    return SetLevel({}, families, f"{families.name}, version {families.version}")


def _labels(options: TaskOptions) -> tuple[str, ...]:
    if options.labels is None:
        return ()
    return tuple(label.casefold() for label in label_set(options.labels))


TASKS: Mapping[str, Callable[[TaskOptions], AnyTask]] = {
    "open-set": _open_set,
    "hit-rate": _hit_rate,
    "sentiment": _sentiment,
    "closed-set": _closed_set,
    "multi-label": _multi_label,
    "dimensional": _dimensional,
    "compound": _compound,
    "emer": _emer,
    "set-level": _set_level,
}
