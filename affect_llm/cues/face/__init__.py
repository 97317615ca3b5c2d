"""Faces → action units, expression, head pose, gaze and blinks, per person and window."""
