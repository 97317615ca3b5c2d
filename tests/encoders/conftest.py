from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from tiny_encoders import (
    save_affect,
    save_open_clip,
    save_speech,
    save_text,
    save_vision,
    save_whisper,
)
from transformers.utils import logging


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)
    logging.disable_progress_bar()


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A tiny checkpoint by the name of its encoder, made once."""
    root = tmp_path_factory.mktemp("encoders")
    makers: dict[str, Callable[[Path], object]] = {
        "audeering-affect": save_affect,
        "whisper": save_whisper,
        "text": save_text,
        **{n: (lambda f, n=n: save_speech(f, n)) for n in ("hubert", "wav2vec2", "wavlm")},
        **{n: (lambda f, n=n: save_vision(f, n)) for n in ("clip", "siglip", "dinov2")},
    }

    def made(name: str) -> Path:
        folder = root / name
        if not folder.exists():
            makers[name](folder)
        return folder

    return made


@pytest.fixture(scope="session")
def open_clip_file(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    return save_open_clip(tmp_path_factory.mktemp("open-clip"))
