"""A Llama of the plain form, for a start without transformers.

Importing transformers' Llama takes longer than importing torch and answering together. This
decoder does the same operations in the same order, so it gives the same logits bit for bit (a test
holds it); what it does not know (adapters, quantisation, other forms) is left to transformers.
"""

from typing import Any, Literal, NamedTuple

import torch
from pydantic import BaseModel
from torch import Tensor, nn
from torch.nn.functional import linear, scaled_dot_product_attention, silu


class Rope(BaseModel):
    """Rotary positions (Su et al. 2021, arXiv 2104.09864) without any scaling."""

    rope_theta: float
    rope_type: Literal["default"]


class LlamaConfig(BaseModel):
    """The keys of `config.json` that change what a Llama computes; another form is refused."""

    model_type: Literal["llama"]
    hidden_act: Literal["silu"]
    attention_bias: Literal[False]
    mlp_bias: Literal[False]
    tie_word_embeddings: Literal[True]
    rope_parameters: Rope
    hidden_size: int
    intermediate_size: int
    num_hidden_layers: int
    num_attention_heads: int
    num_key_value_heads: int
    head_dim: int
    rms_norm_eps: float
    vocab_size: int
    max_position_embeddings: int
    eos_token_id: int | list[int]

    def get_text_config(self) -> "LlamaConfig":
        """The config itself: this model reads nothing but text."""
        return self

    def shapes(self) -> dict[str, list[int]]:
        """The shape of every weight, by its name in a checkpoint."""
        width, inner = self.hidden_size, self.intermediate_size
        queries, keys = self.num_attention_heads, self.num_key_value_heads
        layer = {
            "input_layernorm": [width],
            "self_attn.q_proj": [queries * self.head_dim, width],
            "self_attn.k_proj": [keys * self.head_dim, width],
            "self_attn.v_proj": [keys * self.head_dim, width],
            "self_attn.o_proj": [width, queries * self.head_dim],
            "post_attention_layernorm": [width],
            "mlp.gate_proj": [inner, width],
            "mlp.up_proj": [inner, width],
            "mlp.down_proj": [width, inner],
        }
        whole = {"embed_tokens": [self.vocab_size, width], "norm": [width]}
        for n in range(self.num_hidden_layers):
            whole |= {f"layers.{n}.{name}": shape for name, shape in layer.items()}
        return {f"model.{name}.weight": shape for name, shape in whole.items()}


class Logits(NamedTuple):
    """What a forward pass gives, under the name that transformers gives it."""

    logits: Tensor


class KeyValues:
    """Keys and values of every layer, (rows, heads, columns, head width) each."""

    def __init__(self) -> None:
        self.layers: list[tuple[Tensor, Tensor]] = []

    def update(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Append new columns to a layer; the layer with all of its columns."""
        if layer == len(self.layers):
            self.layers.append((keys, values))
        else:
            old = self.layers[layer]
            self.layers[layer] = torch.cat([old[0], keys], -2), torch.cat([old[1], values], -2)
        return self.layers[layer]

    def crop(self, change: int) -> None:
        """Forget the last `-change` columns, as transformers' caches are told to."""
        width = self.layers[0][0].shape[-2] + change if self.layers else 0
        self.layers = [(k[..., :width, :], v[..., :width, :]) for k, v in self.layers]

    def batch_select_indices(self, rows: Tensor) -> None:
        """Keep these rows alone, in this order."""
        self.layers = [(k[rows], v[rows]) for k, v in self.layers]


class Llama:
    """The decoder over its weights, with the part of transformers' interface that we call.

    Args:
        config: its form.
        weights: by their names in the checkpoint, all on one device and of one dtype.
    """

    def __init__(self, config: LlamaConfig, weights: dict[str, Tensor]) -> None:
        self.config = self.generation_config = config
        self.weights = weights
        self.embedding = nn.Embedding(
            config.vocab_size,
            config.hidden_size,
            _weight=weights["model.embed_tokens.weight"],
            _freeze=True,
        )
        self.dtype, self.device = self.embedding.weight.dtype, self.embedding.weight.device
        steps = torch.arange(0, config.head_dim, 2, dtype=torch.float) / config.head_dim
        # Computed on the CPU and moved, as transformers does, so that every device has these bits.
        self.frequencies = (1.0 / config.rope_parameters.rope_theta**steps).to(self.device)

    def get_input_embeddings(self) -> nn.Embedding:
        """The embedding of the vocabulary, which also gives the logits."""
        return self.embedding

    def __call__(
        self,
        input_ids: Tensor | None = None,
        *,
        inputs_embeds: Tensor | None = None,
        attention_mask: Tensor,
        position_ids: Tensor,
        past_key_values: KeyValues,
        use_cache: Literal[True] = True,
        logits_to_keep: int = 0,
    ) -> Logits:
        """Logits of the last `logits_to_keep` columns, of all where it is 0.

        Args:
            input_ids: (rows, columns).
            inputs_embeds: (rows, columns, width), in place of `input_ids`.
            attention_mask: (rows, all columns so far), 0 for padding; or what is added to the
                scores, (rows, 1, columns, all columns so far).
            position_ids: (rows, columns).
            past_key_values: gets the new columns.
            use_cache: always.
            logits_to_keep: how many columns the logits are wanted of.
        """
        hidden = self.embedding(input_ids) if inputs_embeds is None else inputs_embeds
        angles = position_ids[..., None].float() * self.frequencies
        angles = torch.cat((angles, angles), dim=-1)[:, None]
        rotation = angles.cos().to(self.dtype), angles.sin().to(self.dtype)
        mask = _mask(attention_mask, hidden.shape[1])
        for n in range(self.config.num_hidden_layers):
            normed = self._norm(f"layers.{n}.input_layernorm", hidden)
            hidden = hidden + self._attention(n, normed, rotation, mask, past_key_values)
            normed = self._norm(f"layers.{n}.post_attention_layernorm", hidden)
            gate = silu(self._linear(f"layers.{n}.mlp.gate_proj", normed))
            inner = gate * self._linear(f"layers.{n}.mlp.up_proj", normed)
            hidden = hidden + self._linear(f"layers.{n}.mlp.down_proj", inner)
        hidden = self._norm("norm", hidden)[:, -logits_to_keep:]
        return Logits(linear(hidden, self.embedding.weight))

    def _linear(self, name: str, hidden: Tensor) -> Tensor:
        return linear(hidden, self.weights[f"model.{name}.weight"])

    def _norm(self, name: str, hidden: Tensor) -> Tensor:
        """Root mean square normalisation (Zhang, Sennrich 2019, arXiv 1910.07467) in float32."""
        wide = hidden.float()
        scale = torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + self.config.rms_norm_eps)
        return self.weights[f"model.{name}.weight"] * (wide * scale).to(hidden.dtype)

    def _attention(
        self,
        layer: int,
        hidden: Tensor,
        rotation: tuple[Tensor, Tensor],
        mask: Tensor | None,
        past: KeyValues,
    ) -> Tensor:
        queries, keys, values = (
            self._linear(f"layers.{layer}.self_attn.{name}_proj", hidden)
            .view(*hidden.shape[:2], -1, self.config.head_dim)
            .transpose(1, 2)
            for name in "qkv"
        )
        keys, values = past.update(layer, _rotated(keys, *rotation), values)
        attended = scaled_dot_product_attention(
            _rotated(queries, *rotation),
            keys,
            values,
            attn_mask=mask,
            is_causal=mask is None and hidden.shape[1] > 1,
            enable_gqa=self.config.num_attention_heads > self.config.num_key_value_heads,
        )
        return self._linear(f"layers.{layer}.self_attn.o_proj", attended.transpose(1, 2).flatten(2))


def empty_cache(model: Any) -> Any:
    """A cache for `model`: ours for ours, transformers' for every other one."""
    if isinstance(model, Llama):
        return KeyValues()
    from transformers import DynamicCache

    return DynamicCache()


def _mask(given: Tensor, columns: int) -> Tensor | None:
    """Which columns each new one may look at; None where it is all those before it."""
    if given.dim() == 4:
        return given
    real, width = given.bool(), given.shape[1]
    # Without a mask torch may take a faster kernel whose sums round differently; transformers does
    # so in just these cases.
    if bool(real.all()) and columns in (1, width):
        return None
    places = torch.arange(width, device=given.device)
    earlier = places <= places[width - columns :, None]
    return earlier & real[:, None, None, :]


def _rotated(heads: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    first, second = heads.chunk(2, dim=-1)
    return heads * cos + torch.cat((-second, first), dim=-1) * sin
