"""The embedded reasoner: its corpora, tokenizer, training texts and training loop."""
