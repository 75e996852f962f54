"""What happens when the program itself is wrong: a masked report on this computer, and an honest sentence."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from desktop.logs import mask

log = logging.getLogger(__name__)


class CrashReports:
    """Writes a report for an exception that nobody caught, in any thread, and remembers it for the next start."""

    def __init__(self, folder: Path, tell: Callable[[str], None] | None = None) -> None:
        self._folder = folder
        self.tell = tell
        self._fault_file = (folder / "fault.log").open("a", encoding="utf-8")

    def install(self) -> None:
        """Catch what reaches the top of the main thread, of worker threads and of Qt's slots."""
        faulthandler.enable(self._fault_file)
        sys.excepthook = self._caught
        threading.excepthook = lambda args: self._caught(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )

    def unread(self) -> str:
        """Return the report of the last crash, once; "" when there was none."""
        path = self._folder / "crash.txt"
        try:
            text = path.read_text(encoding="utf-8")
            path.replace(self._folder / "crash-read.txt")
        except OSError:
            return ""
        return text

    def _caught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        text = mask("".join(traceback.format_exception(kind, error, trace)))
        log.error("unexpected: %s", text)
        try:
            stamp = datetime.now(UTC).isoformat(timespec="seconds")
            (self._folder / "crash.txt").write_text(f"{stamp}\n{text}", encoding="utf-8")
        except OSError:
            log.warning("the crash report could not be written")
        if self.tell:
            self.tell(text)
