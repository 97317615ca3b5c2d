"""Text for matching, character by character as long as the original."""

_SAME = str.maketrans(
    {
        "’": "'", "‘": "'", "ʼ": "'", "＇": "'", "“": '"', "”": '"', "„": '"', "«": '"',
        "»": '"', "，": ",", "、": ",", "；": ";", "：": ":", "！": "!", "？": "?", "（": "(",
        "）": ")", "。": ".", "．": ".", "「": '"', "」": '"', "ё": "е", "‐": "-", "‑": "-",
        "–": ";", "—": ";", "\u00a0": " ", "\u202f": " ", "\u3000": " ", "\n": ".", "¿": " ",
        "¡": " ",
    }
)  # fmt: skip


def folded(text: str) -> str:
    """Lower case with plain punctuation; dashes between words break a sentence as ";" does.

    Position for position the same text: a letter whose lower case is longer stays as it is.
    """
    return "".join(c if len(low := c.lower()) != 1 else low for c in text).translate(_SAME)
