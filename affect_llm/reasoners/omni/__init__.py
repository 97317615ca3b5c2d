"""Models that look at a clip's pictures and listen to its sound themselves."""
