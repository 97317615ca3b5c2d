"""Models in this process: the embedded one and any local checkpoint, opened and led by us."""
