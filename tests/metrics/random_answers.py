"""Random inputs of the property tests, the same in every run (`conftest.py` at the root)."""

from hypothesis import settings
from hypothesis import strategies as st

QUICK = settings(deadline=None, max_examples=40)
LABELS = ("anger", "joy", "neutral", "sadness")
NUMBER = st.integers(-300, 300).map(lambda n: n / 100)
SHARE = st.integers(0, 20).map(lambda n: n / 20)
LABEL = st.sampled_from(LABELS)


def rows(*columns: st.SearchStrategy, least: int = 0) -> st.SearchStrategy:
    """Lists of 0 to 25 items, one value of each column per item."""
    return st.lists(st.tuples(*columns), min_size=least, max_size=25)


def columns(items: list[tuple], count: int) -> list[list]:
    """The columns of `rows`, also of no rows."""
    return [[item[i] for item in items] for i in range(count)]
