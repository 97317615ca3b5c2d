"""What the product gets right on data it has not seen, measured through its own code path."""
