"""A training run's report as one self-contained page."""

from importlib.resources import files

from affect_llm.report.markup import Html, element, joined
from affect_llm.report.training_chart import chart
from affect_llm.report.training_words import (
    METRIC_NAMES,
    measured_on,
    number,
    sizes,
    verdict,
)
from affect_llm.training.sft.sft_report import SftReport, StageReport

_STYLE = files("affect_llm.report") / "assets" / "training.css"


def report_page(report: SftReport) -> str:
    """The page; it asks for nothing from anywhere."""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    head = element(
        "head",
        {},
        element("meta", {"charset": "utf-8"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": policy}),
        element("title", {}, f"{report.name}: what it gained"),
        Html(f"<style>{_STYLE.read_text(encoding='utf-8')}</style>"),
    )
    return f"<!doctype html>\n{element('html', {'lang': 'en'}, head, _body(report))}\n"


def _body(report: SftReport) -> Html:
    about = f"Base {report.base}, road {report.road}, {sizes(report)}; {measured_on(report)}."
    gains = [element("li", {}, verdict(gain, report.control)) for gain in report.gains]
    stages = [_stage(stage, n) for n, stage in enumerate(report.stages, 1)]
    return element(
        "body",
        {},
        element("h1", {}, f"{report.name}: what it gained"),
        element("p", {}, about),
        _systems(report),
        element("ul", {}, *gains),
        *stages,
        _left_out(report),
    )


def _systems(report: SftReport) -> Html:
    names = [METRIC_NAMES[score.name] for score in report.systems[0].scores]
    head = [element("th", {}, name) for name in ("system", *names, "what it is")]
    rows = [
        element(
            "tr",
            {},
            *(element("td", {}, c) for c in (s.name, *map(number, s.scores), s.about)),
        )
        for s in report.systems
    ]
    return element("table", {}, element("tr", {}, *head), *rows)


def _stage(stage: StageReport, number_: int) -> Html:
    summary = (
        f"{stage.steps} steps, the weights of step {stage.kept} were kept, "
        f"{stage.tokens_per_second:.0f} tokens/s"
    )
    title = element("h2", {}, f"Stage {number_}: {stage.train}, road {stage.road}")
    return joined((title, element("p", {}, summary), chart(stage)))


def _left_out(report: SftReport) -> Html:
    if not report.left_out:
        return Html("")
    items = [element("li", {}, f"{n}: {reason}") for reason, n in report.left_out.items()]
    return joined((element("h2", {}, "Rows left out"), element("ul", {}, *items)))
