"""Emotion labels out of free text: by rules and words, the same result every time."""

from affect_llm.labels.extraction.extract import extract_labels
from affect_llm.labels.extraction.extraction import Extraction, Label, SetAside

__all__ = ["Extraction", "Label", "SetAside", "extract_labels"]
