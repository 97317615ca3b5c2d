"""The HTML page of scores: hostile names stay text, nothing is fetched, no script is there."""

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

from typer.testing import CliRunner

from affect_llm.cli.eval import eval_app

EVIL = "<script>alert(1)</script>"
QUOTED = "\" onload='alert(2)' x=\""


class _Tags(HTMLParser):
    """Collects every tag and attribute name."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_hostile_labels_and_ids_stay_text(tmp_path: Path) -> None:
    import csv

    for name in ("gold", "pred"):
        with (tmp_path / name).open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["name", "label", "confidence"])
            rows.writerow([EVIL, EVIL if name == "gold" else "joy", 0.5])
            rows.writerow([QUOTED, QUOTED, 0.7])
            rows.writerow(["c", "joy", 0.9] if name == "gold" else ["c", f"{EVIL}{QUOTED}", 0.9])
    page = tmp_path / "r.html"
    done = CliRunner().invoke(
        eval_app,
        ["score", str(tmp_path / "pred"), "--gold", str(tmp_path / "gold"), "--task",
         "closed-set", "--html", str(page), "--markdown", str(tmp_path / "r.md")],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    text = page.read_text(encoding="utf-8")
    found = _Tags()
    found.feed(text)
    assert "script" not in found.tags
    assert not {name for name in found.attributes if name.startswith("on")}
    assert "&lt;script&gt;" in text, "the label is shown"
    assert not re.search(r"(src|href)=\"(?!#)", text)
    assert "url(" not in text
    assert "default-src 'none'" in unescape(text)
    assert "<script>" not in (tmp_path / "r.md").read_text().replace("\\<", "")
    for part in ("Scores beside trivial answers", "F1 of each label", "Confidence", "majority"):
        assert part in text
