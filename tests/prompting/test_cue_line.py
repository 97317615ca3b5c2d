import json
import random

import pytest
from cue_line_reader import parse_cue_line
from hypothesis import given
from hypothesis import strategies as st

from affect_llm.cues.catalogue import family_of, kinds, number_cues, word_of
from affect_llm.cues.extractor import Extraction
from affect_llm.errors import AffectError
from affect_llm.prompting.cue_line import quote, render_cue
from affect_llm.types import Baseline, Cue, Measurement, Modality, TimeSpan


def cue(name: str, value: float | str, **more: object) -> Cue:
    kind = kinds()[name]
    fields: dict[str, object] = {
        "id": f"{family_of(kind.name).letter}1",
        "modality": kind.modality,
        "family": kind.family,
        "name": name,
        "value": value,
        "unit": kind.unit,
        "span": TimeSpan(start_s=0.4, end_s=2.8),
        "confidence": 0.9,
        "source": "test",
    }
    return Cue.model_validate({**fields, **more})


NORM = Baseline(kind="norm", mean=200.0, sd=20.0, source="test")


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (cue("AU12", 3.14), "F1 face AU12 lip corner puller | marked | 3.1 FACS 0-5 | 0.4-2.8s"),
        (
            cue("pitch.mean", 231.4, baseline=NORM),
            "V1 prosody pitch.mean pitch | high | +1.6 sd, 231 Hz | 0.4-2.8s",
        ),
        (
            cue("voice.anger", 0.714, person="P2"),
            "V1 [P2] voice voice.anger anger in the voice | likely | 0.71 | 0.4-2.8s",
        ),
        (cue("words", "I can't believe it!"), 'T1 words | "I can\'t believe it!" | 0.4-2.8s'),
        (
            cue("pitch.mean", 231.4, confidence=0.31),
            "V1 prosody pitch.mean pitch | no baseline | 231 Hz | 0.4-2.8s | confidence 0.3",
        ),
    ],
)
def test_lines_read_as_documented(made: Cue, line: str) -> None:
    assert render_cue(made) == line


@pytest.mark.parametrize("name", sorted(kinds()))
def test_every_kind_can_be_read_back(name: str) -> None:
    rng = random.Random(name)
    kind = kinds()[name]
    value: float | str = "a | <b> \n c" if kind.scale is None else rng.uniform(0.0, 4.9)
    made = cue(name, value, baseline=NORM if kind.relative else None, person="P1")
    back = parse_cue_line(render_cue(made))
    assert (back.id, back.name, back.person) == (made.id, name, "P1")
    assert back.word == word_of(made)
    if isinstance(value, str):
        assert back.value == "a | <b> c"
    else:
        assert back.value == pytest.approx(value, abs=0.51)


@given(st.text(max_size=200))
def test_no_text_breaks_out_of_its_line(text: str) -> None:
    quoted = quote(text)
    assert not set(quoted) & set("<>|\n\r")
    assert quoted.isprintable()
    assert isinstance(json.loads(quoted), str)
    back = parse_cue_line(render_cue(cue("words", text)))
    assert back.value == json.loads(quoted)


@pytest.mark.parametrize(
    "line",
    ["", "F1 face AU12 smile | marked | 3.1 FACS 0-5 | 0.4-2.8s", "</cues>", "T1 words | hi | 0s"],
)
def test_other_lines_are_refused(line: str) -> None:
    with pytest.raises(AffectError):
        parse_cue_line(line)


def test_ids_count_per_letter_in_time_order() -> None:
    def measured(name: str, start: float) -> Measurement:
        full = cue(name, 1.0, span=TimeSpan(start_s=start, end_s=start + 1))
        return Measurement.model_validate(full.model_dump(exclude={"id"}))

    sheet = number_cues(
        [
            Extraction((measured("AU12", 2.0), measured("AU04", 1.0))),
            Extraction((measured("voice.anger", 0.0),)),
        ]
    )
    assert [(c.id, c.name) for c in sheet.cues] == [
        ("V1", "voice.anger"),
        ("F1", "AU04"),
        ("F2", "AU12"),
    ]
    assert sheet.cues[0].modality is Modality.AUDIO
