"""CMU-MOSI, CMU-MOSEI, CH-SIMS and CH-SIMS v2: clips with a real-valued sentiment.

Layouts: a table `label.csv` (or `meta.csv`) with the columns video_id, clip_id, text, label and
mode (train, valid, test), and clips `Raw/<video_id>/<clip_id>.mp4`, as the MMSA project passes
them on; or MER-UniBench's archive (see `unibench`).
Record: `Sample(id="video_0001/0002", text=…, annotations={"sentiment": -0.8}, split="train",
group="video_0001", paths={"video": …})`.

Sentiment runs from -3 to 3 in MOSI and MOSEI and from -1 to 1 in CH-SIMS. The splits are the
official ones; the group is the video a clip was cut from.

Source: Zadeh et al. 2016, arXiv 1606.06259; Zadeh et al. 2018, doi 10.18653/v1/P18-1208; Yu et
al. 2020, doi 10.18653/v1/2020.acl-main.343; Liu et al. 2022, arXiv 2209.02604.
"""

from collections.abc import Iterator
from pathlib import Path

from affect_llm.datasets.reader import (
    Skips,
    check_split,
    media_named,
    number,
    read_table,
)
from affect_llm.datasets.unibench import UniBenchSet, read_unibench, sentiment_set
from affect_llm.types import Sample

SPLITS = ("train", "val", "test")
_TABLES = ("label.csv", "meta.csv")
_COLUMNS = ("video_id", "clip_id", "text", "label", "mode")
_MODES = {"train": ("train",), "val": ("val", "valid"), "test": ("test",)}


def read_mosi(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """CMU-MOSI.

    Raises:
        DataError: an unknown split, a missing file or column, or a sentiment out of range.
    """
    return _read(sentiment_set("mosi"), root, split, skips)


def read_mosei(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """CMU-MOSEI; as `read_mosi`."""
    return _read(sentiment_set("mosei"), root, split, skips)


def read_ch_sims(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """CH-SIMS; as `read_mosi`."""
    return _read(sentiment_set("ch-sims"), root, split, skips)


def read_ch_sims_v2(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """CH-SIMS v2; as `read_mosi`."""
    return _read(sentiment_set("ch-sims-v2"), root, split, skips)


def _read(one: UniBenchSet, root: Path, split: str, skips: Skips | None) -> Iterator[Sample]:
    check_split(one.title, split, SPLITS)
    table = next((root / name for name in _TABLES if (root / name).is_file()), None)
    if table is None:
        yield from read_unibench(one, root, split, skips)
        return
    for line, row in read_table(one.title, table, _COLUMNS):
        if row["mode"].strip().lower() not in _MODES[split]:
            continue
        value = number(table, line, "sentiment", row["label"], one.low, one.high)
        video = row["video_id"].strip()
        name = f"{video}/{row['clip_id'].strip()}"
        yield Sample(
            id=name,
            annotations={"sentiment": value},
            split=split,
            group=video,
            text=row["text"].strip() or None,
            paths=media_named(root / "Raw", name, f"{table}, line {line}"),
        )
