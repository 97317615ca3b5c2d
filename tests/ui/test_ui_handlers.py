from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path

import pytest
from sample_results import joyful_clip, text_only

from affect_llm.config import Settings
from affect_llm.errors import WeightsError
from affect_llm.pipeline import Failure, Source
from affect_llm.types import EmotionResult
from affect_llm.ui import handlers
from affect_llm.ui.handlers import TABLE, explain, frame, plain


class FakePipeline:
    opened = 0

    def __init__(self, settings: Settings) -> None:
        if settings.reasoner == "transformers":
            raise WeightsError("The checkpoint is <b>not</b> there.")
        FakePipeline.opened += 1

    def run(self, sources: Iterable[Source]) -> Iterator[EmotionResult | Failure]:
        for source in sources:
            if source.path is None:
                yield text_only()
            elif source.path.is_file():
                yield joyful_clip(source.path.name)
            else:
                yield Failure(source.path.name, "There is no such file.")


@pytest.fixture(autouse=True)
def _fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(handlers, "Pipeline", FakePipeline)
    handlers._pipeline.cache_clear()
    FakePipeline.opened = 0
    yield
    handlers._pipeline.cache_clear()


def test_a_text_is_explained() -> None:
    shown = explain(None, "What a lovely day!", "ekman7", "fake", "")
    assert shown.message == "**Cues suggest joy**: likely &#40;0.78&#41;"
    assert [row[:2] for row in shown.rows] == [["T1", "“What a lovely day!”"]]
    assert all(len(row) == len(TABLE) for row in shown.rows)


def test_a_clip_is_explained_in_a_frame_that_reaches_nothing(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"video")
    shown = explain(str(clip), "", "ekman7", "fake", "")
    assert 'sandbox="allow-scripts"' in shown.frame
    assert shown.frame.count("<") == 2, "the report travels escaped, inside one attribute"
    assert "data:video/mp4;base64," in unescape(shown.frame)
    assert [row[0] for row in shown.rows][:2] == ["T1", "T2"]


@pytest.mark.parametrize(
    ("file", "text", "labels", "reasoner", "part"),
    [
        (None, "  ", "ekman7", "fake", "Drop a clip or type a text first."),
        (None, "hi", "ekman8", "fake", "Did you mean"),
        (None, "hi", "ekman7", "transformers", "The checkpoint is &#60;b&#62;not"),
        ("gone.mp4", "", "ekman7", "fake", "There is no such file."),
    ],
)
def test_a_mistake_becomes_a_message(
    file: str | None, text: str, labels: str, reasoner: str, part: str
) -> None:
    shown = explain(file, text, labels, reasoner, "")
    assert shown.message.startswith("**That did not work.**")
    assert part in shown.message
    assert (shown.rows, shown.frame) == ([], "")


def test_the_same_settings_keep_their_pipeline() -> None:
    for labels in ("ekman7", "ekman7", "meld7"):
        explain(None, "hi", labels, "fake", "")
    assert FakePipeline.opened == 2


def test_a_large_file_is_left_out_of_the_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"video")
    monkeypatch.setattr(handlers, "EMBED_BYTES", 2)
    assert "<video" not in unescape(frame(joyful_clip(), clip))


def test_words_are_not_markdown() -> None:
    assert plain("a *b* [c](d) <e>\n# f") == (
        "a &#42;b&#42; &#91;c&#93;&#40;d&#41; &#60;e&#62; &#35; f"
    )
