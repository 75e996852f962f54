"""One window a profile: a second start raises the first one and hands over its arguments."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import QCryptographicHash, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_ANSWER_MS = 500


class SingleInstance(QObject):
    """Listens for later starts of the same profile.

    Signals:
        started_again: arguments of the later start, as a list of text.
    """

    started_again = Signal(list)

    def __init__(self, data_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Qt's hash, because it is there already: Python's brings a library that the first paint would wait for.
        digest = QCryptographicHash.hash(str(data_folder).encode(), QCryptographicHash.Algorithm.Sha256)
        self._name = f"kabinet-{digest.data().hex()[:24]}"
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
            import logging  # the first paint does not wait for it

            logging.getLogger(__name__).warning("another program knocked with something unreadable")
            return
        self.started_again.emit([str(argument) for argument in arguments])
