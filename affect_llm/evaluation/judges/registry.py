"""Judges by name."""

from collections.abc import Callable
from pathlib import Path

from affect_llm.config import Settings
from affect_llm.evaluation.judges.judge import Judge
from affect_llm.registry import Registry

JudgeFactory = Callable[[Settings, Path | None], Judge]

JUDGES: Registry[JudgeFactory] = Registry(
    "judges",
    {
        "rules": "affect_llm.evaluation.judges.rules:open_rules",
        "reasoner": "affect_llm.evaluation.judges.reasoned:open_reasoned",
        "reasoner-first-number": "affect_llm.evaluation.judges.reasoned:open_first_number",
    },
)


def open_judge(spec: str, settings: Settings, log: Path | None = None) -> Judge:
    """The judge that `spec` names: "rules", "reasoner" or "reasoner:NAME".

    Args:
        spec: a name in `JUDGES`; after a colon the reasoner that judges, else the settings' own.
        settings: of the reasoner.
        log: replies are kept here, and not asked for again; rules need none.

    Raises:
        UnknownComponent: no judge or no reasoner has that name.
        AffectError: the reasoner cannot be opened.
    """
    name, _, reasoner = spec.partition(":")
    chosen = settings.model_copy(update={"reasoner": reasoner}) if reasoner else settings
    return JUDGES.get(name)(chosen, log)
