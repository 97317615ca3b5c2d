"""A sentence becomes the words of it that claim something, in order."""

from dataclasses import dataclass

from affect_llm.prompting.checker.lexicon import entries


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of the sentence that the lexicon knows.

    Args:
        type: head, part, act, state, level, share, likelihood, modality, emotion, negation,
            suggests, opposes, unmeasured or boundary.
        key: what it stands for: a kind, a part, a level, an emotion …
        text: as written, lower case.
        start: first character, and `end` one past the last.
    """

    type: str
    key: str
    text: str
    start: int
    end: int


def tokens_of(sentence: str) -> list[Token]:
    """Known words of `sentence` from left to right; where two overlap the longer one wins."""
    text = sentence.lower().replace("\u2019", "'")
    matches = [
        Token(entry.type, entry.key, match[0], match.start(), match.end())
        for entry in entries()
        if entry.stem in text
        for match in entry.pattern.finditer(text)
        if match[0]
    ]
    tokens: list[Token] = []
    # The longest comes first: "lip corner puller" is one muscle's name and no lip.
    for token in sorted(matches, key=lambda t: (t.start - t.end, t.start)):
        if all(token.end <= t.start or t.end <= token.start for t in tokens):
            tokens.append(token)
    return sorted((t for t in tokens if t.type != "ignored"), key=lambda t: t.start)
