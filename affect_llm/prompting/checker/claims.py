"""What a sentence claims of faces and voices: kinds of cue and their levels."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from affect_llm.prompting.checker.lexicon import lexicon
from affect_llm.prompting.checker.tokens import Token

_HEADS = ("head", "part", "state")
_MODS = ("act", "level", "share")
_LIST = {",", "and", "or", "nor", "("}
_OF_A_VOICE = {"raise": "high", "lower": "low", "drop": "low", "stretch": "high", "widen": "high",
               "narrow": "low", "part": "present"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """Something said that a cited cue must bear out.

    Args:
        text: the words that say it.
        options: kind → level; any one of them bears it out.
        degree: intensity or share words that colour it ("slight", "strong", "most").
        negated: whether the sentence denies it.
        position: where in the sentence it stands.
    """

    text: str
    options: dict[str, str]
    degree: str | None = None
    negated: bool = False
    position: int = 0

    @property
    def mood(self) -> str | None:
        """Either "positive" or "negative" where said without naming valence, else None."""
        if set(self.options) != {"voice.valence"} or "valence" in self.text:
            return None
        return {"high": "positive", "low": "negative"}.get(self.options["voice.valence"])


@dataclass(slots=True)
class Chunk:
    """What stands between two commas or conjunctions."""

    connector: str
    tokens: list[Token] = field(default_factory=list)

    def of(self, *types: str) -> list[Token]:
        """Its tokens of these types."""
        return [t for t in self.tokens if t.type in types]


def claims_of(tokens: Sequence[Token]) -> list[Claim]:
    """Claims about kinds of cue, without those about emotions."""
    chunks = _chunks(tokens)
    _hand_negations_on(chunks)
    found: list[Claim] = []
    for index, chunk in enumerate(chunks):
        mods = chunk.of(*_MODS)
        if not mods and any(t.type in ("head", "part") for t in chunk.tokens):
            mods = _borrowed_mods(chunks, index)
        heads = chunk.of(*_HEADS)
        if not heads:
            heads, acts = _borrowed_heads(chunks, index)
            mods = [*mods, *acts]
        found += _bound(heads, mods, chunk)
    return found


def _chunks(tokens: Sequence[Token]) -> list[Chunk]:
    chunks = [Chunk("")]
    for token in _joined(tokens):
        if token.type == "boundary":
            chunks.append(Chunk(token.text))
        else:
            chunks[-1].tokens.append(token)
    return [c for c in chunks if c.tokens]


def _joined(tokens: Sequence[Token]) -> list[Token]:
    """Commas and brackets around a second name of the same kind go: "lip pressor (AU24)"."""
    kept: list[Token] = []
    paired = False
    for token, after in pairwise([*tokens, None]):
        assert token is not None, "only the last of the list is None"
        mark = token.type == "boundary" and not token.text.isalpha()
        if mark and kept and _same_head(kept[-1], after):
            paired = True
        elif mark and paired and len(kept) > 1 and _same_head(kept[-2], kept[-1]):
            paired = False
        else:
            kept.append(token)
    return kept


def _same_head(one: Token, other: Token | None) -> bool:
    return other is not None and one.type == other.type == "head" and one.key == other.key


def _hand_negations_on(chunks: Sequence[Chunk]) -> None:
    """In "no smile or frown" and "neither loud nor fast" the second is denied as well."""
    for before, chunk in pairwise(chunks):
        if chunk.connector in ("or", "nor") and not chunk.of("negation"):
            denied = [t for t in before.of("negation") if t.type == "negation"]
            chunk.tokens[:0] = [_moved(t, chunk.tokens[0].start) for t in denied[:1]]


def _moved(token: Token, start: int) -> Token:
    return Token(token.type, token.key, token.text, start, start)


def _borrowed_mods(chunks: Sequence[Chunk], index: int) -> list[Token]:
    """Levels that follow a list ("pitch and loudness are high") or an apposition."""
    for chunk in chunks[index + 1 :]:
        if chunk.connector not in _LIST or chunk.of("suggests", "opposes", "emotion", "state"):
            return []
        if chunk.of(*_MODS):
            return chunk.of(*_MODS, "negation")
    return []


def _borrowed_heads(chunks: Sequence[Chunk], index: int) -> tuple[list[Token], list[Token]]:
    """The noun that mere levels speak of, and what was said to be done to it.

    It is the one before ("the brows are lowered, at a slight level"), or else the one after.
    """
    if not chunks[index].of(*_MODS) or chunks[index].of("emotion"):
        return [], []
    for chunk in reversed(chunks[:index]):
        if chunk.of(*_HEADS):
            said = _already_said(chunk, chunks[index])
            return ([], []) if said else (chunk.of(*_HEADS)[-1:], chunk.of("act"))
        if chunk.of("emotion"):
            return [], []
    after = [c.of("head", "part") for c in chunks[index + 1 :] if c.of("head", "part")]
    return (after[0][:1], []) if after else ([], [])


def _already_said(before: Chunk, chunk: Chunk) -> bool:
    """A list's levels were borrowed by the nouns before it, and are not said twice."""
    return not before.of(*_MODS, "state") and chunk.connector in _LIST


def _bound(heads: Sequence[Token], mods: Sequence[Token], chunk: Chunk) -> list[Claim]:
    """Every head with the modifiers nearest to it."""
    own: dict[int, list[Token]] = {i: [] for i in range(len(heads))}
    for mod in mods:
        if mod.type == "negation" or not heads:
            continue
        own[_nearest(mod, heads)].append(mod)
    denied = [*chunk.of("negation"), *(m for m in mods if m.type == "negation")]
    claims = [_claim(head, own[i] or _shared(heads, own), denied) for i, head in enumerate(heads)]
    return [claim for claim in claims if claim is not None]


def _shared(heads: Sequence[Token], own: dict[int, list[Token]]) -> list[Token]:
    """Two names of one kind share their level: "AU12 lip corner puller is marked"."""
    keys = {(h.type, h.key) for h in heads}
    return next((m for m in own.values() if m), []) if len(keys) == 1 else []


def _nearest(mod: Token, heads: Sequence[Token]) -> int:
    """The head a modifier belongs to: the one right after it, or else the one before it."""

    def distance(index: int) -> tuple[bool, int]:
        head = heads[index]
        after = head.start >= mod.end
        gap = head.start - mod.end if after else mod.start - head.end
        fits = head.type != "part" or mod.type != "act" or _frame(head, mod) is not None
        return (not fits, gap + (0 if not after or gap < 3 else 6))

    return min(range(len(heads)), key=distance)


def _frame(part: Token, act: Token) -> dict[str, str] | None:
    return lexicon().frames.get(part.key, {}).get(act.key)


def _claim(head: Token, mods: Sequence[Token], denied: Sequence[Token]) -> Claim | None:
    acts = [m for m in mods if m.type == "act"]
    levels = [m.key for m in mods if m.type in ("level", "share")]
    options = _options(head, acts, levels)
    if options is None:
        return None
    degrees = [level for level in levels if level not in options.values()]
    degrees.sort(key=lambda level: level == "present")
    negated = any(_denies(t, head, mods) for t in denied)
    said = " ".join(t.text for t in sorted([head, *mods], key=lambda t: t.start))
    return Claim(said, options, degrees[0] if degrees else None, negated, head.start)


def _denies(negation: Token, head: Token, mods: Sequence[Token]) -> bool:
    """A negation denies what follows it."""
    return negation.start <= max([head.start, *(m.start for m in mods)])


def _options(head: Token, acts: Sequence[Token], levels: Sequence[str]) -> dict[str, str] | None:
    """Kinds and levels that the words stand for; None when they claim nothing."""
    base = next((lv for lv in levels if lv in ("high", "low", "typical", "absent")), None)
    if head.type == "state":
        found = dict(lexicon().states[int(head.key)].options)
        return {k: "absent" for k in found} if base == "absent" else found
    if head.type == "head":
        way = next((_OF_A_VOICE[a.key] for a in acts if a.key in _OF_A_VOICE), None)
        return {head.key: base or way or "mention"}
    frame = next((f for a in acts if (f := _frame(head, a))), None)
    if frame is None:
        return None
    return {k: "absent" for k in frame} if base == "absent" else frame
