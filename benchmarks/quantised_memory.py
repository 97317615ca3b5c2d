"""What a quantised base costs and changes: memory of the weights, and answers that stay.

The embedded model answers some texts in float32, bfloat16, 8 bit and 4 bit (NF4, double
quantisation), each loaded in the same process one after the other. Run it as

    python benchmarks/quantised_memory.py [--reasoner embedded] [--model FOLDER]

and read: mebibytes of the weights, their share of float32's, labels that are float32's, and the
largest change of a label's probability.
"""

import argparse
import gc
import math

from affect_llm.config import Settings
from affect_llm.labels.sets import label_set
from affect_llm.prompting.reason import reason_prompt
from affect_llm.reasoners.registry import open_reasoner
from workshop.embedded.examples import text_sheet

WAYS = {
    "float32": {"dtype": "float32"},
    "bfloat16": {"dtype": "bfloat16"},
    "8 bit": {"quantize": "8bit"},
    "4 bit": {"quantize": "4bit"},
}
TEXTS = (
    "I can't believe you did that to me.",
    "We won! We really won!",
    "She left this morning and I have not eaten since.",
    "There is something behind the door.",
    "The train leaves at ten past four.",
    "That is the most disgusting soup I ever had.",
    "Oh my God, you are here!",
    "Leave me alone, all of you.",
)
MIB = 1024**2


def measured(
    way: dict[str, str], given: argparse.Namespace
) -> tuple[float, list[dict[str, float]]]:
    """Mebibytes of the weights, and each text's label probabilities."""
    settings = Settings(reasoner=given.reasoner, model=given.model, device="cpu", **way)
    reasoner = open_reasoner(settings)
    labels = label_set("ekman7")
    prompts = [reason_prompt(text_sheet(text), labels) for text in TEXTS]
    said = reasoner.complete(prompts, max_new_tokens=1)
    reopen = reasoner.checkpoint.reopen
    model = (reopen() if reopen else reasoner.checkpoint).model
    size = model.get_memory_footprint() / MIB
    found = [{k: math.exp(v) for k, v in (one.label_logprobs or {}).items()} for one in said]
    del reasoner
    gc.collect()
    return size, found


def main() -> None:
    """Measure every way and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reasoner", default="embedded")
    parser.add_argument("--model")
    given = parser.parse_args()
    whole, plain = measured(WAYS["float32"], given)
    print(
        f"{'precision':10} {'weights MiB':>11} {'of float32':>10} {'same label':>10} {'change':>7}"
    )
    for name, way in WAYS.items():
        size, found = measured(way, given)
        same = sum(
            max(a, key=a.get) == max(b, key=b.get) for a, b in zip(plain, found, strict=True)
        )
        change = max(abs(a[k] - b[k]) for a, b in zip(plain, found, strict=True) for k in a)
        print(
            f"{name:10} {size:11.1f} {size / whole:10.2f} {f'{same} of {len(TEXTS)}':>10} "
            f"{change:7.3f}"
        )


if __name__ == "__main__":
    main()
