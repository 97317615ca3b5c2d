"""Tasks by name, built from what the command line says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from affect_llm.config import load_settings
from affect_llm.errors import ConfigError, UnknownComponent
from affect_llm.evaluation.judges.registry import open_judge
from affect_llm.evaluation.judges.saved_replies import read_saved_replies
from affect_llm.evaluation.tasks.closed_set import ClosedSetTask
from affect_llm.evaluation.tasks.compound import CompoundTask
from affect_llm.evaluation.tasks.dimensional import DimensionalTask
from affect_llm.evaluation.tasks.emer import EmerTask
from affect_llm.evaluation.tasks.hit_rate import HitRateTask, inner_rings
from affect_llm.evaluation.tasks.multi_label import MultiLabelTask
from affect_llm.evaluation.tasks.open_set import OfficialOpenSetTask
from affect_llm.evaluation.tasks.repaired_open_set import RepairedOpenSetTask, own_groupings
from affect_llm.evaluation.tasks.sentiment import SentimentTask
from affect_llm.evaluation.tasks.set_level import SetLevelTask
from affect_llm.evaluation.tasks.task import AnyTask
from affect_llm.labels.emotion_words.vocabulary import EmotionVocabulary
from affect_llm.labels.official.official_tables import Edition
from affect_llm.labels.sets import label_set
from affect_llm.metrics.emotion_wheel import OfficialVocabulary
from affect_llm.metrics.repaired_groups import repaired_wheels
from affect_llm.registry import unknown_name

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

    @property
    def label_set(self) -> tuple[str, ...]:
        """The labels in lower case; none for the gold file's own."""
        return () if self.labels is None else tuple(map(str.casefold, label_set(self.labels)))

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
    vocabulary = options.official()
    if vocabulary is None:
        return RepairedOpenSetTask(own_groupings())
    if options.strict:
        return RepairedOpenSetTask(repaired_wheels(vocabulary))
    return OfficialOpenSetTask(vocabulary)


def _hit_rate(options: TaskOptions) -> AnyTask:
    vocabulary = options.official()
    if vocabulary is None:
        own = EmotionVocabulary.own()
        return HitRateTask((own.at("inner"), own.at("ekman"), own.at("plutchik")))
    return HitRateTask(inner_rings(vocabulary), vocabulary)


def _sentiment(options: TaskOptions) -> AnyTask:
    if options.labels_as not in (None, "valence"):
        raise ConfigError(f"--labels-as is '{options.labels_as}'; the only rule is valence.")
    return SentimentTask("valence" if options.labels_as else None)


def _set_level(options: TaskOptions) -> AnyTask:
    if options.replies is not None:
        saved = read_saved_replies(options.replies)
        return SetLevelTask(saved, None, f"replies in {options.replies}")
    vocabulary = options.official()
    if vocabulary is not None:
        return SetLevelTask({}, vocabulary.groupings["M2"], f"{vocabulary.version}, M2")
    families = EmotionVocabulary.own().at("family")
    return SetLevelTask({}, families, f"{families.name}, version {families.version}")


TASKS: Mapping[str, Callable[[TaskOptions], AnyTask]] = {
    "open-set": _open_set,
    "hit-rate": _hit_rate,
    "sentiment": _sentiment,
    "closed-set": lambda options: ClosedSetTask(options.label_set),
    "multi-label": lambda options: MultiLabelTask(options.label_set),
    "dimensional": lambda options: DimensionalTask(),
    "compound": lambda options: CompoundTask(),
    "emer": lambda options: EmerTask(open_judge(options.judge, load_settings(), options.judge_log)),
    "set-level": _set_level,
}
