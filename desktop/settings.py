"""What a person chose on this computer: provider, language, looks, window. No secrets."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from pathlib import Path
from typing import Any, Final

from translations import LANGUAGES

DEFAULTS: Final[dict[str, Any]] = {
    "provider_url": "",
    "login": "",
    "language": "",
    "theme": "system",
    "text_size": 100,
    "close_to_tray": False,
    "window": {},
    "columns": {},  # widths and sorting of tables, by name
    "last_screen": "",
    "last_account": 0,
    "save_folder": "",
    "notifications": True,
    "role": "",  # of several: whose screens are shown
    "department": 0,  # the education department shown, 0 for that of one's children
}


class Settings:
    """Settings in one JSON file with declared defaults, replaced as a whole at each change.

    A file that cannot be read is set aside as ``settings.json.damaged`` and defaults are used: settings are
    never worth a program that does not start.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._values = dict(DEFAULTS)
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(stored, dict):
                raise ValueError("not an object")
            self._values.update({key: value for key, value in stored.items() if key in DEFAULTS})
        except FileNotFoundError:
            pass
        except (OSError, ValueError):
            with contextlib.suppress(OSError):
                path.replace(path.with_name(path.name + ".damaged"))
        if self._values["language"] not in LANGUAGES:
            self._values["language"] = system_language()

    def get(self, key: str) -> Any:
        """Return the value of a declared setting; raises KeyError for one that is not declared."""
        return self._values[key]

    def set(self, key: str, value: Any) -> None:
        """Change a declared setting and store all of them; a full disk leaves the stored ones as they were."""
        if key not in DEFAULTS:
            raise KeyError(key)
        with self._lock:
            self._values[key] = value
            part = self._path.with_name(f"{self._path.name}.{os.getpid()}.part")
            with contextlib.suppress(OSError):
                part.write_text(json.dumps(self._values, ensure_ascii=False, indent=1), encoding="utf-8")
                part.replace(self._path)


def system_language() -> str:
    """Return the language of the operating system if the program speaks it, else Kazakh."""
    named = os.environ.get("LC_ALL") or os.environ.get("LANG")
    if not named:
        import locale  # only who has neither waits for it

        named = locale.getlocale()[0] or ""
    code = named[:2].lower()
    return code if code in LANGUAGES else "kk"
