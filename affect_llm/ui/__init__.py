"""The web page over the pipeline."""
