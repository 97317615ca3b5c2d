"""One file per task: what is true, what was answered, and how the two are scored."""
