"""Prompt files: front matter that declares what they take, then one section per role."""

import hashlib
import re
from functools import cache
from pathlib import Path
from string import Formatter

import yaml

from affect_llm.errors import PromptError
from affect_llm.types import Message, Model

_PACKAGE = Path(__file__).parents[1]
# In a wheel the prompts lie in the package, in a checkout beside it.
_FOLDERS = (_PACKAGE / "_prompts", _PACKAGE.parent / "prompts")
_ROLES = re.compile(r"^# (system|user|assistant)\n", re.MULTILINE)


class PromptFile(Model):
    """A prompt as it lies in `prompts/`.

    Args:
        id: its name; `version` rises with every change of its text.
        inputs: the placeholders that must be filled.
        output_schema: name of the schema of its answer; None for free text.
        turns: messages with `{placeholders}`.
        digest: first 12 hexadecimal digits of the file's sha256.
    """

    id: str
    version: int
    inputs: tuple[str, ...]
    output_schema: str | None = None
    turns: tuple[Message, ...]
    digest: str

    @property
    def provenance(self) -> str:
        """The prompt's id, version and digest, as in "reason@3#0123456789ab"."""
        return f"{self.id}@{self.version}#{self.digest}"

    def fill(self, values: dict[str, str]) -> tuple[Message, ...]:
        """The messages with every placeholder replaced once; values are never read as templates.

        Raises:
            PromptError: `values` lacks an input or has one that the prompt does not take.
        """
        if set(values) != set(self.inputs):
            raise PromptError(
                f"The prompt '{self.id}' takes {sorted(self.inputs)}, and got {sorted(values)}."
            )
        return tuple(
            Message(role=turn.role, content=turn.content.format_map(values)) for turn in self.turns
        )


@cache
def prompt_file(name: str) -> PromptFile:
    """The prompt file called `name`.

    Raises:
        PromptError: no such file, bad front matter, or placeholders that are not declared.
    """
    path = next((p for f in _FOLDERS if (p := f / f"{name}.md").is_file()), None)
    if path is None:
        raise PromptError(f"There is no prompt '{name}' in {_FOLDERS[-1]}.")
    text = path.read_text(encoding="utf-8")
    parts = text.split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise PromptError(f"The prompt file {path} must begin with front matter between '---'.")
    pieces = _ROLES.split(parts[2])[1:]
    turns = [
        {"role": role, "content": body.rstrip("\n")}
        for role, body in zip(pieces[::2], pieces[1::2], strict=True)
    ]
    contents = [Formatter().parse(turn["content"]) for turn in turns]
    used = {field for content in contents for _, field, _, _ in content if field}
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    front = yaml.safe_load(parts[1])
    file = PromptFile.model_validate({**front, "turns": turns, "digest": digest})
    if used != set(file.inputs):
        raise PromptError(f"{path} declares {sorted(file.inputs)} and uses {sorted(used)}.")
    return file
