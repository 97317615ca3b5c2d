"""Which mentions of a sentence are labels, and why the others are not."""

import re
from collections.abc import Iterator, Sequence

from affect_llm.labels.extraction.extraction import Reason
from affect_llm.labels.extraction.mentions import WordMention
from affect_llm.labels.extraction.rule_book import RuleBook

_QUESTION = re.compile(r"\?\W*$")


def verdicts(
    sentence: str, mentions: Sequence[WordMention], rules: RuleBook
) -> tuple[str, list[tuple[WordMention, Reason | None]]]:
    """The masked sentence, and each of its mentions with the reason against it, None for a label.

    Args:
        sentence: folded; the places of `mentions` count from its beginning.
        mentions: from left to right.
        rules: of its language.
    """
    idle = [m.span() for m in rules.idioms.finditer(sentence)]
    idiomatic = {m for m in mentions if any(a <= m.start and m.end <= b for a, b in idle)}
    certain = [m for m in mentions if m not in idiomatic and not m.form.ambiguous]
    masked = _masked(rules.lifted.sub(lambda m: "x" * len(m[0]), sentence), certain)
    for mention in mentions:
        if mention.form.ambiguous and mention not in idiomatic:
            # An ambiguous word counts where a feeling is named, or where it is all there is.
            before, after = masked[: mention.start], masked[mention.end :]
            alone = not before.strip(' "') and not after.strip(' ".!')
            if alone or (rules.framed.search(before) and rules.frame_ends.match(after)):
                certain.append(mention)
                masked = _masked(masked, [mention])
            else:
                idiomatic.add(mention)
    reasons: dict[int, Reason] = {}  # the first that applies, by the place of the mention
    for aside, pattern in rules.aside if certain else ():
        for start, end in _spans(masked, pattern):
            for mention in certain:
                if start <= mention.start and mention.end <= end:
                    reasons.setdefault(mention.start, aside)
    is_question = _QUESTION.search(sentence) and not rules.tags.search(sentence)

    def reason(mention: WordMention) -> Reason | None:
        if mention in idiomatic:
            return "idiom"
        if is_question:
            return "question"
        if mention.start in reasons:
            return reasons[mention.start]
        is_cause = mention.form.causes and not rules.finding.search(masked[: mention.start])
        return "thing" if is_cause else None

    return masked, [(mention, reason(mention)) for mention in mentions]


def _masked(sentence: str, mentions: Sequence[WordMention]) -> str:
    for mention in mentions:
        width = mention.end - mention.start
        sentence = sentence[: mention.start] + "E" * width + sentence[mention.end :]
    return sentence


def _spans(masked: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Spans of the group `no`, of overlapping matches as well."""
    at = 0
    while (match := pattern.search(masked, at)) is not None:
        yield match.span("no")
        at = match.start() + 1
