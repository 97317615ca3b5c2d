"""The embedded reasoner: its corpora, tokenizer, training texts and pre-training."""
