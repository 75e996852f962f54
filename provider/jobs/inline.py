"""Letters sent by the serving process itself, for a provider that runs no worker."""

from __future__ import annotations

import logging
import threading
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from provider.jobs.rounds import letters_round
from provider.settings import Settings
from provider.store.database import Database

log = logging.getLogger(__name__)

_PAUSE: Final = 1.0
_LONG_PAUSE: Final = 15.0


class InlineJobs:
    """A thread that looks once a second for letters to send. Harmless beside workers: each letter is locked."""

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

    def _run(self) -> None:
        pause = _PAUSE
        while not self._stop.wait(pause):
            try:
                letters_round(self._database, self._settings)
                pause = _PAUSE
            except (SQLAlchemyError, OSError, ValueError):
                log.exception("letters could not be sent; trying again in %d seconds", int(_LONG_PAUSE))
                pause = _LONG_PAUSE
