import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from affect_llm.cues.catalogue import kind_of, number_cues
from affect_llm.cues.scene.clip_model import ClipModel, Descriptions, descriptions
from affect_llm.cues.scene.extractor import SceneCues
from affect_llm.cues.scene.family import SCENE
from affect_llm.errors import WeightsError
from affect_llm.types import AudioWindow, Clip, Frame, Modality, TimeSpan

WANTED = Descriptions(version=7, templates=("a photo of {}.", "{}"), labels=("fire", "ice", "fog"))
WINDOWS = [TimeSpan(start_s=0, end_s=4), TimeSpan(start_s=4, end_s=8)]


@dataclass(frozen=True)
class Pictures:
    """Frames of one brightness each, at `times`."""

    frames_at: tuple[tuple[float, int], ...]

    def frames(self, rate_hz: float) -> Iterator[Frame]:
        for time_s, value in self.frames_at:
            yield Frame(time_s, np.full((48, 64, 3), value, dtype=np.uint8))

    def audio(self, window_s: float) -> Iterator[AudioWindow]:
        return iter(())


class ByBrightness:
    """Black is fire, grey is ice, white is fog."""

    def probabilities(self, image: NDArray[np.uint8]) -> NDArray[np.float64]:
        shares = np.full(3, 0.1)
        shares[min(int(image.mean()) // 100, 2)] = 0.8
        return shares


def clip_with(*frames: tuple[float, int]) -> Clip:
    return Clip(
        id="0" * 64,
        name="clip.mp4",
        duration_s=8,
        modalities=frozenset({Modality.VISUAL}),
        source=Pictures(frames),
    )


def test_each_window_gets_its_two_best_scenes() -> None:
    clip = clip_with((0.0, 0), (2.0, 0), (5.0, 150), (7.0, 250))
    found = SceneCues(ByBrightness(), WANTED).extract(clip, WINDOWS).measurements
    assert [m.value for m in found] == ["fire", "ice", "ice", "fog"]
    assert [m.confidence for m in found] == pytest.approx([0.8, 0.1, 0.45, 0.45])
    assert [m.span for m in found] == [WINDOWS[0], WINDOWS[0], WINDOWS[1], WINDOWS[1]]
    assert found[0].source == "scene@7#clip-vit-b-32"
    kind = kind_of(found[0].name)
    assert (kind.modality, kind.unit) == (found[0].modality, found[0].unit)


def test_ids_start_with_s() -> None:
    extraction = SceneCues(ByBrightness(), WANTED).extract(clip_with((0.0, 0)), WINDOWS)
    assert [c.id for c in number_cues([extraction]).cues] == ["S1", "S2"]


def test_a_picture_has_one_window_at_zero() -> None:
    at_zero = [TimeSpan(start_s=0, end_s=0)]
    found = SceneCues(ByBrightness(), WANTED).extract(clip_with((0.0, 255)), at_zero)
    assert [m.value for m in found.measurements] == ["fog", "fire"]


def test_without_the_model_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFFECT_LLM_STORE", str(tmp_path))
    (absence,) = SceneCues().extract(clip_with((0.0, 0)), WINDOWS).absent
    assert absence.family == "scene"
    assert absence.state == "absent"
    assert "affect-llm models pull clip-vit-b-32" in str(absence.remedy)


def test_a_sound_has_no_scene() -> None:
    clip = Clip(id="0" * 64, name="a.wav", duration_s=8, modalities=frozenset({Modality.AUDIO}))
    (absence,) = SceneCues(ByBrightness(), WANTED).extract(clip, WINDOWS).absent
    assert absence.reason == "the clip has no picture"


def test_no_frames_is_an_absence() -> None:
    assert SceneCues(ByBrightness(), WANTED).extract(clip_with(), WINDOWS).absent


def test_the_list_that_ships() -> None:
    shipped = descriptions()
    assert 40 <= len(shipped.labels) <= 60
    assert len(set(shipped.labels)) == len(shipped.labels)
    assert all(template.count("{}") == 1 for template in shipped.templates)
    assert SCENE.extractors.get("open-clip") is SceneCues


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CLIP of two small towers on the disk, as open_clip describes and saves one."""
    pytest.importorskip("torch")
    open_clip = pytest.importorskip("open_clip")
    import torch
    from open_clip.model import CLIP
    from safetensors.torch import save_file

    folder = tmp_path_factory.mktemp("clip")
    config = {
        "embed_dim": 16,
        "vision_cfg": {
            "image_size": 32,
            "layers": 1,
            "width": 32,
            "patch_size": 16,
            "head_width": 16,
        },
        "text_cfg": {
            "context_length": 77,
            "vocab_size": 49408,
            "width": 16,
            "heads": 2,
            "layers": 1,
        },
    }
    (folder / "tiny-clip-of-the-tests.json").write_text(json.dumps(config))
    open_clip.add_model_config(folder / "tiny-clip-of-the-tests.json")
    torch.manual_seed(0)
    save_file(CLIP(**config).state_dict(), folder / "model.safetensors")
    return folder / "model.safetensors"


def picture() -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 255, (60, 90, 3), dtype=np.uint8)


def test_probabilities_are_the_scaled_softmax_over_averaged_templates(tiny: Path) -> None:
    import open_clip
    import torch
    from open_clip.model import CLIP
    from PIL import Image
    from safetensors.torch import load_file

    found = ClipModel(tiny, WANTED, architecture="tiny-clip-of-the-tests").probabilities(picture())
    model = CLIP(**open_clip.get_model_config("tiny-clip-of-the-tests")).eval()
    model.load_state_dict(load_file(tiny))
    tokenize = open_clip.get_tokenizer("tiny-clip-of-the-tests")
    prepare = open_clip.image_transform(32, is_train=False)
    with torch.no_grad():
        seen = model.encode_image(prepare(Image.fromarray(picture()))[None])[0]
        seen = seen / seen.norm()
        rows = []
        for label in WANTED.labels:
            pair = model.encode_text(tokenize([f"a photo of {label}.", label]))
            mean = (pair / pair.norm(dim=1, keepdim=True)).mean(0)
            rows.append(float(mean @ seen / mean.norm()))
        scale = float(model.logit_scale.exp())
    expected = np.exp(scale * np.array(rows))
    assert scale == pytest.approx(1 / 0.07, rel=1e-3)
    assert found == pytest.approx(expected / expected.sum(), abs=1e-5)
    assert found.sum() == pytest.approx(1)


def test_the_real_model_goes_through_the_extractor(tiny: Path) -> None:
    model = ClipModel(tiny, descriptions(), architecture="tiny-clip-of-the-tests")
    found = SceneCues(model).extract(clip_with((0.0, 10), (5.0, 200)), WINDOWS).measurements
    assert len(found) == 4
    assert found[0].confidence >= found[1].confidence > 1 / 60


def test_weights_that_do_not_fit_exactly_are_refused(tiny: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    state = load_file(tiny)
    more = {**state, "visual.extra": state["logit_scale"].clone()}
    fewer = {k: v for k, v in state.items() if k != "logit_scale"}
    for bad in (more, fewer):
        save_file(bad, tmp_path / "bad.safetensors")
        with pytest.raises(WeightsError, match="is not an open_clip"):
            ClipModel(tmp_path / "bad.safetensors", WANTED, architecture="tiny-clip-of-the-tests")
    (tmp_path / "bad.safetensors").write_bytes(b"no tensors")
    with pytest.raises(WeightsError, match="is not an open_clip"):
        ClipModel(tmp_path / "bad.safetensors", WANTED, architecture="tiny-clip-of-the-tests")
