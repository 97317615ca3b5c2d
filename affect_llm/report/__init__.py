"""Results as HTML pages and as text at the terminal."""
