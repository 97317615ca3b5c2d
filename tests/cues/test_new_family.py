"""A kind of cue that the package has never heard of: one new file and one row of a table."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

HERE = Path(__file__).parent


def install(package: Path, rows: str) -> None:
    """Make `package` an installed one that registers families; its module lies there already."""
    information = package / "hands-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: hands\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text(f"[affect_llm.cue_families]\n{rows}\n")


def python(package: Path, *args: str | Path) -> str:
    """Run Python with `package` on the path; return what it prints, warnings included."""
    path = os.pathsep.join([str(HERE.parents[1]), str(package)])
    done = subprocess.run(
        [sys.executable, *args],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `gestures_used.py` prints beside an installed package that registers the family."""
    package = tmp_path_factory.mktemp("package")
    copy(HERE / "gestures.py", package)
    install(package, "gestures = gestures:GESTURES")
    printed: dict[str, Any] = json.loads(python(package, HERE / "gestures_used.py"))
    return printed


def test_the_page_on_adding_a_family_works_as_it_stands(tmp_path: Path) -> None:
    page = (HERE.parents[1] / "docs" / "adding-a-cue-family.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(\w+)\n(.*?)```", page, flags=re.DOTALL)
    module, check = (text for language, text in blocks if language == "python")
    entry, settings = (text for language, text in blocks if language == "toml")
    (tmp_path / "hands.py").write_text(module)
    (tmp_path / "check.py").write_text(check)
    (tmp_path / "affect-llm.toml").write_text(settings)
    install(tmp_path, entry.splitlines()[-1].replace('"', ""))
    python(tmp_path, tmp_path / "check.py")
    call = "from affect_llm.cli import main; main()"
    common = ("analyze", "--text", "Here!", "--config", tmp_path / "affect-llm.toml", "--json")
    for reasoner, ids in (("fake", ["T1", "H1"]), ("embedded", ["T1"])):
        answer = python(tmp_path, "-c", call, *common, "--reasoner", reasoner)
        assert [cue["id"] for cue in json.loads(answer)["sheet"]["cues"]] == ids


@pytest.mark.parametrize(
    ("module", "sentence"),
    [
        ("raise RuntimeError('broken')", "cannot be loaded: RuntimeError: broken"),
        ("HANDS = 1", "is no CueFamily of that name"),
        (
            "from affect_llm.cues.face.family import FACE\n"
            "from dataclasses import replace\n"
            "HANDS = replace(FACE, name='hands')",
            "has the letter 'F', which another one has too",
        ),
    ],
)
def test_a_family_that_cannot_be_used_costs_only_those_who_ask(
    module: str, sentence: str, tmp_path: Path
) -> None:
    (tmp_path / "hands.py").write_text(module)
    install(tmp_path, "hands = hands:HANDS")
    code = (
        "from affect_llm.config import Settings\n"
        "from affect_llm.errors import ConfigError\n"
        "from affect_llm.cues.families import check_names\n"
        "check_names(Settings())\n"
        "try:\n"
        "    check_names(Settings(cues={'hands': 'auto'}))\n"
        "except ConfigError as error:\n"
        "    print('asked:', error)\n"
    )
    assert sentence in python(tmp_path, "-c", code).partition("asked:")[2]


def test_a_prompt_has_its_lines(told: dict[str, Any]) -> None:
    lines = told["prompt"].splitlines()
    assert "G1 gestures gesture.fist clenched fist | very likely | 0.95 | 0.0-0.0s" in lines
    assert "G3 gestures gesture.vigour hand movement | vivid | 0.7 m/s | 0.0-0.0s" in lines
    assert "G2 gestures gesture.away turning of the hands | much | 0.60 share | 0.0-0.0s" in lines
    assert "G4 gestures gesture.anger anger in the hands | likely | 0.70 | 0.0-0.0s" in lines


def test_the_checker_knows_what_may_be_said_of_it(told: dict[str, Any]) -> None:
    assert told["rulings"] == {
        "The clenched fist is likely.": "supported",
        "There is a clenched fist.": "supported",
        "The clenched fist is unlikely.": "contradicted",
        "The hand movement is vivid.": "supported",
        "The hand movement is still.": "contradicted",
        "Anger in the hands is likely.": "supported",
        "Anger in the hands is very unlikely.": "contradicted",
        "The clenched fist suggests anger.": "supported",
        "The smile is marked.": "unsupported",
        "The shoulders are raised [G1].": "unsupported",
    }


def test_explanations_tell_it_in_sentences_that_hold(told: dict[str, Any]) -> None:
    assert told["wrong"] == []
    for phrase in ("clenched fist", "turning of the hands", "hand movement", "nger in the hands"):
        assert any(phrase in text for text in told["written"])
    assert any("clenched fist" in text for text in told["offered"])


def test_a_reasoner_that_reads_anything_is_shown_it(told: dict[str, Any]) -> None:
    assert told["fake"]["ids"] == ["T1", "G1", "G2", "G3", "G4"]
    assert told["fake"]["page"] > 0
    assert told["fake"]["reply"]["unparsed"] is None


def test_one_that_never_learned_it_is_not_and_the_sheet_says_so(told: dict[str, Any]) -> None:
    assert told["embedded"]["ids"] == ["T1"]
    assert told["embedded"]["support"] == ["supported"] * len(told["embedded"]["support"])
    assert told["embedded"]["absent"][-1] == [
        "gestures",
        "not_asked",
        "the reasoner 'embedded' has not learned to read these cues",
    ]


def test_judges_and_report_read_the_specification(told: dict[str, Any]) -> None:
    assert told["clues"] == ["gesture.fist absent/low"]
    assert told["lanes"] == ["words", "gestures"]
    assert told["strengths"] == [1.0, 0.95, 0.6, 0.7, 0.7]
    assert told["described"][2:4] == [
        "turning of the hands, much: 60 %",
        "hand movement, vivid: 0.70 m/s",
    ]


def test_it_is_chosen_by_the_general_setting(told: dict[str, Any]) -> None:
    assert told["settings"]["off"] == ["speech", "scene"]
    extractor, family, shipped = told["settings"]["refused"]
    assert extractor.startswith("There is no 'toi' among the gesture extractors. Did you mean")
    assert family.startswith("There is no 'gesture' among the further cue families. Did you mean")
    assert shipped == "'face' is no entry of 'cues' but a setting of its own."
