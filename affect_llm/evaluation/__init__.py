"""Suites, calibration and reports."""
