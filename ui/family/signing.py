"""Signing an act: by a click, or by a one-time code from the telephone, which works 80 seconds and needs the line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QObject, Signal

from models.domain.problems import Problem
from ui.code_wait import CodeWait
from ui.context import Context, explain
from ui.family.model import FamilyModel
from ui.iin import CODE_DIGITS


def wants_another_code(refused: Iterable[Any]) -> Any:
    """Return the newest refused act of which only the one-time code was not taken, None when there is none."""
    found = [
        item
        for item in refused
        if item.state == "refused" and item.problems and all(problem.field == "code" for problem in item.problems)
    ]
    return found[-1] if found else None


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

    def used(self) -> None:
        """Forget the code, which was sent; how long it is under way is counted on, as it may not be taken."""
        self.code, self.failure = "", None

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
        if self.kind != "code" or len(self.code) == CODE_DIGITS:
            return []
        return [
            Problem("code-digits", "code", {"digits": CODE_DIGITS}) if self.code else Problem("field-required", "code")
        ]

    @property
    def failure_text(self) -> str:
        """Why no code could be sent."""
        return explain(self.failure) if self.failure is not None else ""
