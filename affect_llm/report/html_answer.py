"""The answer on the page: verdict, sentences, what each modality says, the probabilities."""

from affect_llm.report.markup import Html, element, joined
from affect_llm.report.words import conflict_words, mark_of, span_words, verdict_of
from affect_llm.types import Cue, EmotionResult, Sentence

_SHOWN_BARS = 8


def verdict(result: EmotionResult) -> Html:
    """The headline and how sure it is."""
    words = verdict_of(result)
    if words.label is not None:
        head = joined(("Cues suggest ", element("em", {}, words.label)))
    else:
        head = joined((words.headline,))
    others = ", ".join(result.open_labels) if words.given else ""
    return element(
        "div",
        {"class": "verdict given" if words.given else "verdict withheld"},
        element("h2", {}, head),
        element("p", {"class": "sure"}, words.detail),
        element("p", {"class": "others"}, f"In other words: {others}") if others else Html(""),
        _modalities(result),
    )


def _modalities(result: EmotionResult) -> Html:
    chips = [
        element("li", {"class": str(modality)}, element("span", {}, str(modality)), label)
        for modality, label in result.modality_verdicts.items()
    ]
    if not chips:
        return Html("")
    conflict = conflict_words(result.conflict)
    warning = (
        element("p", {"class": "conflict"}, f"Conflict: {conflict}.") if conflict else Html("")
    )
    return joined((element("ul", {"class": "modalities", "aria-label": "Each on its own"}, *chips),
                   warning))  # fmt: skip


def sentences(result: EmotionResult) -> Html:
    """The explanation; a sentence that its evidence does not back is marked, not told as fact."""
    if not result.explanation:
        return element("p", {"class": "quiet"}, "There is no explanation.")
    cues = result.sheet.by_id()
    return element("ol", {"class": "sentences"}, *(_sentence(s, cues) for s in result.explanation))


def _sentence(sentence: Sentence, cues: dict[str, Cue]) -> Html:
    timed = sentence.span is not None and sentence.span.end_s > 0
    attributes = {
        "type": "button",
        "class": "say",
        "data-cues": " ".join(sentence.cue_ids),
        "data-start": sentence.span.start_s if sentence.span and timed else None,
        "data-end": sentence.span.end_s if sentence.span and timed else None,
    }
    when = span_words(sentence.span) if sentence.span and timed else ""
    time = element("time", {}, when) if when else Html("")
    mark = mark_of(sentence)
    note = element("p", {"class": "mark"}, f"Not shown as fact: {mark}.") if mark else Html("")
    return element(
        "li",
        {"class": sentence.support},
        element("button", attributes, element("span", {"class": "words"}, sentence.text)),
        element("span", {"class": "cites"}, *(_cite(i, cues) for i in sentence.cue_ids), time),
        note,
    )


def _cite(cue_id: str, cues: dict[str, Cue]) -> Html:
    kind = str(cues[cue_id].modality) if cue_id in cues else "unknown"
    return element(
        "button",
        {"type": "button", "class": f"id {kind}", "data-cues": cue_id, **_when(cue_id, cues)},
        cue_id,
    )


def _when(cue_id: str, cues: dict[str, Cue]) -> dict[str, float]:
    if cue_id not in cues or cues[cue_id].span.end_s <= 0:
        return {}
    span = cues[cue_id].span
    return {"data-start": span.start_s, "data-end": span.end_s}


def distribution(result: EmotionResult) -> Html:
    """A bar per label, the most probable first; a long tail is folded away."""
    if not result.distribution:
        return Html("")
    ranked = sorted(result.distribution.items(), key=lambda pair: -pair[1])
    top = verdict_of(result).label
    rows = [_probability(label, p, label == top) for label, p in ranked]
    head = element("h3", {}, "How probable")
    shown = element("dl", {"class": "bars"}, *rows[:_SHOWN_BARS])
    rest = rows[_SHOWN_BARS:]
    if not rest:
        return element("section", {"class": "bars-section"}, head, shown)
    summary = element("summary", {}, f"{len(rest)} more labels")
    folded = element("details", {}, summary, element("dl", {"class": "bars"}, *rest))
    return element("section", {"class": "bars-section"}, head, shown, folded)


def _probability(label: str, p: float, chosen: bool) -> Html:
    bar = element(
        "svg", {"width": "100%", "height": "10", "aria-hidden": "true"},
        element("rect", {"width": "100%", "height": "10", "rx": "5", "class": "rail"}),
        element("rect", {"width": f"{100 * p:.2f}%", "height": "10", "rx": "5", "class": "level"}),
    )  # fmt: skip
    return element(
        "div", {"class": "chosen" if chosen else "other"},
        element("dt", {}, label), element("dd", {}, bar, element("span", {}, f"{p:.2f}")),
    )  # fmt: skip


def affect_plane(result: EmotionResult) -> Html:
    """Valence from left to right and arousal upwards (Russell's circumplex), windows as a trail."""
    if result.valence is None or result.arousal is None:
        return Html("")
    trail = " ".join(
        f"{_x(w.valence):.1f},{_y(w.arousal):.1f}"
        for w in result.windows
        if w.valence is not None and w.arousal is not None
    )
    words = (("100", "14", "activated"), ("100", "194", "calm"), ("30", "96", "unpleasant"),
             ("172", "96", "pleasant"))  # fmt: skip
    name = f"Valence {result.valence:+.2f}, arousal {result.arousal:+.2f}"
    picture = element(
        "svg", {"viewBox": "0 0 200 200", "class": "plane", "role": "img", "aria-label": name},
        element("circle", {"cx": "100", "cy": "100", "r": "78", "class": "ring"}),
        element("line", {"x1": "22", "x2": "178", "y1": "100", "y2": "100"}),
        element("line", {"x1": "100", "x2": "100", "y1": "22", "y2": "178"}),
        *(element("text", {"x": x, "y": y, "text-anchor": "middle"}, w) for x, y, w in words),
        element("polyline", {"points": trail, "class": "trail"}) if trail else Html(""),
        element("circle", {"cx": _x(result.valence), "cy": _y(result.arousal), "r": "7",
                           "class": "spot"}),
    )  # fmt: skip
    return element("section", {"class": "plane-section"}, element("h3", {}, "Valence and arousal"),
                   picture, element("p", {"class": "quiet"}, name))  # fmt: skip


def _x(valence: float) -> float:
    return 100 + 78 * max(-1.0, min(1.0, valence))


def _y(arousal: float) -> float:
    return 100 - 78 * max(-1.0, min(1.0, arousal))
