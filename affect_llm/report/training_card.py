"""An adapter's model card: what it is for, what it was trained on, and how it was measured."""

import yaml

from affect_llm.report.training_markdown import figures, sentence, table
from affect_llm.report.training_words import measured_on, verdict
from affect_llm.training.sft.sft_report import SftReport


def card(report: SftReport) -> str:
    """The card as Markdown."""
    parts = [
        f"# {report.name}",
        _about(report),
        "## Use",
        f"```\naffect-llm analyze FILE --adapter {report.name}\n```",
        "## Data",
        _data(report),
        table(("label", "training rows"), [(k, str(v)) for k, v in report.labels.items()]),
        "## Figures",
        sentence(measured_on(report)),
        figures(report),
        "\n".join(f"- {verdict(gain, report.control)}" for gain in report.gains),
        "## Recipe",
        f"```yaml\n{_recipe(report)}```",
        "## Limits",
        _LIMITS,
    ]
    return "\n\n".join(parts) + "\n"


def _about(report: SftReport) -> str:
    control = f" It is a control ({report.control}) and not for use." if report.control else ""
    return (
        f"An adapter for `{report.base}`, road {report.road}: {report.learned:,} weights were "
        f"trained, of {report.weights:,}.{control} Made by affect-llm {report.affect_llm}."
    )


def _data(report: SftReport) -> str:
    licences = "; ".join(report.settings.licences) or "not named by whoever trained it"
    counts = table(
        ("part", "rows", "groups"),
        [(part, str(c.rows), str(c.groups)) for part, c in report.parts.items()],
    )
    return f"`{report.data}`. Licence of the data: {licences}.\n\n{counts}"


def _recipe(report: SftReport) -> str:
    changed = report.settings.model_dump(mode="json", exclude_defaults=True, exclude={"name"})
    return yaml.safe_dump(changed, sort_keys=False, allow_unicode=True) if changed else "{}\n"


_LIMITS = """It answers as the people who labelled its rows did, for people and recordings like
theirs. Groups (speakers, dialogues) of the measured rows were not trained on; other people,
languages and situations were not measured. What it says is what cues suggest, never what a person
feels."""
