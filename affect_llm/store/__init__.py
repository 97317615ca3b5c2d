"""Weights by name: where they come from, what they may be used for, and whether they are whole."""
