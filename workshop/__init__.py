"""How the shipped weights were made, and how to make them again; no part of the installed package.

voice     the voice head, and the bank of cues that it measures
face      the face network, and its bank
embedded  the language model, which learns from both banks and from texts

They share `bank` (rows of cues), `weight_average` (the networks' training) and `temperature`.

`make weights KIT=… OUT=…` runs them in this order; `python -m workshop --help` runs one.
"""
