"""`affect-llm train sft`: labelled rows to an adapter folder, on the text and projected roads.

A row changes form three times: Row → TrainingSample → Example → Batch.

rows, corpora, splits         what was given, checked, and which part each row belongs to
samples, sheet_cache          rows with their cues and features; sheets are kept on disk
answers, tokens, examples     prompts as inference makes them, with the answers to be learned
base, model_setup             the base model, and what it and the encoders settle
model, fresh_model            LoRA and projector on the base
trainer, stages, selection    the shared loop (`training/loop`), stage by stage, and the best step
label_scores, scores, measurement   label probabilities, and what was gained
calibration, sft_report, adapter_writer, run   the adapter's folder
"""
