"""Where a sentence names an emotion, and what it says of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from affect_llm.prompting.checker.tokens import Token
from affect_llm.types import Modality

_VERBS = ("suggests", "opposes")
_MEASURED = ("head", "part", "state", "likelihood", "level", "act")
_TURNS = {"while", "but", "whereas", "although", "though", "yet", ";"}


@dataclass(frozen=True, slots=True)
class EmotionMention:
    """An emotion word and what surrounds it.

    Args:
        emotion: canonical name, or a label that has none.
        stance: "suggests" or "opposes" when something else is said to do so; None when the
            emotion itself is said to be there.
        modalities: where it is said to be, or what is said to suggest it.
        bare: whether the modality itself is the subject ("the voice suggests …").
        negated: whether it is denied.
        likely: likelihood words by the modality they stand next to; "" for any other.
        degree: a word of degree beside it ("clearly").
        position: where in the sentence it stands.
    """

    emotion: str
    stance: str | None
    modalities: tuple[Modality, ...]
    bare: bool
    negated: bool
    likely: dict[str, str]
    degree: str | None
    position: int

    def likelihood(self, modality: Modality) -> tuple[str, str | None]:
        """The claimed level and its degree for one modality."""
        word = self.likely.get(modality) or self.likely.get("")
        return (word, None) if word else ("present", self.degree)


def mentions_of(tokens: Sequence[Token]) -> list[EmotionMention]:
    """Every emotion that the sentence names, from left to right."""
    places = [i for i, token in enumerate(tokens) if token.type == "emotion"]
    mentions: list[EmotionMention] = []
    for order, place in enumerate(places):
        turns = [
            i for i, t in enumerate(tokens[:place]) if t.type == "boundary" and t.text in _TURNS
        ]
        start = max(turns[-1] + 1 if turns else 0, places[order - 1] + 1 if order else 0)
        stop = places[order + 1] if order + 1 < len(places) else len(tokens)
        before = list(tokens[start:place])
        after = list(takewhile(lambda t: t.text not in _TURNS, tokens[place + 1 : stop]))
        mention = _mention(tokens, place, before, after)
        if mentions and not mention.stance and all(t.type == "boundary" for t in before):
            # In "suggest sadness and fear" the second is suggested as well.
            last = mentions[-1]
            mention = replace(mention, stance=last.stance, bare=last.bare, negated=last.negated)
            if last.stance is not None:
                mention = replace(mention, modalities=last.modalities)
        mentions.append(mention)
    return mentions


def _mention(
    tokens: Sequence[Token], place: int, before: list[Token], after: list[Token]
) -> EmotionMention:
    verbs = [i for i, t in enumerate(before) if t.type in _VERBS]
    stance = before[verbs[-1]].type if verbs else None
    subject = before[: verbs[-1]] if verbs else before
    modal = _modal(subject)
    if stance is None:
        # Where it is said to be: "in the face" after it, or the subject before it.
        located = takewhile(lambda t: t.type not in _VERBS, after)
        modal = _modal(located) or _modal(before) or _modal(tokens)
    stops = [
        i for i, t in enumerate(before) if t.type == "boundary" and t.text not in ("or", "nor")
    ]
    beside = before[stops[-1] + 1 :] if stops else before
    behind = takewhile(lambda t: t.type not in ("likelihood", "boundary", *_VERBS), after)
    near = [t for t in (*before, *after) if t.type == "likelihood"]
    named = _modal(tokens) if near else []
    nearest = {p.key: min(near, key=lambda t: abs(t.start - p.start)).key for p in named}
    return EmotionMention(
        emotion=tokens[place].key,
        stance=stance,
        modalities=tuple(dict.fromkeys(Modality(t.key) for t in modal)),
        bare=not any(t.type in _MEASURED for t in subject),
        negated=any(t.type == "negation" for t in (*beside, *behind)),
        likely={**nearest, "": near[0].key} if near else {},
        degree=next((t.key for t in reversed(beside) if t.type == "level"), None),
        position=tokens[place].start,
    )


def _modal(tokens: Iterable[Token]) -> list[Token]:
    return [t for t in tokens if t.type == "modality"]
