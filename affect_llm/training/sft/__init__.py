"""`affect-llm train sft`: labelled rows to an adapter folder, on the text and projected roads.

rows, splitting, corpora      what was given, checked, and which part each row belongs to
sheets, clip_features         rows as cue sheets and as encoders' features, kept on disk
targets, tokens, examples     prompts as inference makes them, with the answers to be learned
model                         LoRA and projector on the base
trainer, stages               the shared loop (`training/loop`) and what it is told, stage by stage
scoring, selecting            validation by the model's own label probabilities
report, card, run             what was gained, and the adapter's folder
"""
