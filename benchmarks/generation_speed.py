"""How fast answers are written: our loop against `model.generate` with a mask, in one run.

A random Llama of the embedded model's size writes schema-constrained answers; both ways use
the same masks (llguidance), prompts and greedy choice. Then the embedded model answers clips one
by one, batched and behind vLLM (`generation_ways.py`). Run it as

    python benchmarks/generation_speed.py [--layers 8] [--width 384] [--answers 8] [--threads 2]
        [--clips 24] [--batch 8]
"""

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
from generation_ways import compare_ways
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    LogitsProcessor,
    LogitsProcessorList,
    PreTrainedTokenizerFast,
)

from affect_llm.config import Settings
from affect_llm.reasoners.local.causal_lm import CausalLM
from affect_llm.reasoners.registry import open_reasoner
from affect_llm.reasoners.tokens.chat import chat_ids
from affect_llm.types import Completion, Message, Prompt

VOCABULARY = 8192
LABELS = ("anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise")
CUES = [f"F{n} [0.0-2.0 s] lip corner puller marked 3.1 FACS, confidence 0.8" for n in range(12)]
MAX_NEW_TOKENS = 160
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n"
    "{% endfor %}<|im_start|>assistant\n"
)


def schema() -> dict[str, object]:
    sentence = {
        "type": "object",
        "properties": {
            "text": {"type": "string", "maxLength": 80},
            "cues": {
                "type": "array",
                "items": {"enum": [f"F{n}" for n in range(12)]},
                "minItems": 1,
                "maxItems": 3,
            },
        },
        "required": ["text", "cues"],
        "additionalProperties": False,
    }
    number = {"type": "number", "minimum": -1, "maximum": 1, "multipleOf": 0.01}
    properties = {
        "label": {"enum": list(LABELS)},
        "valence": number,
        "arousal": number,
        "explanation": {"type": "array", "items": sentence, "minItems": 2, "maxItems": 4},
    }
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def make_checkpoint(folder: Path, layers: int, width: int) -> None:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    package = Path(__file__).parents[1] / "affect_llm"
    pages = [page.read_text("utf-8") for page in sorted(package.rglob("*.py"))]
    tokenizer.train_from_iterator([*pages, *CUES], trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<|im_end|>", pad_token="<|endoftext|>"
    )
    fast.chat_template = TEMPLATE
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=width,
        intermediate_size=width * 8 // 3,
        num_hidden_layers=layers,
        num_attention_heads=width // 64,
        num_key_value_heads=max(width // 192, 1),
        max_position_embeddings=2048,
        tie_word_embeddings=True,
        initializer_range=0.2,
        eos_token_id=fast.eos_token_id,
        bos_token_id=None,
        pad_token_id=fast.pad_token_id,
    )
    LlamaForCausalLM(config).save_pretrained(folder)


class MaskRows(LogitsProcessor):
    """The obvious way: one matcher per row inside `generate`."""

    def __init__(self, reasoner: CausalLM, rows: int, read: int) -> None:
        self.vocabulary = reasoner.vocabulary
        self.matchers = [self.vocabulary.matcher(schema()) for _ in range(rows)]
        self.read = read

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        """`scores` with what the schema forbids at minus infinity."""
        for row, matcher in enumerate(self.matchers):
            if input_ids.shape[1] > self.read and not matcher.is_stopped():
                matcher.consume_token(int(input_ids[row, -1]))
            if not matcher.is_stopped():
                allowed = torch.from_numpy(self.vocabulary.allowed(matcher))
                scores[row].masked_fill_(~allowed, float("-inf"))
        return scores


def with_generate(reasoner: CausalLM, prompts: list[Prompt]) -> int:
    tokenizer, model = reasoner.checkpoint.tokenizer, reasoner.checkpoint.model
    rows = [chat_ids(tokenizer, prompt.messages) for prompt in prompts]
    batch = tokenizer.pad({"input_ids": rows}, padding_side="left", return_tensors="pt")
    processor = MaskRows(reasoner, len(rows), batch["input_ids"].shape[1])
    written = model.generate(
        **batch,
        max_new_tokens=MAX_NEW_TOKENS,
        do_sample=False,
        logits_processor=LogitsProcessorList([processor]),
    )
    new = written[:, batch["input_ids"].shape[1] :]
    return int((new != tokenizer.pad_token_id).sum())


def with_ours(reasoner: CausalLM, prompts: list[Prompt]) -> int:
    done: list[Completion] = reasoner.complete(prompts, max_new_tokens=MAX_NEW_TOKENS)
    return sum(completion.usage.completion_tokens for completion in done)


def mask_cost_us(reasoner: CausalLM) -> float:
    matcher = reasoner.vocabulary.matcher(schema())
    text = reasoner.vocabulary.encode('{"label":"joy","valence":0.5,"arousal":0.5,"explanation":[')
    matcher.consume_tokens([*text, *reasoner.vocabulary.encode('{"text":"the pit')])
    start = time.perf_counter()
    for _ in range(1000):
        reasoner.vocabulary.allowed(matcher)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--width", type=int, default=384)
    parser.add_argument("--answers", type=int, default=8)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--dtype", default="float32")
    parser.add_argument("--clips", type=int, default=24)
    parser.add_argument("--batch", type=int, default=8)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    with tempfile.TemporaryDirectory() as folder:
        make_checkpoint(Path(folder), asked.layers, asked.width)
        report(folder, asked.answers, asked.dtype)
    compare_ways(asked.clips, asked.batch)


def report(folder: str, answers: int, dtype: str) -> None:
    settings = Settings(reasoner="transformers", model=folder, dtype=dtype, batch_size=answers)
    start = time.perf_counter()
    reasoner = open_reasoner(settings)
    opened = time.perf_counter() - start
    assert isinstance(reasoner, CausalLM)
    size = sum(p.numel() for p in reasoner.checkpoint.model.parameters()) / 1e6
    print(
        f"{size:.1f} M parameters, opened in {opened:.2f} s, mask {mask_cost_us(reasoner):.0f} us"
    )
    prompts = [_prompt(n) for n in range(answers)]
    print("way       batch  tokens  seconds  tokens/s  s/answer")
    for rows in sorted({1, answers}):
        for name, way in (("ours", with_ours), ("generate", with_generate)):
            way(reasoner, prompts[:rows])
            start = time.perf_counter()
            tokens = way(reasoner, prompts[:rows])
            took = time.perf_counter() - start
            line = f"{tokens:7d} {took:8.2f} {tokens / took:9.0f} {took / rows:9.2f}"
            print(f"{name:9s} {rows:5d} {line}")


def _prompt(n: int) -> Prompt:
    content = "\n".join(["Which emotion do the cues suggest?", *CUES[n:], *CUES[:n]])
    return Prompt(
        id="benchmark",
        version=1,
        messages=(Message(role="user", content=content),),
        answer_schema=schema(),
        labels=LABELS,
        label_prefix='{"label":"',
    )


if __name__ == "__main__":
    main()
