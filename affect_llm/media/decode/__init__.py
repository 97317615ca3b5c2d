"""Runs only inside the decoding process; imports numpy and PyAV, nothing else of the project."""
