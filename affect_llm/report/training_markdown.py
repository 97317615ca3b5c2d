"""A training run's report as Markdown."""

from collections.abc import Iterable, Sequence

from affect_llm.report.training_words import METRIC_NAMES, measured_on, number, sizes, verdict
from affect_llm.training.sft.sft_report import SftReport


def report_markdown(report: SftReport) -> str:
    """The report's figures, gains, stages and rows left out."""
    stages = [
        (
            stage.train,
            stage.road,
            str(stage.steps),
            str(stage.kept),
            f"{stage.losses[0].loss:.3f} → {stage.losses[-1].loss:.3f}" if stage.losses else "",
            f"{stage.tokens_per_second:.0f}",
        )
        for stage in report.stages
    ]
    left_out = [f"- {count}: {reason}" for reason, count in report.left_out.items()]
    parts = [
        f"# {report.name}: what it gained",
        f"Base `{report.base}`, road {report.road}, {sizes(report)}.",
        sentence(measured_on(report)),
        figures(report),
        "\n".join(f"- {verdict(gain, report.control)}" for gain in report.gains),
        "## Training",
        table(("stage", "road", "steps", "kept", "loss", "tokens/s"), stages),
        "\n".join(["## Rows left out", "", *left_out]) if left_out else "",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def figures(report: SftReport) -> str:
    """Systems by metrics, with 95 % intervals clustered by group."""
    metrics = [METRIC_NAMES[score.name] for score in report.systems[0].scores]
    rows = [
        (system.name, *(number(score) for score in system.scores), system.about)
        for system in report.systems
    ]
    return table(("system", *metrics, "what it is"), rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in lines)


def sentence(text: str) -> str:
    """A clause as a sentence, with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}."
