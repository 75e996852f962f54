"""A line between client and provider that a test can break in every way a line breaks."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from sync.transport import Transport

LONG: Final = 60.0
"""Seconds that a client waits for the provider of a test: the machine may be busy."""
SILENT: Final = 1.0
"""Seconds that it waits while the line is silent on purpose."""
_lines: dict[str, Wire] = {}
PORTAL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 43\r\nConnection: close\r\n\r\n"
    b"<html><body>Welcome to the cafe</body></html"
)


class Wire:
    """A TCP proxy. ``mode`` is what happens to the next exchange:

    open; down (connections are reset); lost (the request arrives, the answer does not); cut (the answer ends after
    ``bytes``); torn (only ``bytes`` of the request arrive); corrupt (a byte of the answer's body is changed); html (a
    web page answers); stall (silence); slow; twice (the request arrives two times). ``count`` exchanges are broken,
    then the line is open again; 0 means until told otherwise. With ``only``, requests are broken whose first line has
    it in it, and no others; with ``at`` only the exchange of that number, counted from the line's beginning.
    """

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._address = ("127.0.0.1", 0)
        self._gone = False
        self._guard = threading.Lock()
        self._sockets: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self.mode = "open"
        self.count = 0
        self.at = 0
        self.bytes = 200
        self.only = b""
        self.exchanges = 0
        self._released = threading.Event()
        self._closed = False
        self._listen()
        self._address = self._listener.getsockname()
        self.url = f"http://127.0.0.1:{self._address[1]}"
        _lines[self.url] = self

    def break_(self, mode: str, count: int = 0, after: int = 200, only: bytes = b"", at: int = 0) -> None:
        """Break the line in a way from now on, or for ``count`` exchanges."""
        self._released.clear()
        self.mode, self.count, self.bytes, self.only, self.at = mode, count, after, only, at

    def vanish(self) -> None:
        """Take the line away altogether: no connection can be opened, and those that are open end."""
        self.break_("down")
        self._gone = True
        _end(self._listener)
        self._hang_up()

    def heal(self) -> None:
        """Open the line."""
        if self._gone:
            self._gone = False
            self._listen()
        self.mode, self.count, self.only, self.at = "open", 0, b"", 0
        self._released.set()

    def close(self) -> None:
        """End every connection and wait for every thread of the line."""
        self._closed = True
        _lines.pop(self.url, None)
        _end(self._listener)
        self._released.set()
        self._hang_up()
        for thread in self._threads:
            thread.join(20)
        assert not any(thread.is_alive() for thread in self._threads), "a thread of the line goes on"

    def _listen(self) -> None:
        self._listener = socket.create_server(self._address)
        self._begin(self._accept, self._listener)

    def _begin(self, work: Callable[[socket.socket], None], on: socket.socket) -> None:
        thread = threading.Thread(target=work, args=(on,), daemon=True)
        with self._guard:
            self._threads = [*(one for one in self._threads if one.is_alive()), thread]
            thread.start()

    def _hang_up(self) -> None:
        """Wake whoever reads from a connection: closing it alone would leave them reading."""
        with self._guard:
            for connection in self._sockets:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    @contextlib.contextmanager
    def _kept(self, connection: socket.socket) -> Iterator[socket.socket]:
        """Hold a connection among those that the end of the line ends."""
        with self._guard:
            self._sockets.add(connection)
        try:
            if self._closed or self._gone:
                raise ConnectionAbortedError
            yield connection
        finally:
            with self._guard:
                self._sockets.discard(connection)
                connection.close()

    def _now(self, request: bytes) -> str:
        self.exchanges += 1
        mode = self.mode
        if self.only not in request[: request.find(b"\r\n")] or self.at not in (0, self.exchanges):
            return "open"
        if mode != "open" and self.count:
            self.count -= 1
            if not self.count:
                self.mode = "open"
        return mode

    def _accept(self, listener: socket.socket) -> None:
        while not self._closed:
            try:
                client, _address = listener.accept()
            except OSError:
                return
            self._begin(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as connections:
            connections.enter_context(self._kept(client))
            server: socket.socket | None = None
            while True:
                request = _message(client)
                if not request:
                    break
                mode = self._now(request)
                if mode == "down":
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return
                if mode == "html":
                    client.sendall(PORTAL)
                    return
                if server is None:
                    server = connections.enter_context(self._kept(socket.create_connection(self._target)))
                if mode == "torn":
                    server.sendall(request[: self.bytes])
                    return
                server.sendall(request)
                answer = _message(server)
                if not answer:
                    return  # the provider has ended, and so does the connection
                if mode == "twice":
                    server.sendall(request)
                    answer = _message(server)
                if mode == "lost":
                    return
                if mode == "stall":
                    self._released.wait(60)
                    return
                if mode == "cut":
                    client.sendall(answer[: self.bytes])
                    return
                head = answer.find(b"\r\n\r\n") + 4
                if mode == "corrupt" and len(answer) > head:
                    at = head + (len(answer) - head) // 2
                    answer = answer[:at] + bytes([answer[at] ^ 0x20]) + answer[at + 1 :]
                if mode == "slow":
                    for start in range(0, len(answer), 64):
                        client.sendall(answer[start : start + 64])
                        time.sleep(0.001)
                    continue
                client.sendall(answer)


class OverWire(Transport):
    """A transport that waits long for a slow machine, and shortly for a line that is silent on purpose."""

    def _request(self, *question: Any, stall: float | None = None, **options: Any) -> bytes:
        line = _lines.get(self.base_url)
        silent = line is not None and line.mode == "stall"
        return super()._request(*question, stall=stall or (SILENT if silent else LONG), **options)


def _end(listener: socket.socket) -> None:
    """Close a listener; who waits in it for a connection is woken."""
    with contextlib.suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def _message(source: socket.socket) -> bytes:
    """Return one HTTP message with its body, b"" at the end of the connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = source.recv(65_536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:] if b":" in line)
    if b"chunked" in fields.get(b"transfer-encoding", b""):
        while not body.endswith(b"0\r\n\r\n"):
            piece = source.recv(65_536)
            if not piece:
                break
            body += piece
        return head + b"\r\n\r\n" + body
    length = int(fields.get(b"content-length", b"0"))
    while len(body) < length:
        piece = source.recv(65_536)
        if not piece:
            break
        body += piece
    return head + b"\r\n\r\n" + body
