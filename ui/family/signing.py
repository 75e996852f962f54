"""Signing an act: by a click, or by a one-time code from the telephone, which works 80 seconds and needs the line."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from models.domain.problems import Problem
from ui.context import Context, explain
from ui.family.model import FamilyModel


class CodeWait(QObject):
    """Counts the seconds until another code may be asked for."""

    changed = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._until: datetime | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)

    @property
    def left(self) -> int:
        """Whole seconds that are left, 0 when another code may be asked for."""
        if self._until is None:
            return 0
        return max(0, round((self._until - self._context.clock()).total_seconds()))

    @property
    def sent(self) -> bool:
        """Whether a code has been sent since the beginning."""
        return self._until is not None

    def begin(self, seconds: int) -> None:
        """Begin to count."""
        self._until = self._context.clock() + timedelta(seconds=seconds)
        self._timer.start()
        self.changed.emit()

    def end(self) -> None:
        """Forget that a code was sent."""
        self._until = None
        self._timer.stop()

    def _tick(self) -> None:
        if not self.left:
            self._timer.stop()
        self.changed.emit()


class Signing(QObject):
    """How an act is signed now. ``kind``: click, code, or eds, which this program cannot give."""

    changed = Signal()

    def __init__(self, context: Context, home: FamilyModel) -> None:
        super().__init__()
        self._context, self._home = context, home
        self.kind = "click"
        self.code = ""
        self.failure: Exception | None = None
        self.wait = CodeWait(context, self)

    def begin(self, least: str) -> None:
        """Begin to sign an act for which the department wants at least ``least``."""
        self.end()
        self.kind = least

    def end(self) -> None:
        """Forget the code."""
        self.kind, self.code, self.failure = "click", "", None
        self.wait.end()

    def type(self, text: str) -> None:
        """Take the code that was typed."""
        self.code = "".join(character for character in text if character.isdigit())

    def ask(self, about: str) -> None:
        """Have a code sent to the telephone for ``about``: ``application:17``."""
        families = self._context.families

        def sent(seconds: int) -> None:
            failed_before, self.failure = self.failure is not None, None
            self.wait.begin(seconds)
            if failed_before:
                self.changed.emit()

        def failed(error: Exception) -> None:
            self.failure = error
            self.changed.emit()

        self._context.tasks.ask(self, lambda: families.ask_signing_code(about), sent, failed)

    def missing(self) -> list[Problem]:
        """Return what is missing in the signature."""
        if self.kind == "eds":
            return [Problem("signature-eds")]
        return [Problem("field-required", "code")] if self.kind == "code" and not self.code else []

    @property
    def failure_text(self) -> str:
        """Why no code could be sent."""
        return explain(self.failure) if self.failure is not None else ""
