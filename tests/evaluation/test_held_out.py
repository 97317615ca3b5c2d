from pathlib import Path

import pytest
from stub_product import StubProduct, make_from, result

from affect_llm.config import Settings
from affect_llm.errors import DataError
from affect_llm.evaluation.answering import source_of
from affect_llm.evaluation.confidence import calibration_score
from affect_llm.evaluation.held_out import measure_suite, some, suite_report
from affect_llm.evaluation.prediction import Prediction, prediction_of
from affect_llm.evaluation.suite import Suite
from affect_llm.pipeline import Failure
from affect_llm.types import Absence, CueSheet, Modality, Sample

HEAD = "Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID\n"
SUITE = Suite(
    name="words",
    title="Words",
    dataset="meld",
    folder="meld",
    split="dev",
    training_split="train",
    labels="meld7",
    annotation="emotion",
    modality=Modality.TEXT,
    cluster="dialogue",
    metric="accuracy",
    baselines=("majority", "chance"),
)
# One right, one wrong, and one of each way to show no verdict.
DEV = [
    ("so much joy", "joy"),
    ("joy?", "anger"),
    ("vague anger", "anger"),
    ("gibberish", "joy"),
    ("broken", "joy"),
    ("faceless", "joy"),
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "meld"
    folder.mkdir(parents=True)
    dev = "".join(f"{text},A,{e},neutral,{n},0\n" for n, (text, e) in enumerate(DEV))
    train = "a,A,anger,neutral,0,0\nb,A,joy,neutral,1,0\nc,A,anger,neutral,1,1\n"
    (folder / "dev_sent_emo.csv").write_text(HEAD + dev)
    (folder / "train_sent_emo.csv").write_text(HEAD + train)
    return folder.parent


def run(data: Path, product: StubProduct, limit: int | None = None):
    return measure_suite(
        SUITE, data, data / "out", product.settings, make=make_from(product), limit=limit
    )


@pytest.fixture
def product() -> StubProduct:
    return StubProduct(Settings(labels="meld7"))


def test_only_a_shown_verdict_can_be_right(data, product):
    report, predictions = run(data, product)
    assert [p.state for p in predictions] == [
        "answered",
        "answered",
        "abstained",
        "unparsed",
        "failed",
        "no_evidence",
    ]
    assert report.score.value == pytest.approx(1 / 6)
    assert report.leaning.value == pytest.approx(2 / 6)
    assert report.score.skipped == {
        "abstained": 1,
        "unparsed": 1,
        "failed": 1,
        "no_evidence": 1,
    }
    assert report.groups == report.score.n == 6


def test_baselines_stand_on_the_same_items(data, product):
    report, _ = run(data, product)
    # The commonest training label is anger: two of six.
    assert {b.name: b.value for b in report.baselines} == pytest.approx(
        {"majority": 2 / 6, "chance": 1 / 7}
    )


def test_the_product_is_asked_once_for_all(data, product):
    run(data, product)
    assert product.asked == [text for text, _ in DEV]


def test_a_killed_run_goes_on_where_it_was(data, product):
    killed = StubProduct(Settings(labels="meld7"), dies_after=4)
    with pytest.raises(KeyboardInterrupt):
        run(data, killed)
    log = data / "out" / "words.predictions.jsonl"
    with log.open("a") as lines:
        lines.write('{"id": "half')
    resumed, _ = run(data, product)
    assert product.asked == [text for text, _ in DEV[4:]]
    log.unlink()
    whole, _ = run(data, StubProduct(Settings(labels="meld7")))
    assert resumed == whole


def test_a_log_of_other_settings_is_not_continued(data, product):
    run(data, product, limit=2)
    other = StubProduct(Settings(labels="meld7", abstain_below=0.5))
    with pytest.raises(DataError, match="other settings"):
        run(data, other)


def test_a_log_of_another_model_is_not_continued(data, product):
    run(data, StubProduct(product.settings, model="stub@0"), limit=3)
    with pytest.raises(DataError, match="mixes answers"):
        run(data, product)


def test_a_damaged_log_is_named(data, product):
    run(data, product, limit=2)
    log = data / "out" / "words.predictions.jsonl"
    log.write_text(log.read_text() + "{}\n")
    with pytest.raises(DataError, match="line 4 is damaged"):
        run(data, product)


def test_a_product_that_swallows_items_is_caught(data, product, monkeypatch):
    monkeypatch.setattr(product, "run", lambda sources: iter([result("joy")]))
    with pytest.raises(DataError, match="5 samples got no outcome"):
        run(data, product)


def test_a_limit_draws_the_same_items_in_order():
    samples = [Sample(str(n), {}, "dev", "g") for n in range(50)]
    drawn = [int(s.id) for s in some(samples, 10)]
    assert drawn == sorted(drawn)
    assert drawn == [int(s.id) for s in some(samples, 10)]
    assert drawn != list(range(10))
    assert len(some(samples, None)) == len(some(samples, 99)) == 50


def test_an_extractor_that_is_not_there_is_not_one_that_is_wrong():
    gone = Absence(modality=Modality.TEXT, state="failed", reason="its weights are missing")
    outcome = result("joy", sheet=CueSheet(absent=(gone,)))
    predictions = [
        prediction_of(outcome, id=str(n), group="g", gold="joy", modality=Modality.TEXT)
        for n in range(3)
    ]
    report = suite_report(SUITE, predictions)
    assert report.score is None
    assert report.not_measured == "no item gave evidence: its weights are missing"


def test_evidence_of_another_modality_does_not_count():
    outcome = result("joy")
    heard = prediction_of(outcome, id="a", group="g", gold="joy", modality=Modality.AUDIO)
    assert (heard.state, heard.shown, heard.problem) == ("no_evidence", None, "no audio cue")
    any_modality = prediction_of(outcome, id="a", group="g", gold="joy", modality=None)
    assert any_modality.shown == "joy"


def test_a_failure_keeps_its_sentence():
    failed = prediction_of(
        Failure("a.wav", "It is empty."), id="a", group="g", gold="", modality=None
    )
    assert (failed.state, failed.problem) == ("failed", "It is empty.")


def test_calibration_looks_behind_abstentions():
    def said(confidence: float, gold: str, state: str) -> Prediction:
        label = None if state == "failed" else "joy"
        return Prediction(
            id=gold, group=gold, gold=gold, state=state, label=label, confidence=confidence
        )

    score = calibration_score(
        [said(0.9, "joy", "answered"), said(0.2, "anger", "abstained"), said(0.9, "joy", "failed")]
    )
    # |0.9 - 1| and |0.2 - 0|, each half of the answers
    assert score.value == pytest.approx(0.15)
    assert score.n == 2
    assert score.skipped == {"no label or confidence": 1}
    assert calibration_score([]).value is None


def test_a_sample_gives_only_the_modality_that_is_measured():
    sample = Sample("a", {}, "test", "g", text="words", paths={"audio": "a.wav"})
    assert source_of(sample, Modality.TEXT).path is None
    assert source_of(sample, Modality.AUDIO).text is None
    with pytest.raises(DataError, match="has no visual"):
        source_of(sample, Modality.VISUAL)
