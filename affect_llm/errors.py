"""Everything that can go wrong on purpose.

AffectError
├── MediaError            a file cannot be read as media, or breaks a limit
├── MissingExtra          a feature needs a package that is not installed
├── WeightsError          a weight is absent, corrupt, unlicensed or of the wrong shape
├── UnknownComponent      a name that no registry knows
├── CapabilityError       a backend cannot do what was asked of it
├── ServerError           a server cannot be reached, refuses, or says what nobody can read
├── ConfigError           a setting is unknown, out of range or contradicts another
├── PromptError           a prompt file or its inputs are malformed
├── ParseFailure          an answer does not follow the schema it was asked for
├── DataError             a dataset or a table is not laid out as documented
└── DiskError             a file cannot be written

Each message is one sentence or two: what failed, what was given, what is allowed, what to do.
"""


class AffectError(Exception):
    """An error meant for the person at the keyboard; the CLI prints it and exits with 2."""


class MediaError(AffectError):
    """A file cannot be read as media, or breaks a limit."""


class MissingExtra(AffectError):
    """A feature needs a package that is not installed.

    Args:
        feature: what was asked for, as a noun phrase ("face landmarks").
        extra: the extra of `affect_llm` that brings the package.
    """

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(
            f"{feature} needs packages that are not installed: pip install 'affect_llm[{extra}]'"
        )
        self.feature = feature
        self.extra = extra


class WeightsError(AffectError):
    """A weight is absent, corrupt, unlicensed or of the wrong shape."""


class UnknownComponent(AffectError, LookupError):
    """A name that no registry knows."""


class CapabilityError(AffectError):
    """A backend cannot do what was asked of it."""


class ServerError(AffectError):
    """A server cannot be reached, refuses, or says what nobody can read."""


class ConfigError(AffectError):
    """A setting is unknown, out of range or contradicts another."""


class PromptError(AffectError):
    """A prompt file or its inputs are malformed."""


class ParseFailure(AffectError):
    """An answer does not follow the schema it was asked for."""


class DataError(AffectError):
    """A dataset or a table is not laid out as documented."""


class DiskError(AffectError, OSError):
    """A file cannot be written: the disk is full, or its folder is closed to us.

    Args:
        what: which file, and that it cannot be written, as the beginning of a sentence.
        cause: what the operating system said; its number is kept.
    """

    def __init__(self, what: str, cause: OSError) -> None:
        super().__init__(f"{what}: {cause.strerror or cause}.")
        self.errno = cause.errno
        self.strerror = cause.strerror

    def __str__(self) -> str:
        """The sentence, where an OSError with a number would show that."""
        return str(self.args[0])
