"""Training: adapters from labelled rows (`sft/`), merging, calibration, and the shared loop."""
