import subprocess
import sys

import pytest

from affect_llm.cues.families import families
from affect_llm.cues.family import CueFamily
from affect_llm.cues.kinds import PROBABILITY, CueKind
from affect_llm.cues.scales import ANGLE, BIPOLAR, DEVIATION, FACS, LIKELIHOOD, SHARE, Scale
from affect_llm.errors import ConfigError
from affect_llm.prompting.checker.levels import allowed_words
from affect_llm.registry import Registry
from affect_llm.types import Modality

DEGREES = Scale("made up", ((1, "none"), (2, "faint"), (3, "plain"), (9, "full")), "test",
                absent=frozenset({"none"}))  # fmt: skip


def modules_after(code: str) -> set[str]:
    ask = f"import sys\n{code}\nprint(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    return set(out.stdout.split())


def test_declarations_import_no_extractor() -> None:
    loaded = modules_after("from affect_llm.cues.families import families; families()")
    rooms = {name.split(".")[-1] for name in loaded if name.startswith("affect_llm.cues.")}
    assert "family" in rooms
    assert not rooms & {"light", "landmarked", "network", "prosody", "recognition", "clip_model"}
    assert not loaded & {"torch", "transformers", "scipy", "av", "cv2"}


def test_help_reads_no_declaration() -> None:
    code = (
        "from affect_llm.cli import main\nsys.argv = ['affect-llm', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass"
    )
    assert not [name for name in modules_after(code) if name.endswith(".family")]


@pytest.mark.parametrize("family", families(), ids=lambda family: family.name)
def test_associations_and_words_are_about_kinds_of_the_family(family: CueFamily) -> None:
    kinds = {kind.name for kind in family.kinds}
    assert {kind for row in family.associations.values() for kind in row} <= kinds
    assert {*family.words.heads, *family.words.questions, *family.words.clauses} <= kinds


@pytest.mark.parametrize(
    ("scale", "value", "strength", "evidence"),
    [
        (FACS, 0.2, 0.04, -0.3),
        (FACS, 4.0, 0.8, 1.0),
        (DEVIATION, -1.0, 1 / 3, -0.5),
        (DEVIATION, 0.4, 0.4 / 3, 0.0),
        (LIKELIHOOD, 0.1, 0.1, -0.5),
        (LIKELIHOOD, 0.7, 0.7, 0.7),
        (BIPOLAR, -0.5, 0.5, -0.5),
        (SHARE, 0.2, 0.2, 0.0),
        (ANGLE, 60.0, 1.0, 0.0),
    ],
)
def test_strength_and_evidence_are_two_things(
    scale: Scale, value: float, strength: float, evidence: float
) -> None:
    assert scale.strength(value) == pytest.approx(strength)
    assert scale.evidence(value) == pytest.approx(evidence)


@pytest.mark.parametrize(
    ("level", "degree", "words"),
    [
        ("mention", None, {"faint", "plain", "full"}),
        ("absent", None, {"none"}),
        ("mention", "faint", {"faint", "plain"}),
        ("mention", "full", {"plain", "full"}),
        ("mention", "strong", {"plain", "full"}),
        ("low", None, {"none", "faint", "plain"}),
    ],
)
def test_a_scale_without_a_table_is_read_by_the_general_rule(
    level: str, degree: str | None, words: set[str]
) -> None:
    assert allowed_words(DEGREES, level, degree) == words


@pytest.mark.parametrize(
    ("letter", "family"), [("h", "hands"), ("HH", "hands"), ("H", "two words")]
)
def test_what_prompts_could_not_print_is_refused(letter: str, family: str) -> None:
    kind = CueKind("hands.up", Modality.VISUAL, family, "raised hand", PROBABILITY, LIKELIHOOD)
    with pytest.raises(ConfigError, match="hands"):
        CueFamily(
            name="hands",
            modality=Modality.VISUAL,
            letter=letter,
            kinds=(kind,),
            extractors=Registry("hand extractors", {}),
            default=lambda _: "none",
        )
