"""The documents of the application that is open: one is looked at, one is asked about, and each is decided."""

from __future__ import annotations

from typing import Any

from models.cache.queries.admissions import ApplicationView
from models.cache.queries.department import Card
from models.contract.admission_commands import CheckDocument
from models.contract.admission_records import Attachment
from models.contract.sentences import sentence
from models.domain.admissions.reasons import Reason
from models.domain.problems import Problem
from ui.context import Context, explain
from ui.department import reasons
from ui.department.desk import DeskScreen


class PaperScreen(DeskScreen):
    """``paper`` is the document that is shown, ``checking`` the one whose refusal is being written."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.card: Card | None = None
        self.paper: Attachment | None = None
        self.paper_data: bytes = b""
        self.paper_failure = ""
        self.checking: Attachment | None = None
        self.left: int | None = None
        """The document whose question has just ended, until its page has given it the cursor."""

    @property
    def view(self) -> ApplicationView | None:
        """The application that is open."""
        return self.card.view if self.card is not None else None

    def open_paper(self, paper: Attachment) -> None:
        """Show a document: its content comes from this computer or is fetched."""
        self.paper, self.paper_data, self.paper_failure = paper, b"", ""
        client: Any = self.context.client

        def shown(data: bytes) -> None:
            if self.paper is paper:
                self.paper_data = data
                self.data_changed.emit()

        def failed(error: Exception) -> None:
            if self.paper is paper:
                self.paper_failure = explain(error)
                self.data_changed.emit()

        self.context.tasks.ask(self, lambda: client.document(paper.sha256), shown, failed, name="paper")
        self.data_changed.emit()

    def close_paper(self) -> None:
        """Put the document away."""
        self.paper, self.paper_data, self.paper_failure = None, b"", ""
        self.data_changed.emit()

    def refuse_paper(self, paper: Attachment) -> None:
        """Ask why a document is refused."""
        self.checking = paper
        reasons.forget(self, "paper-reason")
        self.data_changed.emit()

    def stop_checking(self) -> None:
        """Leave the document as it is."""
        self.checking, self.left = None, self.checking.id if self.checking is not None else None
        self.data_changed.emit()

    def check_paper(self, paper: Attachment, accepted: bool) -> None:
        """Accept a document, or refuse it with the reason that was chosen or written."""
        reason = Reason() if accepted else reasons.written(self, "paper-reason")
        if self.refuse([] if accepted else reasons.missing(reason, "paper-reason")):
            return
        self.checking, self.left = None, paper.id
        payload = CheckDocument(self.department_id, paper.id, accepted, reason.words, reason_code=reason.code)
        self.send(payload, instead=self.desk.refusal(CheckDocument, attachment_id=paper.id))

    def paper_pending(self, paper: Attachment) -> bool:
        """Whether a decision about a document is on its way."""
        return bool(self.desk.pending(CheckDocument, attachment_id=paper.id))

    def unchecked(self, payload: CheckDocument) -> Attachment | None:
        """Return the document of a decision while nobody has decided about it."""
        papers = self.view.attachments if self.view is not None else ()
        return next((one for one in papers if one.id == payload.attachment_id and one.state == "received"), None)

    def leave_decided(self) -> None:
        """Leave the question about a document that somebody else decided meanwhile, and say who did."""
        asked, papers = self.checking, self.view.attachments if self.view is not None else ()
        found = next((one for one in papers if asked is not None and one.id == asked.id), None)
        if found is not None and found.state != "received":
            self.checking, self.left = None, found.id
            self.context.toast(sentence(Problem("document-decided", values={"by": found.checked_by})), "warning")
