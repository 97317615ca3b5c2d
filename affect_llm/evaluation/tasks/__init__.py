"""One file per task of a suite: what is true, what was answered, and how that is scored."""
