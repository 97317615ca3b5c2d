"""Sentences written from cue sheets: what the embedded model learns from and chooses among."""
