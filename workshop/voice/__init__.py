"""Training of the shipped voice head on acted speech."""
