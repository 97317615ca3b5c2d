"""What a family of cues declares; prompts, checker, explanations and reports ask it, not a name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from affect_llm.config import Settings
from affect_llm.cues.extractor import CueExtractor
from affect_llm.cues.kinds import CueKind
from affect_llm.cues.words import CueWords
from affect_llm.errors import ConfigError
from affect_llm.registry import Registry
from affect_llm.types import Absence, Modality


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CueFamily:
    """Kinds of cue that the same extractors measure and one setting switches.

    The module that holds one is light: it names extractors and imports none.

    Args:
        name: of the setting: `settings.face`, or an entry of `settings.cues`.
        modality: of all its kinds.
        letter: first letter of the cue ids; no other family has it.
        kinds: what can be measured; phrase, unit and scale of each are enough.
        extractors: by name; each is called with the settings, unless `make` says otherwise.
        default: the name that "auto" stands for here, or why there is none.
        make: makes the extractor of a name (or of NAME:WEIGHTS) for a run.
        takes_weights: whether the setting may be NAME:WEIGHTS.
        reads_given: whether it also reads what came with a clip, so that it is made even where
            it is switched off.
        entry: what absences call it; None for its name.
        called: nouns for the channel in conclusions ("the face and the voice agree").
        associations: emotion → kind → how strongly the kind speaks for it (above 0) or against
            it, about -2 to 2, with the source in a comment.
        words: for sentences about its cues.

    Raises:
        ConfigError: the letter is none, or a kind is of another channel or headed by two words.
    """

    name: str
    modality: Modality
    letter: str
    kinds: tuple[CueKind, ...]
    extractors: Registry[Any]
    default: Callable[[Settings], str | Absence]
    make: Callable[[str, Settings], CueExtractor] | None = None
    takes_weights: bool = False
    reads_given: bool = False
    entry: str | None = None
    called: tuple[str, ...] = ()
    associations: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    words: CueWords = field(default_factory=CueWords)

    def __post_init__(self) -> None:
        """Refuse what prompts could not print and read again."""
        if not (len(self.letter) == 1 and "A" <= self.letter <= "Z"):
            raise ConfigError(
                f"The cue family '{self.name}' has the letter '{self.letter}' for its ids; it "
                "must be one of A to Z."
            )
        for kind in self.kinds:
            if kind.modality != self.modality or " " in f"{kind.family}{kind.name}":
                raise ConfigError(
                    f"The kind '{kind.name}' of the cue family '{self.name}' must be of the "
                    f"modality '{self.modality}', with a name and a family without blanks."
                )

    def extractor(self, name: str, settings: Settings) -> CueExtractor:
        """Make the extractor called `name` for a run.

        Raises:
            UnknownComponent: the family has none of that name.
            MissingExtra, WeightsError: it cannot work here.
        """
        if self.make is not None:
            return self.make(name, settings)
        made: CueExtractor = self.extractors.get(name)(settings)
        return made

    def absence(self, reason: str, *, failed: bool = False) -> Absence:
        """The entry in a sheet that says why the family is missing: not asked for, or failed."""
        return Absence(
            modality=self.modality,
            family=self.entry or self.name,
            state="failed" if failed else "not_asked",
            reason=reason,
        )
