"""Clip → cues: what can be seen, heard and read, each with its provenance."""
