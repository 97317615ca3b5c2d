"""A plain web page over the pipeline, on this machine only: nothing is shared or counted."""

import os
from typing import TYPE_CHECKING, Any

from affect_llm.errors import ConfigError, MissingExtra
from affect_llm.labels.sets import DEFAULT_SET, SETS
from affect_llm.reasoners.registry import REASONERS
from affect_llm.report.words import NOTICE
from affect_llm.ui.handlers import TABLE, explain

if TYPE_CHECKING:
    import gradio

DEFAULT_REASONER = "embedded"
HOST = "127.0.0.1"
LARGEST_FILE = "500mb"
FORGET_AFTER_S = 3600
"""Seconds after which dropped files are deleted from the temporary folder."""


def build_demo() -> "gradio.Blocks":
    """The page: drop a clip or type a text, read the answer and its evidence.

    Raises:
        MissingExtra: gradio is not installed.
    """
    gr = _gradio()
    with gr.Blocks(
        title="affect_llm", analytics_enabled=False, delete_cache=(FORGET_AFTER_S, FORGET_AFTER_S)
    ) as demo:
        gr.Markdown(f"# affect_llm\nDrop a clip, or type a text. {NOTICE}")
        with gr.Row():
            with gr.Column(scale=1):
                file = gr.File(
                    label="Video, recording, picture or text file",
                    file_types=["video", "audio", "image", ".txt", ".srt", ".vtt"],
                )
                text = gr.Textbox(label="Text, or the words spoken in the file", lines=3)
                labels = gr.Dropdown(
                    list(SETS), value=DEFAULT_SET, allow_custom_value=True,
                    label="Labels: a set, or a comma list of your own",
                )  # fmt: skip
                names = list(REASONERS.names())
                reasoner = gr.Dropdown(names, value=DEFAULT_REASONER, label="Reasoner")
                language = gr.Textbox(label="Language code (empty: find out)", max_lines=1)
                go = gr.Button("Explain", variant="primary")
            with gr.Column(scale=3):
                message = gr.Markdown("Nothing explained yet.")
                report = gr.HTML()
        with gr.Accordion("Evidence as a table, to copy", open=False):
            table = gr.Dataframe(headers=list(TABLE), interactive=False, wrap=True)
        fields = [file, text, labels, reasoner, language]
        go.click(explain, fields, [message, table, report], api_visibility="private")
    return demo  # type: ignore[no-any-return]


def launch(demo: "gradio.Blocks", port: int | None = None) -> None:
    """Serve `demo` on 127.0.0.1 until Ctrl-C; the first free port from 7860 if none is given.

    Raises:
        ConfigError: the port is taken, or this machine does not reach it.
    """
    gr = _gradio()
    # Gradio asks its own page whether it is up; that must not go through a proxy.
    for name in ("NO_PROXY", "no_proxy"):
        others = [part for part in os.environ.get(name, "").split(",") if part]
        if HOST not in others:
            os.environ[name] = ",".join([*others, HOST])
    # The machine's own fonts: a theme with web fonts would fetch them from elsewhere.
    fonts = ["system-ui", "Segoe UI", "sans-serif"]
    theme = gr.themes.Default(primary_hue="red", neutral_hue="stone", font=fonts, font_mono=fonts)
    try:
        demo.launch(
            server_name=HOST, server_port=port, share=False, allowed_paths=[],
            max_file_size=LARGEST_FILE, strict_cors=True, enable_monitoring=False,
            mcp_server=False, footer_links=[], theme=theme,
        )  # fmt: skip
    except OSError as error:
        raise ConfigError(f"The page cannot be served on port {port}: {error}.") from error
    except ValueError as error:  # gradio could not fetch its own page within seconds
        raise ConfigError(
            f"The page at http://{HOST} does not answer this machine itself: it is very busy, or "
            f"a proxy stands between; try again, with NO_PROXY={HOST} set."
        ) from error


def _gradio() -> Any:
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    try:
        import gradio
    except ImportError as error:
        raise MissingExtra("the web page", "ui") from error
    return gradio
