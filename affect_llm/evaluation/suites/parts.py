"""A suite's items: where they lie, which are measured, and what the baselines learn from."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from affect_llm.datasets.fer2013_packed import packed_fer2013, unpacked_fer2013
from affect_llm.datasets.registry import DATASETS
from affect_llm.errors import AffectError, DataError
from affect_llm.evaluation.intervals import SEED
from affect_llm.evaluation.suites.answers import source_of
from affect_llm.evaluation.suites.suite import ALL, Suite
from affect_llm.types import Sample


def place_of(suite: Suite, data: Path) -> Path:
    """The corpus below a folder of many corpora, or the folder itself if it holds none of it."""
    places = (data / suite.folder, data / suite.dataset)
    return next((place for place in places if place.exists()), data)


def corpus_root(suite: Suite, data: Path, scratch: Path) -> Path:
    """The folder that the reader takes; pictures packed in one file are written first.

    Raises:
        DataError: the packed file is not as documented.
    """
    place = place_of(suite, data)
    return unpacked_fer2013(place, scratch) if suite.dataset == "fer2013" else place


def read_part(suite: Suite, root: Path, split: str, left_out: Counter[str] | None) -> list[Sample]:
    """The suite's items in `split`, or in all of its splits.

    Raises:
        DataError: there is no such split, the corpus is not there or not as documented; the
            message ends with what to put where.
    """
    read = DATASETS.get(suite.dataset)
    splits = suite.splits if split == ALL else (split,)
    try:
        samples = [sample for part in splits for sample in read(root, part, left_out)]
    except AffectError as error:
        raise DataError(f"{error} {suite.setup}") from error
    return [sample for sample in samples if _is_of(sample, suite)]


def measured_part(
    suite: Suite,
    root: Path,
    split: str,
    left_out: Counter[str],
    *,
    limit: int | None = None,
    trained_too: bool = False,
) -> list[Sample]:
    """The items to ask about.

    Args:
        suite: what is measured.
        root: of the corpus.
        split: of the suite, or "all".
        left_out: items that cannot be asked about are counted here, by reason.
        limit: at most so many, drawn at random.
        trained_too: also items that a shipped model learned from.

    Raises:
        DataError: nothing is there, an id is there twice, or items were trained on.
    """
    samples = read_part(suite, root, split, left_out)
    trained = sum(sample.split in suite.trained_on for sample in samples)
    if trained and not trained_too:
        raise DataError(
            f"{suite.name}: {trained} of the {len(samples)} items of '{split}' are of the kind "
            f"that the shipped models learned from ({', '.join(suite.trained_on)}). A score on "
            f"them says nothing. Measure '{suite.split}', or say that trained items are meant."
        )
    askable = [sample for sample in samples if source_of(sample, suite.modalities) is not None]
    if len(askable) < len(samples):
        left_out[f"no {' or '.join(suite.modalities)} to ask about"] += len(samples) - len(askable)
    if not askable:
        reasons = ", ".join(f"{why} {count}" for why, count in left_out.items()) or "none found"
        raise DataError(
            f"{suite.name}: the part '{split}' of {root} has no items ({reasons}). {suite.setup}"
        )
    twice = [name for name, n in Counter(sample.id for sample in askable).items() if n > 1]
    if twice:
        raise DataError(
            f"{suite.name}: {len(twice)} ids are there more than once, such as "
            f"{', '.join(twice[:5])}. Each item needs its own."
        )
    return some(askable, limit)


def training_part(suite: Suite, root: Path, split: str) -> tuple[list[Sample], str | None]:
    """What the baselines learn from, and why that is nothing where it is."""
    if suite.training_split is None:
        return [], "the corpus has no training part"
    if split in (suite.training_split, ALL):
        return [], f"the training part is among what is measured ('{split}')"
    try:
        samples = read_part(suite, root, suite.training_split, None)
    except AffectError as error:
        return [], str(error)
    return samples, None if samples else f"the part '{suite.training_split}' is empty"


def data_problem(suite: Suite, data: Path) -> str | None:
    """Why the suite cannot be measured with what is below `data`; None if it can.

    Reads no further than the first item of the suite's own part that can be asked about.
    """
    place = place_of(suite, data)
    if suite.dataset == "fer2013" and packed_fer2013(place) is not None:
        return None
    try:
        items = DATASETS.get(suite.dataset)(place, suite.split, None)
        askable = (_is_of(s, suite) and source_of(s, suite.modalities) is not None for s in items)
        if any(askable):
            return None
    except AffectError as error:
        return f"{error} {suite.setup}"
    wanted = " or ".join(suite.modalities)
    return f"The part '{suite.split}' has no {wanted} to ask about. {suite.setup}"


def _is_of(sample: Sample, suite: Suite) -> bool:
    return all(sample.annotations.get(key) == value for key, value in suite.where.items())


def some(samples: Sequence[Sample], limit: int | None) -> list[Sample]:
    """All samples, or `limit` of them drawn without replacement, in their order."""
    if limit is None or limit >= len(samples):
        return list(samples)
    drawn = np.random.default_rng(SEED).choice(len(samples), size=limit, replace=False)
    return [samples[index] for index in sorted(drawn)]
