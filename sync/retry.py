"""When to try again: computed from stored counts and times, so that no flag can disagree with the queue."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

FIRST: Final = 2.0
LONGEST: Final = 300.0
POLL: Final = 30.0


def delay(failures: int, seed: str) -> float:
    """Return seconds to wait after ``failures`` failures in a row: doubling from 2 to 300, each spread over its half.

    The same ``seed`` gives the same delay, so a restarted program waits no longer than the one before it.
    """
    if failures <= 0:
        return 0.0
    full = min(FIRST * 2.0 ** min(failures - 1, 20), LONGEST)
    share = int.from_bytes(blake2b(seed.encode(), digest_size=4).digest(), "big") / 2**32
    return full * (0.5 + share / 2)


def next_attempt(failures: int, failed_at: datetime, retry_after: float | None, seed: str) -> datetime:
    """Return when the next attempt is due: by our own back-off or as the provider asked, whichever is later."""
    seconds = delay(failures, f"{seed}:{failures}:{failed_at.isoformat()}")
    return failed_at + timedelta(seconds=max(seconds, retry_after or 0.0))


def next_poll(last: datetime, seed: str) -> datetime:
    """Return when to ask again after a success, spread so that many clients do not ask at once."""
    share = int.from_bytes(blake2b(f"{seed}:{last.isoformat()}".encode(), digest_size=4).digest(), "big") / 2**32
    return last + timedelta(seconds=POLL * (0.75 + share / 2))
