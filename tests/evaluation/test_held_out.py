from pathlib import Path

import pytest
from stub_product import StubProduct, make_from, result

from affect_llm.config import Settings
from affect_llm.errors import DataError
from affect_llm.evaluation import intervals
from affect_llm.evaluation.prediction import Prediction, prediction_of
from affect_llm.evaluation.prediction_scores import calibration_score
from affect_llm.evaluation.suites.answers import source_of
from affect_llm.evaluation.suites.measurement import (
    RunPlan,
    measure_suite,
    suite_head,
    suite_report,
    suite_settings,
)
from affect_llm.evaluation.suites.parts import data_problem, some
from affect_llm.evaluation.suites.suite import Suite
from affect_llm.evaluation.suites.suite_task import task_of
from affect_llm.pipeline import Failure, Source
from affect_llm.types import Absence, CueSheet, Modality, Sample

HEAD = "Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID\n"
SUITE = Suite(
    name="words",
    title="Words",
    dataset="meld",
    folder="meld",
    setup="Put the tables of MELD there.",
    split="dev",
    training_split="train",
    splits=("train", "dev", "test"),
    trained_on=("train",),
    held_out="By dialogue.",
    labels="meld7",
    modalities=(Modality.TEXT,),
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


@pytest.fixture(autouse=True)
def _few_draws(monkeypatch):
    """Intervals have their own tests; here they only cost time."""
    monkeypatch.setattr(intervals, "DRAWS", 20)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "meld"
    folder.mkdir(parents=True)
    dev = "".join(f"{text},A,{e},neutral,{n},0\n" for n, (text, e) in enumerate(DEV))
    train = "a,A,anger,neutral,0,0\nb,A,joy,neutral,1,0\nc,A,anger,neutral,1,1\n"
    (folder / "dev_sent_emo.csv").write_text(HEAD + dev)
    (folder / "train_sent_emo.csv").write_text(HEAD + train)
    return folder.parent


def run(data: Path, product: StubProduct, **options):
    return measured(SUITE, data, product, out=data / "out", **options)


def measured(suite: Suite, data: Path, product: StubProduct, out: Path, **options):
    plan = RunPlan(data=data, out=out, **options)
    return measure_suite(suite, plan, product.settings, make_from(product))


def log_of(data: Path, product: StubProduct) -> Path:
    head = suite_head(SUITE, suite_settings(SUITE, product.settings))
    return data / "out" / f"words.{head.fingerprint}.predictions.jsonl"


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


def test_baselines_without_a_training_part_say_so(data, product):
    (data / "meld" / "train_sent_emo.csv").unlink()
    report, _ = run(data, product)
    # The commonest label of the measured part itself is joy: four of six.
    assert report.baselines[0].name == "majority_of_this_part"
    assert report.baselines[0].value == pytest.approx(4 / 6)
    assert "train_sent_emo.csv is missing" in report.without_training


def test_shuffled_answers_keep_the_habits_and_lose_the_items(data, product):
    shuffled = SUITE.model_copy(update={"baselines": ("shuffled",)})
    report, _ = measured(shuffled, data, product, data / "out")
    # Two answers say joy and four of six items are joy: 2/6 * 4/6 is what chance gives.
    assert report.baselines[0].value == pytest.approx(2 / 6 * 4 / 6, abs=0.1)


def test_the_product_is_asked_once_for_all(data, product):
    run(data, product)
    assert product.asked == [text for text, _ in DEV]


def test_a_killed_run_goes_on_where_it_was(data, product):
    killed = StubProduct(Settings(labels="meld7"), dies_after=4)
    with pytest.raises(KeyboardInterrupt):
        run(data, killed)
    log = log_of(data, product)
    with log.open("a") as lines:
        lines.write('{"id": "half')
    resumed, _ = run(data, product)
    # One answered item is asked again, to know whether the product is still the same.
    assert product.asked == [DEV[0][0], *(text for text, _ in DEV[4:])]
    log.unlink()
    whole, _ = run(data, StubProduct(Settings(labels="meld7")))
    assert resumed == whole


def test_other_settings_have_their_own_log(data, product):
    run(data, product, limit=2)
    run(data, StubProduct(Settings(labels="meld7", abstain_below=0.5)), limit=2)
    assert len(list((data / "out").glob("words.*.predictions.jsonl"))) == 2


def test_answers_of_another_model_are_put_aside(data, product):
    run(data, StubProduct(product.settings, model="stub@0"), limit=3)
    report, predictions = run(data, product)
    assert {p.model for p in predictions if p.model} == {"stub@1"}
    assert report.model == "stub@1"
    assert len(list((data / "out").glob("words.*.old"))) == 1


def test_a_changed_item_is_asked_again(data, product):
    run(data, product)
    table = data / "meld" / "dev_sent_emo.csv"
    table.write_text(table.read_text().replace("gibberish", "sheer joy"))
    again = StubProduct(Settings(labels="meld7"))
    report, _ = run(data, again)
    assert again.asked == [DEV[0][0], "sheer joy"]
    assert report.score.value == pytest.approx(2 / 6)


def test_a_mended_label_counts_without_asking_again(data, product):
    run(data, product)
    table = data / "meld" / "dev_sent_emo.csv"
    table.write_text(table.read_text().replace("joy?,A,anger", "joy?,A,joy"))
    again = StubProduct(Settings(labels="meld7"))
    report, _ = run(data, again)
    assert again.asked == [DEV[0][0]]
    assert report.score.value == pytest.approx(2 / 6)


def test_a_damaged_log_is_named(data, product):
    run(data, product, limit=2)
    log = log_of(data, product)
    log.write_text(log.read_text() + "{}\n")
    with pytest.raises(DataError, match="line 4 is damaged"):
        run(data, product)


def test_the_folder_of_the_corpus_itself_will_do(data, product):
    report, _ = measured(SUITE, data / "meld", product, data / "out")
    assert report.score.n == 6


def test_another_split_can_be_asked_for(data, product):
    dev = (data / "meld" / "dev_sent_emo.csv").read_text()
    (data / "meld" / "test_sent_emo.csv").write_text(dev)
    report, predictions = run(data, product, split="test")
    assert report.split == "test"
    assert predictions[0].id == "test-0-0"


@pytest.mark.parametrize("split", ["train", "all"])
def test_what_was_trained_on_is_refused_unless_it_is_meant(data, product, split):
    dev = (data / "meld" / "dev_sent_emo.csv").read_text()
    (data / "meld" / "test_sent_emo.csv").write_text(dev)
    with pytest.raises(DataError, match=r"3 of the .* learned from .train"):
        run(data, product, split=split)
    report, _ = run(data, product, split=split, trained_too=True)
    assert report.baselines[0].name == "majority_of_this_part"


def test_an_unknown_split_is_refused_before_the_product_is_made(data):
    def never(settings):
        raise AssertionError("the product was made")

    with pytest.raises(DataError, match=r"no split .validation.\. Known: train, dev, test"):
        measure_suite(SUITE, RunPlan(data, data / "out", split="validation"), Settings(), never)


def test_missing_data_says_what_to_put_where(data, product):
    assert data_problem(SUITE, data) is None
    (data / "meld" / "dev_sent_emo.csv").unlink()
    said = "dev_sent_emo.csv is missing.*Put the tables of MELD there."
    with pytest.raises(DataError, match=said):
        run(data, product)
    assert "Put the tables of MELD there." in data_problem(SUITE, data)


def test_an_id_that_is_there_twice_is_refused(data, product):
    table = data / "meld" / "dev_sent_emo.csv"
    table.write_text(table.read_text() + "so much joy,A,joy,neutral,0,0\n")
    with pytest.raises(DataError, match="1 ids are there more than once, such as dev-0-0"):
        run(data, product)


def test_items_without_a_recording_are_left_out_and_counted(data, product):
    clips = data / "meld" / "dev_splits_complete"
    clips.mkdir()
    (clips / "dia1_utt0.mp4").write_bytes(b"x")
    seen = SUITE.model_copy(update={"modalities": (Modality.AUDIO,)})
    report, predictions = measured(seen, data, product, data / "out")
    assert [p.id for p in predictions] == ["dev-1-0"]
    assert report.left_out == {"no audio to ask about": 5}


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
        prediction_of(outcome, id=str(n), group="g", gold="joy", modalities=(Modality.TEXT,))
        for n in range(3)
    ]
    report = suite_report(SUITE, task_of(SUITE), predictions)
    assert report.score is None
    assert report.not_measured == "no item gave evidence: its weights are missing"


def test_evidence_of_another_modality_does_not_count():
    outcome = result("joy")
    heard = prediction_of(outcome, id="a", group="g", gold="joy", modalities=(Modality.AUDIO,))
    assert (heard.state, heard.shown, heard.problem) == ("no_evidence", None, "no audio cue")
    any_modality = prediction_of(outcome, id="a", group="g", gold="joy")
    assert any_modality.shown == "joy"


def test_a_failure_keeps_its_sentence():
    failed = prediction_of(Failure("a.wav", "It is empty."), id="a", group="g", gold="")
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


def test_a_sample_gives_only_what_is_measured():
    sample = Sample("a", {}, "test", "g", text="words", paths={"audio": "a.wav"})
    assert source_of(sample, (Modality.TEXT,)) == Source(text="words")
    assert source_of(sample, (Modality.AUDIO,)) == Source(path=Path("a.wav"))
    assert source_of(sample, (Modality.VISUAL,)) is None
    both = Source(path=Path("a.wav"), text="words")
    assert source_of(sample, (Modality.TEXT, Modality.AUDIO)) == both
    clip = Sample("a", {}, "test", "g", paths={"video": "a.mp4", "audio": "a.wav"})
    assert source_of(clip, (Modality.AUDIO,)) == Source(path=Path("a.mp4"))
    assert source_of(clip, (Modality.TEXT,)) is None
