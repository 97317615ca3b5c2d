"""Padding, order, missing tracks, times, gradients and files of every kind of fusion."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from made_features import WIDTH, clip_of, config_of, features_of, missing
from pydantic import ValidationError
from safetensors.torch import load_file, save_file

from affect_llm.errors import CapabilityError, ConfigError, WeightsError
from affect_llm.fusion.checkpoint import load_fusion, save_fusion
from affect_llm.fusion.config import FusionConfig
from affect_llm.fusion.model import build_fusion
from affect_llm.fusion.registry import PROJECTORS
from affect_llm.types import Features, Modality

KINDS: tuple[str, ...] = ("attention", "linear", "mlp", "prefusion", "qformer")
LENGTHS = ((9, 5), (1, 1), (2, 0), (0, 7), (31, 3), (0, 0))
"""Rows of sound and face; 0 for none."""
CLIPS = [clip_of(seed, *lengths) for seed, lengths in enumerate(LENGTHS)]
every_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def test_the_table_holds_every_kind() -> None:
    assert PROJECTORS.names() == KINDS


@every_kind
@pytest.mark.parametrize("absent", ["none", "learned"])
def test_a_clip_is_the_same_alone_and_in_any_batch(kind: str, absent: str) -> None:
    fusion = build_fusion(config_of(kind, absent=absent)).eval()
    fusion.standardise(CLIPS)
    alone = [fusion.fuse(clip) for clip in CLIPS]
    for order in (range(len(CLIPS)), (5, 3, 1, 4, 0, 2)):
        fused = fusion.fuse_batch([CLIPS[i] for i in order])
        for row, index in enumerate(order):
            found, wanted = fused.of_clip(row), alone[index]
            np.testing.assert_allclose(found.array, wanted.array, atol=1e-6)
            assert (found.spans, found.tracks) == (wanted.spans, wanted.tracks)


@every_kind
def test_a_missing_track_gives_no_token_or_the_learned_one(kind: str) -> None:
    gone = missing(Modality.VISUAL, 6)
    audio = {"audio": CLIPS[0]["audio"]}
    none = build_fusion(config_of(kind))
    assert "face" not in none.fuse(audio | {"face": gone}).tracks
    np.testing.assert_array_equal(none.fuse(audio).array, none.fuse(audio | {"face": gone}).array)
    assert len(none.fuse({}).array) == 0
    learned = build_fusion(config_of(kind, absent="learned"))
    found = learned.fuse(audio)
    assert found.tracks.count("face") == 1
    np.testing.assert_array_equal(
        found.of_track("face")[0], learned.absent["face"].detach().numpy()
    )
    at = found.tracks.index("face")
    assert found.spans[at] == CLIPS[0]["audio"].extent or found.spans[at].end_s == pytest.approx(
        CLIPS[0]["audio"].times_s[-1, 1], abs=1e-6
    )
    assert learned.fuse({}).tracks == ("audio", "face")


@every_kind
def test_what_is_missing_leaves_the_other_track_as_it_was(kind: str) -> None:
    fusion = build_fusion(config_of(kind)).eval()
    both, one = fusion.fuse(CLIPS[0]), fusion.fuse({"audio": CLIPS[0]["audio"]})
    np.testing.assert_allclose(both.of_track("audio"), one.of_track("audio"), atol=1e-6)


@every_kind
def test_tokens_know_their_time(kind: str) -> None:
    """A change of rows outside a token's span leaves the token as it was."""
    fusion = build_fusion(config_of(kind)).eval()
    clip = {"audio": CLIPS[4]["audio"]}
    before = fusion.fuse(clip)
    assert all(
        m is Modality.AUDIO
        for m, t in zip(before.modalities, before.tracks, strict=True)
        if t == "audio"
    )
    for row in (0, 15, 30):
        array = clip["audio"].array.copy()
        array[row] += 3.0
        after = fusion.fuse({"audio": features_of(array)})
        start, end = clip["audio"].times_s[row]
        for index, span in enumerate(before.spans):
            touched = np.abs(after.array[index] - before.array[index]).max() > 1e-6
            inside = span.start_s <= start + 1e-4 and end - 1e-4 <= span.end_s
            assert not touched or inside
        assert np.abs(after.array - before.array).max() > 1e-6


@pytest.mark.parametrize("kind", ["attention", "linear", "mlp"])
def test_stretches_follow_one_another_and_cover_the_track(kind: str) -> None:
    spans = build_fusion(config_of(kind)).fuse({"audio": CLIPS[4]["audio"]}).spans
    assert len(spans) == 3
    times = CLIPS[4]["audio"].times_s
    assert spans[0].start_s == 0
    assert spans[-1].end_s == pytest.approx(times[-1, 1], abs=1e-5)
    for one, other in pairwise(spans):
        assert one.start_s < other.start_s <= one.end_s


def test_one_token_per_row_if_asked() -> None:
    track = {"name": "audio", "modality": "audio", "width": WIDTH, "tokens": None}
    fusion = build_fusion(config_of("linear", tracks=[track]))
    clips = [{"audio": c["audio"]} for c in (CLIPS[0], CLIPS[1])]
    fused = fusion.fuse_batch(clips)
    assert fused.mask.sum(dim=1).tolist() == [9, 1]
    layer = dict(fusion.named_modules())["projectors.audio.project"]
    wanted = layer(torch.from_numpy(clips[0]["audio"].array))
    torch.testing.assert_close(fused.tokens[0], wanted)


def test_mixing_weights_are_shares_of_what_is_there() -> None:
    fusion = build_fusion(config_of("prefusion"))
    mixer = fusion.mixer
    assert mixer is not None
    pooled = torch.randn(3, 2, 2, 24)
    there = torch.tensor([[[True, True]] * 2, [[True, False]] * 2, [[False, False]] * 2])
    weights = mixer.weights(pooled, there)
    assert weights.min() >= 0
    torch.testing.assert_close(weights.sum(dim=2), there.any(dim=2).float())
    assert weights[1].tolist() == [[1.0, 0.0]] * 2
    torch.testing.assert_close(weights[0], mixer.weights(pooled[:1], there[:1])[0])
    changed = pooled.clone()
    changed[1, :, 1] = 7.0  # a track that is not there cannot speak
    torch.testing.assert_close(weights[1], mixer.weights(changed, there)[1])
    assert (weights[0, 0] - mixer.weights(pooled * 3, there)[0, 0]).abs().max() > 1e-4


@every_kind
def test_gradient_reaches_every_parameter_and_nothing_else(kind: str) -> None:
    fusion = build_fusion(config_of(kind, absent="learned", token_rms=0.1))
    fusion.fuse_batch(CLIPS).tokens.square().sum().backward()
    without = [n for n, p in fusion.named_parameters() if p.grad is None or not p.grad.any()]
    # A bias that is the same for all rows cancels in a softmax over them.
    assert [n for n in without if not n.endswith(("score.2.bias", "in_proj_bias"))] == []
    other = build_fusion(config_of(kind))
    assert all(p.grad is None for p in other.parameters())


def test_tokens_can_start_at_the_size_of_embeddings() -> None:
    fused = build_fusion(config_of("mlp", token_rms=0.05)).fuse(CLIPS[0])
    np.testing.assert_allclose(np.sqrt(np.square(fused.array).mean(axis=1)), 0.05, rtol=1e-3)


def test_standardising_is_exact_and_saved(tmp_path: Path) -> None:
    fusion = build_fusion(config_of("linear"))
    rows = [
        {"audio": features_of((5 + 3 * CLIPS[i]["audio"].array).astype(np.float32))} for i in (0, 4)
    ]
    fusion.standardise(rows)
    array = np.concatenate([r["audio"].array for r in rows]).astype(np.float64)
    standard = fusion.standards["audio"]
    np.testing.assert_allclose(standard.get_buffer("mean").numpy(), array.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(standard.get_buffer("spread").numpy(), array.std(axis=0), rtol=1e-5)
    assert not fusion.standards["face"].get_buffer("fitted")
    save_fusion(fusion, tmp_path)
    np.testing.assert_array_equal(
        load_fusion(tmp_path).fuse(rows[0]).array, fusion.fuse(rows[0]).array
    )


@every_kind
def test_a_saved_fusion_gives_the_same_tokens(kind: str, tmp_path: Path) -> None:
    fusion = build_fusion(config_of(kind, absent="learned"), seed=3).eval()
    digest = save_fusion(fusion, tmp_path)
    loaded = load_fusion(tmp_path)
    assert loaded.config == fusion.config
    assert loaded.fuse(CLIPS[0]).source == f"fusion-{kind}@1#{digest[:12]}"
    for clip in CLIPS:
        np.testing.assert_array_equal(loaded.fuse(clip).array, fusion.fuse(clip).array)


def test_a_fusion_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    save_fusion(build_fusion(config_of("mlp")), tmp_path)
    weights, config = tmp_path / "fusion.safetensors", tmp_path / "fusion.json"
    whole, told = weights.read_bytes(), config.read_text()
    weights.write_bytes(whole[:-4] + b"\0\0\0\1")
    with pytest.raises(WeightsError, match="sha256 differs"):
        load_fusion(tmp_path)
    tensors = load_file_bytes(whole, tmp_path)
    for change, message in (({"more": torch.zeros(1)}, "Unexpected key"), ({}, "Missing key")):
        changed = dict(list(tensors.items())[1:]) if not change else tensors | change
        save_file(changed, weights)
        digest = json.loads(told) | {"sha256": sha_of(weights)}
        config.write_text(json.dumps(digest))
        with pytest.raises(WeightsError, match=message):
            load_fusion(tmp_path)
    config.write_text(told.replace("fusion@1", "fusion@9"))
    with pytest.raises(WeightsError, match="not a config of this version"):
        load_fusion(tmp_path)
    with pytest.raises(WeightsError, match="There is no fusion in"):
        load_fusion(tmp_path / "nowhere")


def load_file_bytes(raw: bytes, folder: Path) -> dict[str, torch.Tensor]:
    (folder / "copy.safetensors").write_bytes(raw)
    return load_file(folder / "copy.safetensors")


def sha_of(path: Path) -> str:
    from hashlib import sha256

    return sha256(path.read_bytes()).hexdigest()


def test_features_of_another_encoder_are_refused() -> None:
    fusion = build_fusion(config_of("linear"))
    with pytest.raises(CapabilityError, match="has the tracks audio, face"):
        fusion.fuse({"pulse": CLIPS[0]["audio"]})
    with pytest.raises(CapabilityError, match="made for audio features of 12 numbers"):
        fusion.fuse({"audio": features_of(np.zeros((3, 5), np.float32))})
    with pytest.raises(CapabilityError, match="visual features of 6 numbers"):
        fusion.fuse({"face": features_of(np.zeros((3, 6), np.float32))})
    pinned = config_of(
        "linear",
        tracks=[{"name": "audio", "modality": "audio", "width": WIDTH, "encoder": "made@2#x"}],
    )
    with pytest.raises(CapabilityError, match=r"by made@2#x, and was given .* by made@1#x"):
        build_fusion(pinned).fuse({"audio": CLIPS[0]["audio"]})


def test_a_modality_may_be_the_key() -> None:
    fusion = build_fusion(config_of("attention"))
    by_name = fusion.fuse({"audio": CLIPS[0]["audio"]})
    by_modality: dict[Modality, Features] = {Modality.AUDIO: CLIPS[0]["audio"]}
    np.testing.assert_array_equal(by_name.array, fusion.fuse(by_modality).array)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {
                "kind": "attention",
                "tracks": [{"name": "a", "modality": "audio", "width": 2, "tokens": None}],
            },
            "needs a number of tokens",
        ),
        ({"kind": "qformer", "hidden": 30}, "not a multiple of heads"),
        (
            {"kind": "linear", "tracks": [{"name": "a", "modality": "audio", "width": 2}] * 2},
            "named twice",
        ),
        (
            {"kind": "prefusion", "tracks": [{"name": "mixed", "modality": "audio", "width": 2}]},
            "prefusion adds",
        ),
        ({"kind": "linear", "schema_version": "affect-llm/fusion@2"}, "fusion@1"),
        ({"kind": "linear", "colour": 1}, "colour"),
    ],
)
def test_configs_that_contradict_themselves_are_refused(
    changes: dict[str, object], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        config_of(**changes)  # type: ignore[arg-type]


def test_a_track_cannot_be_called_like_a_method_of_torch() -> None:
    config = config_of("linear", tracks=[{"name": "keys", "modality": "audio", "width": 2}])
    with pytest.raises(ConfigError, match="keeps for itself"):
        build_fusion(config)


@every_kind
def test_a_config_survives_json(kind: str) -> None:
    config = config_of(kind)
    assert FusionConfig.model_validate_json(config.model_dump_json()) == config
