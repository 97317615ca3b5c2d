"""Published numbers to stand beside a scored file."""

from affect_llm.evaluation.judges.published import published_overlap
from affect_llm.evaluation.suite import Reference


def emer_references() -> tuple[Reference, ...]:
    """Clue and label overlap on EMER, given by a judge that is retired: never comparable.

    Raises:
        DataError: the table cannot be read.
    """
    table = published_overlap()
    return tuple(
        Reference(
            system=row.system,
            value=value,
            source=table.source,
            metric=metric,
            caveat=f"judged by {table.judge}, {table.judge_state}",
        )
        for row in table.rows
        for metric, value in (
            ("clue_overlap", row.clue_overlap),
            ("label_overlap", row.label_overlap),
        )
    )
