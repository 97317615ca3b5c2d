"""Numbers of others, to stand beside our own."""

from affect_llm.types import Model


class Reference(Model):
    """Somebody's number for the same question, and where it stands.

    Args:
        system: what was measured.
        value: in the unit of the suite's metric, unless `metric` names another.
        source: where it stands.
        metric: where it is not the suite's own.
        caveat: why it may not compare ("maximum over checkpoints on the test part").
    """

    system: str
    value: float
    source: str
    metric: str | None = None
    caveat: str | None = None
