"""Any local causal language model: label probabilities, then an answer that follows its schema."""

from collections.abc import Sequence
from pathlib import Path

import torch

from affect_llm.adapters.folder import CALIBRATION_FILE, Adapter, open_adapter, read_calibration
from affect_llm.config import Settings
from affect_llm.errors import CapabilityError
from affect_llm.prompting.calibration import Calibration
from affect_llm.reasoners.local.answer import begun_answer
from affect_llm.reasoners.local.batch_state import BatchState
from affect_llm.reasoners.local.checkpoint import Checkpoint, open_checkpoint
from affect_llm.reasoners.local.device import memory_guard
from affect_llm.reasoners.local.label_probabilities import score_labels
from affect_llm.reasoners.local.loaded_adapters import LoadedAdapters
from affect_llm.reasoners.local.probe import probe_constraining
from affect_llm.reasoners.local.prompt_reader import PromptReader
from affect_llm.reasoners.reasoner import Capability
from affect_llm.reasoners.spec import TRANSFORMERS
from affect_llm.reasoners.tokens.chat import require_chat_template
from affect_llm.reasoners.tokens.label_paths import LabelPaths, label_paths
from affect_llm.reasoners.tokens.slotted_chat import TokenPrompt, slotted_prompt
from affect_llm.types import Completion, Prompt


class CausalLM:
    """A language model in this process.

    It is greedy and deterministic; a batch answers as its prompts would one by one.

    Adapters are hot-swapped (`add_adapter`, `use`). While one is on, `calibration` is the
    adapter's own or None, because temperatures that were fitted for the base model do not hold
    for another; "soft_tokens" is a capability while one with a projector is on.

    Args:
        name: that of its `ReasonerSpec`.
        checkpoint: the loaded model.
        calibration: fitted for this checkpoint.
        batch_size: prompts per forward pass.
        writes: whether it is large enough to make its own sentences.
    """

    media_tracks: tuple[str, ...] = ()

    def __init__(
        self,
        name: str,
        checkpoint: Checkpoint,
        calibration: Calibration | None,
        batch_size: int,
        *,
        writes: bool = True,
    ) -> None:
        self.name = name
        can: set[Capability] = {"label_logprobs", "constrained", "writes"}
        self.capabilities: frozenset[Capability] = frozenset(can if writes else can - {"writes"})
        self._base = (self.capabilities, calibration)
        self.calibration = calibration
        self.batch_size = batch_size
        self.context_tokens = checkpoint.context_tokens
        self.vocabulary = checkpoint.vocabulary()
        self._take(checkpoint)

    def _take(self, checkpoint: Checkpoint) -> None:
        self.checkpoint = checkpoint
        self._adapters = LoadedAdapters(checkpoint)
        self._reader = PromptReader(checkpoint, self.vocabulary.eos_ids[0])

    def count_tokens(self, text: str) -> int:
        """Length of `text` in tokens, without any that a chat template adds."""
        return len(self.checkpoint.tokenizer.encode(text, add_special_tokens=False))

    @property
    def adapters(self) -> tuple[str, ...]:
        """The names of the adapters that are loaded, in the order they came."""
        return tuple(self._adapters.loaded)

    def add_adapter(self, adapter: Adapter) -> None:
        """Load an adapter beside those that are there, without switching to it.

        Raises:
            ConfigError, WeightsError, CapabilityError, MissingExtra: see `LoadedAdapters.add`.
        """
        if self.checkpoint.reopen is not None:
            self._take(self.checkpoint.reopen())
        self._adapters.add(adapter)

    def use(self, adapter: str | None) -> None:
        """Switch to an adapter that is loaded, by name; None for the base model as it was.

        Raises:
            ConfigError: no adapter of that name is loaded.
        """
        self._adapters.use(adapter)
        self._reader.forget()
        self.capabilities, self.calibration = self._base
        if (active := self._adapters.active) is not None:
            self.calibration = active.calibration
            if active.manifest.fusion is not None:
                self.capabilities |= {"soft_tokens"}

    def complete(self, prompts: Sequence[Prompt], *, max_new_tokens: int) -> list[Completion]:
        """One completion per prompt, in order.

        Raises:
            CapabilityError: a prompt is longer than the model's context, has soft tokens where no
                projector is on, or the batch does not fit into memory.
            PromptError: the answer schema does not fit the labels, or the soft tokens not the
                slots.
        """
        tokens = [self._tokens(prompt) for prompt in prompts]
        # Prompts of about the same length leave the fewest gaps in a batch.
        order = sorted(range(len(prompts)), key=lambda n: tokens[n].length)
        completions: dict[int, Completion] = {}
        for start in range(0, len(order), self.batch_size):
            batch = order[start : start + self.batch_size]
            with torch.inference_mode(), memory_guard(f"{len(batch)} prompts at once"):
                answers = self._answer([(prompts[n], tokens[n]) for n in batch], max_new_tokens)
            completions |= dict(zip(batch, answers, strict=True))
        return [completions[n] for n in range(len(prompts))]

    def _tokens(self, prompt: Prompt) -> TokenPrompt:
        if prompt.soft_tokens is not None and "soft_tokens" not in self.capabilities:
            raise CapabilityError(
                f"The reasoner '{self.name}' reads soft tokens only with an adapter that has a "
                "projector. Name one (adapter), or use road = 'text'."
            )
        chat = slotted_prompt(self.checkpoint.tokenizer, prompt)
        tokens = TokenPrompt(chat, prompt.soft_tokens)
        if tokens.length >= self.context_tokens:
            raise CapabilityError(
                f"The prompt has {tokens.length} tokens and '{self.checkpoint.provenance}' reads "
                f"at most {self.context_tokens}. Use shorter windows (window_s) or a model that "
                "reads more."
            )
        return tokens

    def _answer(
        self, rows: list[tuple[Prompt, TokenPrompt]], max_new_tokens: int
    ) -> list[Completion]:
        read = self._reader.read([tokens for _, tokens in rows])
        last = [tokens.chat.ids[-1] for _, tokens in rows]
        paths = [label_paths(self.vocabulary, prompt) for prompt, _ in rows]
        logprobs = _scored(read.state, last, paths)
        answers = []
        for n, (prompt, tokens) in enumerate(rows):
            room = min(max_new_tokens, self.context_tokens - tokens.length)
            answer = begun_answer(self.vocabulary, prompt, paths[n], logprobs[n], room)
            answer.pending = [last[n], *answer.pending]
            answers.append(answer)
        while any(answer.finish is None for answer in answers):
            going = [answer.pending if answer.finish is None else [] for answer in answers]
            for row, answer in zip(read.state.feed(going).cpu(), answers, strict=True):
                if answer.finish is None:
                    answer.take_best(row)
        self._reader.hold(read)
        return [
            answer.completion(tokens.length, scores, self._adapters.provenance)
            for answer, (_, tokens), scores in zip(answers, rows, logprobs, strict=True)
        ]


def open_causal_lm(settings: Settings) -> CausalLM:
    """The reasoner for the checkpoint that `settings.model` names.

    Raises:
        ConfigError: no checkpoint is named.
        WeightsError, CapabilityError, MissingExtra: see `open_checkpoint`.
    """
    return load_causal_lm(TRANSFORMERS.name, TRANSFORMERS.model_of(settings), settings)


def load_causal_lm(name: str, source: str, settings: Settings, *, writes: bool = True) -> CausalLM:
    """Load a checkpoint with its calibration, and prove that it obeys a schema.

    An adapter that the settings name is on; its LoRA is proved to change the logits.
    """
    checkpoint = open_checkpoint(source, settings)
    require_chat_template(checkpoint.tokenizer, source)
    calibration = read_calibration(Path(source) / CALIBRATION_FILE)
    reasoner = CausalLM(name, checkpoint, calibration, settings.batch_size, writes=writes)
    if settings.adapter is not None:
        adapter = open_adapter(Path(settings.adapter))
        reasoner.add_adapter(adapter)
        reasoner.use(adapter.manifest.name)
    probe_constraining(reasoner)
    return reasoner


def _scored(
    state: BatchState, last: Sequence[int], paths: Sequence[LabelPaths | None]
) -> list[dict[str, float] | None]:
    """Label probabilities after each row's `last` token; the state is left as it was."""
    if not any(paths):
        return [None] * len(paths)
    width = state.width
    common = [() if p is None else p.common for p in paths]
    root = state.feed([[token, *begun] for token, begun in zip(last, common, strict=True)])
    scores = score_labels(state, root, paths)
    state.rewind(width)
    return scores
