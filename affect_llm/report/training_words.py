"""What a training run gained, in words and as Markdown."""

from affect_llm.training.sft.scores import Gain
from affect_llm.training.sft.sft_report import ADAPTER, BASE, SftReport
from affect_llm.types import Score

METRIC_NAMES = {"weighted_f1": "weighted F1", "uar": "UAR"}


def summary(report: SftReport) -> str:
    """The report in a few lines, for the terminal."""
    lines = [f"{report.name} on {report.base}, {sizes(report)}", measured_on(report)]
    for system in report.systems:
        figures = " · ".join(f"{METRIC_NAMES[s.name]} {number(s)}" for s in system.scores)
        lines.append(f"  {system.name}: {figures}")
    over_base = [gain for gain in report.gains if gain.over == BASE]
    lines += [verdict(gain, report.control) for gain in over_base[:1]]
    return "\n".join(lines)


def sizes(report: SftReport) -> str:
    """Rows and groups of every part."""
    return ", ".join(
        f"{part} {count.rows} rows of {count.groups} groups" for part, count in report.parts.items()
    )


def measured_on(report: SftReport) -> str:
    """Which rows the figures are of, and what that means."""
    if report.measured_on == "test":
        return "measured on the test rows, which nothing was chosen on"
    return (
        "measured on the validation rows, which also chose the step"
        f"{' and the temperatures' if report.calibrated else ''}: name test rows for a clean figure"
    )


def number(score: Score) -> str:
    """A score with its interval."""
    if score.value is None:
        return "not defined"
    if score.interval is None:
        return f"{score.value:.3f}"
    return f"{score.value:.3f} [{score.interval[0]:.3f}, {score.interval[1]:.3f}]"


def verdict(gain: Gain, control: str | None = None) -> str:
    """Whether the adapter is better, as far as these rows can tell."""
    low, high = gain.interval
    name = METRIC_NAMES[gain.metric]
    figure = f"{name} {gain.difference:+.3f} [{low:+.3f}, {high:+.3f}] over {gain.over}"
    what = f"{ADAPTER} (control: {control})" if control else ADAPTER
    if low > 0:
        return f"{what} gains: {figure}"
    if high < 0:
        return f"{what} loses: {figure}"
    return f"{what}: no difference that these rows can show: {figure}"
