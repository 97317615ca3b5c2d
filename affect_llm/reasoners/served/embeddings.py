"""A prompt with soft tokens as the embeddings that a served model is given in place of ids."""

import base64
import io
from pathlib import Path

import torch
from torch import Tensor, nn

from affect_llm.errors import CapabilityError, WeightsError
from affect_llm.fusion.slots import embed_prompts
from affect_llm.reasoners.tokens.slotted_chat import TokenPrompt
from affect_llm.store.pretrained import first_line, weight_files

_NAMES = ("embed_tokens.weight", "wte.weight", "word_embeddings.weight", "tok_embeddings.weight")
"""What transformers calls the input embeddings of Llama and Qwen, GPT-2, BLOOM and InternLM."""


class EmbeddingTable:
    """The input embeddings of a base model, read from its safetensors alone.

    Args:
        folder: of the base model.

    Raises:
        WeightsError: the folder holds no such table, or files that cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        table = _table(folder)
        self._embedding = nn.Embedding(*table.shape)
        self._embedding.weight.data = table

    def embeds(self, prompt: TokenPrompt) -> Tensor:
        """(L, D) embeddings of the prompt, its soft tokens in their slots."""
        if prompt.soft is None:
            return self._embedding.weight.data[list(prompt.chat.ids)]
        batch = embed_prompts(self._embedding, [prompt.chat], [prompt.soft])
        return batch.inputs_embeds[0].detach()

    def encoded(self, prompt: TokenPrompt) -> str:
        """The same as base64 of a saved tensor, which vLLM takes as `prompt_embeds`."""
        buffer = io.BytesIO()
        torch.save(self.embeds(prompt).contiguous(), buffer)
        return base64.b64encode(buffer.getvalue()).decode()


def _table(folder: Path) -> Tensor:
    from safetensors import SafetensorError, safe_open

    tables: list[Tensor] = []
    for file in weight_files(folder):
        try:
            with safe_open(file, framework="pt") as tensors:
                names = [n for n in list(tensors.keys()) if n.endswith(_NAMES)]
                tables += [tensors.get_tensor(name) for name in names]
        except (OSError, SafetensorError) as error:
            raise WeightsError(f"{file} is not a safetensors file: {first_line(error)}.") from error
    if len(tables) != 1:
        raise CapabilityError(
            f"The model in {folder} has {len(tables)} tables that could be its input embeddings, "
            "so soft tokens cannot be put among them. Use the reasoner 'transformers'."
        )
    # In full precision, because the server rounds what it is sent to its own.
    return tables[0].float()
