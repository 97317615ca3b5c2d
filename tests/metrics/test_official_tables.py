"""Reading and keeping the official word tables, on made-up ones."""

import json
import shutil
import sys

import made_up_tables
import pytest

from affect_llm.errors import DataError, MissingExtra
from affect_llm.labels.official import official_tables
from affect_llm.labels.official.official_tables import load_table
from affect_llm.labels.official.tables_2025 import read_tables_2025
from affect_llm.labels.official.tables_2026 import read_tables_2026
from affect_llm.metrics.emotion_wheel import OfficialVocabulary


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return made_up_tables.write_folder(tmp_path_factory.mktemp("wheels"))


@pytest.fixture
def copy(folder, tmp_path):
    return shutil.copytree(folder, tmp_path / "copy")


def test_blank_cells_repeat_the_one_above_and_the_later_place_wins(folder):
    rings = read_tables_2025(folder).rings
    assert rings["M3-W1-L1"]["cosy"] == "glad"
    assert rings["M3-W1-L1"]["mellow"] == "low"
    assert rings["M3-W1-L2"]["mellow"] == "grey"
    assert rings["M3-W1-L2"]["tearful"] == "blue"


def test_an_inner_word_goes_to_the_alphabetically_first_middle_word(folder):
    """Not to the first in the sheet: "glad" has "warm", then "bright"."""
    rings = read_tables_2025(folder).rings
    assert rings["M3-W1-L2"]["glad"] == "bright"
    assert rings["M3-W1-L1"]["glad"] == "glad"


def test_synonyms_are_paired_within_a_run(folder):
    """Runs order their words differently; a pair read across runs would be wrong."""
    synonyms = read_tables_2025(folder).synonyms
    assert synonyms["merry"] == ("glad",)
    assert synonyms["pale"] == ("grey", "stormy")
    assert synonyms["faded"] == ("grey",)
    assert synonyms["warm"] == ("glad", "warm")


def test_every_base_is_its_own_form_and_forms_collect_bases(folder):
    bases = read_tables_2025(folder).bases
    assert bases["faded"] == ("faded",)
    assert bases["merrier"] == ("flat", "merry")
    assert bases["it’s sunny"] == bases["sun-lit"] == ("sunny",)


@pytest.mark.parametrize(
    ("word", "metric", "group"),
    [
        ("merrier", "M1", "flat"),
        ("merrier", "M2", "dull"),
        ("merrier", "M3-W1-L1", "low"),  # dull before glad
        ("merrier", "M3-W1-L2", "grey"),
        ("merrier", "M3-W3-L1", "glad"),  # dull is not on wheel 3
        ("rosy", "M1", "aglow"),
        ("rosy", "M2", "sunny"),  # of aglow alone, though merry leads to glad
        ("rosy", "M3-W1-L2", "bright"),
        ("blue", "M2", "blue"),
        ("paleness", "M2", "grey"),
        ("paleness", "M3-W1-L1", "low"),
        ("paleness", "M3-W2-L1", "stormy"),  # grey is not on wheel 2
        ("paleness", "M3-W5-L1", None),
        ("warm", "M3-W1-L2", "bright"),  # through glad, which sorts before warm
        ("  WARMTH ", "M3-W3-L1", "glad"),
        ("it's sunny", "M1", None),  # the table has a curly apostrophe
        ("unheard of", "M1", None),
        ("", "M1", None),
    ],
)
def test_words_find_their_groups(folder, tmp_path, word, metric, group):
    assert OfficialVocabulary.official("2025", folder, tmp_path).group(word, metric) == group


def test_the_2026_layout_gives_the_same_groups(folder, tmp_path):
    tables = read_tables_2025(folder)
    twice = {form: [*reversed(bases), *bases] for form, bases in tables.bases.items()}
    lists = {base: list(reversed(words)) for base, words in tables.synonyms.items()}
    made_up_tables.write_mapping(tmp_path / "wheel_mapping.npz", twice, lists, tables.rings)
    again = read_tables_2026(tmp_path)
    assert (again.bases, again.synonyms) == (tables.bases, tables.synonyms)
    assert again.rings == tables.rings
    assert (
        OfficialVocabulary.official("2026", tmp_path, tmp_path).group("paler", "M3-W2-L1")
        == "stormy"
    )


def test_unknown_metric_and_edition_are_named(folder, tmp_path):
    vocabulary = OfficialVocabulary.official("2025", folder, tmp_path)
    with pytest.raises(DataError, match="no metric 'M4'; there are M1, M2, M3-W1-L1"):
        vocabulary.group("warm", "M4")
    with pytest.raises(DataError, match=r"no edition '2024'.*2025 and 2026"):
        OfficialVocabulary.official("2024", folder, tmp_path)


@pytest.mark.parametrize("name", ["format.csv", "synonym.xlsx", "wheel3.xlsx"])
def test_a_missing_file_is_named(copy, tmp_path, name):
    (copy / name).unlink()
    with pytest.raises(DataError, match=f"need {name} in"):
        load_table("2025", copy, tmp_path)
    with pytest.raises(DataError, match=r"need wheel_mapping\.npz in"):
        load_table("2026", copy, tmp_path)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda c: (c / "format.csv").write_text("word,format\na,b\n"), "lacks the column name"),
        (lambda c: (c / "format.csv").write_text("name,format\n,b\n"), "row without a name"),
        (lambda c: (c / "format.csv").write_bytes(b"name,format\n\xff\xfe,b\n"), "as a table"),
        (lambda c: (c / "format.csv").write_text("name,format\nnew,\n"), "'new'.*no synonyms"),
        (lambda c: (c / "wheel1.xlsx").write_bytes(b"PK not a sheet"), "as a spreadsheet"),
        (
            lambda c: made_up_tables.write_sheet(c / "wheel1.xlsx", [("level1", "level2")]),
            "lacks the column level3; it has level1, level2",
        ),
        (
            lambda c: made_up_tables.write_sheet(
                c / "wheel1.xlsx", [("level1", "level2", "level3"), (None, "x", "y")]
            ),
            "without a word in column level1",
        ),
    ],
)
def test_malformed_files_are_refused_in_a_sentence(copy, tmp_path, damage, message):
    damage(copy)
    with pytest.raises(DataError, match=message):
        load_table("2025", copy, tmp_path / "cache")


def test_without_the_spreadsheet_reader_the_extra_is_named(copy, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(MissingExtra, match=r"affect_llm\[eval\]"):
        load_table("2025", copy, tmp_path / "cache")


@pytest.mark.parametrize(
    ("forms", "message"),
    [({"warm": "glad"}, "not laid out"), ({"warm": ["glad", 3]}, "not laid out"),
     ({"warm": ["heat"]}, "'heat'.*no synonyms")],
)  # fmt: skip
def test_a_malformed_2026_mapping_is_refused(folder, tmp_path, forms, message):
    tables = read_tables_2025(folder)
    made_up_tables.write_mapping(
        tmp_path / "wheel_mapping.npz", forms, {"glad": ["glad"]}, tables.rings
    )
    with pytest.raises(DataError, match=message):
        read_tables_2026(tmp_path)


class TestCache:
    """Compiled once per content of the files; never trusted when damaged."""

    @pytest.fixture
    def reads(self, monkeypatch):
        count = []
        sources = dict(official_tables._SOURCES)
        files, read = sources["2025"]
        sources["2025"] = files, lambda d: count.append(d) or read(d)
        monkeypatch.setattr(official_tables, "_SOURCES", sources)
        return count

    def test_the_second_time_nothing_is_parsed(self, copy, tmp_path, reads):
        first, second = (load_table("2025", copy, tmp_path / "cache") for _ in range(2))
        assert first == second
        assert len(reads) == 1

    def test_a_changed_file_is_read_again(self, copy, tmp_path, reads):
        load_table("2025", copy, tmp_path / "cache")
        with (copy / "format.csv").open("a", encoding="utf-8") as file:
            file.write("glad,gladly\n")
        assert "gladly" in load_table("2025", copy, tmp_path / "cache").words
        assert len(reads) == 2

    @pytest.mark.parametrize(
        "damage",
        [
            lambda body: body[: len(body) // 2],
            lambda body: b"",
            lambda body: body.replace(b'"low"', b'"lov"'),
            lambda body: b"\xff" + body,
            lambda body: json.dumps({"edition": "2025"}).encode(),
        ],
    )
    def test_a_damaged_cache_is_rebuilt(self, copy, tmp_path, reads, damage):
        whole = load_table("2025", copy, tmp_path / "cache")
        (kept,) = (tmp_path / "cache").iterdir()
        intact = kept.read_bytes()
        kept.write_bytes(damage(intact))
        assert load_table("2025", copy, tmp_path / "cache") == whole
        assert kept.read_bytes() == intact
        assert len(reads) == 2

    def test_a_folder_that_cannot_be_written_is_no_obstacle(self, copy, tmp_path):
        (tmp_path / "file").write_text("in the way")
        assert load_table("2025", copy, tmp_path / "file").words

    def test_it_lies_in_the_users_cache_folder_by_default(self, copy, tmp_path, monkeypatch):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        load_table("2025", copy)
        assert list(tmp_path.glob("affect-llm/word-tables/*.json"))
