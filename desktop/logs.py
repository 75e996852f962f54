"""Logs: a rotating file, the last lines in memory for the log window, and secrets masked whatever the caller does."""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import re
from collections import deque
from pathlib import Path
from typing import Final

_SECRETS: Final = (
    (re.compile(r"(?<!\d)(\d{2})\d{8}(\d{2})(?!\d)"), r"\1********\2"),  # IIN and BIN
    (re.compile(r"(?i)(bearer\s+|token[\"'=: ]+|password[\"'=: ]+)[^\s\"',}]+"), r"\1***"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"), "***@***"),
)


class Masking(logging.Filter):
    """Masks identity numbers, tokens, passwords and addresses in everything that passes."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Override."""
        record.msg, record.args = mask(record.getMessage()), ()
        if record.exc_info:
            record.exc_text = mask(logging.Formatter().formatException(record.exc_info))
        return True


class Recent(logging.Handler):
    """Keeps the last lines for the log window."""

    def __init__(self, size: int = 2000) -> None:
        super().__init__()
        self.lines: deque[str] = deque(maxlen=size)

    def emit(self, record: logging.LogRecord) -> None:
        """Override."""
        self.lines.append(self.format(record))


def mask(text: str) -> str:
    """Return ``text`` without identity numbers, tokens, passwords and e-mail addresses."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


def start(folder: Path, *, verbose: bool = False) -> Recent:
    """Send all logs to ``folder/kabinet.log`` (five files of 1 MB) and to memory; return the memory."""
    recent = Recent()
    handlers: list[logging.Handler] = [recent]
    with contextlib.suppress(OSError):  # a full or read-only disk must not stop the program; the lines in memory remain
        handlers.append(
            logging.handlers.RotatingFileHandler(
                folder / "kabinet.log", maxBytes=1_000_000, backupCount=5, encoding="utf-8", delay=True
            )
        )
    formatter = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    root = logging.getLogger()
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    for handler in [one for one in root.handlers if any(isinstance(part, Masking) for part in one.filters)]:
        root.removeHandler(handler)  # of an earlier start in this process
        handler.close()
    for handler in handlers:
        handler.setFormatter(formatter)
        handler.addFilter(Masking())
        root.addHandler(handler)
    for noisy in ("urllib3", "PIL", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    return recent
