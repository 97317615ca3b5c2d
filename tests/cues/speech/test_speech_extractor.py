import pytest
from speech_clips import clip_of, syllables, text_clip, white

from affect_llm.config import Settings
from affect_llm.cues.catalogue import kind_of, number_cues
from affect_llm.cues.families import extractors_for
from affect_llm.cues.speech import extractor as extractor_module
from affect_llm.cues.speech.extractor import SpeechCues
from affect_llm.cues.speech.recognition import compression_of, is_speech
from affect_llm.cues.speech.sentences import MAX_CHARS, pieces_of, split_sentences
from affect_llm.cues.speech.transcriber import SPEECH, RecognisedSegment
from affect_llm.errors import UnknownComponent, WeightsError
from affect_llm.types import Clip, Modality, TimeSpan, TranscriptSegment

WHOLE = [TimeSpan(start_s=0, end_s=60)]


def said(text: str, start_s: float = 0, end_s: float = 10) -> TranscriptSegment:
    span = TimeSpan(start_s=start_s, end_s=end_s)
    return TranscriptSegment(text=text, span=span, source="sidecar")


def test_the_transcript_wins_over_what_is_heard() -> None:
    clip = clip_of(syllables(4.0), (said("Leave me alone!", 1, 2),))
    (found,) = SpeechCues("fake").extract(clip, WHOLE).measurements
    assert found.value == "Leave me alone!"
    assert found.span == TimeSpan(start_s=1, end_s=2)
    assert found.confidence == 1.0
    assert found.source == "speech@1#sidecar"


def test_a_text_alone_is_a_cue_at_zero() -> None:
    windows = [TimeSpan(start_s=0, end_s=0)]
    found = SpeechCues().extract(text_clip("I won. I really won!"), windows)
    assert [m.value for m in found.measurements] == ["I won.", "I really won!"]
    assert {(m.span.start_s, m.span.end_s) for m in found.measurements} == {(0, 0)}
    assert [c.id for c in number_cues([found]).cues] == ["T1", "T2"]
    assert found.absent == ()


def test_every_cue_is_of_the_catalogue() -> None:
    (found,) = (
        SpeechCues().extract(text_clip("Hello."), [TimeSpan(start_s=0, end_s=0)]).measurements
    )
    kind = kind_of(found.name)
    assert (kind.modality, kind.family, kind.unit) == (found.modality, found.family, found.unit)


def test_a_text_over_the_whole_clip_is_shared_out_among_the_windows() -> None:
    windows = [TimeSpan(start_s=0, end_s=20), TimeSpan(start_s=20, end_s=40)]
    clip = clip_of(white(0.1, 0.1), (said("Sentence one is here. Sentence two is here.", 0, 40),))
    found = SpeechCues().extract(clip, windows).measurements
    assert [m.span.start_s for m in found] == pytest.approx([0, 20], abs=1)
    for measurement in found:
        inside = [w for w in windows if w.start_s <= measurement.span.start_s]
        assert any(measurement.span.end_s <= w.end_s for w in inside)


def test_words_outside_the_windows_are_left_out() -> None:
    clip = clip_of(white(0.1, 0.1), (said("In.", 1, 2), said("Out.", 50, 52)))
    found = SpeechCues().extract(clip, [TimeSpan(start_s=0, end_s=20)]).measurements
    assert [m.value for m in found] == ["In."]


def test_without_words_and_recogniser_it_says_what_to_do() -> None:
    (absence,) = SpeechCues().extract(clip_of(syllables(2.0)), WHOLE).absent
    assert absence.modality is Modality.TEXT
    assert absence.state == "absent"
    assert absence.reason == (
        "no transcript came with the clip and no speech recogniser is installed"
    )
    assert "affect-llm models pull" in str(absence.remedy)


def test_switched_off_is_not_asked() -> None:
    (absence,) = SpeechCues("off").extract(clip_of(syllables(2.0)), WHOLE).absent
    assert absence.state == "not_asked"


def test_a_clip_without_sound_is_absent() -> None:
    silent = Clip(id="0" * 64, name="p.png", duration_s=0, modalities=frozenset({Modality.VISUAL}))
    (absence,) = SpeechCues("fake").extract(silent, WHOLE).absent
    assert "no sound" in absence.reason


def test_weights_that_are_not_there_are_an_absence() -> None:
    (absence,) = SpeechCues("openai-whisper:base").extract(clip_of(syllables(2.0)), WHOLE).absent
    assert absence.state == "failed"
    assert "whisper-base" in absence.reason


def test_heard_words_come_as_sentences_with_their_times(monkeypatch: pytest.MonkeyPatch) -> None:
    cues = SpeechCues("fake:I am fine. Thank you so much.")
    found = cues.extract(clip_of(syllables(4.0)), WHOLE).measurements
    assert [m.value for m in found] == ["I am fine.", "Thank you so much."]
    assert found[0].span.end_s == pytest.approx(4.0 * 3 / 7)
    assert found[0].confidence == pytest.approx(0.905, abs=0.001)
    assert found[0].source == "speech@1#fake@1"
    monkeypatch.setattr(extractor_module, "recognise", None)
    given = cues.transcript(text_clip("x"))
    assert given[0][0].text == "x", "no recogniser is asked for a text"


def test_a_recogniser_that_was_named_is_opened_at_once() -> None:
    with pytest.raises(WeightsError, match="whisper-base"):
        extractors_for(Settings(speech="openai-whisper:base", modalities=(Modality.TEXT,)))
    extractors, _ = extractors_for(Settings(speech="off", modalities=(Modality.TEXT,)))
    (found,) = extractors[0].extract(text_clip("Given words stay."), WHOLE).measurements
    assert found.value == "Given words stay."


def test_an_unknown_recogniser_is_refused_at_once() -> None:
    with pytest.raises(UnknownComponent, match="Did you mean 'openai-whisper'"):
        SpeechCues("openai-wisper")
    assert SPEECH.names() == ("fake", "faster-whisper", "openai-whisper", "transformers")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ('He said "no." Then left.', ['He said "no."', "Then left."]),
        ("我很好。你呢？", ["我很好。", "你呢？"]),
        ("3.5 metres", ["3.5 metres"]),
        ("no end", ["no end"]),
        ("   ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert split_sentences(text) == expected


@pytest.mark.parametrize("text", ["a" * 950, "word " * 190, "clause, " * 120, "句" * 700])
def test_long_sentences_are_cut_and_nothing_is_lost(text: str) -> None:
    pieces = split_sentences(text)
    assert all(0 < len(piece) <= MAX_CHARS for piece in pieces)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")


def test_pieces_keep_order_and_fill_their_segment() -> None:
    segment = said("One two three. Four five. Six.", 3, 9)
    pieces = list(pieces_of([segment]))
    assert pieces[0].span.start_s == 3
    assert pieces[-1].span.end_s == pytest.approx(9)
    assert [p.span.start_s for p in pieces][1:] == [p.span.end_s for p in pieces][:-1]


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({}, True),
        ({"no_speech": 0.9, "mean_logprob": -1.2}, False),
        ({"no_speech": 0.9}, True),
        ({"mean_logprob": -1.5}, False),
        ({"compression": 3.0}, False),
        ({"text": " ... "}, False),
        ({"start_s": 7.0, "end_s": 7.9}, False),
    ],
)
def test_the_published_thresholds(changes: dict[str, float | str], kept: bool) -> None:
    import numpy as np

    from affect_llm.cues.speech.recognition import SoundChunk

    mask = np.zeros(800, dtype=np.bool_)
    mask[:400] = True
    base: dict[str, object] = {
        "text": "Hello there.",
        "start_s": 0.0,
        "end_s": 4.0,
        "language": "en",
        "no_speech": 0.1,
        "mean_logprob": -0.3,
        "compression": 1.1,
    }
    heard = RecognisedSegment(**{**base, **changes})  # type: ignore[arg-type]
    assert is_speech(heard, SoundChunk(0.0, np.zeros(128_000, dtype=np.float32), mask)) is kept


def test_repetition_compresses() -> None:
    assert compression_of("thank you " * 30) > 2.4
    assert compression_of("They never told me where the keys were.") < 1.3
    assert compression_of("") == 0
