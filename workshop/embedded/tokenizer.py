"""The embedded reasoner's own tokenizer: byte-level BPE in which the fixed parts are one token.

The prompt's frame, the catalogue's kinds, the named label sets and the answer's JSON scaffold
never change within a prompt version, so each is a single token; that makes the prompts a small
model reads four to five times shorter. Any other text, any language, is bytes and merges.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from affect_llm.cues.catalogue import kinds
from affect_llm.labels.sets import SETS
from affect_llm.prompting.cue_line import kind_phrase
from affect_llm.prompting.files import prompt_file

PAD, SYSTEM, USER, ASSISTANT, END = "<|pad|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"
VOCABULARY = 20_000
MAX_TOKENS = 2048
CHAT_TEMPLATE = (
    "{% for m in messages %}{{ '<|' + m.role + '|>' + m.content }}"
    "{% if m.role == 'assistant' %}{{ '<|end|>' }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)
_NUMBERS_WORDS_MARKS = Regex(r" ?\d+(?:\.\d+)?| ?\p{L}+| ?[^\s\p{L}\d]+|\s+")
_SCAFFOLD = (
    '{"label":"',
    ',"modalities":{',
    '"text":"',
    '"audio":"',
    '"visual":"',
    '},"valence":',
    ',"arousal":',
    ',"open_labels":[',
    '],"explanation":[',
    '{"text":"',
    '","cues":["',
    '"]},',
    '"]}]}',
    " | 0.0-0.0s",
    " FACS 0-5 |",
    "visual (absent)",
    "audio (absent), visual (absent)",
    "visual (not asked)",
    "audio (not asked), visual (not asked)",
    "text (not asked)",
    "text (absent)",
    "text (absent), audio (absent)",
    "text (not asked), audio (not asked)",
)


def train_tokenizer(texts: Iterable[str]) -> PreTrainedTokenizerFast:
    """A tokenizer of `VOCABULARY` entries from sample texts.

    Args:
        texts: what it will meet: transcripts, filled prompts and answers.
    """
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(_NUMBERS_WORDS_MARKS, behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    fixed = list(fixed_strings())
    special = [PAD, SYSTEM, USER, ASSISTANT, END]
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - len(fixed),
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator((*texts, *_label_drill()), trainer)
    tokenizer.add_tokens([AddedToken(s, normalized=False, special=False) for s in fixed])
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        pad_token=PAD,
        eos_token=END,
        additional_special_tokens=[SYSTEM, USER, ASSISTANT],
        chat_template=CHAT_TEMPLATE,
        model_max_length=MAX_TOKENS,
        clean_up_tokenization_spaces=False,
        padding_side="left",
    )


def fixed_strings() -> Iterator[str]:
    """Strings that are one token each: frame, label sets, kinds of cue, JSON scaffold."""
    system, user = prompt_file("reason").turns
    yield system.content
    yield from (part for part in _frame(user.content) if part)
    yield from dict.fromkeys(", ".join(labels) for labels in SETS.values())
    yield from (f" {kind_phrase(kind)} |" for kind in kinds().values() if kind.scale)
    yield from (' words | "', ' scene | "')
    yield from _SCAFFOLD


def _frame(template: str) -> list[str]:
    return template.replace("}", "{").split("{")[::2]


def _label_drill() -> Iterator[str]:
    """Label words as they stand behind a quotation mark, often enough to become one token."""
    words = {label for labels in SETS.values() for label in labels}
    for word in sorted(words):
        yield from [f'"{word}" {word}, {word}.'] * 400


def save_tokenizer(tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Write a tokenizer in the form that transformers, peft and vLLM load."""
    tokenizer.save_pretrained(folder)
