"""Syllables and pauses, found without a transcript."""

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.voice.frame_grid import HOP_S, runs_of

_SMOOTH = 6
"""Frames of 10 ms under the smoothing window, shorter than a syllable."""
_DIP_DB = 2.0
_BELOW_TOP_DB = 25.0
"""Peaks further below the loudest are no syllables (de Jong and Wempe's silence threshold)."""
_SHORTEST_PAUSE_S = 0.25


def count_syllables(level_db: NDArray[np.float64], voiced: NDArray[np.bool_]) -> int:
    """Syllable nuclei: voiced peaks of the level with a dip of 2 dB on either side.

    Args:
        level_db: (T,) every 10 ms.
        voiced: (T,) whether the frame has a pitch.

    Source: N. H. de Jong, T. Wempe (2009), "Praat script to detect syllable nuclei and measure
    speech rate automatically", Behavior Research Methods 41(2), 385-390.
    """
    from scipy.signal import find_peaks

    if len(level_db) < _SMOOTH:
        return 0
    power = np.convolve(10.0 ** (level_db / 10.0), np.hanning(_SMOOTH + 3)[1:-1], mode="same")
    smooth = 10.0 * np.log10(power + 1e-12)
    threshold = float(np.percentile(smooth, 99)) - _BELOW_TOP_DB
    peaks, _ = find_peaks(np.pad(smooth, 1, constant_values=-120.0), threshold, prominence=_DIP_DB)
    return int(voiced[peaks - 1].sum())


def pause_share(speech: NDArray[np.bool_]) -> float:
    """Share of the time between the first and the last speech that is silent, 0 to 1.

    Silences under 250 ms belong to articulation and do not count (Goldman-Eisler 1968).
    """
    spoken = np.flatnonzero(speech)
    if len(spoken) == 0:
        return 0.0
    inside = speech[spoken[0] : spoken[-1] + 1]
    gaps = [end - start for start, end in runs_of(~inside)]
    return float(sum(gap for gap in gaps if gap * HOP_S >= _SHORTEST_PAUSE_S) / len(inside))
