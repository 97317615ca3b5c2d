"""Soft tokens among words: same logits alone and in a batch, for two families of LLM."""

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from made_features import clip_of, config_of
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

from affect_llm.errors import PromptError
from affect_llm.fusion.model import Fusion, build_fusion, embedding_rms
from affect_llm.fusion.slots import (
    NO_TOKEN,
    Slot,
    SlottedPrompt,
    embed_prompts,
)

SHAPE = {
    "vocab_size": 60,
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "initializer_range": 0.3,
    "pad_token_id": 0,
    "bos_token_id": None,
    "eos_token_id": 59,
}
Lm = LlamaForCausalLM | Qwen2ForCausalLM


@pytest.fixture(params=["llama", "qwen2"])
def model(request: pytest.FixtureRequest) -> Lm:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    if request.param == "llama":
        return LlamaForCausalLM(LlamaConfig(**SHAPE)).eval()
    return Qwen2ForCausalLM(Qwen2Config(**SHAPE)).eval()


@pytest.fixture
def fusion() -> Fusion:
    return build_fusion(config_of("attention", token_rms=0.3)).eval()


CLIPS = [clip_of(0, 9, 5), clip_of(1, 2, 0), clip_of(2, 0, 0), clip_of(3, 20, 9)]
PROMPTS = [
    SlottedPrompt((5, 6, 7, 8), (Slot("audio", 1), Slot("face", 3))),
    SlottedPrompt((5, 9), (Slot("audio", 1),)),
    SlottedPrompt((4, 3, 2, 1, 8, 7, 6), (Slot("face", 0), Slot("audio", 7))),
    SlottedPrompt((11, 12, 13), ()),
]


def test_rows_lie_where_the_slots_are(model: Lm, fusion: Fusion) -> None:
    table = model.get_input_embeddings()
    fused = fusion.fuse_batch(CLIPS)
    batch = embed_prompts(table, PROMPTS, fused, side="right")
    assert batch.token_ids[0].tolist()[:9] == [5, -100, -100, -100, 6, 7, -100, -100, 8]
    torch.testing.assert_close(batch.inputs_embeds[0, 1:4], fused.of_track(0, "audio"))
    torch.testing.assert_close(batch.inputs_embeds[0, 6:8], fused.of_track(0, "face"))
    torch.testing.assert_close(batch.inputs_embeds[0, 8], table.weight[8])
    assert batch.token_ids[2].tolist()[:7] == [4, 3, 2, 1, 8, 7, 6], "no track, no room"
    assert batch.attention_mask.sum(dim=1).tolist() == [9, 4, 7, 3]
    left = embed_prompts(table, PROMPTS, fused, side="left")
    assert left.attention_mask[:, -1].all()
    assert (left.token_ids[left.attention_mask == 0] == NO_TOKEN).all()
    of_clips = embed_prompts(table, PROMPTS, [fusion.fuse(c) for c in CLIPS], side="right")
    torch.testing.assert_close(of_clips.inputs_embeds, batch.inputs_embeds, atol=1e-6, rtol=0)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_batch_gives_the_logits_of_one_by_one(model: Lm, fusion: Fusion, side: str) -> None:
    table = model.get_input_embeddings()
    batch = embed_prompts(table, PROMPTS, fusion.fuse_batch(CLIPS), side=side)  # type: ignore[arg-type]
    with torch.inference_mode():
        together = model(**batch.inputs).logits
        for row, (prompt, clip) in enumerate(zip(PROMPTS, CLIPS, strict=True)):
            alone = embed_prompts(table, [prompt], [fusion.fuse(clip)])
            wanted = model(**alone.inputs).logits[0]
            found = together[row][batch.attention_mask[row].bool()]
            torch.testing.assert_close(found, wanted, atol=1e-5, rtol=0)


def test_embeddings_of_words_as_soft_tokens_are_those_words(model: Lm, fusion: Fusion) -> None:
    from affect_llm.types import Modality, SoftTokens, TimeSpan

    table = model.get_input_embeddings()
    words = np.asarray(table.weight[[21, 22]].detach())
    spans = (TimeSpan(start_s=0, end_s=1),) * 2
    soft = SoftTokens(words, spans, (Modality.AUDIO,) * 2, ("audio",) * 2, "x")
    batch = embed_prompts(table, [SlottedPrompt((5, 6), (Slot("audio", 1),))], [soft])
    with torch.inference_mode():
        wanted = model(torch.tensor([[5, 21, 22, 6]])).logits
        torch.testing.assert_close(model(**batch.inputs).logits, wanted, atol=1e-5, rtol=0)


def test_generation_in_a_batch_is_generation_one_by_one(model: Lm, fusion: Fusion) -> None:
    table = model.get_input_embeddings()

    def answers(prompts: Sequence[SlottedPrompt], clips: Sequence[int]) -> list[list[int]]:
        batch = embed_prompts(table, prompts, [fusion.fuse(CLIPS[i]) for i in clips])
        out = model.generate(
            inputs_embeds=batch.inputs_embeds,
            attention_mask=batch.attention_mask,
            max_new_tokens=6,
            do_sample=False,
        )
        return out.tolist()

    together = answers(PROMPTS, range(4))
    for row in range(4):
        alone = answers([PROMPTS[row]], [row])[0]
        assert together[row][: len(alone)] == alone


def test_the_gradient_goes_through_a_frozen_model_to_the_fusion_only(
    model: Lm, fusion: Fusion
) -> None:
    model.requires_grad_(False)
    batch = embed_prompts(
        model.get_input_embeddings(), PROMPTS[:2], fusion.fuse_batch(CLIPS[:2]), side="right"
    )
    logits = model(**batch.inputs).logits[:, :-1]
    targets = batch.token_ids[:, 1:]
    loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
    loss.backward()
    assert all(p.grad is None for p in model.parameters())
    moved = {n for n, p in fusion.named_parameters() if p.grad is not None and p.grad.any()}
    assert any(n.startswith("projectors.audio") for n in moved)
    assert any(n.startswith("projectors.face") for n in moved)


def test_what_does_not_fit_is_a_sentence(model: Lm, fusion: Fusion) -> None:
    table = model.get_input_embeddings()
    with pytest.raises(PromptError, match="4 prompts and soft tokens of 1 clips"):
        embed_prompts(table, PROMPTS, fusion.fuse_batch(CLIPS[:1]))
    wide = build_fusion(config_of("linear", llm_width=20))
    with pytest.raises(PromptError, match="20 wide, and the model's embeddings 16"):
        embed_prompts(table, PROMPTS[:1], wide.fuse_batch(CLIPS[:1]))
    with pytest.raises(PromptError, match="no tokens at all"):
        embed_prompts(table, [SlottedPrompt((), ())], fusion.fuse_batch(CLIPS[:1]))


def test_the_size_of_embeddings_is_measured(model: Lm) -> None:
    table = model.get_input_embeddings()
    assert embedding_rms(table) == pytest.approx(
        float(table.weight.detach().square().mean() ** 0.5)
    )
