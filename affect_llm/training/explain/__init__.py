"""Explanations written from cue sheets: the sentences that the embedded model learns from."""
