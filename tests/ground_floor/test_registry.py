"""Third parties register by entry points, and a broken package costs only those who ask for it."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from affect_llm.errors import ConfigError, UnknownComponent
from affect_llm.registry import Registry

TABLE = {"ours": "affect_llm.errors:AffectError", "taken": "affect_llm.errors:MediaError"}


@pytest.fixture
def family(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry[type]]:
    """A family to which a package adds a good part, broken ones, and one of our names."""
    info = tmp_path / "strange_parts-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: strange-parts\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[affect_llm.made_up_parts]\n"
        "good = strange_good:Inner.part\nbroken = strange_broken:Part\n"
        "gone = strange_good:Gone\ntaken = strange_good:Inner\n"
    )
    (tmp_path / "strange_good.py").write_text("class Inner:\n    part = int\n")
    (tmp_path / "strange_broken.py").write_text("1 / 0\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield Registry("made up parts", TABLE)
    sys.modules.pop("strange_good", None)


def test_a_third_party_registers_by_an_entry_point(family: Registry[type]) -> None:
    assert family.names() == ("broken", "gone", "good", "ours", "taken")
    assert family.get("good") is int


def test_our_names_cannot_be_taken_over(family: Registry[type]) -> None:
    assert family.get("taken").__name__ == "MediaError"


@pytest.mark.parametrize(
    ("name", "reason"), [("broken", "ZeroDivisionError"), ("gone", "AttributeError: .*Gone")]
)
def test_a_broken_package_is_named_when_it_is_asked_for(
    family: Registry[type], name: str, reason: str
) -> None:
    sentence = f"'{name}' among the made up parts comes from strange-parts, .*loaded: {reason}"
    with pytest.raises(ConfigError, match=sentence):
        family.get(name)


def test_a_broken_package_is_logged_and_left_out(
    family: Registry[type], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        names = [name for name, _ in family.components()]
    assert names == ["ours", "taken", "good"]
    assert "'broken' among the made up parts comes from strange-parts" in caplog.text


def test_only_packages_on_the_list_are_let_in(
    family: Registry[type], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFFECT_LLM_PLUGINS", "other, strange-parts")
    assert "good" in family.names()
    monkeypatch.setenv("AFFECT_LLM_PLUGINS", "")
    assert family.names() == ("ours", "taken")


def test_an_unknown_name_has_a_hint(family: Registry[type]) -> None:
    with pytest.raises(UnknownComponent, match="Did you mean 'good'"):
        family.get("goood")


def test_a_table_that_is_wrong_is_our_own_mistake() -> None:
    with pytest.raises(ModuleNotFoundError):
        Registry("parts", {"a": "affect_llm.nowhere:A"}).get("a")
