"""An adapter's model card: what it is for, what it was trained on, and how it was measured."""

import yaml

from affect_llm.report.training_markdown import figures, sentence, table
from affect_llm.report.training_words import measured_on, verdict
from affect_llm.training.sft.sft_report import SftReport


def card(report: SftReport) -> str:
    """The card as Markdown."""
    control = f" It is a control ({report.control}) and not for use." if report.control else ""
    licences = "; ".join(report.settings.licences) or "not named by whoever trained it"
    counts = [(part, str(c.rows), str(c.groups)) for part, c in report.parts.items()]
    changed = report.settings.model_dump(mode="json", exclude_defaults=True, exclude={"name"})
    recipe = yaml.safe_dump(changed, sort_keys=False, allow_unicode=True) if changed else "{}\n"
    parts = [
        f"# {report.name}",
        f"An adapter for `{report.base}`, road {report.road}: {report.learned:,} weights were "
        f"trained, of {report.weights:,}.{control} Made by affect-llm {report.affect_llm}.",
        "## Use",
        f"```\naffect-llm analyze FILE --adapter {report.name}\n```",
        "## Data",
        f"`{report.data}`. Licence of the data: {licences}.",
        table(("part", "rows", "groups"), counts),
        table(("label", "training rows"), [(k, str(v)) for k, v in report.labels.items()]),
        "## Figures",
        sentence(measured_on(report)),
        figures(report),
        "\n".join(f"- {verdict(gain, report.control)}" for gain in report.gains),
        "## Recipe",
        f"```yaml\n{recipe}```",
        "## Limits",
        _LIMITS,
    ]
    return "\n\n".join(parts) + "\n"


_LIMITS = """It answers as the people who labelled its rows did, for people and recordings like
theirs. Groups (speakers, dialogues) of the measured rows were not trained on; other people,
languages and situations were not measured. What it says is what cues suggest, never what a person
feels."""
