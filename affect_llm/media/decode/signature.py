"""Pictures by their first bytes: a picture's name would make FFmpeg look for a numbered series."""

SIGNATURES = (
    (0, b"\xff\xd8\xff", "jpeg_pipe"),
    (0, b"\x89PNG\r\n\x1a\n", "png_pipe"),
    (8, b"WEBP", "webp_pipe"),
    (0, b"BM", "bmp_pipe"),
    (0, b"II*\x00", "tiff_pipe"),
    (0, b"MM\x00*", "tiff_pipe"),
    (0, b"qoif", "qoi_pipe"),
    (0, b"P4\n", "pbm_pipe"),
    (0, b"P5\n", "pgm_pipe"),
    (0, b"P6\n", "ppm_pipe"),
    (0, b"GIF8", "gif"),
)


def picture_format(path: str) -> str | None:
    """The demuxer for the picture at `path`, None when it is something else."""
    with open(path, "rb") as file:
        head = file.read(16)
    for offset, mark, name in SIGNATURES:
        if head[offset : offset + len(mark)] == mark:
            return name
    return None
