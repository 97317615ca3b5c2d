"""What a sentence claims of faces and voices: kinds of cue and their levels."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from affect_llm.cues.catalogue import kind_of
from affect_llm.cues.scales import LIKELIHOOD
from affect_llm.prompting.checker.lexicon import lexicon, states
from affect_llm.prompting.checker.tokens import Token

_HEADS = ("head", "part", "state")
_MODS = ("act", "level", "share")
_LIST = {",", "and", "or", "nor", "("}
_OF_A_VOICE = {"raise": "high", "lower": "low", "drop": "low", "stretch": "high", "widen": "high",
               "narrow": "low", "part": "present"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement about a kind of cue, which a cited cue must bear out.

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
class SentencePart:
    """What stands between two commas or conjunctions."""

    connector: str
    tokens: list[Token] = field(default_factory=list)

    def of(self, *types: str) -> list[Token]:
        """The part's tokens of these types."""
        return [t for t in self.tokens if t.type in types]

    @property
    def levels(self) -> list[Token]:
        """The part's words of level; "likely" is one where a probability is what was measured."""
        scales = (kind_of(head.key).scale for head in self.of("head"))
        probable = any(scale is not None and scale.name == LIKELIHOOD.name for scale in scales)
        return self.of(*_MODS, "likelihood") if probable else self.of(*_MODS)


def claims_of(tokens: Sequence[Token]) -> list[Claim]:
    """Claims about kinds of cue, without those about emotions."""
    parts = _parts(tokens)
    claims: list[Claim] = []
    for index, part in enumerate(parts):
        mods, heads = part.levels, part.of(*_HEADS)
        if not mods and part.of("head", "part"):
            mods = _borrowed_mods(parts, index)
        if not heads:
            heads, acts = _borrowed_heads(parts, index)
            mods = [*mods, *acts]
        claims += _bound(heads, mods, part)
    return claims


def _parts(tokens: Sequence[Token]) -> list[SentencePart]:
    """The parts of a sentence; "no smile or frown" and "neither loud nor fast" deny both."""
    parts = [SentencePart("")]
    for token in _joined(tokens):
        if token.type == "boundary":
            parts.append(SentencePart(token.text))
        else:
            parts[-1].tokens.append(token)
    parts = [part for part in parts if part.tokens]
    for before, part in pairwise(parts):
        if part.connector in ("or", "nor") and not part.of("negation"):
            start = part.tokens[0].start
            denied = [replace(t, start=start, end=start) for t in before.of("negation")]
            part.tokens[:0] = denied[:1]
    return parts


def _joined(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without marks around a second name of one kind: "lip pressor (AU24)"."""
    joined: list[Token] = []
    paired = False
    for token, after in pairwise([*tokens, None]):
        assert token is not None, "only the last of the list is None"
        mark = token.type == "boundary" and not token.text.isalpha()
        if mark and joined and _same_head(joined[-1], after):
            paired = True
        elif mark and paired and len(joined) > 1 and _same_head(joined[-2], joined[-1]):
            paired = False
        else:
            joined.append(token)
    return joined


def _same_head(one: Token, other: Token | None) -> bool:
    return other is not None and one.type == other.type == "head" and one.key == other.key


def _borrowed_mods(parts: Sequence[SentencePart], index: int) -> list[Token]:
    """Levels that follow a list ("pitch and loudness are high") or an apposition."""
    for part in parts[index + 1 :]:
        if part.connector not in _LIST or part.of("suggests", "opposes", "emotion", "state"):
            return []
        if part.of(*_MODS):
            return part.of(*_MODS, "negation")
    return []


def _borrowed_heads(parts: Sequence[SentencePart], index: int) -> tuple[list[Token], list[Token]]:
    """The noun that mere levels speak of, and what was said to be done to it.

    It is the one before ("the brows are lowered, at a slight level"), or else the one after. A
    list's levels were borrowed by the nouns before it, and are not said twice.
    """
    if not parts[index].of(*_MODS) or parts[index].of("emotion"):
        return [], []
    for part in reversed(parts[:index]):
        if heads := part.of(*_HEADS):
            borrowed = not part.of(*_MODS, "state") and parts[index].connector in _LIST
            return ([], []) if borrowed else (heads[-1:], part.of("act"))
        if part.of("emotion"):
            return [], []
    return next((heads[:1] for p in parts[index + 1 :] if (heads := p.of("head", "part"))), []), []


def _bound(heads: Sequence[Token], mods: Sequence[Token], part: SentencePart) -> list[Claim]:
    """Every head with the modifiers nearest to it.

    Two names of one kind share their level: "AU12 lip corner puller is marked".
    """
    nearest: dict[int, list[Token]] = {i: [] for i in range(len(heads))}
    for mod in mods:
        if mod.type != "negation" and heads:
            nearest[min(nearest, key=lambda i: _distance(heads[i], mod))].append(mod)
    one_kind = len({(h.type, h.key) for h in heads}) == 1
    shared = next((m for m in nearest.values() if m), []) if one_kind else []
    denied = [*part.of("negation"), *(m for m in mods if m.type == "negation")]
    claims = (_claim(head, nearest[i] or shared, denied) for i, head in enumerate(heads))
    return list(filter(None, claims))


def _distance(head: Token, mod: Token) -> tuple[bool, int]:
    """How far a modifier is from a head: nearest is the one right after it, or else before it."""
    after = head.start >= mod.end
    gap = head.start - mod.end if after else mod.start - head.end
    fits = head.type != "part" or mod.type != "act" or _frame(head, mod) is not None
    # English puts a modifier before its noun; six characters are about one word between.
    return (not fits, gap + (0 if not after or gap < 3 else 6))


def _frame(part: Token, act: Token) -> dict[str, str] | None:
    return lexicon().frames.get(part.key, {}).get(act.key)


def _claim(head: Token, mods: Sequence[Token], denied: Sequence[Token]) -> Claim | None:
    """What a head and its modifiers claim; None when they claim nothing."""
    acts = [m for m in mods if m.type == "act"]
    levels = [m.key for m in mods if m.type in ("level", "share", "likelihood")]
    options = _options(head, acts, levels)
    if not options:
        return None
    degrees = [level for level in levels if level not in options.values()]
    # Another word of degree says more than "present".
    degree = min(degrees, key=lambda level: level == "present", default=None)
    # A negation denies what follows it.
    words = sorted([head, *mods], key=lambda t: t.start)
    negated = any(n.start <= words[-1].start for n in denied)
    text = " ".join(word.text for word in words)
    return Claim(text, options, degree, negated, head.start)


def _options(head: Token, acts: Sequence[Token], levels: Sequence[str]) -> dict[str, str]:
    """Kinds and levels that the words stand for; none when they claim nothing."""
    base = next((lv for lv in levels if lv in ("high", "low", "typical", "absent")), None)
    if head.type == "head":
        way = next((_OF_A_VOICE[a.key] for a in acts if a.key in _OF_A_VOICE), None)
        return {head.key: base or way or "mention"}
    if head.type == "state":
        options = dict(states()[int(head.key)].options)
    else:
        options = next((frame for act in acts if (frame := _frame(head, act))), {})
    return dict.fromkeys(options, "absent") if base == "absent" else options
