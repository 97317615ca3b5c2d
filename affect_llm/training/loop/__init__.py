"""The training loop that adapters (`sft/`) and the embedded model's pre-training share.

plan                     which examples make a step: like lengths together, within a token budget
batches                  examples, and steps of them as a dataset
loss                     a batch as the model sees it, and the loss on what is learned
arguments, trainer       what is trained; the transformers `Trainer`, and its arguments
checkpoints, workplace   what is on disk, so that a killed run goes on
progress                 a bar
"""
