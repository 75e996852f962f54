"""Own and entrusted children; a child is added by its IIN with what the register of persons says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from PySide6.QtCore import Signal

from models.cache.queries.admissions import ApplicationView, ChildView
from models.contract.admission_commands import AddChild, EndEntrusting, EntrustChild, RemoveChild, SetChildPhoto
from models.contract.admission_records import Guardian
from models.domain.admissions.states import TEMP_LIVE
from models.domain.problems import Problem
from translations import _
from ui.context import Context
from ui.family.model import OPEN, active, family_of, urgency
from ui.family.papers import PHOTO, Papers
from ui.iin import wrong_iin, wrong_number
from ui.kit.fields import parse_day
from ui.screen_model import ScreenModel

T = TypeVar("T")

PARTS: Final = ("own", "entrusted")


class Children(ScreenModel):
    """Which part is shown, the form that is open (add, or entrust a child), and what the register said."""

    shape_changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.home = family_of(context)
        self.part = PARTS[0]
        self.adding = False
        self.checked: Any = None
        """What the register said about the IIN, None before it was asked."""
        self.entrusting: int | None = None
        self.may_act = False
        self.removing: int | None = None
        self.photos = Papers(context, self.home)
        self.photos.changed.connect(self.changed)
        self.home.changed.connect(self.shape_changed)
        self.home.state_changed.connect(self.changed)

    def show(self, add: bool = False, part: str = "") -> None:
        """Open a part, or the form for a new child."""
        if part in PARTS:
            self.part = part
        if add:
            self.begin_adding()
        self.shape_changed.emit()

    def choose(self, part: str) -> None:
        """Show one's own children or entrusted ones."""
        self.part = part
        self.photos.forgive()
        self.shape_changed.emit()

    def type(self, key: str, text: str) -> None:
        """Override: a photo that was not taken is another matter."""
        self.photos.forgive()
        super().type(key, text)

    def work(self, question: Callable[[], T], then: Callable[[T], object]) -> None:
        """Override: a photo that was not taken is another matter."""
        self.photos.forgive()
        super().work(question, then)

    @property
    def rows(self) -> list[ChildView]:
        """Children of the part."""
        return [view for view in self.home.family.children if view.entrusted == (self.part == "entrusted")]

    @property
    def coming(self) -> list[Any]:
        """Children that were added here and are not with the department yet, or were refused."""
        return [item for item in self.home.waiting if isinstance(item.payload, AddChild)]

    def deeds_of(self, view: ChildView) -> list[Any]:
        """Return what was done here about a child and is not with the department yet, or was refused."""
        entrusted = {one.id for one in view.guardians}
        return [
            item
            for item in self.home.waiting
            if (item.state in OPEN or item.state == "refused")
            and (
                (
                    isinstance(item.payload, EntrustChild | SetChildPhoto | RemoveChild)
                    and item.payload.child_id == view.child.id
                )
                or (isinstance(item.payload, EndEntrusting) and item.payload.guardian_id in entrusted)
            )
        ]

    def applications_of(self, view: ChildView) -> list[ApplicationView]:
        """Return a child's live applications, the most urgent first."""
        mine = [one for one in self.home.family.applications if one.child.id == view.child.id and one.live]
        return sorted(mine, key=urgency)

    def others(self, view: ChildView) -> list[Guardian]:
        """Return everybody else who sees the child now; what was ended stays known, and is not shown."""
        now = self.home.server_now()
        return [one for one in view.guardians if one.id != view.own.id and (one.until is None or one.until > now)]

    def may_change(self, view: ChildView) -> bool:
        """Whether the reader may act for the child now."""
        return active(view, self.home.server_now())

    # Adding a child

    def begin_adding(self) -> None:
        """Open the form."""
        self.photos.forgive()
        self.adding, self.checked, self.entrusting = True, None, None
        self.draft.pop("iin", None)
        self.problems, self.failure = (), None
        self.shape_changed.emit()

    def close(self) -> None:
        """Leave the form."""
        self.adding, self.checked, self.entrusting = False, None, None
        self.problems, self.failure = (), None
        self.shape_changed.emit()

    def type_iin(self, text: str) -> None:
        """Take the IIN; what the register said about another one goes."""
        self.type("iin", text)
        if self.checked is not None:
            self.checked = None
            self.shape_changed.emit()

    def check(self) -> None:
        """Ask the register about the IIN."""
        iin = "".join(self.typed("iin").split())
        department = self.home.department
        if self.refuse(wrong_iin(iin, "iin", self.context.today)):
            return
        waiting = (item.payload.iin for item in self.coming if item.state != "refused")
        if iin in {*waiting, *(view.child.iin for view in self.home.family.children)}:
            self.refuse([Problem("child-known", "iin")])
            return
        if department is None:
            return
        families = self.context.families

        def checked(answer: Any) -> None:
            self.checked = answer
            self.shape_changed.emit()

        self.work(lambda: families.check_child(iin, department.id), checked)

    def add(self) -> None:
        """Enter the child with what the register said."""
        found, department, client = self.checked, self.home.department, self.context.client
        if found is None or department is None:
            return
        payload = AddChild(
            department_id=department.id,
            iin=found.iin,
            surname=found.surname,
            given_name=found.given_name,
            patronymic=found.patronymic,
            born=found.born,
            sex=found.sex,
            ethnicity=found.ethnicity,
        )

        def done(command_id: str) -> None:
            self.adding, self.checked, self.part = False, None, "own"
            self.home.announce(
                command_id, _("The child is added; it appears here when the department has confirmed it."), "positive"
            )
            self.home.refresh()
            self.shape_changed.emit()

        self.work(lambda: client.submit(payload), done)

    def settle(self, item: Any) -> None:
        """Withdraw a child that was not sent, or put a refusal away."""
        client = self.context.client
        act = client.withdraw if item.state in OPEN else client.acknowledge
        self.work(lambda: act(item.command_id), lambda _none: self.home.refresh())

    # Photo and entrusting

    def change_photo(self, view: ChildView) -> None:
        """Let a picture be chosen for a child."""
        client = self.context.client

        def kept(paper: Any) -> None:
            payload = SetChildPhoto(view.child.department_id, view.child.id, paper.sha256)
            self.work(lambda: client.submit(payload), lambda sent: self._sent(sent, _("The photo is on its way.")))

        self.photos.choose(PHOTO, kept)

    def begin_entrusting(self, view: ChildView) -> None:
        """Open the form in which a child is entrusted."""
        self.photos.forgive()
        self.entrusting, self.adding, self.may_act = view.child.id, False, False
        for key in ("code", "until"):
            self.draft.pop(key, None)
        self.problems, self.failure = (), None
        self.shape_changed.emit()

    def let_act(self, on: bool) -> None:
        """Let the other person act for the child, or only see it."""
        self.may_act = on

    def entrust(self) -> None:
        """Entrust the child."""
        view = self.home.family.child(self.entrusting or 0)
        client = self.context.client
        if view is None:
            return
        code = "".join(self.typed("code").split())
        wrong = wrong_number(code, "code", self.context.today)
        own = self.home.family.person
        if own is not None and code.casefold() == own.code.casefold():
            wrong.append(Problem("entrusted-to-self", "code"))
        until = None
        if self.typed("until"):
            try:
                until = parse_day(self.typed("until"), self.context.today)
            except ValueError:
                wrong.append(Problem("date-not-readable", "until"))
            if until is not None and until < self.context.today:
                wrong.append(Problem("until-passed", "until"))
        if self.refuse(wrong):
            return
        payload = EntrustChild(view.child.department_id, view.child.id, code, self.may_act, until)

        def done(command_id: str) -> None:
            self.entrusting = None
            self._sent(command_id, _("Entrusted; the other person sees the child when the department has the notice."))

        self.work(lambda: client.submit(payload), done)

    def end_entrusting(self, view: ChildView, guardian: Guardian) -> None:
        """Take back what was entrusted."""
        payload, client = EndEntrusting(view.child.department_id, guardian.id), self.context.client
        self.work(
            lambda: client.submit(payload),
            lambda sent: self._sent(
                sent,
                _("{name} no longer sees the child when the department has the notice.").format(name=guardian.name),
            ),
        )

    def may_remove(self, view: ChildView) -> bool:
        """Return whether a child may be taken out of the cabinet: one's own, without a live application or a place."""
        held = any(
            one.live or one.case.temp in TEMP_LIVE
            for one in self.home.family.applications
            if one.child.id == view.child.id
        )
        leaving = any(isinstance(one.payload, RemoveChild) and one.state in OPEN for one in self.deeds_of(view))
        return self.may_change(view) and not view.entrusted and not held and not leaving

    def ask_removing(self, view: ChildView | None) -> None:
        """Ask whether a child shall go; ``None`` keeps it."""
        self.removing = None if view is None else view.child.id
        self.shape_changed.emit()

    def remove(self, view: ChildView) -> None:
        """Take a child out of the cabinet."""
        payload, client = RemoveChild(view.child.department_id, view.child.id), self.context.client

        def done(command_id: str) -> None:
            self.removing = None
            self._sent(command_id, _("The child leaves your cabinet when the department has the notice."))

        self.work(lambda: client.submit(payload), done)

    def _sent(self, command_id: str, text: str) -> None:
        self.home.announce(command_id, text, "positive")
        self.home.refresh()
        self.shape_changed.emit()
