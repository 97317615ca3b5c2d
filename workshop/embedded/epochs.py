"""What each stage learns from in an epoch, and what the tokenizer is trained on."""

import random
from collections.abc import Iterator, Sequence

from transformers import PreTrainedTokenizerFast

from affect_llm.training.loop.batches import Example
from workshop.embedded.compose import Composer
from workshop.embedded.corpora import TextItem
from workshop.embedded.draws import Draw
from workshop.embedded.drill import drill
from workshop.embedded.examples import Lesson, clip_lesson, encode, text_lesson
from workshop.embedded.material import Material
from workshop.embedded.settings import PretrainingSettings


def text_epochs(
    tokenizer: PreTrainedTokenizerFast, material: Material, settings: PretrainingSettings
) -> Draw:
    """The texts with their labels, the same in every epoch."""
    examples = encode(tokenizer, _text_lessons(material, settings))
    return lambda epoch: examples


def clip_epochs(
    tokenizer: PreTrainedTokenizerFast, material: Material, settings: PretrainingSettings
) -> Draw:
    """Clips that every epoch composes anew, and some of the texts."""
    english = _mostly_english(material.texts, settings)
    composer = Composer(material.voices, material.faces, english)
    texts = _text_lessons(material, settings)

    def draw(epoch: int) -> Sequence[Example]:
        rng = random.Random(f"{settings.seed} {epoch}")
        clips = [clip_lesson(composer.draw(rng), rng) for _ in range(settings.clips)]
        mixed = rng.sample(texts, k=min(settings.texts, len(texts)))
        return encode(tokenizer, [*clips, *mixed])

    return draw


def _text_lessons(material: Material, settings: PretrainingSettings) -> list[Lesson]:
    rng = random.Random(settings.seed)
    return [text_lesson(text, rng) for text in _mostly_english(material.texts, settings)]


def _mostly_english(texts: Sequence[TextItem], settings: PretrainingSettings) -> list[TextItem]:
    rng = random.Random(settings.seed)
    return [t for t in texts if t.language == "en" or rng.random() < settings.foreign]


def sample_texts(material: Material, settings: PretrainingSettings) -> Iterator[str]:
    """What the tokenizer will meet: texts, filled prompts and whole answers."""
    rng = random.Random(settings.seed)
    yield from (t.text for t in material.texts if t.language == "en" or rng.random() < 0.3)
    yield from drill([t.text for t in material.texts], 3000, rng)
