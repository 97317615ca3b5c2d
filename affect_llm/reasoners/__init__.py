"""Prompt to completion: the embedded model, transformers, and a fake."""
