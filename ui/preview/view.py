"""A document on the screen with its acts, and the row of acts for screens that do not show it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from models.contract.sentences import sentence
from models.domain.problems import Problem
from translations import _
from ui import theme
from ui.context import Context
from ui.flow import flowing
from ui.kit.buttons import Button
from ui.kit.pdf import PdfView
from ui.kit.surfaces import Ribbon
from ui.preview.view_model import DocumentModel, Paper


class DocumentView(PdfView):
    """The very bytes of a document with a ribbon above when the data behind it are not what they seem."""

    def __init__(
        self,
        context: Context,
        document: DocumentModel,
        ribbon: Callable[[], tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        self.document = document
        super().__init__(context, send=document.send, parent=parent)
        self._about = ribbon
        self.ribbon = Ribbon("", "warning")
        self.note = Ribbon("", "accent")
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(0, self.ribbon)
        layout.insertWidget(1, self.note)
        document.changed.connect(self.refresh)
        document.sent.connect(self.refresh)
        document.failed.connect(self._trouble)
        document.saved.connect(self._told)
        document.cabinet.changed.connect(self.refresh)
        self._bytes = b""
        self.refresh()

    def refresh(self) -> None:
        """Show the document there is now."""
        document = self.document
        text, tone = self._about()
        self.ribbon.show_text(text, tone)
        if document.problem is not None:
            self._say(sentence(document.problem), "danger")
        elif document.waiting_to_be_sent(document.paper):
            self._say(waiting_words(document), "pending")
        elif document.paper is not None and not document.paper.send:
            self._say(not_sent_words(), "accent")
        elif document.making and not document.data:
            self._say(_("The document is being made…"), "accent")
        else:
            self._say("", "accent")
        if document.data and document.paper is not None and document.data != self._bytes:
            self._bytes = document.data
            if self.isVisible():
                self.follow_width()
            self.show_pdf(document.data, document.paper.name)
        if self.send_button is not None:
            self.send_button.setEnabled(bool(document.data and document.paper and document.paper.send))

    def save(self) -> None:
        """Override: whole or not at all, under a safe name."""
        self.document.save()

    def print(self) -> None:
        """Override: the bytes that are shown."""
        self.document.print()

    def _say(self, text: str, tone: str) -> None:
        self.note.show_text(text, tone)

    def _told(self, path: object) -> None:
        self._context.toast(_("Saved to {path}.").format(path=path))

    def _trouble(self, problem: Problem) -> None:
        self._say(sentence(problem), "danger")


class DocumentWindow(QDialog):
    """A document in a window of its own, beside the screen that it came from."""

    def __init__(
        self,
        context: Context,
        document: DocumentModel,
        ribbon: Callable[[], tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(document.paper.title if document.paper else "")
        self.resize(theme.grid(230), theme.grid(210))
        self.view = DocumentView(context, document, ribbon)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.grid(4), theme.grid(3), theme.grid(4), theme.grid(4))
        layout.addWidget(self.view)


class DocumentActs(QWidget):
    """Save as PDF, look at it, have it sent: for a table that can be had on paper."""

    def __init__(
        self,
        context: Context,
        document: DocumentModel,
        paper: Callable[[], Paper | None],
        ribbon: Callable[[], tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context, self.document, self._paper, self._about = context, document, paper, ribbon
        self.download = Button(_("&Download as PDF"), self._download, icon="download")
        self.look = Button(_("Pre&view"), self._look, icon="eye")
        self.send = Button(_("Send to my e-&mail"), self._send, icon="mail")
        self.note = Ribbon("", "accent")
        self.window_shown: DocumentWindow | None = None
        buttons, row = flowing()
        for button in (self.download, self.look, self.send):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.grid(1.5))
        column.addWidget(buttons)
        column.addWidget(self.note)
        document.changed.connect(self.refresh)
        document.cabinet.changed.connect(self.refresh)
        document.failed.connect(self._trouble)
        document.saved.connect(self._told)
        self.refresh()

    def refresh(self) -> None:
        """Show what is possible and what waits."""
        document, paper = self.document, self._paper()
        for button in (self.download, self.look):
            button.setEnabled(paper is not None and not document.making)
        self.send.setEnabled(paper is not None and bool(paper.send))
        if document.problem is not None:
            self._say(sentence(document.problem), "danger")
        elif document.waiting_to_be_sent(paper):
            self._say(waiting_words(document), "pending")
        elif paper is not None and not paper.send:
            self._say(not_sent_words(), "accent")
        else:
            self._say("", "accent")

    def _download(self) -> None:
        paper = self._paper()
        if paper is not None:
            self.document.make(paper, self.document.save)

    def _look(self) -> None:
        paper = self._paper()
        if paper is not None:
            self.document.make(paper, self._open)

    def _open(self) -> None:
        self.window_shown = DocumentWindow(self._context, self.document, self._about, self)
        self.window_shown.show()

    def _send(self) -> None:
        self.document.send(self._paper())

    def _say(self, text: str, tone: str) -> None:
        self.note.show_text(text, tone)

    def _told(self, path: object) -> None:
        if self.window_shown is None or not self.window_shown.isVisible():
            self._context.toast(_("Saved to {path}.").format(path=path))

    def _trouble(self, problem: Problem) -> None:
        self._say(sentence(problem), "danger")


def not_sent_words() -> str:
    """Return why a paper about some services cannot be sent by e-mail."""
    return _("By e-mail the provider sends the document of all services only. Save this one and send it yourself.")


def waiting_words(document: DocumentModel) -> str:
    """Return that the request for a letter waits to be sent, and where the letter will go."""
    address = document.address()
    if address:
        return _("Waiting to be sent: the provider will send the document to {email}.").format(email=address)
    return _("Waiting to be sent: the provider will send the document to your e-mail address.")
