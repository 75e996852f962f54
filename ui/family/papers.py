"""Documents that go with an act: chosen from this computer, kept with the journal, uploaded before their command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from models.domain.attachments import JPEG, PNG
from models.domain.problems import Problem
from translations import _
from ui.context import Context, explain, problem_of
from ui.family.model import FamilyModel

FILTER: Final = "(*.pdf *.jpg *.jpeg *.png)"
PICTURES: Final = "(*.jpg *.jpeg *.png)"
PHOTO: Final = "photo"
"""The kind of what is no paper: a picture of a person."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A kept document: the hash of its content, its name and size in bytes."""

    sha256: str
    name: str
    size: int


class _NotTaken(Exception):
    """A file that is kept for other things, and not for this."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


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

    def forgive(self) -> None:
        """Say no more why the last one could not be taken: something else is being done."""
        if self.failure is not None:
            self.failure = None
            self.changed.emit()

    def refuse(self, problem: Problem) -> None:
        """Say why the last one was not taken."""
        self.failure = _NotTaken(problem)
        self.changed.emit()

    def begin(self, act: str) -> None:
        """Begin with no documents."""
        self.found, self.act, self.failure = [], act, None

    def end(self) -> None:
        """Forget them."""
        self.begin("")

    def choose(self, kind: str, then: Callable[[Any], object] | None = None) -> None:
        """Let a file be chosen and keep it; ``then`` gets what was kept, otherwise it joins the act's documents."""
        photo = kind == PHOTO
        title, kinds = _("Choose a document"), f"PDF, JPEG, PNG {FILTER}"
        if photo:
            title, kinds = _("Choose a photo"), f"JPEG, PNG {PICTURES}"
        path = self._context.open_dialog(title, kinds)
        if path is None:
            return
        client: Any = self._context.client

        def keep() -> Any:
            try:
                paper = client.keep_document(path)
            except Exception as error:
                known = problem_of(error)
                if photo and known is not None and known.code == "file-kind":
                    raise _NotTaken(Problem("photo-kind", "file")) from error
                raise
            if photo and getattr(paper, "media_type", JPEG) not in (JPEG, PNG):
                raise _NotTaken(Problem("photo-kind", "file"))
            return paper

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

        self._context.tasks.ask(self, keep, kept, failed)

    def restore(self, kept: Iterable[Sequence[Any]]) -> None:
        """Take the documents of a draft, as ``kind, sha256, name, size``."""
        self.found = self.found or [(str(row[0]), Paper(str(row[1]), str(row[2]), int(row[3]))) for row in kept]

    def drop(self, kind: str) -> None:
        """Take a document out again."""
        self.found = [one for one in self.found if one[0] != kind]
        self.changed.emit()
