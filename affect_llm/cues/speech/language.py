"""What language a recogniser is told to expect."""

from collections.abc import Collection

from affect_llm.errors import CapabilityError


def known_language(asked: str | None, known: Collection[str], recogniser: str) -> str | None:
    """The code among `known` for an IETF tag ("pt-BR" is "pt"); None stays None.

    Raises:
        CapabilityError: the recogniser knows no such language.
    """
    if asked is None:
        return None
    code = asked.partition("-")[0].lower()
    if code not in known:
        raise CapabilityError(
            f"{recogniser} does not know the language '{asked}'. Known: {', '.join(sorted(known))}."
        )
    return code
