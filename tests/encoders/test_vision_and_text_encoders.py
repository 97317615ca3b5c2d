from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from made_clips import MadeSource, noise_images, picture_clip, spoken_clip
from numpy.typing import NDArray
from tiny_encoders import save_text

from affect_llm.cues.face.crops import Square
from affect_llm.cues.face.sightings import SeenFace
from affect_llm.encoders.pictures import cut_colour, face_pictures, main_face, pictures
from affect_llm.encoders.registry import open_encoder
from affect_llm.encoders.runner import encode
from affect_llm.encoders.words import TimedText, windows
from affect_llm.types import Clip, Modality

Folders = Callable[[str], Path]


@pytest.mark.parametrize("family", ["clip", "siglip", "dinov2"])
def test_pictures_become_what_transformers_makes_of_them(checkpoints: Folders, family: str) -> None:
    folder, images = checkpoints(family), noise_images(3)
    model = transformers.AutoModel.from_pretrained(folder).eval()
    processor = transformers.AutoImageProcessor.from_pretrained(folder)
    pixels = processor(images=list(images), return_tensors="pt")["pixel_values"]
    with torch.inference_mode():
        wanted = (
            model(pixel_values=pixels)
            if family == "dinov2"
            else model.get_image_features(pixel_values=pixels)
        ).pooler_output
    encoder = open_encoder(family, {"checkpoint": str(folder), "rate_hz": 10})
    found = encode(encoder, picture_clip(images))
    np.testing.assert_allclose(found.array, wanted.numpy(), atol=1e-5)
    np.testing.assert_allclose(found.times_s, [[0, 0.1], [0.1, 0.2], [0.2, 0.3]])


def test_open_clip_gives_unit_vectors_of_its_own_preprocessing(
    open_clip_file: tuple[Path, str],
) -> None:
    file, architecture = open_clip_file
    encoder = open_encoder("open-clip", {"checkpoint": str(file), "architecture": architecture})
    found = encode(encoder, picture_clip(noise_images(12)))
    np.testing.assert_allclose(np.linalg.norm(found.array, axis=1), 1, atol=1e-5)
    assert np.abs(found.array[0] - found.array[1]).max() > 1e-3


def test_a_picture_stands_until_the_next_and_a_still_is_a_moment() -> None:
    spans = [(p.start_s, p.end_s) for p in pictures(picture_clip(noise_images(12)), 2)]
    assert spans == [(0, 0.5), (0.5, 1.0), (1.0, 1.2)]
    image = noise_images(1)
    still = Clip("s", "still", 0.0, frozenset({Modality.VISUAL}), source=MadeSource(images=image))
    assert [(p.start_s, p.end_s) for p in pictures(still, 2)] == [(0, 0)]


class Finder:
    """Sees the boxes it is told of: a small face always, a large one from the third frame on."""

    provenance = "told@1#x"
    tells_eyes = False

    def __init__(self) -> None:
        self.count = 0

    def find(self, image: NDArray[np.uint8], thorough: bool) -> list[SeenFace]:
        self.count += 1
        squares = [Square(100 + self.count, 20, 10)]
        if self.count > 2:
            squares.insert(0, Square(30, 30, 40))
        nothing = np.zeros(0)
        return [SeenFace(s, 1.0, nothing, nothing, (0, 0, 0), None) for s in squares]

    def close(self) -> None:
        pass


def test_the_main_face_is_the_one_seen_longest_and_largest() -> None:
    clip = picture_clip(tuple(np.zeros((80, 160, 3), np.uint8) for _ in range(10)))
    places = main_face(clip, Finder(), 10)
    assert sorted(places) == pytest.approx([k / 10 for k in range(2, 10)])
    assert {square.side for square in places.values()} == {40}
    found = list(face_pictures(clip, Finder(), 10))
    assert [round(p.start_s, 3) for p, _ in found] == sorted(round(t, 3) for t in places)


def test_a_crop_is_the_square_upright_and_beyond_the_edge_the_edge() -> None:
    image = np.zeros((60, 60, 3), np.uint8)
    image[20:40, 10:30] = (200, 50, 10)
    assert (cut_colour(image, Square(20, 30, 20), 1.0) == (200, 50, 10)).all()
    wide = cut_colour(image, Square(20, 30, 20), 2.0)
    assert wide.shape == (40, 40, 3)
    assert (wide[10:30, 10:30] == (200, 50, 10)).all()
    assert not wide[:10].any()
    edge = cut_colour(np.full((10, 10, 3), 7, np.uint8), Square(0, 0, 8), 1.0)
    assert (edge == 7).all()
    assert edge.shape == (8, 8, 3)
    tilted = np.zeros((101, 101, 3), np.uint8)
    for k in range(-30, 31):  # a line that falls to the right at 30 degrees
        tilted[
            50 + round(k * np.tan(np.pi / 6)) - 1 : 50 + round(k * np.tan(np.pi / 6)) + 2, 50 + k
        ] = 255
    level = cut_colour(tilted, Square(50, 50, 40, 30.0), 1.0)[..., 0]
    rows = np.flatnonzero(level[:, 4:-4].mean(axis=1) > 120)
    assert len(rows) >= 1
    assert abs(rows.mean() - (len(level) - 1) / 2) < 2


@pytest.mark.parametrize("family", ["bert", "roberta"])
def test_words_are_means_of_their_tokens_with_the_segments_time(
    tmp_path: Path, family: str
) -> None:
    folder = save_text(tmp_path / family, family=family)
    clip = spoken_clip(("the cues  suggest", 0.0, 1.0), (" a raised-voice!", 1.5, 2.5))
    text = "the cues suggest a raised-voice!"
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    given = tokenizer(text, return_tensors="pt", return_offsets_mapping=True)
    offsets = given.pop("offset_mapping")[0].tolist()
    model = transformers.AutoModel.from_pretrained(folder).eval()
    with torch.inference_mode():
        states = model(input_ids=given["input_ids"]).last_hidden_state[0].numpy()
    wanted, place = [], 0
    for word in text.split():
        place = text.index(word, place)
        ends = place + len(word)
        rows = [i for i, (s, e) in enumerate(offsets) if e > s and s < ends and e > place]
        wanted.append(states[rows].mean(axis=0))
    encoder = open_encoder("text", {"checkpoint": str(folder)})
    found = encode(encoder, clip)
    np.testing.assert_allclose(found.array, wanted, atol=1e-5)
    assert found.times_s.tolist() == [[0, 1]] * 3 + [[1.5, 2.5]] * 2
    segments = encode(open_encoder("text", {"checkpoint": str(folder), "unit": "segment"}), clip)
    assert segments.times_s.tolist() == [[0, 1], [1.5, 2.5]]
    whole = encode(open_encoder("text", {"checkpoint": str(folder), "unit": "whole"}), clip)
    assert whole.times_s.tolist() == [[0, 2.5]]
    plain = [i for i, (s, e) in enumerate(offsets) if e > s]
    np.testing.assert_allclose(whole.array[0], states[plain].mean(axis=0), atol=1e-5)


def test_special_tokens_in_a_transcript_are_words(checkpoints: Folders) -> None:
    encoder = open_encoder("text", {"checkpoint": str(checkpoints("text"))})
    chunk = next(encoder.chunks(spoken_clip(("no [SEP] no", 0, 1))))
    special = transformers.AutoTokenizer.from_pretrained(checkpoints("text")).sep_token_id
    assert (chunk.inputs == special).sum() == 1, "the one at the end, which is ours"
    assert len(chunk.inputs) == len(chunk.owner) == len(chunk.spans)


def test_long_texts_are_read_in_windows_that_own_every_word_once(checkpoints: Folders) -> None:
    words = ["smile", "voice", "no", "she"] * 100
    clip = spoken_clip(*((word, k * 0.5, k * 0.5 + 0.5) for k, word in enumerate(words)))
    encoder = open_encoder("text", {"checkpoint": str(checkpoints("text"))})
    chunks = list(encoder.chunks(clip))
    assert len(chunks) > 3
    assert max(len(c.inputs) for c in chunks) <= 128
    found = encode(encoder, clip)
    assert found.times_s.tolist() == [[k * 0.5, k * 0.5 + 0.5] for k in range(400)]


@pytest.mark.parametrize(
    ("count", "size", "margin"), [(5, 10, 2), (10, 10, 2), (11, 10, 2), (95, 20, 4), (13, 10, 2)]
)
def test_windows_own_every_token_once_with_context(count: int, size: int, margin: int) -> None:
    found = windows(count, size, margin)
    owned = [i for _, _, begin, end in found for i in range(begin, end)]
    assert owned == list(range(count))
    for first, last, begin, end in found:
        assert last - first <= size
        assert begin - first == (margin if begin else 0)
        assert last - end == min(margin, count - end)


def test_an_empty_transcript_is_absent(checkpoints: Folders) -> None:
    encoder = open_encoder("text", {"checkpoint": str(checkpoints("text"))})
    found = encode(encoder, spoken_clip(("  ", 0, 1)))
    assert found.absent is not None
    assert "no words" in found.absent.reason
    assert TimedText.of(()).text == ""
