"""A reasoner lists the emotions that a text names, for label overlap."""

from collections.abc import Iterable

from affect_llm.evaluation.judges.procedure import WORDS, prompt_of
from affect_llm.evaluation.judges.replies import Asker, Reply
from affect_llm.evaluation.judges.word_list import read_word_list, word_list_schema
from affect_llm.prompting.cue_line import quote
from affect_llm.prompting.files import prompt_file

MAX_WORDS = 8


def words_schema() -> dict[str, object]:
    """`affect-llm/emotion-words@1`."""
    return word_list_schema("words", MAX_WORDS, longest=24)


def ask_words(asker: Asker, texts: Iterable[str]) -> dict[str, Reply]:
    """A reply per text that asks for the emotions in it; each text is asked once."""
    distinct = list(dict.fromkeys(texts))
    file = prompt_file(WORDS)
    prompts = [prompt_of(file, {"text": quote(text)}, words_schema()) for text in distinct]
    return dict(zip(distinct, asker.ask(prompts), strict=True))


def read_words(reply: Reply) -> tuple[str, ...]:
    """The words in a reply; errors as in `read_word_list`."""
    return read_word_list(reply, "words")
