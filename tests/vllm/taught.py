"""A LoRA that a few steps of training made say one label, whatever the cues are."""

import warnings
from pathlib import Path

import torch
from sheets_served import SHEETS
from tiny_adapter import base_ref, lora_model

from affect_llm import __version__
from affect_llm.adapters.folder import save_adapter
from affect_llm.adapters.manifest import AdapterDescription
from affect_llm.prompting.reason import reason_prompt, road_file
from affect_llm.prompting.schema import LABEL_PREFIX
from affect_llm.reasoners.tokens.chat import chat_ids
from affect_llm.reasoners.tokens.tokenizer import load_tokenizer

STEPS = 12
LABELS = ("anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise")


def teach(folder: Path, base: Path, label: str) -> Path:
    model = lora_model(base, scale=0.0)
    tokenizer = load_tokenizer(base)
    prompts = [chat_ids(tokenizer, reason_prompt(s, LABELS).messages) for s in SHEETS[:3]]
    answer = tokenizer.encode(LABEL_PREFIX + label + '"', add_special_tokens=False)
    learned = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(learned, lr=0.01)
    for step in range(STEPS):
        ids = torch.tensor([[*prompts[step % len(prompts)], *answer]])
        wanted = ids.clone()
        wanted[:, : -len(answer)] = -100
        model(input_ids=ids, labels=wanted).loss.backward()
        optimiser.step()
        optimiser.zero_grad()
    papers = AdapterDescription(
        name=folder.name,
        base=base_ref(base),
        prompt=road_file("text").provenance,
        road="text",
        affect_llm=__version__,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        save_adapter(folder, papers, lambda part: model.save_pretrained(part))
    return folder
