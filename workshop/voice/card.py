"""The model card that lies beside the weights."""

from dataclasses import dataclass
from pathlib import Path

from affect_llm.cues.voice.head import read_config
from workshop.voice.baselines import svm_recall
from workshop.voice.clips import read_clips
from workshop.voice.evaluation import Result, evaluate, read_scored

_TEXT = """# Voice head

Scores eight emotions, arousal and valence from speech. Made by
`python -m workshop voice-head --kit DIR --out DIR --bank DIR`; weights sha256 `{sha256}`.

**Network.** {members} networks that differ in their seed, each with strided convolutions over
log-mel bands, pitch, voicing and level, as they are and relative to their mean (40 ms steps,
attention pooling), beside a hidden layer on {summary} functionals of our own; logits averaged;
temperature {temperature:.3f}.

**Data and terms.** RAVDESS speech (Livingstone, Russo 2018; CC BY-NC-SA 4.0), actors 01-12;
Berlin Emo-DB (Burkhardt et al. 2005; free from TU Berlin, no formal licence text), speakers 03,
08, 09, 10. The terms of the data go with the weights: non-commercial use, share alike.
Six varied copies of each clip (speed, spectral tilt, reverberation, noise, gain), masking, mixing.

**Arousal and valence** are not annotated in either corpus. Their targets are the values of the
emotion's word in Russell and Mehrabian (1977), times 1.2 for RAVDESS's strong and 0.8 for its
normal intensity. They say where a voice lies among acted emotions, not what listeners rated.

**Choices** (inputs, epochs, temperature) were made by folds grouped by speaker within
the training speakers. RAVDESS actors 13-16 and Emo-DB speakers 11 and 12 took no part in them.

| unweighted recall | clips | speakers | recall | 95 % interval | calibration error |
|---|---|---|---|---|---|
{rows}
| RAVDESS 13-16, commonest label | | | 0.125 | | |
| RAVDESS 13-16, our functionals + SVM | | | {svm} | | |

Test rows are measured through `VoiceCues.extract` with these weights; training rows are from
folds that did not hear the speaker. Intervals resample speakers; with four (two) they are rough.

**What it cannot do.** It learnt acted emotion from sixteen speakers in two languages, most of it
two sentences. On spontaneous speech, other languages, children, whispering, singing, several
voices at once or music it is untested. Boredom and other states outside the eight have no score.
It hears how something is said, not what; its scores are cues, not findings about a person.
"""


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    corpus: str
    split: str


_ROWS = (
    _Row("RAVDESS 13-16, never used", "ravdess", "test"),
    _Row("Emo-DB 11-12, never used (six of its seven labels)", "emodb", "test"),
    _Row("RAVDESS 01-12, out of fold", "ravdess", "train"),
    _Row("Emo-DB 03, 08-10, out of fold", "emodb", "train"),
)


def write_card(data: Path, head: Path, bank: Path, features: Path) -> Path:
    """Measure the head from its bank and write `README.md` into its folder."""
    config = read_config(head)
    rows = [_line(row.name, evaluate(read_scored(bank, row.corpus, row.split))) for row in _ROWS]
    text = _TEXT.format(
        sha256=config.sha256,
        members=config.members,
        summary=config.summary,
        temperature=config.temperature,
        rows="\n".join(rows),
        svm=_number(svm_recall(read_clips(data), features)),
    )
    path = head / "README.md"
    path.write_text(text, encoding="utf-8")
    return path


def _line(name: str, result: Result) -> str:
    spread = "–" if result.interval is None else "{:.3f}-{:.3f}".format(*result.interval)
    uar, error = _number(result.uar), _number(result.calibration_error)
    return f"| {name} | {result.clips} | {result.speakers} | {uar} | {spread} | {error} |"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
