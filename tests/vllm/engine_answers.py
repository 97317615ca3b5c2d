"""Run by vLLM's own Python: the in-process engine answers, and prints what it said as JSON."""

import json
import sys
from pathlib import Path


def main(adapter: str) -> None:
    for neighbour in ("reasoners", "vllm"):
        sys.path.append(str(Path(__file__).parents[1] / neighbour))
    from sheets_served import SHEETS
    from soft_prompts import soft_of, soft_prompt

    from affect_llm.config import Settings
    from affect_llm.prompting.reason import reason_prompt
    from affect_llm.reasoners.registry import open_reasoner
    from affect_llm.reasoners.request import ask

    labels = ("anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise")
    reasoner = open_reasoner(
        Settings(reasoner="vllm-engine", model="embedded", adapter=adapter, max_new_tokens=400)
    )
    questions = [(reason_prompt(sheet, labels), sheet) for sheet in SHEETS]
    said = [done for _, done in ask(reasoner, questions, max_new_tokens=400)]
    soft = [soft_prompt("no", soft_of(384, seed, voice=3, face=2)) for seed in (1, 2)]
    said += reasoner.complete(soft, max_new_tokens=12)
    capabilities = sorted(reasoner.capabilities)
    print("\n@", json.dumps({"said": [d.model_dump() for d in said], "can": capabilities}))


if __name__ == "__main__":
    main(sys.argv[1])
