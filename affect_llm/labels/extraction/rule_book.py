"""The rules of a language, read from `rules/<language>.yaml` and compiled once."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import get_args

from affect_llm.labels.emotion_words.table import read_yaml
from affect_llm.labels.extraction.extraction import Reason

_FIRST = (
    "(?P<no>(?:(?!{stop}|E).)*E+(?:{join}{adverbs}E+)*"
    "(?:(?:(?!{stop}|E).)*{or}(?:(?!{stop}|E).)*E+)*)"
)
_TERM = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class RuleBook:
    """How a language denies, compares, supposes and softens.

    Patterns run over folded text. In those of `aside`, `weaker`, `stronger` and `hedged` every
    mention is written as capital E's; a group `no` of `aside` holds the mentions it is about.

    Args:
        idioms: expressions in which an emotion word is none.
        lifted: expressions with a negation that denies nothing ("not only", "cannot hide").
        aside: why mentions are set aside, and where.
        framed: what stands right before an ambiguous word that does name a feeling.
        frame_ends: what may follow it.
        finding: what stands before a word for a cause when it tells of a feeling ("finds it …").
        weaker: what stands right before a mild feeling; `stronger` before a strong one.
        hedged: what makes a clause a guess.
        tags: the ends of questions that ask for nothing ("…, isn't she?").
    """

    idioms: re.Pattern[str]
    lifted: re.Pattern[str]
    aside: tuple[tuple[Reason, re.Pattern[str]], ...]
    framed: re.Pattern[str]
    frame_ends: re.Pattern[str]
    finding: re.Pattern[str]
    weaker: re.Pattern[str]
    stronger: re.Pattern[str]
    hedged: re.Pattern[str]
    tags: re.Pattern[str]


@cache
def rule_book(language: str) -> RuleBook:
    """The rules of a language that has words.

    Raises:
        ValueError: the file names a reason that there is none of.
    """
    text = files(__package__).joinpath(f"rules/{language}.yaml").read_text("utf-8")
    document = read_yaml(text)
    terms = {**document["terms"], "first": _FIRST}
    plain = {
        name: _any(document.get(name) or (), terms)
        for name in ("idioms", "lifted", "frame_ends", "hedged", "tags")
    }
    before = {
        name: _any(document.get(name) or (), terms, ends=r"\s*$")
        for name in ("framed", "finding", "weaker", "stronger")
    }
    table = document["aside"]
    if unknown := set(table) - set(get_args(Reason)):
        raise ValueError(f"No such reasons: {sorted(unknown)}")
    patterns = [(reason, text) for reason in get_args(Reason) for text in table.get(reason, ())]
    aside = tuple((reason, re.compile(_filled(text, terms))) for reason, text in patterns)
    return RuleBook(aside=aside, **plain, **before)


def _any(patterns: Iterable[str], terms: Mapping[str, str], ends: str = "") -> re.Pattern[str]:
    """One expression for all; one that never matches for none."""
    inner = "|".join(f"(?:{_filled(pattern, terms)})" for pattern in patterns)
    return re.compile(f"(?:{inner}){ends}" if inner else "(?!)")


def _filled(pattern: str, terms: Mapping[str, str]) -> str:
    """`pattern` with every {term} replaced, also inside terms; numbers as in {0,3} stay."""
    while (filled := _TERM.sub(lambda m: terms.get(m[1], m[0]), pattern)) != pattern:
        pattern = filled
    return pattern
