"""Emotion labels out of free text: by rules and words, the same result every time."""

from affect_llm.labels.extraction.extract import extract_labels
from affect_llm.labels.extraction.extraction import Label, LabelExtraction, SetAside

__all__ = ["Label", "LabelExtraction", "SetAside", "extract_labels"]
