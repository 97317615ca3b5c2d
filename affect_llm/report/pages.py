"""Pages from templates: self-contained, with a policy that lets nothing in or out.

Every value that a template shows is escaped, except `Markup`, which only our own assets are.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from affect_llm.report import compare_words, words
from affect_llm.report.lanes import lanes_of
from affect_llm.report.player import medium_of
from affect_llm.report.timeline import bar_lanes, loud_and_quiet, plane_point, ticks

_HERE = Path(__file__).parent


def page(
    template: str, *, title: str, style: str, script: str | None = None, **values: object
) -> str:
    """A whole page.

    Args:
        template: a file of `templates/` that extends `frame.html`.
        title: of the window.
        style: a style sheet of `assets/`, written into the page.
        script: likewise the only script that may run on it; None for none.
        values: what the template names.
    """
    css, js = (
        name and Markup((_HERE / "assets" / name).read_text(encoding="utf-8"))
        for name in (style, script)
    )
    policy = _policy(css or "", js)
    whole = _environment().get_template(template)
    return whole.render(values, title=title, css=css, js=js, policy=policy)


def _policy(css: str, js: str | None) -> str:
    """Nothing from anywhere, but this very style sheet and this very script, by their hashes."""
    rules = ["default-src 'none'"]
    if js is not None:
        # A page with a script has a player, whose file may lie beside the page.
        rules += ["img-src data: 'self' file:", "media-src data: 'self' file:"]
    for kind, source in (("style", css), ("script", js)):
        if source:
            digest = b64encode(sha256(source.encode()).digest()).decode()
            rules.append(f"{kind}-src 'sha256-{digest}'")
    return "; ".join([*rules, "base-uri 'none'", "form-action 'none'"])


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # To a thousandth, without idle zeros: a millisecond, or less than a pixel.
    environment.filters["decimal"] = lambda value: f"{value:.3f}".rstrip("0").rstrip(".")
    shown = (
        words.verdict_of, words.mark_of, words.describe, words.quantity, words.baseline_words,
        words.conflict_words, words.clock, words.span_words, words.settings_words,
        compare_words.differences, compare_words.rows_of, bar_lanes, loud_and_quiet, plane_point,
        ticks, lanes_of, medium_of,
    )  # fmt: skip
    environment.globals.update({function.__name__: function for function in shown})
    return environment
