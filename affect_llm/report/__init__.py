"""Results as HTML and terminal text."""
