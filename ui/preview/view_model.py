"""A document in the making: its bytes, where they may go, and what the reader must know about the data behind them."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from models.contract.commands import ReversePayment, SendDocument, SubmitReading, TakePayment
from models.contract.records import AccountView
from models.domain.period import Month
from models.domain.problems import Problem
from translations import _, formats, n_
from ui.context import Context, problem_of
from ui.selection import Cabinet, is_offline

FRESH: Final = timedelta(hours=24)
FIGURES: Final = (SubmitReading, TakePayment, ReversePayment)
"""What changes the figures of a paper once the provider has it."""
UNSENT: Final = frozenset({"waiting", "sending", "held"})
_UNSAFE: Final = re.compile(r"[^\w\-.]+", re.UNICODE)
_RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


@dataclass(frozen=True, slots=True)
class Paper:
    """What is to be made: how, under which name, and how the provider is asked to send it."""

    build: Callable[[], bytes]
    title: str
    name: str
    """The suggested file name, safe on every system."""
    send: tuple[SendDocument, ...] = ()
    """One command for each account that the paper is about; none when the provider cannot send this very paper."""


class DocumentModel(QObject):
    """The bytes of one paper: made off the GUI thread, shown, printed, saved and sent the same."""

    changed = Signal()
    """Made, failed, or being made."""
    saved = Signal(object)
    """The path it was saved to."""
    sent = Signal()
    """The command that asks the provider to send it is recorded."""
    failed = Signal(object)
    """A Problem of saving or sending."""

    def __init__(self, context: Context, cabinet: Cabinet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.cabinet = cabinet
        self._turn = 0
        self.paper: Paper | None = None
        self.data: bytes = b""
        self.making = False
        self.problem: Problem | None = None

    def make(self, paper: Paper, then: Callable[[], object] | None = None) -> None:
        """Make a paper and do ``then``; the one before stays shown until this one is ready."""
        self._turn += 1
        turn = self._turn
        self.paper = paper
        self.making = True
        self.problem = None
        self.changed.emit()
        self._context.tasks.ask(
            self, paper.build, lambda data: self._made(turn, data, then), lambda error: self._not_made(turn, error)
        )

    def forget(self) -> None:
        """Drop the document."""
        self._turn += 1
        self.paper, self.data, self.making, self.problem = None, b"", False, None
        self.changed.emit()

    def save(self) -> None:
        """Ask where and write the bytes there; the file appears whole or not at all."""
        paper, data = self.paper, self.data
        if paper is None or not data:
            return
        path = self._context.save_dialog(_("Save the document"), paper.name, _("PDF documents (*.pdf)"))
        if path is not None:
            target = path if path.suffix.lower() == ".pdf" else free_path(path.with_name(path.name + ".pdf"))
            self._context.tasks.ask(self, lambda: write(target, data), self.saved.emit, self._trouble)

    def print(self) -> None:
        """Hand the bytes to the system's print dialog."""
        if self.paper is not None and self.data:
            self._context.print_pdf(self.data, self.paper.title)

    def send(self, paper: Paper | None = None) -> None:
        """Ask the provider to send the paper (the one made here) to the person's confirmed address; works offline."""
        paper = paper or self.paper
        if paper is None or not paper.send:
            return
        if self.cabinet.person is not None and not self.cabinet.person.email:
            self.failed.emit(Problem("no-email"))
            return
        commands, client = paper.send, self._context.client

        def record() -> int:
            for command in commands:
                client.submit(command)
            return len(commands)

        self._context.tasks.ask(self, record, lambda _count: self._recorded(), self._trouble)

    def waiting_to_be_sent(self, paper: Paper | None) -> bool:
        """Whether asking for this paper by e-mail is recorded here and not yet with the provider."""
        wanted = paper.send if paper else ()
        return any(item.payload in wanted and str(item.state) != "refused" for item in self.cabinet.waiting)

    def address(self) -> str:
        """Return the confirmed e-mail address, or ""."""
        return self.cabinet.person.email if self.cabinet.person else ""

    def _recorded(self) -> None:
        self.sent.emit()
        self.cabinet.refresh()

    def _made(self, turn: int, data: bytes, then: Callable[[], object] | None) -> None:
        if turn == self._turn:
            self.data, self.making = data, False
            self.changed.emit()
            if then is not None:
                then()

    def _not_made(self, turn: int, error: Exception) -> None:
        if turn == self._turn:
            self.making = False
            self.problem = problem_of(error) or Problem("document-not-made")
            self.changed.emit()

    def _trouble(self, error: Exception) -> None:
        known = problem_of(error)
        if known is None:
            full = isinstance(error, OSError) and error.errno == 28
            known = Problem("disk-full-file" if full else "folder-not-writable")
        self.failed.emit(known)


def write(path: Path, data: bytes) -> Path:
    """Write a document whole: beside its place first, then into it. Raises OSError; returns the path."""
    handle, part = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(part).replace(path)
    except OSError:
        Path(part).unlink(missing_ok=True)
        raise
    return path


def free_path(path: Path) -> Path:
    """Return ``path``, or the first of ``name (2).pdf``, ``name (3).pdf`` … that is not taken."""
    count = 2
    free = path
    while free.exists():
        free = path.with_name(f"{path.stem} ({count}){path.suffix}")
        count += 1
    return free


def safe_name(*parts: str) -> str:
    """Return a file name of ``parts`` that every system takes: letters, digits, dots and hyphens, at most 120 long."""
    words = [_UNSAFE.sub("-", part).strip("-._") for part in parts]
    stem = "_".join(word for word in words if word)[:120].strip("-._") or "document"
    return f"{'_' if _RESERVED.fullmatch(stem) else ''}{stem}.pdf"


def freshness(cabinet: Cabinet, views: Sequence[AccountView], now: datetime) -> tuple[str, str]:
    """Return what a reader must know about the data of a document, and its tone; "" when they are fresh."""
    if not views:
        return "", ""
    provider = views[0].provider
    as_of = min(view.as_of for view in views)
    state = str(cabinet.status.state) if cabinet.status is not None else "online"
    moment = formats.moment(as_of, provider.zone)
    if state == "syncing" and now - as_of > timedelta(minutes=5):
        return _("The program is catching up; the document shows the data as of {moment}.").format(
            moment=moment
        ), "accent"
    if is_offline(cabinet.status):
        return _("There is no connection: the document shows the data as of {moment}.").format(moment=moment), "warning"
    if now - as_of > FRESH:
        return _("The data are old: the document shows them as of {moment}.").format(moment=moment), "warning"
    ids = {view.account.id for view in views}
    waiting = sum(
        isinstance(item.payload, FIGURES) and item.payload.account_id in ids and str(item.state) in UNSENT
        for item in cabinet.waiting
    )
    if waiting:
        return n_(
            "{count} entry of yours is waiting to be sent and is not in the document.",
            "{count} entries of yours are waiting to be sent and are not in the document.",
            waiting,
        ).format(count=waiting), "pending"
    return "", ""


def suggested(kind: str, view: AccountView, period: Month | tuple[date, date]) -> str:
    """Return the file name of a paper: kind, account and period."""
    when = str(period) if isinstance(period, Month) else f"{period[0]:%Y-%m-%d}_{period[1]:%Y-%m-%d}"
    return safe_name(kind, view.account.number, when)
