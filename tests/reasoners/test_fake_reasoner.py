import json
import subprocess
import sys

import pytest
from asked import TEXTS, prompt

from affect_llm.config import Settings
from affect_llm.reasoners.registry import open_reasoner
from affect_llm.types import Message, Prompt


def test_it_cites_only_cues_that_the_prompt_shows() -> None:
    asked = prompt("F2 brow lowerer marked\nV7 pitch high", cue_ids=("F1", "F2", "V7", "V8"))
    [done] = open_reasoner(Settings(reasoner="fake")).complete([asked], max_new_tokens=400)
    cited = {cue for s in json.loads(done.text)["explanation"] for cue in s["cues"]}
    assert cited <= {"F2", "V7"}
    assert cited


def test_other_prompts_get_other_answers() -> None:
    fake = open_reasoner(Settings(reasoner="fake"))
    done = fake.complete([prompt(text) for text in TEXTS], max_new_tokens=400)
    assert len({str(d.label_logprobs) for d in done}) == len(TEXTS)


def test_unions_and_nulls_are_followed() -> None:
    schema: dict[str, object] = {
        "type": "object",
        "properties": {
            "version": {"const": "affect-llm/result@1"},
            "n": {"type": "number", "minimum": 3, "maximum": 3},
            "either": {"anyOf": [{"type": "string", "minLength": 30}, {"type": "null"}]},
            "nothing": {"type": "null"},
        },
    }
    messages = (Message(role="user", content="F1"),)
    asked = Prompt(id="x", version=1, messages=messages, answer_schema=schema)
    [done] = open_reasoner(Settings(reasoner="fake")).complete([asked], max_new_tokens=400)
    answer = json.loads(done.text)
    assert (answer["version"], answer["n"], answer["nothing"]) == ("affect-llm/result@1", 3, None)
    assert len(answer["either"]) == 30


@pytest.mark.parametrize("labels", [(), ("joy", "anger")])
def test_without_a_schema_it_still_answers(labels: tuple[str, ...]) -> None:
    asked = prompt("F1", labels=labels, constrained=False)
    [done] = open_reasoner(Settings(reasoner="fake")).complete([asked], max_new_tokens=400)
    assert done.finish == "stop"
    assert done.text


def test_it_needs_nothing_heavy() -> None:
    code = (
        "import sys; from affect_llm.config import Settings;"
        "from affect_llm.reasoners.registry import open_reasoner;"
        "open_reasoner(Settings(reasoner='fake'));"
        "print([m for m in ('torch', 'transformers', 'llguidance') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
