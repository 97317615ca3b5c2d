"""Suites: annotated corpora whose items the product is asked about."""
