"""Rules that hold every sentence of an explanation against the cues it cites."""
