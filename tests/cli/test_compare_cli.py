import json
import sys
import wave
from html import unescape
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from affect_llm.cli.app import app
from affect_llm.cli.compare_contenders import Contender, parse_contender, two_contenders
from affect_llm.comparison import AnswerComparison
from affect_llm.config import Settings
from affect_llm.errors import ConfigError
from affect_llm.pipeline import Preparer
from affect_llm.reasoners.fake import FakeReasoner
from affect_llm.reasoners.spec import ReasonerSpec

sys.path.append(str(Path(__file__).parents[1] / "adapters"))
sys.path.append(str(Path(__file__).parents[1] / "reasoners"))

EVIL = "<script>alert(1)</script> \u202e we made it"
OFF = ("--face", "off", "--voice", "off", "--speech", "off", "--scene", "off")


class Second(FakeReasoner):
    """Answers otherwise than the first, from the same cues."""

    name = "second"

    def __init__(self, model: str | None) -> None:
        self.model = model

    def complete(self, prompts, *, max_new_tokens):  # type: ignore[no-untyped-def]
        said = super().complete(prompts, max_new_tokens=max_new_tokens)
        return [one.model_copy(update={"model": f"second:{self.model}"}) for one in said]


def open_second(settings: Settings) -> Second:
    return Second(settings.model)


SECOND = ReasonerSpec("second", "a fake", f"{__name__}:open_second", model="optional")


@pytest.fixture(autouse=True)
def _second_reasoner(monkeypatch: pytest.MonkeyPatch) -> None:
    from affect_llm.reasoners.registry import REASONERS

    monkeypatch.setitem(REASONERS._table, "second", f"{__name__}:SECOND")


@pytest.fixture
def words(tmp_path: Path) -> Path:
    file = tmp_path / "<b>words<b>.txt"
    file.write_text(EVIL)
    return file


def compare(*args: str | Path) -> Result:
    return CliRunner().invoke(app, ["compare", *map(str, args), *OFF])


@pytest.mark.parametrize(
    ("spec", "contender"),
    [
        ("embedded", Contender("embedded")),
        ("transformers:some/model", Contender("transformers", "some/model")),
        ("embedded@out/adapter", Contender("embedded", None, "out/adapter")),
        ("vllm:base@mine", Contender("vllm", "base", "mine")),
        ("openai:name:7b", Contender("openai", "name:7b")),
        ("openai:odd@name@", Contender("openai", "odd@name")),
    ],
)
def test_how_one_is_named(spec: str, contender: Contender) -> None:
    assert parse_contender(spec) == contender


@pytest.mark.parametrize(
    ("first", "second", "roads"),
    [
        ("embedded", None, None),
        ("embedded", "embedded", None),
        (":model", "fake", None),
        ("embedded", None, "text"),
        ("embedded", None, "text,sideways"),
        ("embedded", None, "text,text"),
    ],
)
def test_two_that_cannot_be_compared(first: str, second: str | None, roads: str | None) -> None:
    with pytest.raises(ConfigError):
        two_contenders(first, second, roads)


def test_one_adapter_on_two_roads() -> None:
    first, second = two_contenders("embedded@mine", None, "text,projected")
    assert (first.road, second.road) == ("text", "projected")
    assert (first.name, second.name) == ("embedded@mine (text)", "embedded@mine (projected)")


def test_two_answers_from_cues_measured_once(words: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = []
    prepare = Preparer.prepare
    monkeypatch.setattr(Preparer, "prepare", lambda *a: prepared.append(a) or prepare(*a))
    result = compare(words, "fake", "second:big", "--json")
    assert result.exit_code == 0, result.stderr
    found = AnswerComparison.model_validate_json(result.stdout)
    assert len(prepared) == 1
    assert found.names == ("fake", "second:big")
    assert found.second.provenance.model == "second:big"
    assert found.first.sheet == found.second.sheet
    assert found.distance is not None


def test_a_person_reads_both_and_their_differences(words: Path) -> None:
    result = compare(words, "fake", "second")
    assert result.exit_code == 0
    assert "Differences:" in result.stdout
    assert "Both say the same label." in result.stdout
    assert "\u202e" not in result.stdout


def test_the_page_holds_both_and_runs_nothing_of_theirs(words: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    result = compare(words, "fake", "second:<img src=x onerror=alert(1)>", "--report", page)
    assert result.exit_code == 0, result.stderr
    html = page.read_text()
    assert html.count('class="verdict ') == 2
    assert "default-src 'none'" in unescape(html)
    assert html.count("<script>") == 1
    assert "<img src=x" not in html
    assert "<b>words" not in html
    assert "&lt;b&gt;words" in html


def test_mistakes_are_sentences(words: Path, tmp_path: Path) -> None:
    for args in (
        (words, "fake"),
        (words, "fake", "nobody"),
        (words, "fake@nowhere", "second"),
        (tmp_path / "gone.mp4", "fake", "second"),
        (words, "fake", "second", "--report", tmp_path / "gone" / "r.html"),
        (words, "fake", "--roads", "text,projected"),
    ):
        result = compare(*args)
        assert result.exit_code == 2, args
        assert result.stderr.startswith("error: ")
        assert "Traceback" not in result.stderr


def test_a_server_is_for_the_one_it_serves_and_other_flags_for_both(
    words: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Settings, Settings]] = []
    monkeypatch.setattr("affect_llm.cli.compare_run.compare_two", lambda *a: asked.append(a[2]))
    flags = ("--server", "http://127.0.0.1:9/v1", "--labels", "meld7", "--lang", "de")
    result = compare(words, "fake", "vllm:big", *flags, "--abstain-below", "0.5")
    assert result.exit_code == 0, result.stderr
    first, second = asked[0]
    assert (first.server.url, second.server.url) == (None, "http://127.0.0.1:9/v1")
    assert (first.reasoner, second.reasoner, second.model) == ("fake", "vllm", "big")
    for settings in (first, second):
        assert (settings.labels, settings.language, settings.face) == ("meld7", "de", "off")
        assert settings.abstain_below == 0.5


def test_a_server_that_neither_takes_is_refused_as_analyze_refuses_it(words: Path) -> None:
    flags = ("--server", "http://127.0.0.1:9/v1")
    alone = CliRunner().invoke(app, ["analyze", str(words), "--reasoner", "fake", *flags])
    result = compare(words, "fake", "second", *flags)
    assert result.exit_code == alone.exit_code == 2
    assert result.stderr == alone.stderr
    assert "The fake reasoner takes no --server; give --reasoner vllm or openai" in result.stderr


def test_json_is_one_object(words: Path) -> None:
    lines = compare(words, "fake", "second", "--json").stdout.splitlines()
    assert json.loads(lines[0])["schema_version"] == "affect-llm/comparison@1"
    assert len(lines) == 1


@pytest.mark.slow
def test_two_roads_of_one_adapter_start_from_the_same_cues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tiny_adapter import long_base, make_adapter

    monkeypatch.setenv("AFFECT_LLM_FEATURES", str(tmp_path / "features"))
    base = long_base(tmp_path / "tiny-llama")
    adapter = make_adapter(tmp_path / "heard", base, road="projected")
    tone = tmp_path / "tone.wav"
    with wave.open(str(tone), "wb") as sound:
        sound.setparams((1, 2, 16000, 0, "NONE", ""))
        sound.writeframes(bytes(n % 251 for n in range(64_000)))
    result = CliRunner().invoke(
        app,
        ["compare", str(tone), f"transformers:{base}@{adapter}", "--roads", "text,projected",
         "--labels", "joy, sadness", "--voice", "fake", "--face", "fake", "--speech", "off",
         "--scene", "off", "--device", "cpu", "--json"],
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    found = AnswerComparison.model_validate_json(result.stdout)
    roads = [r.provenance.settings["road"] for r in (found.first, found.second)]
    assert roads == ["text", "projected"]
    assert found.distance is not None
    assert found.distance > 0
