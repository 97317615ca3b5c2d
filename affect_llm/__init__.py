"""Reason about emotion in video, audio and text, with every sentence tied to timed evidence."""

__version__ = "0.1.0"

__all__ = ["__version__"]
