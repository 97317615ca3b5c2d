"""Cues to prompt, completion to result."""
