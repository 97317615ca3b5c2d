"""The pages in an adapter's folder: its card, and the report as JSON, Markdown and HTML."""

from affect_llm.report.training_card import card
from affect_llm.report.training_html import report_page
from affect_llm.report.training_markdown import report_markdown
from affect_llm.training.sft.sft_report import SftReport


def pages(report: SftReport) -> dict[str, str]:
    """The pages of a report by file name."""
    return {
        "README.md": card(report),
        "report.json": report.model_dump_json(indent=2) + "\n",
        "report.md": report_markdown(report),
        "report.html": report_page(report),
    }
