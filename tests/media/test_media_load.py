"""What a clip is said to hold, where its words come from, and which files are refused."""

import hashlib
import os
import struct
import time
import zlib
from pathlib import Path

import av
import numpy as np
import pytest

from affect_llm.config import MediaLimits
from affect_llm.errors import MediaError
from affect_llm.media.decode.job import Budget, Refusal
from affect_llm.media.load import load_clip, text_clip
from affect_llm.types import Modality

FILM_S = [i / 25 for i in range(75)]
SRT = "1\n00:00:01,000 --> 00:00:02,500\n<i>Good</i> morning\nto you\n\n2\n0:03.2 --> 0:04.0\nBye\n"
VTT = "WEBVTT\n\nNOTE nothing\n\n00:01.000 --> 00:02.500 align:left\n<v Ann>Good &amp; well</v>\n"


def states(clip):
    return {absence.modality: absence.state for absence in clip.absent}


def test_a_film_with_sound_and_no_words(studio, limits, sound_kind):
    film = studio.film("a.mkv", FILM_S, sound=sound_kind())
    clip = load_clip(film, limits=limits)
    assert clip.id == hashlib.sha256(film.read_bytes()).hexdigest()
    assert clip.name == "a.mkv"
    assert clip.modalities == {Modality.VISUAL, Modality.AUDIO}
    assert states(clip) == {Modality.TEXT: "absent"}
    assert "--text" in clip.absent[0].remedy


def test_each_missing_stream_is_an_entry(studio, limits, sound_kind):
    silent = load_clip(studio.film("a.mp4", FILM_S), limits=limits)
    blind = load_clip(studio.sound("a.wav", sound_kind()), limits=limits)
    assert silent.absent[0].reason == "the file has no audio stream"
    assert blind.absent[0].reason == "the file has no picture stream"
    assert states(blind) == {Modality.VISUAL: "absent", Modality.TEXT: "absent"}


def test_a_cover_is_not_a_picture_stream(studio, limits):
    path = studio.folder / "a.m4a"
    with av.open(str(path), "w", format="mp4") as out:
        audio = out.add_stream("aac", rate=16_000)
        cover = out.add_stream("png", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "rgb24"
        cover.disposition = av.stream.Disposition.attached_pic
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 16_000), np.float32), "fltp", "mono")
        frame.rate = 16_000
        out.mux(audio.encode(frame))
        out.mux(audio.encode(None))
        out.mux(cover.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")))
        out.mux(cover.encode(None))
    assert load_clip(path, limits=limits).modalities == {Modality.AUDIO}


# ── pictures ─────────────────────────────────────────────────────────────────────────────────


def write_picture(path, image, codec, pixels):
    with av.open(str(path), "w", format="image2") as out:
        stream = out.add_stream(codec, rate=1)
        stream.width, stream.height, stream.pix_fmt = image.shape[1], image.shape[0], pixels
        out.mux(stream.encode(av.VideoFrame.from_ndarray(image, "rgb24")))
        out.mux(stream.encode(None))
    return path


PICTURES = [
    ("a.png", "png", "rgb24"),
    ("a.jpg", "mjpeg", "yuvj420p"),
    ("a.bmp", "bmp", "bgr24"),
    ("a.webp", "libwebp", "yuv420p"),
    ("a.tiff", "tiff", "rgb24"),
    ("100%.png", "png", "rgb24"),
]


@pytest.mark.parametrize(("name", "codec", "pixels"), PICTURES)
def test_a_picture_is_one_frame_at_zero(studio, limits, name, codec, pixels):
    path = write_picture(studio.folder / "written", studio.numbered(37), codec, pixels)
    clip = load_clip(path.rename(studio.folder / name), limits=limits)
    (frame,) = clip.source.frames(4)
    assert (clip.duration_s, frame.time_s, clip.modalities) == (0, 0, {Modality.VISUAL})
    assert studio.number(frame.image) == 37


@pytest.mark.parametrize(("tag", "turns"), [(1, 0), (3, 2), (6, -1), (8, 1)])
def test_exif_turns_a_photograph_upright(studio, limits, tag, turns):
    path = write_picture(studio.folder / "a.jpg", studio.numbered(37), "mjpeg", "yuvj420p")
    tiff = b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHIHH", 0x0112, 3, 1, tag, 0) + bytes(4)
    body = b"Exif\0\0" + tiff
    data = path.read_bytes()
    path.write_bytes(data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:])
    (frame,) = load_clip(path, limits=limits).source.frames(4)
    assert studio.number(np.rot90(frame.image, -turns)) == 37


def bomb_png(width, height):
    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(999))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def bomb_jpeg(width, height):
    size = struct.pack(">HH", height, width)
    return (
        b"\xff\xd8\xff\xc0\x00\x11\x08" + size + b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xda"
    )


def bomb_webp(width, height):
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + size


@pytest.mark.parametrize("bomb", [bomb_png, bomb_jpeg, bomb_webp])
def test_a_hundred_megapixels_are_refused_by_their_header(studio, limits, bomb):
    path = studio.folder / "a.jpg"
    path.write_bytes(bomb(12_000, 9_000))
    with pytest.raises(MediaError, match=r"12000 x 9000.*limits\.max_pixels"):
        load_clip(path, limits=limits)


# ── words ────────────────────────────────────────────────────────────────────────────────────


def spoken(clip):
    return [(s.text, s.span.start_s, s.span.end_s, s.source) for s in clip.transcript]


def test_given_words_win_over_all_and_span_the_clip(studio, limits):
    film = studio.film("a.mp4", FILM_S)
    film.with_suffix(".srt").write_text(SRT)
    clip = load_clip(film, transcript="Said so.", language="en", limits=limits)
    assert spoken(clip) == [("Said so.", 0, clip.duration_s, "given")]
    assert clip.transcript[0].language == "en"
    assert Modality.TEXT in clip.modalities


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
def test_a_sidecar_is_read_in_any_encoding(studio, limits, encoding):
    film = studio.film("a.mp4", FILM_S)
    film.with_suffix(".srt").write_bytes(SRT.replace("Bye", "Tschüß").encode(encoding))
    assert spoken(load_clip(film, limits=limits)) == [
        ("Good morning to you", 1.0, 2.5, "sidecar"),
        ("Tschüß", 3.2, 4.0, "sidecar"),
    ]


def test_vtt_and_txt_sidecars(studio, limits):
    film = studio.film("a.mp4", FILM_S)
    film.with_suffix(".txt").write_text("All of it.\n")
    whole = load_clip(film, limits=limits)
    assert spoken(whole) == [("All of it.", 0, whole.duration_s, "sidecar")]
    film.with_suffix(".vtt").write_text(VTT)
    assert spoken(load_clip(film, limits=limits)) == [("Good & well", 1.0, 2.5, "sidecar")]


@pytest.mark.parametrize(("name", "codec"), [("a.mp4", "mov_text"), ("a.mkv", "subrip")])
def test_subtitles_inside_the_file(studio, limits, name, codec):
    film = studio.with_subtitles(name, codec, [("Hello there", 0.5, 1.5), ("Bye", 2.0, 2.5)])
    clip = load_clip(film, limits=limits)
    assert spoken(clip) == [("Hello there", 0.5, 1.5, "embedded"), ("Bye", 2.0, 2.5, "embedded")]
    film.with_suffix(".txt").write_text("Beside wins.")
    assert clip.transcript != load_clip(film, limits=limits).transcript


def test_words_alone():
    clip = text_clip("I am fine.", language="en", limits=MediaLimits())
    assert clip.id == hashlib.sha256(b"I am fine.").hexdigest()
    assert clip.modalities == {Modality.TEXT}
    assert states(clip) == {Modality.AUDIO: "absent", Modality.VISUAL: "absent"}
    assert clip.source is None


def test_text_files_are_words(studio, limits):
    note = studio.folder / "a.md"
    note.write_text("Not good.\n")
    clip = load_clip(note, limits=limits)
    assert (clip.modalities, clip.transcript[0].text) == ({Modality.TEXT}, "Not good.")


@pytest.mark.parametrize("text", ["", "  \n"])
def test_no_words_are_an_error(studio, limits, text):
    with pytest.raises(MediaError, match="empty"):
        text_clip(text, limits=limits)
    note = studio.folder / "a.txt"
    note.write_text(text)
    with pytest.raises(MediaError, match=r"a\.txt (is empty|holds no words)"):
        load_clip(note, limits=limits)


def test_too_many_words_are_an_error(studio):
    few = MediaLimits(max_text_chars=10)
    note = studio.folder / "a.txt"
    note.write_text("a" * 11)
    with pytest.raises(MediaError, match="max_text_chars"):
        text_clip("a" * 11, limits=few)
    with pytest.raises(MediaError, match="max_text_chars"):
        load_clip(note, limits=few)
    film = studio.with_subtitles("a.mkv", "subrip", [("Hello there", 0.5, 1.5)])
    with pytest.raises(MediaError, match="max_text_chars"):
        load_clip(film, limits=few)


# ── bad input ────────────────────────────────────────────────────────────────────────────────

NOT_MEDIA = {
    "noise.mp4": os.urandom(40_000),
    "noise.mp3": os.urandom(40_000),
    "noise.wav": os.urandom(40_000),
    "noise.bin": b"\x00\x01\x02",
    "words.mp3": b"these are words " * 200,
    "words.png": b"these are words " * 200,
    "binary.txt": bytes(range(32)) * 20,
    "list.mp4": b"ffconcat version 1.0\nfile 'real.mp4'\n",
    "list.mkv": b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\nreal.mp4\n#EXT-X-ENDLIST\n",
    "list.m3u8": b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\nreal.mp4\n#EXT-X-ENDLIST\n",
    "list.mpd": b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>',
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="real.mp4"/></svg>',
}


@pytest.mark.parametrize("name", NOT_MEDIA)
def test_what_is_not_media_is_one_sentence(studio, limits, name):
    studio.film("real.mp4", FILM_S[:5])
    path = studio.folder / name
    path.write_bytes(NOT_MEDIA[name])
    with pytest.raises(MediaError) as caught:
        load_clip(path, limits=limits)
    message = str(caught.value)
    assert message.startswith(name)
    assert message.endswith(".")
    assert "\n" not in message


def test_paths_that_are_no_files(studio, limits):
    (studio.folder / "empty.mp4").touch()
    os.mkfifo(studio.folder / "pipe.mp4")
    expected = {"missing.mp4": "no such file", ".": "directory", "empty.mp4": "empty"}
    for name, reason in {**expected, "pipe.mp4": "not a regular file"}.items():
        with pytest.raises(MediaError, match=reason):
            load_clip(studio.folder / name, limits=limits)


def test_a_truncated_film_says_so(studio, limits):
    film = studio.film("a.mkv", FILM_S * 1, options={"g": "12"})
    data = film.read_bytes()
    film.write_bytes(data[: len(data) // 2])
    clip = load_clip(film, limits=limits)
    assert 0.3 < clip.duration_s < 2.6
    assert states(clip)[Modality.VISUAL] == "low_quality"
    assert next(clip.source.frames(4)).time_s == 0


def test_a_film_without_its_index_is_refused(studio, limits):
    film = studio.film("a.mp4", FILM_S)
    data = film.read_bytes()
    film.write_bytes(data[: data.index(b"moov") - 4])
    with pytest.raises(MediaError, match=r"a\.mp4 is not audio, video or a picture"):
        load_clip(film, limits=limits)


def test_a_header_that_lies_about_a_recording(studio, limits, sound_kind):
    wav = studio.sound("a.wav", sound_kind())
    data = bytearray(wav.read_bytes())
    at = data.index(b"data") + 4
    data[at : at + 4] = b"\xf0\xff\xff\x7f"
    wav.write_bytes(data)
    flac = studio.sound("a.flac", sound_kind(codec="flac", layout="mono"))
    data = bytearray(flac.read_bytes())
    data[21] |= 0x0F
    data[22:26] = b"\xff\xff\xff\xff"
    flac.write_bytes(data)
    for path in (wav, flac):
        clip = load_clip(path, limits=limits)
        assert clip.duration_s == pytest.approx(2, abs=0.1)
        assert sum(len(w.samples) for w in clip.source.audio(1.0)) == pytest.approx(32_000, abs=9)


@pytest.mark.parametrize(
    ("field", "value"),
    [("max_duration_s", 1.0), ("max_frames", 20), ("max_pixels", 5000), ("max_bytes", 500)],
)
def test_limits_are_refusals(studio, field, value):
    film = studio.film("a.mp4", FILM_S)
    with pytest.raises(MediaError, match=field):
        load_clip(film, limits=MediaLimits(**{field: value}))


def test_a_file_that_costs_more_than_it_holds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a megabyte of GIF holds thousands of large pictures that are shown for no time."""
    spent_s = 0.0
    monkeypatch.setattr(time, "process_time", lambda: spent_s)
    limits = MediaLimits(cpu_s=60, cpu_per_media_s=0.5).model_dump()
    budget = Budget(limits, alive=lambda: None)
    spent_s = 59.0
    budget.spend_frame(7000, 7000)
    budget.check_time(10.0)
    spent_s = 64.0
    budget.spend_frame(7000, 7000)
    spent_s = 66.0
    with pytest.raises(Refusal, match=r"more than 65 s of processor time for its first 10\.0 s"):
        budget.spend_frame(7000, 7000)


@pytest.mark.parametrize("end", ["9999:59:59,000", "05:00:00,000"])
def test_words_beyond_the_longest_duration_are_refused(
    tmp_path: Path, limits: MediaLimits, end: str
) -> None:
    words = tmp_path / "late.srt"
    words.write_text(f"1\n00:00:00,000 --> {end}\nHello.\n", encoding="utf-8")
    with pytest.raises(MediaError, match=r"late\.srt has words until .* limits\.max_duration_s"):
        load_clip(words, limits=limits)


def test_a_stream_that_does_not_decode_has_failed(studio, limits, sound_kind):
    film = studio.film("a.mkv", FILM_S, sound=sound_kind())
    data = film.read_bytes()
    film.write_bytes(data.replace(b"A_PCM/INT/LIT", b"A_XYZ/INT/LIT"))
    clip = load_clip(film, limits=limits)
    assert clip.modalities == {Modality.VISUAL}
    assert states(clip)[Modality.AUDIO] == "failed"
