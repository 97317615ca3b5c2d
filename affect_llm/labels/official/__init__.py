"""The published emotion-wheel word tables, read from the user's disk and never shipped.

Two editions exist: the tables of OV-MER, MER-UniBench and MER2025 ("2025": `format.csv`,
`synonym.xlsx`, `wheel1.xlsx` to `wheel5.xlsx`), and those of MER2026 ("2026":
`wheel_mapping.npz`). Both give every surface form of a word its base words, every base word its
words on the wheels, and every wheel word its inner and middle ring.
"""
