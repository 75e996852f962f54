"""Where a profile keeps its files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple


class Folders(NamedTuple):  # quicker made than a dataclass: the first paint waits for it
    """The folders of one profile; ``data`` holds everything that must be kept, ``logs`` what may be thrown away."""

    data: Path

    @property
    def profile(self) -> Path:
        """Vault, journal, cache and identity of the device."""
        return self.data / "profile"

    @property
    def logs(self) -> Path:
        """Rotating logs and crash reports."""
        return self.data / "logs"

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.data / "settings.json"


def folders(chosen: str | None = None) -> Folders:
    """Return the folders of the chosen profile and make them, readable by their owner only.

    ``chosen`` is ``--data-dir``; without it ``KABINET_DATA_DIR`` decides, and else the system's place for such data.
    Raises OSError when the folder cannot be made.
    """
    place = chosen or os.environ.get("KABINET_DATA_DIR")
    if not place:
        import platformdirs  # only who chose no folder waits for it

        place = platformdirs.user_data_dir("kabinet", appauthor=False)
    found = Folders(Path(place).expanduser().absolute())
    for folder in (found.data, found.logs):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found
