"""Which of our languages a text is in: by script, then by its small words."""

import re
from collections import Counter
from functools import cache

from affect_llm.labels.emotion_words import EmotionVocabulary

_HAN = re.compile(r"[\u3400-\u9fff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[^\W\d_]+")
_SCRIPTS = {"zh": _HAN, "ru": _CYRILLIC}
_CLEAR = 2
"""By how many small words a language must lead; below that, words for emotions decide."""
_SMALL: dict[str, str] = {
    "en": "the a an and of is are was to in he she his her him it that not but with for has be by"
    " they this no or who as at from what which on",
    "de": "der die das und ist nicht ein eine er sie mit von auf zu den dem sich aber kein keine im"
    " sondern hat ihr sein wird auch wenn man wirkt",
    "fr": "le la les un une et est pas ne il elle de des du dans son sa mais que qui en sur n l d"
    " plus avec ou se sont ni pour",
    "es": "le el la los las un una y es está no de en con pero que se su más sino al del lo por ni"
    " ella muy están para",
    "pt": "o a os as um uma e é está não de em com mas que se seu sua mais do da no na ele ela nem"
    " muito ao estão para",
    "it": "il lo la gli le un una e è non di in con ma che si suo sua più del della nel lui lei né"
    " molto per sono ed",
}


@cache
def _languages_of(word: str) -> tuple[str, ...]:
    return tuple(language for language, small in _SMALL.items() if word in small.split())


def written_in(text: str, language: str) -> bool:
    """Whether a text has letters of the language's script at all."""
    return bool(_SCRIPTS.get(language, _LATIN).search(text))


def detected_language(text: str) -> str:
    """The language of a text in two letters; English where nothing speaks for another.

    Args:
        text: folded or not. Script decides for Chinese and Russian; else small words and, where
            those leave it open, words for emotions.
    """
    han, words = len(_HAN.findall(text)), _LATIN.findall(text.lower())
    # A Chinese text may hold Latin names: one character outweighs three Latin words.
    if 3 * han >= len(words) and han:
        return "zh"
    if _CYRILLIC.search(text):
        return "ru"
    votes = Counter(language for word in words for language in _languages_of(word))
    ranked = [count for _, count in votes.most_common(2)] + [0, 0]
    if ranked[0] - ranked[1] < _CLEAR:
        votes.update(n for n in _SMALL for w in words if w in EmotionVocabulary.own(n).forms)
    return max(_SMALL, key=lambda language: votes[language])
