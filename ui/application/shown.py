"""One application as it is shown: what there is, what may be done, what is on its way, and its papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from PySide6.QtCore import Signal

from models.cache.queries.admissions import ApplicationView, Department
from models.contract.admission_commands import AttachDocument, EditApplication
from models.contract.admission_records import Appeal, Attachment
from models.contract.contracts import has_contract
from models.contract.sentences import sentence
from models.domain.admissions.states import ArchiveReason, Event, State
from models.domain.problems import Problem
from translations import _
from ui.context import Context
from ui.family.acts import Offered, contacts_only, offered, valid_documents
from ui.family.advice import Term, term_of, what_now
from ui.family.contract import Reading
from ui.family.model import OPEN, active, family_of, urgency
from ui.screen_model import ScreenModel

TABS: Final = ("information", "history", "documents")
TO_SIGN: Final = frozenset({State.CONTRACT_ORG, State.CONTRACT_PARENT})
"""States in which the contract is what the parent waits for, or signs."""
_OVER: Final = frozenset({ArchiveReason.GRADUATED, ArchiveReason.AGED_OUT})
"""Ends after which a child is too old for a kindergarten."""


class ShownApplication(ScreenModel):
    """The chosen application, the tab of it that is open, and what it can be made into on paper."""

    data_changed = Signal()
    """Another application, other data or another language: everything may have changed."""
    paper_made = Signal(bytes, str)
    """The bytes and the name of a paper."""
    picture_read = Signal(bytes, str)
    """The bytes and the name of a picture."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.home = family_of(context)
        self.chosen: int | None = None
        self.tab = TABS[0]
        self._contract = Reading()

    @property
    def view(self) -> ApplicationView | None:
        """The application shown: the chosen one, else the one that needs its parent soonest."""
        family = self.home.family
        if self.chosen is not None:
            return family.application(self.chosen)
        return min(family.applications, key=urgency, default=None)

    @property
    def department(self) -> Department | None:
        """The department that it is before."""
        return self.home.department_of(self.view) if self.view is not None else None

    @property
    def now(self) -> datetime:
        """The department's clock."""
        return self.home.server_now()

    @property
    def term(self) -> Term | None:
        """The term that runs and matters."""
        return term_of(self.view) if self.view is not None else None

    @property
    def advice(self) -> str:
        """What to do now; while an act of before is on its way, to wait for it."""
        view, department = self.view, self.department
        if self.intention is not None:
            return _("Wait until the department has received what you did. What to do then will stand here.")
        return what_now(view, department, self.home.family) if view is not None and department is not None else ""

    @property
    def may_act(self) -> bool:
        """Whether the reader may act for the child."""
        view = self.view
        return view is not None and self.home.may_act(view.child.id)

    def acts(self) -> list[Offered]:
        """Return what may be done now; nothing while an act of before is on its way."""
        view, department = self.view, self.department
        if view is None or department is None or not self.may_act or self.intention is not None:
            return []
        return offered(view, department, self.now)

    @property
    def intention(self) -> Any:
        """The step taken here that the department does not have yet."""
        return self.home.intention(self.view.id) if self.view is not None else None

    @property
    def twins(self) -> list[ApplicationView]:
        """Other applications that are served together with the one shown."""
        view = self.view
        bundle = view.application.bundle_id if view is not None else None
        if view is None or bundle is None:
            return []
        found = self.home.family.applications
        return [one for one in found if one.application.bundle_id == bundle and one.id != view.id and one.live]

    @property
    def leaving_twins(self) -> bool:
        """Whether it is on its way to the department that the twins shall be served apart."""
        view = self.view
        ids = [view.id, *(one.id for one in self.twins)] if view is not None else []
        return any(
            isinstance(item.payload, EditApplication) and item.payload.bundle is False and item.state in OPEN
            for application_id in ids
            for item in self.home.waiting_for(application_id)
        )

    @property
    def changing(self) -> bool:
        """Whether a change of the application is on its way to the department."""
        view = self.view
        waiting = self.home.waiting_for(view.id) if view is not None else []
        return any(isinstance(item.payload, EditApplication) and item.state in OPEN for item in waiting)

    @property
    def coming(self) -> list[Any]:
        """Documents that were attached here and are not with the department yet."""
        view = self.view
        waiting = self.home.waiting_for(view.id) if view is not None else []
        return [item for item in waiting if isinstance(item.payload, AttachDocument) and item.state in OPEN]

    @property
    def may_apply_anew(self) -> bool:
        """Whether a new application may follow this archived one: no other of its child lives in this queue."""
        view = self.view
        if view is None or view.live or not self.may_act or view.case.archive in _OVER:
            return False
        others = [one for one in self.home.family.applications if one.child.id == view.child.id and one.live]
        return not any(one.case.programme is view.case.programme or one.case.placement_group_id for one in others)

    @property
    def next_paper(self) -> str:
        """The kind of document that the contract still lacks, "other" where none is asked for now."""
        view, department = self.view, self.department
        if view is None or department is None or view.case.state not in TO_SIGN:
            return "other"
        there = valid_documents(view, self.now, department) | {item.payload.kind for item in self.coming}
        needs = department.rules(view.case.programme, self.now).contract_needs
        return next((kind for kind in needs if kind not in there), "other")

    @property
    def refused(self) -> list[Any]:
        """What was done with this application and refused, oldest first."""
        view = self.view
        return [item for item in self.home.waiting_for(view.id) if item.state not in OPEN] if view is not None else []

    @property
    def in_danger(self) -> bool:
        """Whether the term may end before the line returns."""
        term = self.term
        danger = term is not None and term.mine and term.tone(self.now) == "danger"
        return self.home.offline and danger and not self.too_late

    @property
    def too_late(self) -> bool:
        """Whether the reader's term ended while there was no line; what was done in time may still count."""
        term = self.term
        return self.home.offline and term is not None and term.mine and term.left(self.now) < timedelta(0)

    @property
    def change(self) -> Offered | None:
        """The change of the application that is possible now, None when there is none."""
        return next((one for one in self.acts() if one.event is Event.EDIT and one.possible), None)

    @property
    def contacts_only(self) -> bool:
        """Whether only the telephone may be changed, because a voucher or a place runs."""
        view, department = self.view, self.department
        return view is not None and department is not None and contacts_only(view, department, self.now)

    # What became of it, and papers

    def why_refused(self, item: Any) -> str:
        """Return why an act was refused."""
        return " ".join(sentence(problem) for problem in _problems(item.problems))

    def decided(self, item: Any) -> Appeal | None:
        """Return what an officer has decided about an act that came late, None where nobody has."""
        view, number = self.view, item.result.get("appeal_id")
        found = (one for one in view.appeals if one.id == number and one.state != "open") if view is not None else ()
        return next(iter(found), None)

    def print(self, referral_id: int | None = None) -> None:
        """Make the application, or one of its referrals, as a paper; ``paper_made`` tells its bytes and name."""
        from ui.family import pdf

        view, department = self.view, self.department
        if view is None or department is None:
            return
        paper = next((one for one in view.referrals if one.id == referral_id), None)
        if paper is not None:
            build, name = pdf.referral(self.home, view, department, paper)
        else:
            build, name = pdf.application(self.home, view, department)
        self.work(build, lambda data: self.paper_made.emit(data, name))

    @property
    def has_contract(self) -> bool:
        """Whether there is a contract to be read: it is being signed, or it counts."""
        view = self.view
        return view is not None and self.department is not None and has_contract(view.application)

    def read_contract(self) -> None:
        """Make the contract as a paper."""
        if self.has_contract and self.view is not None and self.department is not None:
            self._contract.open(self, self.home, self.view, self.department)

    def open_document(self, paper: Attachment) -> None:
        """Show a document, from this computer or from the department."""
        client: Any = self.context.client

        def shown(data: bytes) -> None:
            if paper.media_type == "application/pdf":
                self.paper_made.emit(data, paper.name)
            else:
                self.picture_read.emit(data, paper.name)

        self.work(lambda: client.document(paper.sha256), shown)

    @property
    def newest_referral(self) -> int | None:
        """The referral that can be downloaded now, None when there is none."""
        view = self.view
        valid = [one for one in view.referrals if one.state in ("valid", "extended")] if view is not None else []
        return max(valid, key=lambda one: one.issued_at).id if valid else None

    @property
    def entrusted_until(self) -> datetime | None:
        """When the right to act for another's child ended, None when it has not."""
        view = self.view
        child = self.home.family.child(view.child.id) if view is not None else None
        if child is None or not child.own.may_act or active(child, self.now):
            return None
        return child.own.until


def _problems(problems: Sequence[Problem]) -> Sequence[Problem]:
    return problems or (Problem("step-not-possible"),)
