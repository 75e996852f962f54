"""Named points where a test lets the client fail: off unless ``KABINET_FAILPOINT`` says otherwise.

``KABINET_FAILPOINT=name[:count]:kill|raise|sleep``: at the ``count``-th passage (1 when absent) through ``name`` the
process is killed as by ``kill -9``, :class:`Injected` is raised, or the thread sleeps for ``KABINET_FAILPOINT_SECONDS``
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
        "E1",  # an entry is built, nothing is written
        "E2",  # the journal has the entry, the cache has not
        "E3",  # both have it, nobody has been told
        "P1",  # commands are sealed, nothing is sent
        "P2",  # half of the request is sent
        "P3",  # the answer is here, nothing of it is stored
        "P4",  # the outcomes are stored
        "A1",  # a page is half applied
        "A2",  # rows are applied, the cursor is not moved
        "B1",  # a chunk of a bootstrap is applied, its position is not
        "B2",  # chunks are loaded, indexes are being made
        "B3",  # everything is loaded, the scope is not marked ready
    }
)


class Injected(Exception):
    """Raised by a fail point; nothing else raises it."""


_lock = threading.Lock()
_points: dict[str, tuple[int, str]] = {}


def arm(text: str) -> None:
    """Set the points named in ``text``, forgetting those set before; raises ValueError for one that is unknown."""
    points: dict[str, tuple[int, str]] = {}
    for item in filter(None, (part.strip() for part in text.split(","))):
        name, *rest = item.split(":")
        if name not in NAMES or not rest or rest[-1] not in ("kill", "raise", "sleep"):
            raise ValueError(f"not a fail point: {item}")
        points[name] = (int(rest[0]) if len(rest) > 1 else 1, rest[-1])
    with _lock:
        _points.clear()
        _points.update(points)


def armed(name: str) -> bool:
    """Return whether something will happen at ``name``."""
    return name in _points


def reach(name: str) -> None:
    """Pass through a point: usually nothing happens."""
    if not _points:
        return
    with _lock:
        if name not in _points:
            return
        left, action = _points[name]
        if left > 1:
            _points[name] = (left - 1, action)
            return
        del _points[name]
    if action == "kill":
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    elif action == "raise":
        raise Injected(name)
    else:
        time.sleep(float(os.environ.get("KABINET_FAILPOINT_SECONDS", "1")))


arm(
    os.environ.get("KABINET_FAILPOINT_CLIENT", "")
    or ",".join(
        item
        for item in os.environ.get("KABINET_FAILPOINT", "").split(",")
        if item.strip().split(":")[0] in NAMES  # the provider's points live in the same variable
    )
)
