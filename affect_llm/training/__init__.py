"""How the shipped models were made, and how to make them again."""
