"""Cues from a voice: speech found, its prosody measured, its emotion scored."""
