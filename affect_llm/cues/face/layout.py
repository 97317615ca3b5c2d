"""What the face network and MediaPipe both report, and where it lies in the output vector."""

EXPRESSIONS = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
"""The seven expressions of FER2013 (Goodfellow et al. 2013) under their canonical names."""

TAUGHT_UNITS = (
    "AU01", "AU02", "AU04", "AU05", "AU06", "AU07", "AU10", "AU12", "AU14",
    "AU15", "AU17", "AU18", "AU20", "AU23", "AU24", "AU25", "AU26", "AU45",
)  # fmt: skip
"""Units that MediaPipe's blendshapes can tell. AU09 is missing: `noseSneer` stays at zero."""

FAINT_UNITS = frozenset({"AU14", "AU23", "AU24"})
"""Units that the network follows with r < 0.3 on held-out faces; it does not report them."""

POSE = ("head.yaw", "head.pitch", "head.roll")
"""Head angles in degrees: yaw is positive when the face turns to the viewer's right, pitch when it
turns up, roll when it tilts clockwise for the viewer."""

CROP_SIDE = 48
"""Pixels of a face crop, FER2013's own size."""

EXPRESSION_SLICE = slice(0, len(EXPRESSIONS))
UNIT_SLICE = slice(EXPRESSION_SLICE.stop, EXPRESSION_SLICE.stop + len(TAUGHT_UNITS))
POSE_SLICE = slice(UNIT_SLICE.stop, UNIT_SLICE.stop + len(POSE))
GAZE_INDEX = POSE_SLICE.stop
FACENESS_INDEX = GAZE_INDEX + 1
OUTPUTS = FACENESS_INDEX + 1

POSE_SCALE_DEG = 30.0
"""How many degrees one unit of the network's pose outputs stands for."""
