"""A model's tokens, whoever runs it: its chat, the grammar of its answers, the paths of labels."""
