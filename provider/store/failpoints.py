"""Named points where a test lets the provider fail: off unless ``KABINET_FAILPOINT`` says otherwise.

``KABINET_FAILPOINT=name[:count]:kill|raise|sleep``: at the ``count``-th passage (1 when absent) through ``name`` the
process is killed with SIGKILL, an ``Injected`` error is raised, or the thread sleeps for ``KABINET_FAILPOINT_SECONDS``
(1 when absent). Several are separated by commas.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import Final

NAMES: Final = frozenset(
    {
        "after_claim",  # the command is written, its effects are not
        "before_flush",  # the effects are written, their sequence is not taken
        "after_counter",  # the sequence is taken, the tenant's counter is locked
        "before_commit",
        "after_commit",  # of any change
        "after_commit_before_reply",  # of a whole batch of commands
        "during_page",
        "during_chunk",
    }
)


class Injected(RuntimeError):
    """Raised by a fail point; nothing else raises it."""


class _Point:
    def __init__(self, count: int, action: str) -> None:
        self.left = count
        self.action = action


_lock = threading.Lock()
_points: dict[str, _Point] = {}


def arm(text: str) -> None:
    """Set the points named in ``text``, forgetting those set before; raises ``ValueError`` for one that is unknown."""
    points: dict[str, _Point] = {}
    for item in filter(None, (part.strip() for part in text.split(","))):
        name, *rest = item.split(":")
        if name not in NAMES or not rest or rest[-1] not in ("kill", "raise", "sleep"):
            raise ValueError(f"not a fail point: {item}")
        points[name] = _Point(int(rest[0]) if len(rest) > 1 else 1, rest[-1])
    with _lock:
        _points.clear()
        _points.update(points)


def reach(name: str) -> None:
    """Pass through a point: usually nothing happens."""
    if not _points:
        return
    with _lock:
        point = _points.get(name)
        if point is None:
            return
        point.left -= 1
        if point.left > 0:
            return
        del _points[name]
    if point.action == "kill":
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    elif point.action == "sleep":
        time.sleep(float(os.environ.get("KABINET_FAILPOINT_SECONDS", "1")))
    else:
        raise Injected(name)


arm(os.environ.get("KABINET_FAILPOINT", ""))
