"""A reasoner whose replies a test writes."""

from collections.abc import Callable, Sequence

from affect_llm.evaluation.judges.replies import Asker, ReplyLog
from affect_llm.prompting.calibration import Calibration
from affect_llm.reasoners.reasoner import Capability
from affect_llm.types import Completion, Prompt, Usage

Script = Callable[[Prompt], str]


class ScriptedReasoner:
    name = "scripted"
    calibration: Calibration | None = None
    context_tokens = 100_000

    def __init__(self, script: Script, *, constrained: bool = False) -> None:
        self.capabilities: frozenset[Capability] = frozenset(
            {"writes", "constrained"} if constrained else {"writes"}
        )
        self.asked: list[Prompt] = []
        self._script = script

    def count_tokens(self, text: str) -> int:
        return len(text) // 4

    def complete(self, prompts: Sequence[Prompt], *, max_new_tokens: int) -> list[Completion]:
        real = [prompt for prompt in prompts if prompt.id != "identity"]
        self.asked += real
        return [self._said("Hello" if p.id == "identity" else self._script(p)) for p in prompts]

    def _said(self, text: str) -> Completion:
        usage = Usage(prompt_tokens=1, completion_tokens=1)
        return Completion(text=text, usage=usage, finish="stop", model="scripted@1#0123456789ab")


def asker(script: Script, log: ReplyLog | None = None, *, constrained: bool = False) -> Asker:
    return Asker(ScriptedReasoner(script, constrained=constrained), log or ReplyLog(), 3)
