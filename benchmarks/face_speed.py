"""Milliseconds per frame of the face extractors and of the obvious alternative.

`python benchmarks/face_speed.py [CLIP.mp4] [--model face_landmarker.task] [--rate 4]` decodes a
clip once and shows the same frames to each: the light extractor, MediaPipe with the network,
MediaPipe alone, and dlib's detector at full size on every frame.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from affect_llm.config import MediaLimits
from affect_llm.cues.face.crops import grey_of
from affect_llm.cues.face.frontal import FrontalDetector
from affect_llm.cues.face.landmarked import LandmarkFinder
from affect_llm.cues.face.landmarker import Landmarker
from affect_llm.cues.face.light import LightFinder
from affect_llm.cues.face.reader import FaceReader
from affect_llm.cues.face.shape_head import ShapeHead
from affect_llm.media.load import load_clip
from affect_llm.store.cache import locate
from affect_llm.store.shipped import shipped

DEMO = Path(__file__).parents[1] / "examples" / "demo.mp4"
Look = Callable[[NDArray[np.uint8]], int]


def looks(model: Path | None) -> dict[str, Look]:
    """What is compared, by name; each takes a frame and says how many faces it found."""
    folder = shipped("face_net")
    reader, detector = FaceReader(folder), FrontalDetector()
    light = LightFinder(reader, detector)
    found: dict[str, Look] = {
        "light": lambda image: len(light.find(image, thorough=False)),
        "dlib alone, full size": lambda image: len(detector.find(grey_of(image), thorough=True)),
    }
    if model is not None:
        landmarker = Landmarker(model)
        marks = LandmarkFinder(landmarker, reader, ShapeHead(folder))
        found["mediapipe + network"] = lambda image: len(marks.find(image, thorough=False))
        found["mediapipe alone"] = lambda image: len(landmarker.detect(image))
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("clip", type=Path, nargs="?", default=DEMO)
    parser.add_argument("--model", type=Path, default=locate("face-landmarker"))
    parser.add_argument("--rate", type=float, default=4.0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    source = load_clip(arguments.clip, limits=MediaLimits()).source
    assert source is not None, "a video has a source"
    frames = [frame.image for frame in source.frames(arguments.rate)]
    print(f"{len(frames)} frames of {frames[0].shape}")
    for name, look in looks(arguments.model).items():
        look(frames[0])
        wall, used = time.perf_counter(), time.process_time()
        faces = sum(look(image) for image in frames)
        wall, used = time.perf_counter() - wall, time.process_time() - used
        per = 1000 / len(frames)
        print(f"{name:22} {wall * per:7.1f} ms wall {used * per:7.1f} ms CPU  {faces} faces")


if __name__ == "__main__":
    main()
