"""`python -m workshop embedded`: from the kit and the cue banks to the shipped folder.

Two stages. First the corpora's texts with their labels, many and short, so that words come to
mean something. Then composed clips with whole answers, with some of the texts mixed in so that
nothing is forgotten. Then temperatures on what was set apart.
"""

import logging
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

from affect_llm.files import whole_folder
from affect_llm.training.loop.checkpoints import LEARNED_FILE, read_learned, write_learned
from affect_llm.training.loop.workplace import RunStart, begin, digest, finish, require_free
from workshop.embedded.epochs import clip_epochs, sample_texts, text_epochs
from workshop.embedded.fit_temperatures import fit_temperatures
from workshop.embedded.material import Material
from workshop.embedded.model import PretrainingModel, new_model
from workshop.embedded.pretrainer import PretrainingStage, pretrain
from workshop.embedded.settings import PretrainingSettings
from workshop.embedded.teacher import SentenceTeacher, token_embeddings
from workshop.embedded.tokenizer import save_tokenizer, train_tokenizer

log = logging.getLogger(__name__)
_FREE = {"save_steps"}
"""Settings that may change when a run goes on: they do not change what it learns."""


def make_embedded(
    material: Material,
    out: Path,
    teacher: Path | None,
    settings: PretrainingSettings,
    *,
    resume: bool = False,
    restart: bool = False,
) -> None:
    """Train the embedded reasoner; write its weights (bfloat16), tokenizer and temperatures.

    Args:
        material: all that was read; the training part is learned from.
        out: written to.
        teacher: folder of all-MiniLM-L6-v2; None trains without it.
        settings: sizes, rates and seed.
        resume: go on with a run that was stopped.
        restart: throw away a run that was stopped.

    Raises:
        ConfigError: `out` holds something else; or a run was stopped and nobody said what to do,
            or it was started with other settings or material.
    """
    require_free(out, "model", "config.json")
    values = settings.model_dump(mode="json") | {"teacher": teacher and teacher.name}
    start = RunStart(settings=values, data=digest(list(material.lines())))
    folder = begin(out, start, free=_FREE, resume=resume, restart=restart)
    llm, tokenizer = _trained(material.part("train"), teacher, settings, folder)
    # The model first: its config is the first file, and marks the folder as a model's.
    llm.bfloat16().save_pretrained(out)
    save_tokenizer(tokenizer, out)
    fit_temperatures(out, material.part("validation"))
    finish(out)


def _trained(
    material: Material, teacher: Path | None, settings: PretrainingSettings, folder: Path
) -> tuple[LlamaForCausalLM, PreTrainedTokenizerFast]:
    """Both stages; one that `folder` holds to its end is not trained again."""
    tokenizer = _tokenizer(material, settings, folder / "tokenizer")
    first, second = (folder / f"stage-{n}" / LEARNED_FILE for n in (1, 2))
    if not first.is_file():
        llm, targets = _started(tokenizer, material, teacher, settings)
        draw = text_epochs(tokenizer, material, settings)
        stage = PretrainingStage(
            "stage 1 of 2 (texts)", draw, settings.text_tokens, settings.text_rate
        )
        _run(llm, targets, stage, settings, first)
    # Clips are never seen twice: attention needs no dropout then, which would cost its fast path.
    llm = new_model(tokenizer)
    PretrainingModel(llm, {}).load_learned(read_learned(second if second.is_file() else first))
    if not second.is_file():
        draw = clip_epochs(tokenizer, material, settings)
        stage = PretrainingStage(
            "stage 2 of 2 (clips)", draw, settings.clip_tokens, settings.clip_rate
        )
        _run(llm, {}, stage, settings, second)
    return llm, tokenizer


def _run(
    llm: LlamaForCausalLM,
    targets: Mapping[str, Tensor],
    stage: PretrainingStage,
    settings: PretrainingSettings,
    file: Path,
) -> None:
    """Train a stage in the folder of `file`, and write the file when it is done."""
    dropout, meaning = settings.embedding_dropout, settings.meaning
    model = PretrainingModel(llm, targets, embedding_dropout=dropout, meaning=meaning)
    pretrain(model, stage, settings, file.parent)
    write_learned(file, PretrainingModel(llm, {}).learned_state())


def _tokenizer(
    material: Material, settings: PretrainingSettings, folder: Path
) -> PreTrainedTokenizerFast:
    if not folder.is_dir():
        trained = train_tokenizer(sample_texts(material, settings))
        with whole_folder(folder) as part:
            save_tokenizer(trained, part)
    tokenizer: PreTrainedTokenizerFast = PreTrainedTokenizerFast.from_pretrained(folder)
    log.info("a tokenizer of %d entries", len(tokenizer))
    return tokenizer


def _started(
    tokenizer: PreTrainedTokenizerFast,
    material: Material,
    teacher: Path | None,
    settings: PretrainingSettings,
) -> tuple[LlamaForCausalLM, dict[str, Tensor]]:
    torch.manual_seed(settings.seed)
    if teacher is None:
        return new_model(tokenizer, dropout=0.1), {}
    encoder = SentenceTeacher(teacher)
    english = sorted({text.text for text in material.texts if text.language == "en"})
    log.info("the teacher reads %d texts", len(english))
    targets = dict(zip(english, encoder.encode(english), strict=True))
    return new_model(tokenizer, token_embeddings(encoder, tokenizer), dropout=0.1), targets
