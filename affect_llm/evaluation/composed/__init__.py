"""Clips composed of held-out cues, and controls that change their cues."""
