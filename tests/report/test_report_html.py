import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sample_results import ALL, abstained_clip, joyful_clip, long_clip, still_image, unparsed_clip

from affect_llm.pipeline import Failure
from affect_llm.report import player as player_module
from affect_llm.report.entry import ReportEntry
from affect_llm.report.html import render_report
from affect_llm.types import EmotionResult

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&"


class Outline(HTMLParser):
    """Tags with their attributes; complains about elements that are closed out of order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def outline(page: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Outline()
    parser.feed(page)
    assert parser.open == []
    return parser.tags


def page_of(*results: EmotionResult, media: Path | None = None, folder: Path = Path()) -> str:
    return render_report([ReportEntry(result, media) for result in results], folder)


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_every_kind_of_result_makes_a_well_formed_page(make: Callable[[], EmotionResult]) -> None:
    page = page_of(make())
    assert "what cues suggest, not what a person feels" in page
    outline(page)


def test_nothing_is_fetched_and_nothing_is_styled_or_run_inline(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"video")
    page = page_of(joyful_clip(), media=clip, folder=tmp_path)
    for tag, attributes in outline(page):
        for name in ("src", "href", "poster", "srcset", "action", "data"):
            value = attributes.get(name) or ""
            assert value == "" or value.startswith(("data:", "#")), (tag, name)
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert tag not in ("link", "iframe", "object", "embed", "base", "form")
    assert "url(" not in page
    assert "@import" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_the_policy_allows_this_style_and_this_script_only() -> None:
    page = page_of(joyful_clip())
    policy = next(a["content"] for t, a in outline(page) if t == "meta" and "http-equiv" in a)
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (source,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert f"'sha256-{b64encode(sha256(source.encode()).digest()).decode()}'" in policy


def poisoned() -> EmotionResult:
    result = joyful_clip(EVIL)
    cue = result.sheet.cues[0].model_copy(update={"value": EVIL, "source": EVIL, "person": EVIL})
    absence = result.sheet.absent[0].model_copy(update={"reason": EVIL, "remedy": EVIL})
    return result.model_copy(
        update={
            "labels": (EVIL,),
            "distribution": {EVIL: 1.0},
            "open_labels": (EVIL,),
            "modality_verdicts": dict.fromkeys(result.modality_verdicts, EVIL),
            "explanation": tuple(
                s.model_copy(update={"text": EVIL, "problem": EVIL, "cue_ids": ("T1", EVIL)})
                for s in result.explanation
            ),
            "sheet": result.sheet.model_copy(update={"cues": (cue,), "absent": (absence,)}),
            "transcript": tuple(
                s.model_copy(update={"text": EVIL}) for s in result.transcript
            ),
            "raw": EVIL,
            "provenance": result.provenance.model_copy(
                update={"model": EVIL, "settings": {"model": EVIL}}
            ),
        }
    )  # fmt: skip


def test_everything_is_escaped(tmp_path: Path) -> None:
    entries = [ReportEntry(poisoned(), None), ReportEntry(Failure(EVIL, EVIL), None)]
    page = render_report(entries, tmp_path)
    clean = page_of(joyful_clip(), joyful_clip())
    counted = [tag for tag, _ in outline(page)]
    assert counted.count("script") == [tag for tag, _ in outline(clean)].count("script") == 1
    assert counted.count("img") == 0
    assert "<script>alert" not in page


def test_a_template_sign_in_the_words_stays_what_it_is() -> None:
    assert "$css $nothing" in page_of(joyful_clip("$css $nothing"))


def test_small_media_are_embedded_and_large_ones_linked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = tmp_path / "my clip #1.mp4"
    clip.write_bytes(b"video bytes")
    assert 'src="data:video/mp4;base64,dmlkZW8gYnl0ZXM="' in page_of(
        joyful_clip(), media=clip, folder=tmp_path
    )
    monkeypatch.setattr(player_module, "EMBED_BYTES", 3)
    page = page_of(joyful_clip(), media=clip, folder=tmp_path)
    assert 'src="my%20clip%20%231.mp4"' in page
    assert "Too large to be inside this page" in page


@pytest.mark.parametrize(
    ("name", "tag"), [("a.wav", "audio"), ("a.mov", "video"), ("a.png", "img"), ("a.txt", None)]
)
def test_each_medium_has_its_player(tmp_path: Path, name: str, tag: str | None) -> None:
    medium = tmp_path / name
    medium.write_bytes(b"x")
    tags = [t for t, _ in outline(page_of(joyful_clip(), media=medium))]
    assert [t for t in tags if t in ("audio", "video", "img")] == ([tag] if tag else [])


def test_sentences_seek_the_player_and_name_their_cues() -> None:
    says = [a for _, a in outline(page_of(joyful_clip())) if a.get("class") == "say"]
    assert says[1]["data-cues"] == "F1 F2"
    assert (says[1]["data-start"], says[1]["data-end"]) == ("2", "8")
    assert "data-start" not in says[3]


def test_bars_lie_where_their_cues_are() -> None:
    bars = {
        a["data-cues"]: a for _, a in outline(page_of(joyful_clip())) if a.get("class") == "cue"
    }
    assert bars["F1"]["x"] == "22.222%"
    assert bars["F1"]["width"] == "66.667%"
    assert bars["F1"]["role"] == "button"
    assert bars["F1"]["tabindex"] == "0"


def test_quiet_cues_are_folded_away_unless_a_sentence_cites_them() -> None:
    result = joyful_clip()
    quiet = result.sheet.cues[-1].model_copy(update={"id": "F5", "value": 1.0})
    sheet = result.sheet.model_copy(update={"cues": (*result.sheet.cues, quiet)})
    folded = page_of(result.model_copy(update={"sheet": sheet})).partition("1 quiet cues")[2]
    assert 'data-cues="F5"' in folded.partition("</details>")[0]
    said = result.explanation[0].model_copy(update={"cue_ids": ("F5",)})
    cited = result.model_copy(update={"sheet": sheet, "explanation": (said,)})
    assert "quiet cues" not in page_of(cited)


def test_what_is_not_backed_is_marked() -> None:
    page = page_of(joyful_clip())
    assert '<li class="contradicted">' in page
    assert "Not shown as fact: its evidence says otherwise: V1 is pitch, high." in page


def test_an_abstention_and_an_unreadable_answer_show_no_verdict() -> None:
    for result, headline in (
        (abstained_clip(), "Not enough evidence"),
        (unparsed_clip(), "No ans"),
    ):
        page = page_of(result)
        assert headline in page
        assert "Cues suggest" not in page
    assert "I think &lt;b&gt;joy&lt;/b&gt;" in page_of(unparsed_clip())


def test_several_clips_share_a_page_with_contents() -> None:
    entries = [ReportEntry(joyful_clip("a.mp4")), ReportEntry(Failure("b.mp4", "b.mp4 is empty."))]
    page = render_report(entries, Path())
    assert '<a href="#answer-2">b.mp4</a><span>not explained</span>' in page
    assert '<p class="failure">b.mp4 is empty.</p>' in page


def test_a_picture_has_chips_instead_of_a_time_line() -> None:
    tags = outline(page_of(still_image()))
    assert not [a for _, a in tags if a.get("class") == "cue"]
    assert [a["data-cues"] for _, a in tags if a.get("class") == "chip"] == ["F1"]


def test_an_hour_stays_a_page_of_reasonable_size() -> None:
    page = page_of(long_clip(180))
    assert len(page) < 3_000_000
    assert 'class="lane window"' in page


def test_templates_are_loaded_for_pages_only() -> None:
    """A terminal or a JSON line must not wait for them."""
    modules = "affect_llm.cli.run, affect_llm.report.terminal, affect_llm.report.compare_terminal"
    code = f"import sys, {modules}; print('jinja2' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"
