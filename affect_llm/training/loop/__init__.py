"""The training loop in pieces that more than adapters can use.

example                  tokens of a prompt and its answer, and what each weighs in the loss
planning, packing        which examples make a step: like lengths together, within a token budget
batches, rows_in_model   steps as a dataset; a batch as the model sees it
loss                     on what is learned, with logits nowhere else
keeping                  what is on disk, so that a killed run goes on
progress                 a bar
"""
