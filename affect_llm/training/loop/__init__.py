"""The training loop that adapters (`sft/`) and the embedded model's pre-training share.

example                  tokens of a prompt and its answer, and what each weighs in the loss
planning, packing        which examples make a step: like lengths together, within a token budget
batches, rows_in_model   steps as a dataset; a batch as the model sees it
learner, loss            what is trained; the loss on what is learned, with logits nowhere else
arguments, trainer       the transformers `Trainer`, and what it is told
keeping, workplace       what is on disk, so that a killed run goes on
progress                 a bar
"""
