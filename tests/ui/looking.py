"""What tests of screens read and type: the words of a view, what was sent from it, and a client without a line."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from models.domain.problems import Problem
from sync.status import State as Line
from sync.status import SyncStatus
from tests.fixtures.family import FamilyClient
from tests.samples import balabaqsha as sample


def said(view: Any) -> str:
    """Return the texts that a view shows now."""
    QApplication.processEvents()  # what was put into a layout is shown with the next event
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view))


def said_and_offered(view: Any) -> str:
    """Return the texts that a view shows now, then the words on its buttons."""
    QApplication.processEvents()
    found: list[QLabel | QAbstractButton] = [*view.findChildren(QLabel), *view.findChildren(QAbstractButton)]
    return "\n".join(one.text() for one in found if one.isVisibleTo(view))


def submitted(client: Any) -> list[Any]:
    """Return the commands that were written to the journal, in order."""
    return [call[1] for call in client.calls if call[0] == "submit"]


def fill(model: Any, **fields: str) -> None:
    """Type into fields."""
    for key, text in fields.items():
        model.type(key, text)


def wrong(model: Any) -> dict[str, str]:
    """Return the code of what is wrong with each field."""
    return {problem.field: problem.code for problem in model.problems}


def without_line(**rest: Any) -> FamilyClient:
    """Return a parent's client that has no connection; ``items`` are what waits."""
    status = SyncStatus(Line.OFFLINE, sample.NOW, sample.NOW, problem=Problem("offline"))
    return FamilyClient(rest.pop("items", []), status, **rest)
