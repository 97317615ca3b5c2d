"""Readers of annotated corpora; each yields `types.Sample` and nothing else."""
