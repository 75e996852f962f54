"""Reading the tables that utilities and banks hand over: xls, xlsx, csv and dbf, every cell as text.

A file is read in a child process with limits on memory and time, because spreadsheets can be made to unpack into
gigabytes and old formats crash their readers. The caller gets rows, or one :class:`TableRefused`, whatever happens.
"""

from __future__ import annotations

import hashlib
import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final

import msgspec

from models.domain.problems import Problem

MAX_BYTES: Final = 512 * 1024 * 1024
_LENGTH: Final = struct.Struct(">I")
_ROOT: Final = Path(__file__).resolve().parents[2]


class TableRefused(Exception):
    """The file as a whole cannot be read; ``problem`` says why. Nothing was imported."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What a person may state about a file instead of having it guessed; "" means guess.

    ``country`` tips the balance between encodings that share most letters: kz1048 for KZ, cp1125 for UA.
    """

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    country: str = ""


@dataclass(slots=True)
class Table:
    """A table being read: the header, how the file was understood, and its rows.

    ``rows`` yields ``(row number in the file, cells)``; numbers count from 1 and the header is usually row 1. A refusal
    may also come while rows are being read (a damaged end), so callers commit nothing that depends on the whole file
    before the iterator ends.
    """

    header: list[str]
    format: str
    encoding: str
    delimiter: str
    sha256: str
    _frames: Iterator[dict[str, Any]] = field(repr=False)
    _reader: _Reader = field(repr=False)

    def batches(self) -> Iterator[list[tuple[int, list[str]]]]:
        """Yield rows in lists of at most 2,000. Raises TableRefused when the rest of the file is unreadable."""
        for frame in self._frames:
            yield [(number, cells) for number, cells in frame["rows"]]

    @property
    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield rows one by one. Raises TableRefused when the rest of the file is unreadable."""
        for batch in self.batches():
            yield from batch

    def __enter__(self) -> Table:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._reader.close()


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hex. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_table(path: Path, options: TableOptions | None = None) -> Table:
    """Return the table in ``path``, to be used as a context manager.

    Raises TableRefused when the file is missing, empty, too large, damaged, or not a table.
    """
    name = path.name
    try:
        size = path.stat().st_size
    except OSError as error:
        raise TableRefused(Problem("import-no-file", values={"file": str(path)})) from error
    if not path.is_file():
        raise TableRefused(Problem("import-no-file", values={"file": str(path)}))
    if size == 0:
        raise TableRefused(Problem("import-empty", values={"file": name}))
    if size > MAX_BYTES:
        raise TableRefused(Problem("import-too-large", values={"file": name}))
    reader = _Reader(path, options or TableOptions())
    frames = reader.frames()
    try:
        head = next(frames)
    except StopIteration:
        reader.close()
        raise TableRefused(Problem("import-damaged", values={"file": name})) from None
    except TableRefused:
        reader.close()
        raise
    return Table(
        header=head["header"],
        format=head["format"],
        encoding=head["encoding"],
        delimiter=head["delimiter"],
        sha256=file_sha256(path),
        _frames=frames,
        _reader=reader,
    )


class _Reader:
    """The child process and the frames it sends: a length and MessagePack, never pickles."""

    def __init__(self, path: Path, options: TableOptions) -> None:
        self._name = path.name
        request = msgspec.json.encode({"path": str(path.resolve()), **msgspec.to_builtins(options)}).decode()
        environment = {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONIOENCODING": "utf-8"}
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the process in close()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "provider.imports.child", request],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment,
        )

    def frames(self) -> Iterator[dict[str, Any]]:
        output = self._process.stdout
        assert output is not None
        while True:
            head = output.read(_LENGTH.size)
            body = output.read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else b""
            if not body:
                # the child was killed by a limit or crashed inside a parser: whatever the cause, one sentence
                raise TableRefused(Problem("import-damaged", values={"file": self._name}))
            frame: dict[str, Any] = msgspec.msgpack.decode(body)
            if "problem" in frame:
                raise TableRefused(Problem(frame["problem"], values={"file": self._name, **frame["values"]}))
            if frame.get("end"):
                return
            yield frame

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        output: IO[bytes] | None = self._process.stdout
        if output is not None:
            output.close()
        self._process.wait()
        self._errors.close()
