"""One URL into one file, resumable: what arrived stays, and the next call goes on from there."""

import re
from pathlib import Path

import httpx

from affect_llm.errors import WeightsError
from affect_llm.store.digests import Progress

ATTEMPTS = 3
"""Tries of one call, each going on where the last one broke off."""
TIMEOUT = httpx.Timeout(30.0, connect=15.0)
"""Seconds without a byte, and to connect, before a try counts as broken."""


def download(url: str, part: Path, *, size: int | None, progress: Progress) -> None:
    """Bring `part` to the full length of `url`.

    Args:
        url: http or https; a redirect from https to http is refused.
        part: grows as bytes arrive; bytes that lie there already are not fetched again.
        size: expected length in bytes, None if unknown.
        progress: told of every chunk, and once of what lay there already.

    Raises:
        WeightsError: the server cannot be reached, refuses, or sends too little or too much.
        OSError: `part` cannot be written.
    """
    progress(_length(part))
    problem = ""
    with httpx.Client(follow_redirects=True, timeout=TIMEOUT) as client:
        for _ in range(ATTEMPTS):
            try:
                _attempt(client, url, part, size=size, progress=progress)
                return
            except httpx.TransportError as error:
                problem = str(error) or type(error).__name__
    raise WeightsError(
        f"{url} could not be downloaded: {problem}. {_length(part)} bytes have arrived and are "
        "kept; run the same command again to go on from there."
    )


def _attempt(
    client: httpx.Client, url: str, part: Path, *, size: int | None, progress: Progress
) -> None:
    have = _length(part)
    if have and have == size:
        return
    # A compressed body has other bytes than the file: neither its length nor a range would fit.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with client.stream("GET", url, headers=headers) as response:
        _check(url, response)
        if response.status_code == 416:  # nothing comes after what we have
            if response.headers.get("content-range") == f"bytes */{have}":
                return
            part.unlink()
            raise httpx.ReadError("what lay here is longer than the file, and was dropped")
        start, total = _extent(response, have)
        if start != have:
            progress(start - have)
        expected = size if size is not None else total
        if expected is None:
            raise WeightsError(
                f"{url} does not say how long it is, and nobody here knows: refused."
            )
        _append(response, part, start=start, expected=expected, progress=progress)
    if _length(part) < expected:
        raise httpx.ReadError(f"{_length(part)} of {expected} bytes arrived")


def _check(url: str, response: httpx.Response) -> None:
    hops = [*response.history, response]
    if url.startswith("https:") and any(hop.url.scheme != "https" for hop in hops):
        raise WeightsError(f"{url} leads away from https to {response.url}: refused.")
    if response.status_code not in (200, 206, 416):
        raise WeightsError(
            f"{response.url.host} answered {response.status_code} {response.reason_phrase} for "
            f"{url}. If the address has moved, get the file elsewhere and use: "
            "affect-llm models import FILE."
        )


def _extent(response: httpx.Response, have: int) -> tuple[int, int | None]:
    """Where the body starts, and how long the whole file is; 0 when the range was ignored."""
    if response.status_code == 206:
        match = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("content-range", ""))
        if match is None or int(match[1]) > have:
            raise WeightsError(f"{response.url} sent another part of the file than was asked for.")
        return int(match[1]), None if match[2] == "*" else int(match[2])
    length = response.headers.get("content-length")
    return 0, int(length) if length else None


def _append(
    response: httpx.Response, part: Path, *, start: int, expected: int, progress: Progress
) -> None:
    written = start
    with part.open("ab" if start else "wb") as stream:
        if start:
            stream.truncate(start)
        for chunk in response.iter_raw():
            written += len(chunk)
            if written > expected:
                raise WeightsError(
                    f"{response.url} sends more than the {expected} bytes that were expected: "
                    "refused."
                )
            stream.write(chunk)
            progress(len(chunk))


def _length(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
