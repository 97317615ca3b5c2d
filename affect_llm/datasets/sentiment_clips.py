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
from dataclasses import dataclass, replace
from pathlib import Path

from affect_llm.datasets.reader import Skips, check_split, media_named, number, read_table
from affect_llm.datasets.unibench import PARTS, UniBenchSet, without_last
from affect_llm.types import Sample

_TABLES = ("label.csv", "meta.csv")
_COLUMNS = ("video_id", "clip_id", "text", "label", "mode")
_MODES = {"train": ("train",), "val": ("val", "valid"), "test": ("test",)}


@dataclass(frozen=True, slots=True)
class SentimentClips:
    """The reader of one corpus in both layouts.

    Args:
        archive: reads MER-UniBench's layout; its title and range hold for both.
    """

    archive: UniBenchSet

    def __call__(self, root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
        """Clips in the order of the table or the archive.

        Raises:
            DataError: an unknown split, a missing file or column, or a sentiment out of range.
        """
        one = self.archive
        check_split(one.title, split, PARTS)
        table = next((root / name for name in _TABLES if (root / name).is_file()), None)
        if table is None:
            yield from one(root, split, skips)
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


_MOSI = UniBenchSet(
    "CMU-MOSI", "label.npz", PARTS, None, media=("subvideo", "subaudio"), group_of=without_last
)
_MOSEI = replace(_MOSI, title="CMU-MOSEI", media=("subvideo_new", "subaudio"))
_CH_SIMS = UniBenchSet(
    "CH-SIMS", "label.npz", PARTS, None, low=-1.0, high=1.0, group_of=without_last
)
_CH_SIMS_V2 = replace(_CH_SIMS, title="CH-SIMS v2", media=("video_new", "audio"))
read_mosi, read_mosei = SentimentClips(_MOSI), SentimentClips(_MOSEI)
read_ch_sims, read_ch_sims_v2 = SentimentClips(_CH_SIMS), SentimentClips(_CH_SIMS_V2)
