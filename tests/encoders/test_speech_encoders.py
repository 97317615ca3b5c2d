from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from made_clips import sound_clip, voice_like
from tiny_encoders import save_affect, save_speech

from affect_llm.encoders.registry import open_encoder
from affect_llm.encoders.runner import encode, encode_all
from affect_llm.encoders.sound import level_of, stretches
from affect_llm.encoders.speech_model import ConvGrid
from affect_llm.errors import ConfigError, WeightsError

Folders = Callable[[str], Path]
FAMILIES = ("hubert", "wav2vec2", "wavlm")


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("layers", [(-1,), (-4, -3, -2, -1), (0, 2)])
def test_features_are_what_transformers_gives_for_the_clip_alone(
    checkpoints: Folders, family: str, layers: tuple[int, ...]
) -> None:
    samples = voice_like(1.3)
    folder = checkpoints(family)
    model = transformers.AutoModel.from_pretrained(folder).eval()
    given = transformers.AutoFeatureExtractor.from_pretrained(folder)(
        samples, sampling_rate=16000, return_tensors="pt"
    )
    with torch.inference_mode():
        states = model(given["input_values"], output_hidden_states=True).hidden_states
    wanted = torch.stack([states[i] for i in layers]).mean(dim=0)[0].numpy()
    encoder = open_encoder(family, {"checkpoint": str(folder), "layers": layers})
    np.testing.assert_allclose(encode(encoder, sound_clip(samples)).array, wanted, atol=1e-5)


def test_a_loud_neighbour_does_not_change_a_quiet_clip(checkpoints: Folders) -> None:
    """The flaw this avoids: normalising the signal over everything that is in the batch."""
    encoder = open_encoder("hubert", {"checkpoint": str(checkpoints("hubert"))})
    quiet, loud = sound_clip(voice_like(1.0, 1, 0.01)), sound_clip(voice_like(1.0, 2, 0.5))
    alone = encode(encoder, quiet).array
    beside = next(iter(encode_all(encoder, [quiet, loud]))).array
    np.testing.assert_allclose(alone, beside, atol=2e-6)
    louder = encode(encoder, sound_clip(voice_like(1.0, 1, 0.01) * 8)).array
    np.testing.assert_allclose(alone, louder, atol=2e-3)


def test_a_model_trained_on_raw_sound_gets_raw_sound(tmp_path: Path) -> None:
    folder = save_speech(tmp_path / "raw", "wavlm", normalise=False)
    encoder = open_encoder("wavlm", {"checkpoint": str(folder)})
    soft = encode(encoder, sound_clip(voice_like(0.5))).array
    assert np.abs(soft - encode(encoder, sound_clip(voice_like(0.5) * 8)).array).max() > 1e-3


def test_a_long_clip_is_read_in_windows_on_one_grid(checkpoints: Folders) -> None:
    samples = voice_like(7.77)
    options: dict[str, object] = {"checkpoint": str(checkpoints("wavlm"))}
    whole = encode(open_encoder("wavlm", options), sound_clip(samples))
    encoder = open_encoder("wavlm", options | {"window_s": 2.0})
    longest = max(len(c.inputs) for c in encoder.chunks(sound_clip(samples)))
    pieces = encode(encoder, sound_clip(samples))
    np.testing.assert_array_equal(whole.times_s, pieces.times_s)
    assert longest <= (2.0 + 2 * 1.0) * 16000 + 320
    pooled = encode(open_encoder("wavlm", options | {"pool": 10}), sound_clip(samples))
    assert len(pooled.array) == -(-len(whole.array) // 10)
    np.testing.assert_allclose(pooled.array[0], whole.array[:10].mean(axis=0), atol=1e-6)
    assert pooled.times_s[0].tolist() == [0.0, whole.times_s[9, 1]]


def test_windows_cover_every_sample_once() -> None:
    clip = sound_clip(np.arange(100_000, dtype=np.float32) / 1e5)
    found = list(stretches(clip, 16000, 3200))
    assert [s.begin for s in found] == [k * 16000 for k in range(len(found))]
    for stretch in found:
        place = stretch.first + np.arange(len(stretch.samples))
        np.testing.assert_array_equal(stretch.samples, (place / 1e5).astype(np.float32))
        assert len(stretch.samples) <= 16000 + 2 * 3200
    level = level_of(clip)
    assert level.mean == pytest.approx(0.5, abs=1e-4)
    assert level.variance == pytest.approx(1 / 12, rel=1e-3)


def test_a_step_sees_exactly_its_span(checkpoints: Folders) -> None:
    """By the gradient of the convolutions' output with respect to the samples."""
    model = transformers.AutoModel.from_pretrained(checkpoints("wavlm")).eval()
    grid = ConvGrid.of(model.config.conv_kernel, model.config.conv_stride)
    assert (grid.hop, grid.field) == (320, 165)
    assert ConvGrid.of((10, 3, 3, 3, 3, 2, 2), (5, 2, 2, 2, 2, 2, 2)) == ConvGrid(320, 400)
    sound = torch.from_numpy(voice_like(0.2))[None].requires_grad_()
    x = sound[:, None]
    for layer in model.feature_extractor.conv_layers:  # its group norm looks at all of the sound
        x = torch.nn.functional.gelu(layer.conv(x))
    assert x.shape[2] == grid.count(sound.shape[1])
    x[0, :, 3].abs().sum().backward()
    assert sound.grad is not None
    seen = torch.nonzero(sound.grad[0])[:, 0]
    span = grid.spans_s(0, 4)[3] * 16000
    assert (int(seen.min()), int(seen.max()) + 1) == tuple(span.astype(int))


def test_sound_shorter_than_a_step_is_absent(checkpoints: Folders) -> None:
    encoder = open_encoder("hubert", {"checkpoint": str(checkpoints("hubert"))})
    found = encode(encoder, sound_clip(voice_like(0.01)))
    assert found.absent is not None
    assert "shorter than" in found.absent.reason


def test_a_layer_that_is_not_there_is_refused(checkpoints: Folders) -> None:
    with pytest.raises(ConfigError, match="hidden states 0 to 5"):
        open_encoder("hubert", {"checkpoint": str(checkpoints("hubert")), "layers": [9]})


def test_whisper_keeps_the_steps_that_lie_in_the_sound(checkpoints: Folders) -> None:
    folder = checkpoints("whisper")
    samples = voice_like(1.21)
    encoder = open_encoder("whisper", {"checkpoint": str(folder)})
    found = encode(encoder, sound_clip(samples))
    model = transformers.WhisperModel.from_pretrained(folder).eval()
    mel = transformers.WhisperFeatureExtractor.from_pretrained(folder)(
        samples, sampling_rate=16000, return_tensors="pt"
    )["input_features"]
    with torch.inference_mode():
        wanted = model.get_encoder()(mel).last_hidden_state[0, :61].numpy()
    np.testing.assert_allclose(found.array, wanted, atol=1e-5)
    assert found.times_s[0].tolist() == [0.0, 520 / 16000]
    long = encode(encoder, sound_clip(voice_like(31.0)))
    assert len(long.array) == 1550
    assert np.diff(long.times_s[:, 1])[:-30] == pytest.approx(0.02)


def test_whisper_sees_a_shorter_window_as_a_model_made_for_it_would(checkpoints: Folders) -> None:
    folder = checkpoints("whisper")
    samples = voice_like(3.0)
    found = encode(
        open_encoder("whisper", {"checkpoint": str(folder), "window_s": 4.0}), sound_clip(samples)
    )
    whole = transformers.WhisperModel.from_pretrained(folder)
    weights = whole.state_dict()
    name = "encoder.embed_positions.weight"
    weights[name] = weights[name][:200]
    config = transformers.WhisperConfig.from_pretrained(folder, max_source_positions=200)
    model = transformers.WhisperModel(config).eval()
    model.load_state_dict(weights)
    mel = transformers.WhisperFeatureExtractor.from_pretrained(folder)(
        samples, sampling_rate=16000, return_tensors="pt", max_length=64000
    )["input_features"]
    with torch.inference_mode():
        wanted = model.get_encoder()(mel).last_hidden_state[0, :150].numpy()
    np.testing.assert_allclose(found.array, wanted, atol=1e-5)
    longer = encode(
        open_encoder("whisper", {"checkpoint": str(folder), "window_s": 4.0}),
        sound_clip(voice_like(9.0)),
    )
    assert len(longer.array) == 450


def test_affect_is_read_by_name_and_in_windows(checkpoints: Folders, tmp_path: Path) -> None:
    folder = checkpoints("audeering-affect")
    found = encode(
        open_encoder("audeering-affect", {"checkpoint": str(folder)}), sound_clip(voice_like(8.3))
    )
    assert found.array.shape == (4, 3)
    assert found.times_s.tolist() == [[0, 3], [1, 5], [3, 7], [5, 8.3]]
    turned = save_affect(tmp_path / "turned", ("valence", "arousal", "dominance"))
    with pytest.raises(WeightsError, match="needs a model that tells arousal, dominance, valence"):
        open_encoder("audeering-affect", {"checkpoint": str(turned)})
    headless = save_speech(tmp_path / "headless", "wav2vec2")
    with pytest.raises(WeightsError, match="missing keys"):
        open_encoder("audeering-affect", {"checkpoint": str(headless)})


def test_affect_scores_follow_the_published_formula(checkpoints: Folders) -> None:
    """Mean over time, dense, tanh, linear: computed here from the tensors by their names."""
    from safetensors.torch import load_file

    folder, samples = checkpoints("audeering-affect"), voice_like(1.0)
    scores = open_encoder("audeering-affect", {"checkpoint": str(folder)})
    pooled = open_encoder("audeering-affect", {"checkpoint": str(folder), "layer": "pooled"})
    state = torch.from_numpy(encode(pooled, sound_clip(samples)).array)
    tensors = load_file(folder / "model.safetensors")
    dense, out = (
        (tensors[f"classifier.{name}.weight"], tensors[f"classifier.{name}.bias"])
        for name in ("dense", "out_proj")
    )
    wanted = torch.tanh(state @ dense[0].T + dense[1]) @ out[0].T + out[1]
    np.testing.assert_allclose(encode(scores, sound_clip(samples)).array, wanted.numpy(), atol=1e-5)
