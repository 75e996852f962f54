"""One window a profile: a second start raises the first one and hands over its arguments."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

log = logging.getLogger(__name__)

_ANSWER_MS = 500


class SingleInstance(QObject):
    """Listens for later starts of the same profile.

    Signals:
        started_again: arguments of the later start, as a list of text.
    """

    started_again = Signal(list)

    def __init__(self, data_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        digest = hashlib.sha256(str(data_folder).encode()).hexdigest()[:24]
        self._name = f"kabinet-{digest}"
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._arrived)

    def hand_over(self, arguments: list[str]) -> bool:
        """Return whether a running program took the arguments; a dead one's leftovers do not count."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_ANSWER_MS):
            return False
        socket.write(json.dumps(arguments).encode())
        socket.flush()
        socket.waitForBytesWritten(_ANSWER_MS)
        socket.disconnectFromServer()
        return True

    def listen(self) -> bool:
        """Become the one that later starts find; returns False when the system forbids it."""
        if self._server.listen(self._name):
            return True
        QLocalServer.removeServer(self._name)  # a killed program leaves its socket file behind
        return self._server.listen(self._name)

    def _arrived(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.waitForReadyRead(_ANSWER_MS)
        data = bytes(socket.readAll().data())
        socket.deleteLater()
        try:
            arguments = json.loads(data or b"[]")
        except ValueError:
            log.warning("another program knocked with something unreadable")
            return
        self.started_again.emit([str(argument) for argument in arguments])
