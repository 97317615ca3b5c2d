import json
from pathlib import Path

import numpy as np
import pytest
from stub_product import EVERYTHING, StubProduct, make_from, words

from affect_llm.config import Settings
from affect_llm.errors import DataError
from affect_llm.evaluation.composed.banks import CuePiece, read_banks
from affect_llm.evaluation.composed.clips import compose
from affect_llm.evaluation.composed.controls import (
    Deletion,
    chance_agreement,
    changed,
    deletion_share,
    deletions,
    wrong_pairs,
)
from affect_llm.evaluation.composed.measurement import measure_composed
from affect_llm.evaluation.prediction import Prediction
from affect_llm.evaluation.prediction_scores import unfaithful_share
from affect_llm.labels.sets import SETS
from affect_llm.types import Measurement, Modality, Sentence, TimeSpan

EMOTIONS = ("anger", "happiness", "sadness")
HEAD = "Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID\n"


def score_of(emotion: str, modality: Modality) -> Measurement:
    prefix = "voice" if modality is Modality.AUDIO else "face"
    return Measurement(
        modality=modality,
        family=prefix,
        name=f"{prefix}.{emotion}",
        value=0.9,
        unit="p",
        span=TimeSpan(start_s=0, end_s=2),
        confidence=1,
        source="stub@1",
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Banks and MELD with two pieces per emotion, one of them for training."""
    for name, modality in (("voice", Modality.AUDIO), ("face", Modality.VISUAL)):
        rows = [
            {
                "id": f"{emotion}-{split}",
                "emotion": emotion,
                "split": split,
                "extractor": "light",
                "measurements": [score_of(emotion, modality).model_dump(mode="json")],
            }
            for emotion in EMOTIONS
            for split in ("train", "test")
        ]
        (tmp_path / name).mkdir()
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (tmp_path / name / "bank.jsonl").write_text(text)
    lines = [f"pure {e},A,{e},neutral,{n},0\n" for n, e in enumerate(("anger", "joy", "sadness"))]
    (tmp_path / "dev_sent_emo.csv").write_text(HEAD + "".join(lines))
    return tmp_path


def clips(folder: Path, count: int = 200):
    banks = read_banks(folder, folder)
    return compose(banks, SETS["ekman7"], count, np.random.default_rng(1))


def test_banks_hold_only_what_is_held_out(folder):
    banks = read_banks(folder, folder)
    assert {p.id for ps in banks[Modality.AUDIO].values() for p in ps} == {
        f"{emotion}-test" for emotion in EMOTIONS
    }
    assert set(banks[Modality.TEXT]) == set(EMOTIONS)


def test_a_missing_or_broken_bank_is_named(folder):
    bank = folder / "voice" / "bank.jsonl"
    for text, said in (("{}\n", "line 1 is no row"), ("", "no row with measurements")):
        bank.write_text(text)
        with pytest.raises(DataError, match=said):
            read_banks(folder, folder)
    bank.unlink()
    with pytest.raises(DataError, match=r"bank\.jsonl is missing"):
        read_banks(folder, folder)


def test_clips_agree_unless_they_have_no_gold(folder):
    made = clips(folder)
    alike = {"joy": "happiness"}
    for clip in made:
        shown = {c.name.split(".")[-1] for c in clip.sheet.cues if c.name != "words"}
        spoken = {str(c.value).split()[-1] for c in clip.sheet.cues if c.name == "words"}
        emotions = shown | {alike.get(word, word) for word in spoken}
        agreed = {alike.get(clip.gold, clip.gold)} if clip.gold else None
        assert emotions == agreed if agreed else len(emotions) == 2
    assert 10 < sum(clip.gold is None for clip in made) < 60


def test_modalities_that_are_not_there_are_named_absent(folder):
    for clip in clips(folder, 50):
        present = {cue.modality for cue in clip.sheet.cues}
        absent = {absence.modality for absence in clip.sheet.absent}
        assert present
        assert present | absent == {Modality.TEXT, Modality.AUDIO, Modality.VISUAL}
        assert not present & absent


def test_words_and_still_pictures_last_as_long_as_the_clip(folder):
    both = {Modality.TEXT, Modality.AUDIO}
    for clip in clips(folder, 50):
        spans = {cue.modality: cue.span.end_s for cue in clip.sheet.cues}
        if both <= set(spans):
            assert spans[Modality.TEXT] == spans[Modality.AUDIO] == 2
            return
    raise AssertionError("no clip with words and a voice")


def test_the_same_state_composes_the_same_clips(folder):
    assert clips(folder) == clips(folder)


def test_banks_that_share_no_emotions_are_refused():
    piece = {"anger": (CuePiece("a", "anger", (words("x"),)),)}
    banks = {m: piece for m in (Modality.TEXT, Modality.AUDIO, Modality.VISUAL)}
    with pytest.raises(DataError, match=r"share only \['anger'\]"):
        compose(banks, SETS["ekman7"], 1, np.random.default_rng(1))


def test_wrong_pairs_keep_no_cues_and_all_labels(folder):
    made = clips(folder, 30)
    pairs = wrong_pairs(made, np.random.default_rng(2))
    assert [pair.gold for pair in pairs] == [clip.gold for clip in made]
    assert all(pair.sheet is not clip.sheet for pair, clip in zip(pairs, made, strict=True))
    assert {id(p.sheet) for p in pairs} == {id(c.sheet) for c in made}


def prediction(gold: str, shown: str, *sentences: Sentence) -> Prediction:
    return Prediction(
        id=gold, group=gold, gold=gold, state="answered", label=shown, explanation=sentences
    )


def sentence(text: str, *cue_ids: str, support: str = "supported") -> Sentence:
    return Sentence(text=text, cue_ids=cue_ids, span=EVERYTHING, support=support)


def test_chance_is_what_dealing_out_the_answers_would_get():
    answers = [prediction("joy", "joy"), prediction("joy", "anger"), prediction("anger", "joy")]
    # joy: 2/3 of the gold and 2/3 of the answers; anger: 1/3 and 1/3
    assert chance_agreement(answers) == pytest.approx(5 / 9)
    assert chance_agreement([]) is None


def test_sentences_without_support_are_counted():
    answers = [
        prediction("a", "a", sentence("x", "F1"), sentence("y", support="unsupported")),
        prediction("b", "b", sentence("z", "F1", support="contradicted"), sentence("x", "F1")),
        prediction("c", "c"),
    ]
    score = unfaithful_share(answers)
    assert (score.value, score.n) == (pytest.approx(2 / 4), 4)
    assert score.skipped == {"answered, no sentences": 1}
    assert unfaithful_share([]).value is None


def test_a_deletion_takes_one_cue_and_renames_none(folder):
    clip = next(c for c in clips(folder) if len(c.sheet.cues) == 3)
    spoken = sentence("She says so.", "T1", "F9")
    (made,) = deletions([clip], [prediction("a", "a", spoken, sentence("no cue"))], 9)
    assert made.cue_id == "T1"
    assert {cue.id for cue in made.changed_clip.sheet.cues} == {
        cue.id for cue in clip.sheet.cues
    } - {"T1"}
    assert made.changed_clip.sheet.absent == clip.sheet.absent


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ((), True),
        ((sentence("The voice is calm.", "V2"),), True),
        ((sentence("The voice is loud.", "V2"),), False),
        ((sentence("The voice is quiet.", "V1"),), False),
    ],
)
def test_a_sentence_that_stays_or_still_cites_the_cue_is_not_changed(folder, after, expected):
    clip = clips(folder, 1)[0]
    made = Deletion("d", clip, "V1", sentence("The voice is loud.", "V1"))
    assert changed(made, prediction("a", "a", *after)) is expected


def test_unread_counterfactuals_are_left_out(folder):
    clip = clips(folder, 1)[0]
    made = Deletion("d", clip, "V1", sentence("x", "V1"))
    unread = Prediction(id="d", group="d", gold="", state="unparsed")
    score = deletion_share([made, made], [prediction("a", "a"), unread])
    assert (score.value, score.n, score.skipped) == (1.0, 1, {"unparsed": 1})


def test_a_product_that_follows_its_cues_passes_every_control(folder):
    product = StubProduct(Settings())
    found = measure_composed(
        folder, folder, folder / "out", Settings(), make=make_from(product), limit=120
    )
    assert found.accuracy.value == 1.0
    assert found.wrong_pairing.value == pytest.approx(found.chance, abs=0.15)
    assert found.unfaithful.value == 0.0
    assert found.deletion.value == 1.0
    assert found.deletion.n > 100


def test_a_product_that_knows_clips_by_name_is_found_out(folder):
    class Cheat(StubProduct):
        seen: dict[str, str] = {}  # noqa: RUF012

        def explain(self, sheet, clip_id):
            answer = super().explain(sheet, clip_id)
            label = self.seen.setdefault(clip_id, answer.labels[0])
            return answer.model_copy(update={"labels": (label,)})

    found = measure_composed(
        folder, folder, folder / "out", Settings(), make=make_from(Cheat(Settings())), limit=120
    )
    assert found.wrong_pairing.value == 1.0
    assert found.chance < 0.6


def test_composed_clips_resume(folder):
    first = StubProduct(Settings())
    arguments = (folder, folder, folder / "out", Settings())
    whole = measure_composed(*arguments, make=make_from(first), limit=20)
    again = StubProduct(Settings())
    assert measure_composed(*arguments, make=make_from(again), limit=20) == whole
    assert first.asked
    assert again.asked == []
