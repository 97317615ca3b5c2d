"""How the shipped weights were made, and how to make them again; no part of the installed package.

voice     the voice head, and the bank of cues that it measures
face      the face network, and its bank
embedded  the language model, which learns from both banks and from texts
bank, averaged_training, temperature   shared: rows of cues, the networks' training, calibration

`make weights KIT=… OUT=…` runs them in this order; `python -m workshop --help` runs one.
"""
