import shutil
from pathlib import Path

import pytest
from speech_clips import clip_of, syllables
from tiny_whisper import transformers_folder

from affect_llm.cues.speech.faster_whisper import FasterWhisper
from affect_llm.cues.speech.recognise import recognise
from affect_llm.cues.speech.transformers_whisper import TransformersWhisper
from affect_llm.errors import WeightsError

pytest.importorskip("transformers")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return transformers_folder(tmp_path_factory.mktemp("hf") / "wired")


@pytest.fixture(scope="module")
def converted(folder: Path) -> Path:
    """The same model as faster-whisper wants it."""
    pytest.importorskip("faster_whisper")
    from ctranslate2.converters import TransformersConverter

    target = folder.parent / "converted"
    TransformersConverter(str(folder), copy_files=["tokenizer.json"]).convert(str(target))
    return target


def test_transformers_hears_words_and_language(folder: Path) -> None:
    transcriber = TransformersWhisper(str(folder), "cpu")
    (heard,) = transcriber.transcribe(syllables(3.0), None)
    assert heard.text == "Hello."
    assert heard.language == "de"
    assert (heard.start_s, heard.end_s) == pytest.approx((0.0, 2.0))
    assert heard.no_speech < 0.05
    assert -0.2 < heard.mean_logprob <= 0
    (again,) = recognise(clip_of(syllables(3.0)), transcriber, "en")
    assert again.text == "Hello."
    assert again.language == "en"


def test_transformers_refuses_what_does_not_fit(folder: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    for damage in ("missing", "unexpected"):
        copy = shutil.copytree(folder, tmp_path / damage)
        state = load_file(copy / "model.safetensors")
        if damage == "missing":
            del state["model.decoder.layer_norm.weight"]
        else:
            state["model.extra"] = state["model.decoder.layer_norm.weight"].clone()
        save_file(state, copy / "model.safetensors", {"format": "pt"})
        with pytest.raises(WeightsError, match="missing or unexpected"):
            TransformersWhisper(str(copy), "cpu")


def test_faster_whisper_hears_the_same(converted: Path) -> None:
    transcriber = FasterWhisper(str(converted), "cpu")
    (heard,) = transcriber.transcribe(syllables(3.0), None)
    assert heard.text == "Hello."
    assert heard.language == "de"
    assert [w.text for w in heard.words] == ["Hello."]
    assert heard.no_speech < 0.05
    assert -0.2 < heard.mean_logprob <= 0


@pytest.mark.parametrize("adapter", [TransformersWhisper, FasterWhisper])
@pytest.mark.parametrize("weights", [None, "/nowhere"])
def test_without_a_folder_there_is_a_sentence(adapter: type, weights: str | None) -> None:
    with pytest.raises(WeightsError, match=r"needs a .*folder"):
        adapter(weights)
