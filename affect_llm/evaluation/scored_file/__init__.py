"""Scores files of predictions that anyone made: reading, matching, metrics, trivial baselines."""
