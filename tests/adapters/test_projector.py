"""Clip → features → soft tokens, as the adapter's manifest says and no other way."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tiny_adapter import make_adapter, track_encoders

from affect_llm.adapters.folder import Adapter, open_adapter
from affect_llm.adapters.manifest import TrackEncoder
from affect_llm.adapters.projector import Projector, fusion_config, open_projector
from affect_llm.adapters.tracks import TrackReader, features_within, open_encoders, with_absences
from affect_llm.encoders.cache import FeatureCache
from affect_llm.errors import ConfigError, WeightsError
from affect_llm.types import Clip, CueSheet, Modality, TimeSpan

VOICE = Clip("a" * 64, "voice.wav", 4.0, frozenset({Modality.AUDIO}))
VIDEO = Clip("b" * 64, "video.mp4", 6.0, frozenset({Modality.AUDIO, Modality.VISUAL}))


@pytest.fixture(scope="module")
def adapter(saved_adapter: Path) -> Adapter:
    return open_adapter(saved_adapter)


@pytest.fixture(scope="module")
def projector(adapter: Adapter) -> Projector:
    return open_projector(adapter)


def test_a_clip_becomes_tokens_of_its_tracks(projector: Projector) -> None:
    soft = projector.soft_tokens(projector.reader.features(VIDEO))
    assert soft.tracks == ("voice",) * 3 + ("face",) * 2
    assert soft.array.shape == (5, 64)
    assert dict(projector.tracks) == {"voice": Modality.AUDIO, "face": Modality.VISUAL}
    assert soft.source.startswith("fusion-mlp@1#")


def test_a_window_sees_its_own_rows_only(projector: Projector) -> None:
    features = projector.reader.features(VIDEO)
    late = TimeSpan(start_s=3.0, end_s=6.0)
    soft = projector.soft_tokens(features_within(features, late))
    assert all(span.start_s >= 3.0 for span in soft.spans)
    changed = {
        name: type(f)(
            f.modality, np.where(f.times_s[:, :1] < 3.0, 9.0, f.array), f.times_s, f.source
        )
        for name, f in features.items()
    }
    assert np.array_equal(projector.soft_tokens(features_within(changed, late)).array, soft.array)
    assert not np.array_equal(
        projector.soft_tokens(changed).array, projector.soft_tokens(features).array
    )


def test_a_track_that_is_missing_stays_missing_and_says_why(projector: Projector) -> None:
    features = projector.reader.features(VOICE)
    assert projector.soft_tokens(features).tracks == ("voice",) * 3
    sheet = with_absences(CueSheet(), features)
    (entry,) = sheet.absent
    assert (entry.modality, entry.family) == (Modality.VISUAL, "face features")
    assert entry.reason == "voice.wav has no visual"
    assert with_absences(sheet, features) == sheet


def test_a_window_without_rows_is_absent_there(projector: Projector) -> None:
    features = projector.reader.features(VOICE)
    nothing = features_within(features, TimeSpan(start_s=8.0, end_s=9.0))
    assert nothing["voice"].absent is not None
    assert "from 8.0 to 9.0 s" in nothing["voice"].absent.reason
    assert len(projector.soft_tokens(nothing).array) == 0


def test_what_was_not_asked_is_not_encoded(projector: Projector) -> None:
    features = projector.reader.features(VIDEO, (Modality.TEXT, Modality.VISUAL))
    assert features["voice"].absent is not None
    assert features["voice"].absent.state == "not_asked"
    assert features["face"].absent is None


def test_features_come_from_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoders = open_encoders(track_encoders(("voice",)))
    reader = TrackReader(encoders, FeatureCache(tmp_path))
    first = reader.features(VIDEO)["voice"]

    def refuse(*_: object) -> None:
        raise AssertionError("encoded again")

    monkeypatch.setattr(encoders["voice"], "forward", refuse)
    assert np.array_equal(reader.features(VIDEO)["voice"].array, first.array)


def test_another_encoder_than_in_training_is_refused() -> None:
    other = TrackEncoder(track="voice", encoder="fake-audio", passport="fake-audio@1#none?00000000")
    with pytest.raises(WeightsError, match="the encoder here is fake-audio@1#none"):
        open_encoders([other])


@pytest.mark.parametrize(
    ("encoder", "options", "words"),
    [
        ("wavlm", {"checkpoint": "/nowhere/wavlm"}, "'wavlm', which cannot be opened: .*/nowhere"),
        ("wavelm", {}, "which cannot be opened: .*Did you mean"),
        ("fake-audio", {"layers": 3}, "which cannot be opened: .*no option 'layers'"),
    ],
)
def test_an_encoder_that_is_not_there_is_a_sentence(
    encoder: str, options: dict[str, Any], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    track = TrackEncoder(track="voice", encoder=encoder, options=options, passport="x@1#y")
    with pytest.raises(WeightsError, match=words):
        open_encoders([track])


def test_device_and_batch_of_an_encoder_may_be_other_ones_here() -> None:
    (track,) = track_encoders(("voice",))
    moved = track.model_copy(update={"options": {"device": "cpu", "batch": 2}})
    assert open_encoders([moved], "cuda")["voice"].provenance == track.passport


def test_an_adapter_without_a_projector_is_a_sentence(base: Path, tmp_path: Path) -> None:
    adapter = open_adapter(make_adapter(tmp_path / "text", base))
    assert fusion_config(adapter) is None
    with pytest.raises(ConfigError, match="no projector, so it cannot read features"):
        open_projector(adapter)


def test_tracks_and_encoders_have_to_agree(adapter: Adapter) -> None:
    manifest = adapter.manifest
    swapped = tuple(
        one.model_copy(update={"track": other.track})
        for one, other in zip(manifest.tracks, reversed(manifest.tracks), strict=True)
    )
    fewer, more = (
        manifest.tracks[:1],
        (*manifest.tracks, swapped[0].model_copy(update={"track": "x"})),
    )
    for tracks, words in ((swapped, "track 'voice' reads"), (fewer, "'face'"), (more, "for x")):
        wrong = Adapter(adapter.folder, manifest.model_copy(update={"tracks": tracks}), None)
        with pytest.raises(WeightsError, match=words):
            open_projector(wrong)


def test_a_fusion_config_of_another_version_is_a_sentence(adapter: Adapter, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(adapter.folder, tmp_path / "copy"))
    path = folder / "fusion" / "fusion.json"
    raw = json.loads(path.read_text())
    raw["fusion"]["kind"] = "magic"
    path.write_text(json.dumps(raw))
    with pytest.raises(WeightsError, match="no config of this version"):
        fusion_config(Adapter(folder, adapter.manifest, None))


def test_tokens_do_not_depend_on_training_mode(projector: Projector) -> None:
    features = projector.reader.features(VIDEO)
    first = projector.soft_tokens(features).array
    torch.manual_seed(99)
    assert np.array_equal(projector.soft_tokens(features).array, first)
