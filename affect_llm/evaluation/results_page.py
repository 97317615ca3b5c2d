"""A report as Markdown tables."""

from collections.abc import Sequence

from affect_llm.evaluation.intervals import Interval
from affect_llm.evaluation.reference import Reference
from affect_llm.evaluation.report import Report, SuiteReport
from affect_llm.types import Score

_HEAD = """# Results

Made by `affect-llm eval run --all`; not edited by hand. Everything was answered through the
product's own code path, on data that nothing was trained on or chosen by (`eval/suites` says
which). Brackets hold 95 % bootstrap intervals, whole groups drawn (few groups make them rough).
An answer that shows no label (abstained, unparsed, no evidence, failed) counts as wrong in
"score"; "leaning" counts the label behind an abstention. The baselines never abstain.
What adapters gain is measured on [a page of its own](adapters_measured.md).
"""


def results_page(report: Report) -> str:
    """The whole page, ending in a newline."""
    measured = [suite for suite in report.suites if suite.not_measured is None]
    collections = [
        f"- {one.title}: {number(one.mean.value)} ({one.mean.n} of {len(one.parts)} measured)"
        for one in report.collections
    ]
    parts = [
        _HEAD.rstrip(),
        f"affect_llm {report.affect_llm}, reasoner `{report.reasoner}`.",
        "## Answers",
    ]
    parts += [_scores(measured), "\n".join(collections), _others(measured)]
    calibrated = [(s.title, _score(s.calibration), _score(s.unfaithful)) for s in measured]
    if report.pooled_calibration is not None:
        calibrated.append(("all with one label together", _score(report.pooled_calibration), ""))
    parts += [
        "## Confidence and explanations",
        table(("what", "calibration error", "unfaithful sentences"), calibrated),
        _notes(measured),
    ]
    parts += [
        f"- Not measured: {s.title}: {s.not_measured}" for s in report.suites if s.not_measured
    ]
    if report.controls is not None:
        controls = report.controls
        rows = (
            ("accuracy where the modalities agree", controls.accuracy, ""),
            ("the same with another clip's cues", controls.wrong_pairing,
             f"chance {number(controls.chance)}"),
            ("unsupported or contradicted sentences", controls.unfaithful, "≤ 0.02 asked"),
            ("sentences changed by deleting their cue", controls.deletion, ""),
        )  # fmt: skip
        controlled = table(
            ("what", "n", "value", "beside it", "left out"),
            [(w, str(s.n), _score(s), note, _counts(s.skipped)) for w, s, note in rows],
        )
        parts += ["## Composed clips and controls", controlled]
    if report.controls_not_measured is not None:
        parts.append(f"- Not measured: composed clips: {report.controls_not_measured}")
    parts.append("## Numbers of others")
    parts += [_reference(suite.title, r) for suite in measured for r in suite.references]
    return "\n\n".join(part for part in parts if part) + "\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def number(value: float | None) -> str:
    """Three decimals, or a dash where the value is not defined."""
    return "–" if value is None else f"{value:.3f}"


def bracketed(value: float | None, interval: Interval | None) -> str:
    """Value and interval, such as "0.512 [0.480, 0.541]"."""
    if interval is None:
        return number(value)
    return f"{number(value)} [{number(interval[0])}, {number(interval[1])}]"


def _score(score: Score | None) -> str:
    return "–" if score is None else bracketed(score.value, score.interval)


def _scores(suites: Sequence[SuiteReport]) -> str:
    rows = [
        (
            suite.title,
            str(suite.score.n) if suite.score else "0",
            f"{suite.groups} ({suite.cluster})",
            suite.score.name.replace("_", " ") if suite.score else "–",
            _score(suite.score),
            _score(suite.leaning),
            f"≥ {suite.target:.2f}" if suite.target is not None else "–",
            ", ".join(f"{b.name} {number(b.value)}" for b in suite.baselines) or "–",
            _counts(suite.score.skipped if suite.score else {}),
        )
        for suite in suites
    ]
    head = ("what", "n", "groups", "metric", "score", "leaning", "asked", "baselines", "no verdict")
    return table(head, rows)


def _others(suites: Sequence[SuiteReport]) -> str:
    """The further metrics of each suite; those that are not defined are left out."""
    defined = [(s.title, [o for o in s.others if o.value is not None]) for s in suites]
    rows = [
        (title, ", ".join(f"{o.name.replace('_', ' ')} {_score(o)}" for o in others))
        for title, others in defined
    ]
    return table(("what", "further metrics"), rows)


def _notes(suites: Sequence[SuiteReport]) -> str:
    """What the items are, how they were kept from training, and what else must be known."""
    notes = []
    for suite in suites:
        left_out = f"Left out: {_counts(suite.left_out)}." if suite.left_out else None
        why = suite.without_training
        untaught = f"No training part for the baselines: {why}." if why else None
        parts = (f"part '{suite.split}'.", suite.held_out, suite.note, left_out, untaught)
        notes.append(f"- {suite.title}: " + " ".join(filter(None, parts)))
    return "\n".join(notes)


def _counts(skipped: dict[str, int]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in sorted(skipped.items())) or "0"


def _reference(title: str, reference: Reference) -> str:
    metric = f"{reference.metric.replace('_', ' ')} " if reference.metric else ""
    caveat = f"; {reference.caveat}" if reference.caveat else ""
    value = f"{metric}{reference.value:.2f}"
    return f"- {title}: {reference.system}: {value} ({reference.source}{caveat})"
