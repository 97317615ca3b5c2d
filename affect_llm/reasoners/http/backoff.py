"""When a request may be sent, and how long to wait before it is sent again."""

import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_FIRST_WAIT_S = 0.5
"""OpenAI's own client begins with half a second too."""
_LONGEST_WAIT_S = 30.0
"""A server that wants a longer wait says so itself, by `Retry-After`."""


class Pace:
    """Spaces the starts of requests evenly, so that no minute sees more than it may.

    Args:
        per_minute: most requests; None for no limit.
        clock: seconds that only rise.
        sleep: waits that many seconds.
    """

    def __init__(
        self,
        per_minute: float | None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap = 0.0 if per_minute is None else 60.0 / per_minute
        self._clock = clock
        self._sleep = sleep
        self._next = clock()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when this thread may send its request."""
        with self._lock:
            now = self._clock()
            start = max(now, self._next)
            self._next = start + self._gap
        if start > now:
            self._sleep(start - now)


def backoff_s(attempt: int, asked_s: float | None, jitter: random.Random) -> float:
    """How long to wait after failure number `attempt` (from 0).

    At least what the server asked for; otherwise between half and the whole of 0.5 s, doubled with
    every failure up to 30 s, so that the requests of a run do not return in step.
    """
    longest = min(_FIRST_WAIT_S * 2.0**attempt, _LONGEST_WAIT_S)
    return max(longest * jitter.uniform(0.5, 1.0), asked_s or 0.0)


def retry_after(header: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a `Retry-After` header asks for (RFC 9110, section 10.2.3); None for none."""
    if not header:
        return None
    text = header.strip()
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max((aware - (now or datetime.now(UTC))).total_seconds(), 0.0)
