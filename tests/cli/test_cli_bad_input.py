"""Bad input through the command with the real pipeline: a sentence and exit code 2, or a result
that says what is absent and why; no traceback, and nothing half-written."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bad_media import DEMO, RATE_HZ, TONE, film, patched, refused, wav
from typer.testing import CliRunner, Result

from affect_llm.cli.app import app
from affect_llm.types import EmotionResult

REFUSED = list(refused())
LONGEST = struct.pack(">I", 0x7FFFFFFF)
NO_FACE = np.kron(
    np.random.default_rng(1).integers(0, 255, (30, 40, 3), np.uint8), np.ones((8, 8, 1), np.uint8)
)


def analyze(*args: str | Path, reasoner: str = "fake") -> Result:
    return CliRunner().invoke(app, ["analyze", *map(str, args), "--reasoner", reasoner])


def explained(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    EmotionResult.model_validate(found)
    return found


def absences(found: dict[str, Any]) -> dict[str, str]:
    """Modality or family → state and reason."""
    entries = found["sheet"]["absent"]
    return {a["family"] or a["modality"]: f"{a['state']}: {a['reason']}" for a in entries}


def refuses(result: Result, sentence: str) -> None:
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1, "one sentence"
    assert not isinstance(result.exception, Exception), "no traceback"


@pytest.mark.parametrize(("name", "data", "sentence"), REFUSED, ids=[r[0] for r in REFUSED])
def test_what_cannot_be_read_is_a_sentence(
    tmp_path: Path, name: str, data: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(data)
    result = analyze(tmp_path / name, "--report", tmp_path / "r.html")
    refuses(result, sentence)
    assert name in result.stderr
    assert [p.name for p in tmp_path.iterdir()] == [name], "no report of nothing"


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("gone.mp4", "there is no such file"),
        (".", "is a directory"),
        ("/dev/zero", "is not a regular file"),
        ("x" * 5000, "cannot be opened"),
    ],
    ids=["missing", "directory", "device", "too-long"],
)
def test_what_is_no_file_is_a_sentence(path: str, sentence: str) -> None:
    refuses(analyze(path), sentence)


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75, 0.9])
def test_a_film_cut_short_is_explained_as_far_as_it_goes(tmp_path: Path, share: float) -> None:
    clip = tmp_path / "cut.mp4"
    data = DEMO.read_bytes()
    clip.write_bytes(data[: int(len(data) * share)])
    found = explained(analyze(clip, "--json", "--face", "off"))
    assert 0.1 < found["duration_s"] / 9.28 < share
    assert "but its header announces 9.3 s" in absences(found)["visual"]
    assert found["sheet"]["cues"]


@pytest.mark.parametrize(
    ("box", "offset", "value"),
    [
        (b"mvhd", 16, LONGEST),
        (b"mdhd", 16, LONGEST),
        (b"avc1", 24, struct.pack(">HH", 65535, 65535)),
    ],
    ids=["film-duration", "stream-duration", "picture-size"],
)
def test_what_a_header_claims_is_not_believed(
    tmp_path: Path, box: bytes, offset: int, value: bytes
) -> None:
    clip = tmp_path / "lying.mp4"
    clip.write_bytes(patched(DEMO.read_bytes(), box, offset, value))
    found = explained(analyze(clip, "--json", "--face", "off"))
    assert found["duration_s"] == pytest.approx(9.28, abs=0.1)


def test_a_recording_that_claims_to_be_longer(tmp_path: Path) -> None:
    clip = tmp_path / "lying.wav"
    clip.write_bytes(patched(wav(clip, TONE), b"data", 0, b"\xf0\xff\xff\x7f"))
    assert explained(analyze(clip, "--json"))["duration_s"] == pytest.approx(2, abs=0.1)


def test_silence_has_no_voice(tmp_path: Path) -> None:
    wav(tmp_path / "silence.wav", np.zeros(2 * RATE_HZ))
    found = explained(analyze(tmp_path / "silence.wav", "--json"))
    assert (found["labels"], found["abstained"]) == ([], True)
    assert absences(found)["voice"].startswith("absent: no speech was found")


@pytest.mark.parametrize("sound", [None, np.zeros(2 * RATE_HZ)], ids=["without", "silent"])
def test_a_black_film_has_no_face(tmp_path: Path, sound: Any) -> None:
    film(tmp_path / "black.mp4", np.zeros((240, 320, 3), np.uint8), sound)
    found = explained(analyze(tmp_path / "black.mp4", "--json"))
    assert (found["labels"], found["abstained"]) == ([], True)
    assert "face" in absences(found)
    assert "prosody" in absences(found)


def test_a_film_without_a_face_says_so(tmp_path: Path) -> None:
    film(tmp_path / "noface.mp4", NO_FACE)
    found = explained(analyze(tmp_path / "noface.mp4", "--json"))
    assert absences(found)["face"].startswith("absent: no face was found")


def test_bad_files_do_not_stop_the_good_ones(tmp_path: Path) -> None:
    (tmp_path / "bad.mp4").write_bytes(b"no film")
    (tmp_path / "good.txt").write_text("What a lovely day!")
    target = tmp_path / "r.html"
    result = analyze(tmp_path / "bad.mp4", tmp_path / "good.txt", "--json", "--report", target)
    assert result.exit_code == 2
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [("error" in line) for line in lines] == [True, False]
    assert target.read_text().endswith("</html>\n")


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["--face", "lite"], "Did you mean 'light'?"),
        (["--voice", "prat"], "Did you mean 'praat'?"),
        (["--speech", "openai-wisper:base"], "Did you mean 'openai-whisper'?"),
        (["--scene", "open-klip"], "Did you mean 'open-clip'?"),
        (["--speech", "faster-whisper"], "needs a folder with a converted model"),
        (["--speech", "transformers:/nowhere"], "needs a Whisper checkpoint folder"),
        (["--speech", "openai-whisper:huge"], "There is no Whisper 'huge'"),
        (["--modalities", "physiology"], "Known: text, audio, visual"),
        (["--lang", "German!"], "a language code such as en"),
        (["--labels", "joy"], "There is no 'joy' among the label sets"),
        (["--labels", "joy,joy"], "two different labels"),
        (["--model", "folder"], "takes no --model; give --reasoner transformers, vllm"),
        (["--text", "x" * 200_001], "200000 are allowed"),
    ],
)
def test_a_setting_that_cannot_be_is_a_sentence(flags: list[str], sentence: str) -> None:
    refuses(analyze(DEMO, *flags), sentence)


def test_the_shipped_model_has_no_answer_where_there_is_nothing(tmp_path: Path) -> None:
    wav(tmp_path / "silence.wav", np.zeros(2 * RATE_HZ))
    found = explained(analyze(tmp_path / "silence.wav", "--json", reasoner="embedded"))
    assert (found["labels"], found["explanation"]) == ([], [])
