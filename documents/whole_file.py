"""A file that is there whole or not at all, whatever happens while it is written."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write ``data`` beside ``path`` and then put it in its place; what was there stays until then.

    Raises OSError (a full disk, a folder that may not be written), and then no part of it is left.
    """
    path = path.resolve()  # what a link names is replaced, not the link
    part = path.with_name(f".{path.name[-100:]}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise
