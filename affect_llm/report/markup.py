"""HTML that escapes by default: only `Html` passes unchanged, and only this file makes it."""

from collections.abc import Iterable, Mapping
from html import escape

Attributes = Mapping[str, str | float | None]
_VOID = frozenset({"img", "meta", "br", "line", "rect", "circle", "polyline"})


class Html(str):
    """Markup that is safe to put on a page as it is."""

    __slots__ = ()

    def __html__(self) -> "Html":
        """Tell the templates not to escape it again."""
        return self


def element(name: str, attributes: Attributes, *children: str) -> Html:
    """An element; children that are not `Html` and all attribute values are escaped.

    An attribute of None is left out, one of "" is written without a value.
    """
    opening = f"<{name}{''.join(_attribute(k, v) for k, v in attributes.items())}>"
    if name in _VOID and not children:
        return Html(opening if name in ("img", "meta", "br") else opening[:-1] + "/>")
    return Html(f"{opening}{joined(children)}</{name}>")


def joined(children: Iterable[str]) -> Html:
    """Children one after the other, escaped where they are not `Html`."""
    return Html("".join(c if isinstance(c, Html) else escape(c) for c in children))


def decimal(value: float) -> str:
    """A number to a thousandth, without idle zeros: a millisecond, or less than a pixel."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _attribute(key: str, value: str | float | None) -> str:
    if value is None:
        return ""
    if value == "":
        return f" {key}"
    written = decimal(value) if isinstance(value, float) else str(value)
    return f' {key}="{escape(written)}"'
