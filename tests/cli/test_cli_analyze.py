import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from affect_llm.cli.app import app
from affect_llm.cues.families import extractor_names
from affect_llm.types import EmotionResult, Modality

pytestmark = pytest.mark.usefixtures("fake_pipeline")


def analyze(*args: str | Path) -> Result:
    return CliRunner().invoke(app, ["analyze", *map(str, args)])


def test_a_person_reads_the_verdict_on_stdout(clip: Path) -> None:
    result = analyze(clip)
    assert result.exit_code == 0
    assert "Cues suggest joy: likely (0.78)" in result.stdout
    assert result.stderr == ""


def test_json_is_one_line_per_file_in_input_order(clip: Path, tmp_path: Path) -> None:
    other = tmp_path / "b.mp4"
    other.write_bytes(b"x")
    result = analyze("--json", other, tmp_path / "gone.mp4", clip)
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["clip_name"] for line in lines] == ["b.mp4", "gone.mp4", "a.mp4"]
    assert lines[1] == {"clip_name": "gone.mp4", "error": "There is no file gone.mp4."}
    EmotionResult.model_validate(lines[0])
    assert result.exit_code == 2


def test_a_failure_is_a_sentence_on_stderr_and_the_rest_go_on(clip: Path, tmp_path: Path) -> None:
    result = analyze(tmp_path / "gone.mp4", clip)
    assert result.stderr == "error: There is no file gone.mp4.\n"
    assert "Cues suggest joy" in result.stdout
    assert result.exit_code == 2


def test_the_same_command_twice_gives_the_same_bytes(clip: Path, tmp_path: Path) -> None:
    report = tmp_path / "r.html"
    first = analyze("--json", clip, "--report", report).stdout_bytes, report.read_bytes()
    second = analyze("--json", clip, "--report", report).stdout_bytes, report.read_bytes()
    assert first == second


def test_text_alone_and_text_as_a_transcript(fake_pipeline: type, clip: Path) -> None:
    assert analyze("--text", "What a lovely day!").exit_code == 0
    assert analyze(clip, "--text", "Hello").exit_code == 0
    sources = [(s.path, s.text) for _, held in fake_pipeline.asked for s in held]  # type: ignore[attr-defined]
    assert sources == [(None, "What a lovely day!"), (clip, "Hello")]


def test_flags_reach_the_settings(fake_pipeline: type, clip: Path, tmp_path: Path) -> None:
    config = tmp_path / "settings.toml"
    config.write_text('labels = "meld7"\ndevice = "cpu"\n')
    result = analyze(
        clip, "--config", config, "--labels", "joy, anger", "--modalities", "audio,text",
        "--lang", "de", "--face", "off", "--voice", "praat", "--speech", "faster-whisper:folder",
        "--scene", "off", "--reasoner", "transformers", "--model", "m", "--abstain-below", "0.5",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    settings = fake_pipeline.asked[0][0]  # type: ignore[attr-defined]
    assert settings.labels == "joy, anger"
    assert settings.modalities == (Modality.AUDIO, Modality.TEXT)
    assert (settings.language, settings.face, settings.device) == ("de", "off", "cpu")
    assert (settings.voice, settings.scene) == ("praat", "off")
    assert settings.speech == "faster-whisper:folder"
    assert (settings.reasoner, settings.model) == ("transformers", "m")
    assert settings.abstain_below == 0.5


@pytest.mark.parametrize("setting", ["face", "voice", "speech", "scene"])
def test_the_help_names_every_extractor(setting: str) -> None:
    shown = " ".join(analyze("--help").stdout.split())
    assert f"--{setting} " in shown
    named = shown.partition(f"--{setting} ")[2]
    assert all(name in named for name in extractor_names(setting))


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ([], "Nothing to explain"),
        (["--text", "  "], "--text is empty"),
        (["a.mp4", "b.mp4", "--text", "hi"], "transcript of one file"),
        (["a.mp4", "--labels", "ekman8"], "Did you mean 'ekman7'?"),
        (["a.mp4", "--modalities", "text,audoi"], "Did you mean 'audio'?"),
        (["a.mp4", "--modalities", ","], "--modalities names none"),
        (["a.mp4", "--face", "lite"], "Did you mean 'light'?"),
        (["a.mp4", "--reasoner", "embeded"], "Did you mean 'embedded'?"),
        (["a.mp4", "--abstain-below", "7"], "abstain_below"),
        (["a.mp4", "--config", "gone.toml"], "gone.toml cannot be read"),
        (["a.mp4", "--report", "no/such/folder/r.html"], "there is no folder no/such/folder"),
        (["a.mp4", "--report", "."], "is a folder"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(args: list[str], sentence: str) -> None:
    result = analyze(*args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert sentence in result.stderr
    assert result.stderr.startswith("error: ")
    assert "Traceback" not in result.stderr


def test_a_report_is_written_whole_beside_the_answer(clip: Path, tmp_path: Path) -> None:
    target = tmp_path / "r.html"
    result = analyze(clip, "--report", target)
    assert target.read_text().endswith("</html>\n")
    assert result.stderr == f"report: {target}\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.mp4", "r.html"]


def test_a_file_name_that_is_not_utf_8_can_be_written(tmp_path: Path) -> None:
    odd, gone = tmp_path / "caf\udce9.mp4", tmp_path / "gone\udcff.mp4"
    try:
        odd.write_bytes(b"x")
    except OSError:
        pytest.skip("this file system wants UTF-8 names")
    result = analyze("--json", odd, gone, "--report", tmp_path / "r.html")
    names = [json.loads(line)["clip_name"] for line in result.stdout.splitlines()]
    assert names == ["caf?.mp4", "gone?.mp4"]
    assert "caf?.mp4" in (tmp_path / "r.html").read_text()


def test_the_demo_explains_the_shipped_clip(fake_pipeline: type) -> None:
    result = CliRunner().invoke(app, ["demo", "--json"])
    assert json.loads(result.stdout)["clip_name"] == "demo.mp4"
    assert fake_pipeline.asked[0][1][0].path.stat().st_size < 1_500_000  # type: ignore[attr-defined]
