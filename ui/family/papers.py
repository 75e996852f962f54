"""Documents that go with an act: chosen from this computer, kept with the journal, uploaded before their command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from translations import _
from ui.context import Context, explain
from ui.family.model import FamilyModel

FILTER: Final = "(*.pdf *.jpg *.jpeg *.png)"


@dataclass(frozen=True, slots=True)
class Paper:
    """A kept document: the hash of its content, its name and size in bytes."""

    sha256: str
    name: str
    size: int


class Papers(QObject):
    """The documents of the act that is being done, as ``(kind, what was kept)``."""

    changed = Signal()

    def __init__(self, context: Context, home: FamilyModel) -> None:
        super().__init__()
        self._context, self._home = context, home
        self.found: list[tuple[str, Any]] = []
        self.act = ""
        self.failure: Exception | None = None

    @property
    def blobs(self) -> list[str]:
        """The documents as a command names them: ``kind:sha256:name``."""
        return [f"{kind}:{paper.sha256}:{paper.name}" for kind, paper in self.found]

    @property
    def failure_text(self) -> str:
        """Why a document could not be taken."""
        return explain(self.failure) if self.failure is not None else ""

    def begin(self, act: str) -> None:
        """Begin with no documents."""
        self.found, self.act, self.failure = [], act, None

    def end(self) -> None:
        """Forget them."""
        self.begin("")

    def choose(self, kind: str, then: Callable[[Any], object] | None = None) -> None:
        """Let a file be chosen and keep it; ``then`` gets what was kept, otherwise it joins the act's documents."""
        path = self._context.open_dialog(_("Choose a document"), f"PDF, JPEG, PNG {FILTER}")
        if path is None:
            return
        client: Any = self._context.client

        def kept(paper: Any) -> None:
            self.failure = None
            if then is not None:
                then(paper)
            else:
                self.found = [*(one for one in self.found if one[0] != kind), (kind, paper)]
            self.changed.emit()

        def failed(error: Exception) -> None:
            self.failure = error
            self.changed.emit()

        self._context.tasks.ask(self, lambda: client.keep_document(path), kept, failed)

    def restore(self, kept: Iterable[Sequence[Any]]) -> None:
        """Take the documents of a draft, as ``kind, sha256, name, size``."""
        self.found = self.found or [(str(row[0]), Paper(str(row[1]), str(row[2]), int(row[3]))) for row in kept]

    def drop(self, kind: str) -> None:
        """Take a document out again."""
        self.found = [one for one in self.found if one[0] != kind]
        self.changed.emit()
