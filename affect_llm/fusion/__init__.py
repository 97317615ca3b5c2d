"""{track: `Features`} → `SoftTokens`: adapters from encoders' widths to an LLM's.

A `Fusion` is a torch module with a few tracks ("face", "voice", …), each with its projector, and
optionally a track that mixes the others. A track that is missing gives no tokens or, if the
config says so, one learned token that means "absent"; it never gives zeros. Every token knows
the time that it speaks of.

What a projected road needs from here, in training and in generation alike:

    fusion = build_fusion(config)                        # or load_fusion(folder)
    fusion.standardise(list_of_features)                 # once, before training
    fused = fusion.fuse_batch([features, …])             # tensors with gradient, and masks
    batch = embed_prompts(llm.get_input_embeddings(), prompts, fused)
    llm(**batch.inputs)                                  # in training
    llm.generate(inputs_embeds=batch.inputs_embeds, attention_mask=batch.attention_mask)
    save_fusion(fusion, folder)

`fused` has `tokens` (B, N, D), `mask` (B, N), `spans_s` (B, N, 2) and `track` (N,): the columns
of a track are neighbours and their order does not depend on the batch. A trainer takes its loss
on `batch.token_ids`, which is -100 wherever there is no token of a vocabulary. For one clip,
`fusion.fuse(features)` gives the `SoftTokens` that a `Prompt` carries to a reasoner, and
`embed_prompts` takes those as well. A slot's marker in a prompt is `slot_marker("voice")`; texts
that come from outside are escaped by whoever writes the prompt, as with all special tokens.
`fuse_batch` is `fusion(collate(config, clips))`; under a wrapper (DDP, FSDP) call the wrapper on
the collated batch, so that it sees the forward pass. Train under autocast, not in half precision
throughout: the measured means would lose digits. Only `config` may be imported without torch.
"""
