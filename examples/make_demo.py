"""Make examples/demo.mp4: a public-domain portrait brought to life, with a synthetic voice.

Needs `pip install scikit-image opencv-python-headless` and the programs `espeak-ng` and `ffmpeg`.
The same versions of these give the same bytes. Run: `python examples/make_demo.py`.
"""

import subprocess
import sys
import wave
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

Picture = NDArray[np.uint8]
Field = NDArray[np.float32]

HERE = Path(__file__).parent
RATE_FPS = 25
WIDTH, HEIGHT = 640, 480
LEAD_IN_S, LEAD_OUT_S = 0.6, 1.2


@dataclass(frozen=True)
class Line:
    """A sentence, its speed (words a minute), its pitch (0-99), and the pause after it."""

    text: str
    speed: int
    pitch: int
    pause_s: float


SCRIPT = (
    Line("I still can't believe it.", 150, 62, 0.45),
    Line("We made it home, all of us, and I am so happy!", 162, 78, 0.4),
    Line("I am so proud of this crew!", 150, 82, 0.0),
)
VOICE = "en-us+f2"
INTONATION = "200%"
SOFTEN_HZ = 800.0
"""Above this the synthesiser's buzzing spectrum is made to fall by a further 6 dB an octave."""

# Places in the portrait, in its own pixels (512 x 512), found once with a landmark model.
LIP_GAP = (143.0, 149.5)
CHIN_Y, NECK_Y, MOUTH_X = 177.0, 196.0, 223.0
EYES = ((204.0, 101.0), (246.5, 103.2))
BROWS = ((197.0, 88.0), (254.0, 91.0))
HEAD, NECK = (224.0, 110.0), (223.0, 188.0)
MOUTH_DARK = np.array([46, 18, 16], np.float32)


def speak(line: Line, to: Path) -> NDArray[np.int16]:
    """Samples of `line`, 22050 Hz mono, without the silence around it."""
    how = ["-v", VOICE, "-s", str(line.speed), "-p", str(line.pitch), "-a", "110", "-m"]
    said = f'<speak><prosody range="{INTONATION}">{line.text}</prosody></speak>'
    subprocess.run(["espeak-ng", *how, "-w", str(to), said], check=True)
    with wave.open(str(to)) as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
    loud = np.flatnonzero(np.abs(samples) > 200)
    return samples[loud[0] : loud[-1] + 1]


def soundtrack(folder: Path) -> tuple[NDArray[np.int16], list[tuple[float, float, str]]]:
    """All lines in a row, and (start, end, text) of each in seconds."""
    rate = 22_050
    parts = [np.zeros(int(LEAD_IN_S * rate), np.int16)]
    times = []
    for line in SCRIPT:
        start = sum(map(len, parts)) / rate
        parts.append(speak(line, folder / "line.wav"))
        times.append((start, sum(map(len, parts)) / rate, line.text))
        parts.append(np.zeros(int(line.pause_s * rate), np.int16))
    parts.append(np.zeros(int(LEAD_OUT_S * rate), np.int16))
    return soften(np.concatenate(parts)), times


def soften(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """The same sound with a steeper spectrum, at two thirds of full scale."""
    spectrum = np.fft.rfft(samples.astype(np.float64))
    frequencies = np.fft.rfftfreq(len(samples), 1 / 22_050)
    softer = np.fft.irfft(spectrum / np.hypot(1, frequencies / SOFTEN_HZ), len(samples))
    return (softer / np.abs(softer).max() * 21_800).astype(np.int16)


def envelope(samples: NDArray[np.int16]) -> Field:
    """How loud each video frame is, 0 to 1, smoothed over three frames."""
    hop = 22_050 // RATE_FPS
    frames = samples[: len(samples) // hop * hop].reshape(-1, hop).astype(np.float64)
    rms = np.sqrt((frames**2).mean(axis=1))
    smooth = np.convolve(rms, [0.25, 0.5, 0.25], mode="same")
    return np.clip(smooth / np.percentile(smooth, 92), 0, 1).astype(np.float32)


def bump(t: float, at: float, width: float) -> float:
    """A soft pulse of height 1 around `at`, in seconds."""
    return float(np.exp(-(((t - at) / width) ** 2)))


def blob(x: Field, y: Field, centre: tuple[float, float], radii: tuple[float, float]) -> Field:
    """A soft spot of height 1 at `centre`."""
    return np.exp(-(((x - centre[0]) / radii[0]) ** 2) - ((y - centre[1]) / radii[1]) ** 2)


def camera(t: float, total: float) -> tuple[Field, Field]:
    """Where in the portrait each output pixel looks: a slow push-in on the face."""
    zoom = 0.545 - 0.055 * t / total
    gx, gy = np.meshgrid(np.arange(WIDTH, dtype=np.float32), np.arange(HEIGHT, dtype=np.float32))
    return (gx - WIDTH / 2) * zoom + 226, (gy - HEIGHT / 2) * zoom + 138


def sway(x: Field, y: Field, t: float) -> tuple[Field, Field]:
    """The head turns a little about the neck and nods a little."""
    angle = np.deg2rad(2.2 * np.sin(2 * np.pi * t / 4.3) + 0.9 * np.sin(2 * np.pi * t / 1.9))
    weight = blob(x, y, HEAD, (95.0, 100.0))
    nod = 1.6 * np.sin(2 * np.pi * t / 2.7) * weight
    dx, dy = x - NECK[0], y - NECK[1]
    return x + weight * angle * dy, y - weight * angle * dx - nod


def speaking(x: Field, y: Field, opening: float) -> tuple[Field, Field]:
    """The jaw drops by `opening` pixels; returns the rows to look at and how open the lips are."""
    near = np.exp(-(((x - MOUTH_X) / 26.0) ** 2))
    below = np.clip((y - LIP_GAP[0]) / (LIP_GAP[1] - LIP_GAP[0] + max(opening, 0.0)), 0, 1)
    above_neck = np.clip((NECK_Y - y) / (NECK_Y - CHIN_Y), 0, 1)
    shift = opening * near * below * above_neck
    middle = LIP_GAP[1] + opening / 2 + 0.4
    gap = blob(x, y, (MOUTH_X, middle), (11.0, max(opening, 0.1) * 0.42))
    return y - shift, gap * float(np.clip(opening / 3.0, 0, 1))


def lids(x: Field, y: Field, closed: float) -> Field:
    """The upper lids come down over the eyes by `closed`, 0 to 1."""
    for cx, cy in EYES:
        inside = np.clip(1.6 * np.exp(-(((x - cx) / 13.0) ** 4)), 0, 1)
        top, lid, bottom = cy - 9.5, cy - 4.0, cy + 4.5
        edge = lid + closed * 0.85 * (bottom - lid)
        knots = np.interp(y, (top, edge, bottom), (top, lid, bottom)).astype(np.float32)
        y = y + inside * (knots - y) * ((y > top) & (y < bottom))
    return y


def brows(x: Field, y: Field, raised: float) -> Field:
    """The brows go up by `raised` pixels."""
    return y + raised * sum(blob(x, y, brow, (20.0, 9.0)) for brow in BROWS)


def frame(portrait: Picture, t: float, total: float, loud: float) -> Picture:
    """The picture at `t` seconds."""
    x, y = sway(*camera(t, total), t)
    y, gap = speaking(x, y, -1.5 + 6.0 * loud)
    blink = max(bump(t, at, 0.07) for at in (0.35, 2.35, 4.9, 7.3, 9.2))
    raise_ = 2.0 * max(bump(t, 1.3, 0.5), bump(t, 5.0, 0.45), bump(t, 7.4, 0.4))
    y = lids(x, brows(x, y, raise_), blink)
    seen = cv2.remap(
        portrait, x.astype(np.float32), y.astype(np.float32), cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    mixed = seen * (1 - gap[..., None]) + MOUTH_DARK * gap[..., None]
    return np.clip(mixed, 0, 255).astype(np.uint8)


def stamp(seconds: float) -> str:
    """A SubRip time."""
    whole = round(seconds * 1000)
    return f"00:{whole // 60000:02d}:{whole // 1000 % 60:02d},{whole % 1000:03d}"


def write_sound(samples: NDArray[np.int16], to: Path) -> None:
    """A 22050 Hz mono WAV file."""
    with wave.open(str(to), "wb") as sound:
        sound.setparams((1, 2, 22_050, len(samples), "NONE", ""))
        sound.writeframes(samples.tobytes())


def encoder(folder: Path, to: Path) -> list[str]:
    """The ffmpeg command: raw frames on stdin, sound and subtitles from `folder`."""
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE_FPS)]
    inputs = ["-i", "-", "-i", str(folder / "voice.wav"), "-i", str(folder / "words.srt")]
    video = ["-c:v", "libx264", "-crf", "23", "-preset", "slow", "-pix_fmt", "yuv420p"]
    rest = ["-c:a", "aac", "-b:a", "64k", "-c:s", "mov_text", "-metadata:s:s:0", "language=eng"]
    same = ["-threads", "1", "-fflags", "+bitexact", "-flags", "+bitexact", "-map_metadata", "-1"]
    maps = ["-map", "0:v", "-map", "1:a", "-map", "2:s", "-movflags", "+faststart"]
    quiet = ["ffmpeg", "-y", "-loglevel", "error"]
    return [*quiet, *raw, *inputs, *maps, *video, *rest, *same, str(to)]


def make(to: Path) -> None:
    """Write the clip to `to`."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        samples, times = soundtrack(folder)
        write_sound(samples, folder / "voice.wav")
        blocks = (
            f"{i}\n{stamp(start)} --> {stamp(end)}\n{text}\n"
            for i, (start, end, text) in enumerate(times, 1)
        )
        (folder / "words.srt").write_text("\n".join(blocks), encoding="utf-8")
        loud = envelope(samples)
        portrait = data.astronaut()
        pictures = (
            frame(portrait, i / RATE_FPS, len(loud) / RATE_FPS, float(level)).tobytes()
            for i, level in enumerate(loud)
        )
        subprocess.run(encoder(folder, to), input=b"".join(pictures), check=True)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "demo.mp4")
