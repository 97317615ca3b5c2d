import json
from pathlib import Path

import pytest
from stub_product import StubProduct

from affect_llm.config import Settings
from affect_llm.errors import DataError, UnknownComponent
from affect_llm.evaluation import intervals
from affect_llm.evaluation.report import Report
from affect_llm.evaluation.results_page import results_page
from affect_llm.evaluation.suites import runs
from affect_llm.evaluation.suites.measurement import RunPlan
from affect_llm.evaluation.suites.runs import run_suites
from affect_llm.types import Score


def measure(kit: Path, banks: Path, out: Path, only: tuple[str, ...] = (), **options) -> Report:
    limit = options.pop("limit", None)
    plan = RunPlan(kit, out, names=only, limit=limit, banks=banks)
    return run_suites(plan, Settings(), make=StubProduct)


HEAD = "Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID\n"
KIT = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture(autouse=True)
def _few_draws(monkeypatch):
    """Intervals have their own tests; here they only cost time."""
    monkeypatch.setattr(intervals, "DRAWS", 20)


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    folder = tmp_path / "kit" / "text" / "meld"
    folder.mkdir(parents=True)
    for split, texts in (("train", ["sheer joy"] * 3 + ["anger"] * 2), ("dev", ["joy", "anger"])):
        rows = "".join(
            f"{text},A,{text.split()[-1]},neutral,{n},0\n" for n, text in enumerate(texts)
        )
        (folder / f"{split}_sent_emo.csv").write_text(HEAD + rows)
    return tmp_path / "kit"


def test_what_cannot_be_measured_says_why_and_the_rest_goes_on(kit, capsys):
    only = ("meld", "ravdess", "composed")
    report = measure(kit, kit, kit / "out", only=only)
    words, voice = report.suites
    assert words.score.value == 1.0
    assert voice.score is None
    assert "RAVDESS is not laid out" in voice.not_measured
    assert "bank.jsonl is missing" in report.controls_not_measured
    assert "ravdess: not measured" in capsys.readouterr().err


def test_the_report_on_disk_is_the_one_returned(kit):
    report = measure(kit, kit, kit / "out", only=("meld", "composed"))
    assert Report.model_validate_json((kit / "out" / "report.json").read_text()) == report
    page = (kit / "out" / "results.md").read_text()
    assert page == results_page(report)
    assert "| Text only, MELD dev | 2 | 2 (dialogue) | weighted f1 | 1.000" in page
    assert not list((kit / "out").glob("*.partial"))


def test_measuring_again_gives_the_same_bytes(kit):
    def pages() -> list[bytes]:
        measure(kit, kit, kit / "out", only=("meld", "composed"))
        return [path.read_bytes() for path in sorted((kit / "out").iterdir())]

    assert pages() == pages()


def test_unknown_names_are_refused_before_anything_is_made(kit):
    with pytest.raises(UnknownComponent, match="Did you mean 'composed'"):
        measure(kit, kit, kit / "out", only=("compose",))
    assert not (kit / "out").exists()


def test_only_what_is_there_is_measured_where_nothing_is_named(kit):
    report = measure(kit, kit, kit / "out")
    assert [suite.name for suite in report.suites] == ["meld"]
    assert report.collections == ()


def test_a_collection_has_a_mean_only_with_all_its_parts():
    from affect_llm.evaluation.report import SuiteReport
    from affect_llm.evaluation.suites.runs import collection_report
    from affect_llm.evaluation.suites.suite import Collection

    def scored(name: str, value: float) -> SuiteReport:
        score = Score(name="macro_f1", value=value, n=9)
        return SuiteReport(name=name, title=name, cluster="x", score=score)

    pair = Collection(name="pair", title="Pair", parts=("a", "b"))
    whole = collection_report(pair, [scored("a", 0.2), scored("b", 0.4), scored("c", 1.0)])
    assert whole.mean.value == pytest.approx(0.3)
    half = collection_report(pair, [scored("a", 0.2)])
    assert (half.mean.value, half.mean.skipped) == (None, {"not measured": 1})


@pytest.mark.slow
@pytest.mark.kit
@pytest.mark.skipif(not KIT.is_dir(), reason="the development data is not beside the project")
def test_baselines_of_meld_are_the_known_ones(tmp_path):
    report = measure(KIT, tmp_path, tmp_path / "out", only=("meld", "composed"))
    values = {b.name: b.value for b in report.suites[0].baselines if b.name != "shuffled"}
    assert values == pytest.approx(
        {"majority": 0.25, "tfidf": 0.43, "tfidf_punctuation": 0.51}, abs=0.02
    )
    assert json.loads((tmp_path / "out" / "report.json").read_text())["suites"][0]["groups"] == 114


def test_everything_at_once_draws_from_the_large_suites(kit, monkeypatch):
    limits = {}

    def asked(suite, plan, *_):
        limits[suite.name] = plan.limit
        raise DataError("Only the limit is looked at.")

    monkeypatch.setattr(runs, "measure_suite", asked)
    monkeypatch.setattr(runs, "data_problem", lambda suite, kit: None)
    measure(kit, kit, kit / "out")
    assert (limits["goemotions"], limits["meld"]) == (400, None)
    measure(kit, kit, kit / "out", limit=7)
    assert limits["goemotions"] == 7
    measure(kit, kit, kit / "out", only=("goemotions", "meld"))
    assert limits["goemotions"] is None
