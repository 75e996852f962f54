"""Letters, mailings and housekeeping done by the serving process itself, for a provider that runs no worker."""

from __future__ import annotations

import logging
import threading
import time
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from provider.jobs.queue import worker_alive
from provider.jobs.rounds import clock_round, housekeeping, letters_round, mailing_round, queue_round
from provider.settings import Settings
from provider.store.database import Database

log = logging.getLogger(__name__)

_PAUSE: Final = 1.0
_LONG_PAUSE: Final = 15.0
_FIRST_HOURLY: Final = 60.0
_HOUR: Final = 3600.0
_MINUTE: Final = 60.0


class InlineJobs:
    """A thread that looks once a second for letters to send, once a minute for terms that ended, once an hour for
    mailings that are due.

    Harmless beside workers: each letter is locked, each mailing is written once, and the hourly work is theirs as long
    as one of them lives.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="inline-jobs", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the letter at hand and end."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(30)

    def hourly(self) -> None:
        """Do what workers do by their calendar, unless there is one."""
        if worker_alive(self._database):
            return
        now = self._settings.clock()
        queue_round(self._database, now)
        mailing_round(self._database, now)
        housekeeping(self._database, self._settings, now)

    def minutely(self) -> None:
        """Let terms of admissions end in time, unless workers do."""
        if not worker_alive(self._database):
            clock_round(self._database, self._settings.clock())

    def _run(self) -> None:
        pause, hourly_at, minutely_at = _PAUSE, time.monotonic() + _FIRST_HOURLY, time.monotonic()
        while not self._stop.wait(pause):
            try:
                letters_round(self._database, self._settings)
                if time.monotonic() >= minutely_at:
                    minutely_at = time.monotonic() + _MINUTE
                    self.minutely()
                if time.monotonic() >= hourly_at:
                    hourly_at = time.monotonic() + _HOUR
                    self.hourly()
                pause = _PAUSE
            except (SQLAlchemyError, OSError, ValueError):
                log.exception("work beside requests failed; trying again in %d seconds", int(_LONG_PAUSE))
                pause = _LONG_PAUSE
