"""Emotion labels out of free text by a reasoner: the alternative to rules.

`labels.extraction.extract_labels` needs no model and never changes; a reasoner reads freer prose.
Replies are kept word for word, and one that holds no list of labels is counted, never guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from affect_llm.errors import ParseFailure
from affect_llm.evaluation.judges.replies import Asker, JudgeReply
from affect_llm.evaluation.judges.word_list import read_word_list, word_list_schema
from affect_llm.prompting.cue_line import quote
from affect_llm.prompting.files import prompt_file
from affect_llm.types import Prompt

PROMPT = "extract_labels"
MAX_LABELS = 12


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reasoner read out of one text.

    Args:
        text: as given.
        labels: lower case, each once; None where the reply could not be read.
        raw: the reply.
        problem: why it could not be read; None where it could.
    """

    text: str
    labels: tuple[str, ...] | None
    raw: str
    problem: str | None


@dataclass(frozen=True, slots=True)
class Readings:
    """Readings in the order of the texts, with what made them.

    Args:
        items: one per text.
        model: passport of the reasoner.
        prompt: passport of the prompt.
    """

    items: tuple[Reading, ...]
    model: str
    prompt: str

    @property
    def unparsed(self) -> int:
        """How many replies held no list of labels."""
        return sum(item.labels is None for item in self.items)


def labels_schema() -> dict[str, object]:
    """`affect-llm/extracted-labels@1`."""
    return word_list_schema("labels", MAX_LABELS, longest=32)


def extract_by_reasoner(asker: Asker, texts: Sequence[str]) -> Readings:
    """The labels that a reasoner reads out of each text.

    Decoding is greedy wherever the reasoner is, as by default all are. A text is asked once, and
    what the asker's log knows is not asked again. A reasoner that is held to the schema cannot
    answer anything else; of one that is not, any single list of labels is read.

    Args:
        asker: a reasoner with its log of replies.
        texts: descriptions, in any language that the reasoner reads.

    Raises:
        AffectError: the reasoner cannot answer; what it has answered is in the log.
    """
    file = prompt_file(PROMPT)
    replies = asker.ask([_prompt(text) for text in texts])
    items = tuple(_reading(*pair) for pair in zip(texts, replies, strict=True))
    return Readings(items, asker.model, file.passport)


def read_labels(reply: JudgeReply) -> tuple[str, ...]:
    """The labels in a reply; errors as in `read_word_list`."""
    return read_word_list(reply, "labels")


def _prompt(text: str) -> Prompt:
    file = prompt_file(PROMPT)
    return Prompt(
        id=file.id,
        version=file.version,
        messages=file.fill({"text": quote(text)}),
        answer_schema=labels_schema(),
    )


def _reading(text: str, reply: JudgeReply) -> Reading:
    try:
        return Reading(text, read_labels(reply), reply.text, None)
    except ParseFailure as error:
        return Reading(text, None, reply.text, str(error))
