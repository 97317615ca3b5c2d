"""Closed label sets and how their names map to one another."""
