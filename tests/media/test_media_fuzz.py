"""Damaged files give a sentence or a clip that decodes: never a crash, a hang, or litter."""

import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest
from damage import damaged

from affect_llm.config import MediaLimits
from affect_llm.errors import MediaError
from affect_llm.media import load as load_module
from affect_llm.media.load import load_clip
from affect_llm.media.pool import Pool

DEMO = Path(__file__).parents[2] / "examples" / "demo.mp4"
SRT = b"".join(
    b"%d\n00:00:%02d,000 --> 00:00:%02d,500\nI <i>cannot</i> believe it, \xc3\xa9!\n\n"
    % (n, n, n + 1)
    for n in range(40)
)
VTT = b"WEBVTT\n\n" + SRT.replace(b",000", b".000").replace(b",500", b".500")
CASES = 70
OUTCOMES = {"refused", "words", "pictures", "sound", "pictures sound", "nothing"}
LONGEST_S = 240
"""A case may be silent for 60 s; the rest is room for a machine with much to do."""


@pytest.fixture(scope="module")
def wholes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    import av
    import numpy as np

    folder = tmp_path_factory.mktemp("whole")
    tone = (8000 * np.sin(np.arange(48_000) / 20)).astype(np.int16)
    picture = np.random.default_rng(0).integers(0, 255, (120, 160, 3), np.uint8)
    with av.open(str(folder / "a.wav"), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=16_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(tone[None], "s16", "mono")
        frame.rate = 16_000
        out.mux(stream.encode(frame))
    with av.open(str(folder / "a.png"), "w", format="image2") as out:
        pictures = out.add_stream("png", rate=1)
        pictures.width, pictures.height, pictures.pix_fmt = 160, 120, "rgb24"
        out.mux(pictures.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        out.mux(pictures.encode(None))
    made = {name: (folder / f"a.{name}").read_bytes() for name in ("wav", "png")}
    return {**made, "mp4": DEMO.read_bytes(), "srt": SRT, "vtt": VTT}


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Pool:
    fresh = Pool()
    for module in ("load", "source", "transcript"):
        monkeypatch.setattr(f"affect_llm.media.{module}.POOL", fresh)
    assert load_module.POOL is fresh
    return fresh


def outcome(path: Path) -> str:
    """What became of a file: "refused", or the kinds of stream that were read to their end."""
    try:
        clip = load_clip(path, limits=MediaLimits())
        if clip.source is None:
            return "words"
        frames = sum(1 for frame in clip.source.frames(2.0) if frame.image.size)
        windows = sum(1 for window in clip.source.audio(5.0) if len(window.samples))
    except MediaError as error:
        return "refused" if path.name in str(error) and "\n" not in str(error) else str(error)
    return f"{'pictures ' * bool(frames)}{'sound' * bool(windows)}".strip() or "nothing"


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", ["mp4", "wav", "png", "srt", "vtt"])
def test_damage_is_survived(
    kind: str, wholes: dict[str, bytes], tmp_path: Path, pool: Pool
) -> None:
    litter = set(Path(tempfile.gettempdir()).glob("affect*"))
    others = {child.pid for child in psutil.Process().children()}
    found: Counter[str] = Counter()
    (tmp_path / f"whole.{kind}").write_bytes(wholes[kind])
    assert outcome(tmp_path / f"whole.{kind}") in OUTCOMES - {"refused", "nothing"}
    (tmp_path / f"whole.{kind}").unlink()
    for seed in range(CASES):
        path = tmp_path / f"{kind}{seed}.{kind}"
        path.write_bytes(damaged(wholes[kind], seed))
        began = time.monotonic()
        found[outcome(path)] += 1
        assert time.monotonic() - began < LONGEST_S, path.name
        path.unlink()
    assert found.keys() <= OUTCOMES, found
    assert len(found) > 1 or kind == "png", found  # a picture's checksums allow no damage
    children = [c for c in psutil.Process().children() if c.pid not in others]
    assert children or kind in {"srt", "vtt"}  # words are read without a child
    pool.close()
    assert not [c for c in children if c.is_running() and c.status() == psutil.STATUS_ZOMBIE]
    assert not [c.pid for c in children if c.is_running() and "worker" in " ".join(c.cmdline())]
    assert list(tmp_path.iterdir()) == []
    assert set(Path(tempfile.gettempdir()).glob("affect*")) == litter


def test_some_damage_is_survived(wholes: dict[str, bytes], tmp_path: Path, pool: Pool) -> None:
    """A few cases of the slow test, every time."""
    for kind, whole in wholes.items():
        for seed in (1000, 1001):
            path = tmp_path / f"a.{kind}"
            path.write_bytes(damaged(whole, seed))
            assert outcome(path) in OUTCOMES
    pool.close()
