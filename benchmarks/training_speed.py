"""Training speed and memory: ours beside transformers' Trainer as it comes.

Same base (the embedded model with the same LoRA), same examples, same optimizer, float32 on one
thread of the CPU; each in a process of its own, one after the other, all in one run. "plain" pads
batches of random examples on the right and lets the model compute its own loss over all positions.
Tokens are real tokens, without padding; seconds are the processor's, so that a busy machine changes
little. Memory is the peak of the resident set above that of the loaded model.

    python benchmarks/training_speed.py [--rows 400] [--steps 8] [--task label|answer]
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch

WAYS = ("plain", "random", "by_length", "packed")
WORDS = ["the", "a", "we", "house", "road", "tree", "car", "lamp", "river", "walked", "went"]


def made_rows(count: int) -> list[dict[str, str]]:
    """Texts as dialogues have them: most are short, a few are long."""
    rng = random.Random(0)
    lengths = [min(120, 3 + int(rng.expovariate(1 / 14))) for _ in range(count)]
    return [
        {"id": str(n), "text": " ".join(rng.choices(WORDS, k=length)), "label": rng.choice(LABELS)}
        for n, length in enumerate(lengths)
    ]


LABELS = ("joy", "anger", "neutral", "sadness")


def measure(way: str, rows: int, steps: int, task: str, folder: Path) -> dict[str, Any]:
    """Tokens a second and memory of one way; runs in this process."""
    from affect_llm.training.sft.base import open_base
    from affect_llm.training.sft.fresh_model import make_model
    from affect_llm.training.sft.model_setup import make_setup
    from affect_llm.training.sft.rows import read_rows
    from affect_llm.training.sft.samples import prepare
    from affect_llm.training.sft.settings import SftSettings
    from affect_llm.training.sft.splits import split_rows

    file = folder / "rows.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in made_rows(rows)))
    settings = SftSettings.model_validate(
        {
            "modalities": ["text"], "device": "cpu", "tasks": {task: 1.0}, "labels": "ekman7",
            "batching": "random" if way == "plain" else way, "batch_size": 16,
            "batch_tokens": 1600, "row_tokens": 400, "max_steps": steps, "schedule": "constant",
            "lora": {"dropout": 0.0}, "save_steps": 10_000,
        }
    )  # fmt: skip
    setup = make_setup(open_base(settings), None, settings)
    found = read_rows(file, "ekman7")
    parts = split_rows(found.rows, validation_share=0, test_share=0, seed=0)
    samples = prepare(parts, found.labels, settings, None).parts["train"]
    model = make_model(setup, samples, settings)
    model.trains("lora")
    batches = setup.steps(samples, settings)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    run = plain if way == "plain" else ours
    tokens, seconds = run(model, batches, settings, folder / way, steps)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {"way": way, "tokens": tokens, "seconds": seconds, "mib": peak / 1024}


def ours(model: Any, batches: Any, settings: Any, folder: Path, steps: int) -> tuple[int, float]:
    """Our trainer, without evaluations."""
    from affect_llm.training.sft.stages import run_stages

    began = time.process_time()
    run_stages(model, lambda _: (batches, None), settings, folder, quiet=True)
    seconds = time.process_time() - began
    batches.set_epoch(0)
    taken = [batches[n % len(batches)] for n in range(steps)]
    return sum(batch.tokens for batch in taken), seconds


def plain(model: Any, batches: Any, settings: Any, folder: Path, steps: int) -> tuple[int, float]:
    """The Trainer with a padding collator and the model's own loss, on the same batches."""
    from transformers import Trainer, TrainingArguments

    batches.set_epoch(0)
    taken = [batches[n % len(batches)] for n in range(steps)]
    examples = [example for batch in taken for example in batch.examples]

    def collate(some: list[Any]) -> dict[str, Any]:
        width = max(len(e.prompt.ids) for e in some)
        ids = torch.zeros((len(some), width), dtype=torch.long)
        labels = torch.full((len(some), width), -100)
        mask = torch.zeros((len(some), width), dtype=torch.long)
        for row, example in enumerate(some):
            length = len(example.prompt.ids)
            ids[row, :length] = torch.tensor(example.prompt.ids)
            mask[row, :length] = 1
            learned = torch.tensor(example.weights) > 0
            labels[row, :length][learned] = ids[row, :length][learned]
        return {"input_ids": ids, "labels": labels, "attention_mask": mask}

    arguments = TrainingArguments(
        output_dir=str(folder), per_device_train_batch_size=settings.batch_size, max_steps=steps,
        use_cpu=True, report_to="none", disable_tqdm=True, save_strategy="no", log_level="error",
        learning_rate=settings.learning_rate, remove_unused_columns=False,
        logging_strategy="no", dataloader_pin_memory=False,
    )  # fmt: skip
    trainer = Trainer(
        model=model.llm, args=arguments, train_dataset=examples, data_collator=collate
    )
    began = time.process_time()
    trainer.train()
    seconds = time.process_time() - began
    return sum(len(example.prompt.ids) for example in examples), seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=400)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--task", choices=("label", "answer"), default="label")
    parser.add_argument("--way", choices=WAYS, help="measure one in this process, as JSON")
    given = parser.parse_args()
    if given.way:
        torch.set_num_threads(1)
        with tempfile.TemporaryDirectory() as folder:
            found = measure(given.way, given.rows, given.steps, given.task, Path(folder))
        print(json.dumps(found))
        return
    results = []
    for way in WAYS:
        command = [sys.executable, __file__, "--way", way, "--rows", str(given.rows),
                   "--steps", str(given.steps), "--task", given.task]  # fmt: skip
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        results.append(json.loads(run.stdout.splitlines()[-1]))
    first = results[0]["tokens"] / results[0]["seconds"]
    print(
        "| way | tokens per processor second | beside plain | peak memory, MiB |\n|---|---|---|---|"
    )
    for found in results:
        speed = found["tokens"] / found["seconds"]
        print(f"| {found['way']} | {speed:.0f} | {speed / first:.2f} | {found['mib']:.0f} |")


if __name__ == "__main__":
    main()
