"""Readers that yield Sample and nothing else."""
