"""Which emotion words of a clip mean the same: asked of a reasoner, or read from saved replies.

The step before the set-level accuracy and recall of EMER-V2 and MER2024-OV. There the union of
both lists came out of a Python set, so its order changed from run to run; here it is sorted.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from affect_llm.errors import ParseFailure
from affect_llm.evaluation.judges.procedure import prompt_of
from affect_llm.evaluation.judges.replies import Asker, Reply
from affect_llm.evaluation.judges.verdicts import json_object, refuse_unasked
from affect_llm.prompting.cue_line import quote
from affect_llm.prompting.files import prompt_file

Groups = tuple[tuple[str, ...], ...]
PROMPT = "judge_synonyms"


@dataclass(frozen=True, slots=True)
class Grouping:
    """How the words of one clip were grouped.

    Args:
        groups: words that mean the same; None where the reply could not be read.
        problem: why not.
        unknown: words in the reply that were never asked about, which count nowhere.
        raw: the reply.
    """

    groups: Groups | None
    problem: str | None
    unknown: tuple[str, ...]
    raw: str


def union(gold: Collection[str], predicted: Collection[str]) -> tuple[str, ...]:
    """The words of both lists, each once, in alphabetical order."""
    return tuple(sorted({*gold, *predicted}))


def ask_groupings(asker: Asker, words: Mapping[str, Sequence[str]]) -> dict[str, Grouping]:
    """A grouping per clip.

    Args:
        asker: of any reasoner.
        words: clip → its words, as `union` gives them; fewer than two need no asking.
    """
    asked = {clip: list(found) for clip, found in words.items() if len(found) > 1}
    file = prompt_file(PROMPT)
    prompts = [
        prompt_of(file, {"words": quote(", ".join(found))}, groups_schema(found))
        for found in asked.values()
    ]
    replies = dict(zip(asked, asker.ask(prompts), strict=True))
    return {
        clip: read_grouping(replies[clip], found) if clip in replies else _alone(found)
        for clip, found in words.items()
    }


def groups_schema(words: Sequence[str]) -> dict[str, object]:
    """`affect-llm/synonyms@1`: lists of these words only."""
    most = len(words)
    group = {"type": "array", "items": {"enum": list(words)}, "minItems": 1, "maxItems": most}
    return {
        "type": "object",
        "properties": {"groups": {"type": "array", "items": group, "maxItems": most}},
        "required": ["groups"],
        "additionalProperties": False,
    }


def read_grouping(reply: Reply, words: Sequence[str]) -> Grouping:
    """The groups in a reply; what cannot be read stays unread."""
    try:
        refuse_unasked(reply)
        said = _groups(reply.text)
    except ParseFailure as failure:
        return Grouping(None, str(failure), (), reply.text)
    known = {word.lower(): word for word in words}
    plain = [[item.strip().lower() for item in group] for group in said]
    unknown = {item for group in plain for item in group if item not in known}
    groups = _joined([[known[item] for item in group if item in known] for group in plain])
    return Grouping(groups, None, tuple(sorted(unknown)), reply.text)


def _alone(words: Sequence[str]) -> Grouping:
    return Grouping(tuple((word,) for word in words), None, (), "")


def _groups(text: str) -> list[list[str]]:
    found = json_object(text)
    groups = found.get("groups") if found is not None else _list_of_lists(text)
    if not isinstance(groups, list) or not all(isinstance(group, list) for group in groups):
        raise ParseFailure("no list of groups in the reply")
    return [[str(item) for item in group] for group in groups]


def _list_of_lists(text: str) -> list[list[str]] | None:
    """A printed list of lists, its words in quotes of either kind or in none."""
    match = re.search(r"\[\s*\[.*\]\s*\]", text, re.DOTALL)
    if match is None:
        return None
    return [_items(group) for group in re.findall(r"\[([^\[\]]*)\]", match[0])]


def _items(group: str) -> list[str]:
    quoted = [one or two for one, two in re.findall(r"'([^']*)'|\"([^\"]*)\"", group)]
    return quoted or [item for item in group.split(",") if item.strip()]


def _joined(groups: Sequence[Sequence[str]]) -> Groups:
    """Groups that share a word are one group: to mean the same is transitive."""
    found: list[list[str]] = []
    for group in groups:
        touching = [other for other in found if set(other) & set(group)]
        rest = [other for other in found if other not in touching]
        merged = dict.fromkeys([*(word for other in touching for word in other), *group])
        found = [*rest, list(merged)] if merged else rest
    return tuple(tuple(group) for group in found)
