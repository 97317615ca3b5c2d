"""Cues become a prompt, and a completion becomes a result that is checked against the cues."""
