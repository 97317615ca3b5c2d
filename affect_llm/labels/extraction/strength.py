"""How strong a feeling a text tells of: by the word, what softens it, and how sure the text is."""

from affect_llm.labels.extraction.mentions import WordMention
from affect_llm.labels.extraction.rule_book import RuleBook

_OF_WORD = {1: 0.4, 2: 0.6, 3: 0.8}
_WEAKER, _STRONGER, _HEDGED = 0.6, 1.25, 0.7


def strength_of(mention: WordMention, masked: str, rules: RuleBook) -> float:
    """From 0 to 1; the factors are our judgement."""
    before = masked[: mention.start]
    value = _OF_WORD[mention.form.word.strength]
    if rules.weaker.search(before):
        value *= _WEAKER
    elif rules.stronger.search(before):
        value *= _STRONGER
    if rules.hedged.search(before):
        value *= _HEDGED
    return round(min(1.0, value), 3)
