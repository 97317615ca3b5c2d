"""A split for corpora that came without one: by group, and the same on every machine."""

import hashlib

SPLITS = ("train", "test")
TEST_SHARE = 0.1


def split_by_group(group: str) -> str:
    """The side of a group: "test" for about a tenth of them, "train" for the rest.

    All items of a group (a respondent, a recording session) fall on the same side. The side
    depends on the group's name alone, through SHA-256, so that adding items moves none.
    """
    digest = hashlib.sha256(group.encode()).digest()
    return "test" if int.from_bytes(digest[:4]) < TEST_SHARE * 2**32 else "train"
