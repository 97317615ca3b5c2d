"""Where a sentence names an emotion, and what it says of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from affect_llm.prompting.checker.tokens import Token
from affect_llm.types import Modality

_TURNS = {"while", "but", "whereas", "although", "though", "yet", ";"}


@dataclass(frozen=True, slots=True)
class Mention:
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
        said = self.likely.get(modality) or self.likely.get("")
        return (said, None) if said else ("present", self.degree)


def mentions_of(tokens: Sequence[Token]) -> list[Mention]:
    """Every emotion that the sentence names, from left to right."""
    places = [i for i, token in enumerate(tokens) if token.type == "emotion"]
    found: list[Mention] = []
    for order, place in enumerate(places):
        left = _clause_start(tokens, place)
        floor = max(left, places[order - 1] + 1) if order else left
        right = places[order + 1] if order + 1 < len(places) else len(tokens)
        before = list(tokens[floor:place])
        after = _until_turn(tokens[place + 1 : right])
        mention = _mention(tokens, place, before, after)
        found.append(_continued(mention, before, found))
    return found


def _clause_start(tokens: Sequence[Token], place: int) -> int:
    turns = [i for i in range(place) if tokens[i].type == "boundary" and tokens[i].text in _TURNS]
    return turns[-1] + 1 if turns else 0


def _until_turn(tokens: Sequence[Token]) -> list[Token]:
    stop = next((i for i, t in enumerate(tokens) if t.text in _TURNS), len(tokens))
    return list(tokens[:stop])


def _continued(mention: Mention, before: Sequence[Token], found: Sequence[Mention]) -> Mention:
    """In "suggest sadness and fear" the second is suggested as well."""
    if not found or mention.stance or any(t.type != "boundary" for t in before):
        return mention
    last = found[-1]
    return Mention(
        mention.emotion, last.stance, mention.modalities if last.stance is None else
        last.modalities, last.bare, last.negated, mention.likely, mention.degree,
        mention.position,
    )  # fmt: skip


def _mention(
    tokens: Sequence[Token], place: int, before: list[Token], after: list[Token]
) -> Mention:
    verbs = [i for i, t in enumerate(before) if t.type in ("suggests", "opposes")]
    stance = before[verbs[-1]].type if verbs else None
    subject = before[: verbs[-1]] if verbs else before
    modal = [t for t in subject if t.type == "modality"]
    if stance is None:
        modal = _located(before, after) or [t for t in tokens if t.type == "modality"]
    said = ("head", "part", "state", "likelihood", "level", "act")
    return Mention(
        emotion=tokens[place].key,
        stance=stance,
        modalities=tuple(dict.fromkeys(Modality(t.key) for t in modal)),
        bare=not any(t.type in said for t in subject),
        negated=_negated(before, after),
        likely=_likely(tokens, before, after),
        degree=next((t.key for t in reversed(_beside(before)) if t.type == "level"), None),
        position=tokens[place].start,
    )


def _located(before: Sequence[Token], after: Sequence[Token]) -> list[Token]:
    """Where the emotion is said to be: "in the face" after it, or the subject before it."""
    stop = next((i for i, t in enumerate(after) if t.type in ("suggests", "opposes")), len(after))
    later = [t for t in after[:stop] if t.type == "modality"]
    return later or [t for t in before if t.type == "modality"]


def _beside(before: Sequence[Token]) -> list[Token]:
    """What stands before the emotion in its own part of the sentence."""
    stops = [
        i for i, t in enumerate(before) if t.type == "boundary" and t.text not in ("or", "nor")
    ]
    return list(before[stops[-1] + 1 :] if stops else before)


def _negated(before: Sequence[Token], after: Sequence[Token]) -> bool:
    if any(t.type == "negation" for t in _beside(before)):
        return True
    ends = ("likelihood", "boundary", "suggests", "opposes")
    stop = next((i for i, t in enumerate(after) if t.type in ends), len(after))
    return any(t.type == "negation" for t in after[:stop])


def _likely(
    tokens: Sequence[Token], before: Sequence[Token], after: Sequence[Token]
) -> dict[str, str]:
    near = [t for t in (*before, *after) if t.type == "likelihood"]
    if not near:
        return {}
    places = [t for t in tokens if t.type == "modality"]
    by_place = {p.key: min(near, key=lambda t: abs(t.start - p.start)).key for p in places}
    return {**by_place, "": near[0].key}
