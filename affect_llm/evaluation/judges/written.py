"""Text that can always be written down."""

from typing import Annotated

from pydantic import AfterValidator


def encodable(text: str) -> str:
    """`text` with "?" for halves of characters, which JSON can spell but UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode()


Written = Annotated[str, AfterValidator(encodable)]
"""A string that came from a model or a stranger's file, and will be stored."""
