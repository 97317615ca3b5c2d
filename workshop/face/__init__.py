"""Makes the shipped face network from the development data."""
