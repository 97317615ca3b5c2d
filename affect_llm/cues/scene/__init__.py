"""Where a clip is set, by comparing its frames with a list of descriptions."""
