"""A new application: three pages shaped by the kind of queue; a draft that outlives the program."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Signal

from models.cache.queries.admissions import ChildView, Department
from models.contract.admission_commands import FileApplication
from models.contract.admission_records import Organisation
from models.domain.admissions.eligibility import ApplicationFacts, incomplete
from models.domain.admissions.states import Programme
from models.domain.problems import Problem
from models.domain.telephones import is_phone, written
from ui.context import Context
from ui.drafts import Drafts
from ui.family.model import OPEN, active, family_of
from ui.family.papers import Papers
from ui.screen_model import ScreenModel

PAGES: Final = ("child", "place", "terms")
_OF_PAGE: Final = {
    "child": {"child", "programme", "correction"},
    "place": {"languages", "locality", "organisation", "documents", "phone", "benefit"},
    "terms": {"consent"},
}
DRAFT: Final = "application-form"


class ApplicationForm(ScreenModel):
    """What is entered. ``draft`` keeps plain texts: child, programme, correction, locality, organisation, benefit,
    phone; ``languages`` and ``consent`` stand beside."""

    filed = Signal(str)
    """The command's id: it is in the journal."""
    page_changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.home = family_of(context)
        self.page = PAGES[0]
        self.languages: tuple[str, ...] = ()
        self.consent = False
        self.papers = Papers(context, self.home)
        self.papers.changed.connect(self._papers_changed)
        self.home.changed.connect(self._home_changed)
        self._drafts = Drafts(context, DRAFT, self._collect, self._restore, (self.edited,), self)

    # What there is to choose from

    @property
    def department(self) -> Department | None:
        """The department to which it goes: that of the child."""
        child = self.child
        return self.home.family.department(child.child.department_id) if child is not None else self.home.department

    @property
    def candidates(self) -> list[ChildView]:
        """Children for whom the reader may act."""
        now = self.home.server_now()
        return [view for view in self.home.family.children if active(view, now)]

    @property
    def child(self) -> ChildView | None:
        """The chosen child."""
        text = self.typed("child")
        return self.home.family.child(int(text)) if text.isdigit() else None

    @property
    def programme(self) -> Programme:
        """The chosen kind of queue."""
        text = self.typed("programme")
        return Programme(text) if text in ("general", "special", "bulletin") else Programme.GENERAL

    @property
    def programmes(self) -> list[Programme]:
        """The kinds of queue that the department has; all while it has set none."""
        department = self.department
        known = {edition.programme for edition in department.editions} if department is not None else set()
        offered = [Programme.GENERAL, Programme.SPECIAL, Programme.BULLETIN]
        return [one for one in offered if one.value in known] or offered

    @property
    def special(self) -> bool:
        """Whether a correction, its document and a kindergarten belong to it."""
        return self.programme is Programme.SPECIAL

    @property
    def organisations(self) -> list[Organisation]:
        """Kindergartens that offer the chosen correction, in the chosen locality first."""
        department = self.department
        if department is None or not self.typed("correction"):
            return []
        near = department.inside(int(self.draft["locality"])) if self.typed("locality").isdigit() else frozenset()
        fitting = [
            one
            for one in self.home.family.organisations.values()
            if one.department_id == department.id and one.opened and self.typed("correction") in one.corrections
        ]
        return sorted(fitting, key=lambda one: (one.locality_id not in near, one.name))

    @property
    def organisation(self) -> Organisation | None:
        """The chosen kindergarten."""
        text = self.typed("organisation")
        found = self.home.family.organisations.get(int(text)) if text.isdigit() else None
        return found if found is not None and found in self.organisations else None

    @property
    def begun(self) -> bool:
        """Whether anything has been entered."""
        return bool(self._collect())

    # Entering

    def show(self, child_id: int | None = None) -> None:
        """Begin for a child; what was entered before stays."""
        if child_id is not None:
            self.type("child", str(child_id))
        self.home_defaults()
        self.changed.emit()

    def home_defaults(self) -> None:
        """Fill what is known: the only child, the telephone, the city."""
        if not self.typed("child") and len(self.candidates) == 1:
            self.draft["child"] = str(self.candidates[0].child.id)
        person = self.home.family.person
        if not self.draft.get("phone") and person is not None:
            self.draft["phone"] = written(person.phone)
        if not self.typed("programme"):
            self.draft["programme"] = self.programmes[0].value

    def _home_changed(self) -> None:
        # A form that was opened before the family was read lacks what it would have begun with.
        if "phone" not in self.draft and self.home.family.person is not None:
            self.home_defaults()
        self.changed.emit()

    def _papers_changed(self) -> None:
        if any(kind == "pmpk" for kind, _paper in self.papers.found):  # that it is missing is no longer true
            self.problems = tuple(problem for problem in self.problems if problem.field != "documents")
        self.changed.emit()
        self.edited.emit()

    def choose(self, key: str, value: str) -> None:
        """Choose a value; what depends on it is asked anew."""
        if self.draft.get(key, "") == value:
            return
        self.type(key, value)
        if key in ("correction", "programme"):
            self.draft.pop("organisation", None)
        self.changed.emit()

    def toggle_language(self, code: str, on: bool) -> None:
        """Take or leave a language of education."""
        kept = [one for one in self.languages if one != code]
        self.languages = tuple([*kept, code] if on else kept)
        self.problems = tuple(problem for problem in self.problems if problem.field != "languages")
        self.edited.emit()

    def agree(self, on: bool) -> None:
        """Take the terms and the use of data."""
        self.consent = on
        self.problems = tuple(problem for problem in self.problems if problem.field != "consent")
        self.edited.emit()

    # Pages

    def wrong(self) -> list[Problem]:
        """Return everything that is wrong or missing, as the department would say it."""
        child, department = self.child, self.department
        found: list[Problem] = []
        if child is None:
            found.append(Problem("child-gone" if self.typed("child") else "field-required", "child"))
        if child is not None and department is not None:
            now = self.home.server_now()
            organisation = self.organisation
            text = self.typed("locality")
            facts = ApplicationFacts(
                programme=self.programme,
                child_iin=child.child.iin,
                born=child.child.born,
                languages=frozenset(self.languages),
                locality_id=int(text) if text.isdigit() else None,
                consent=self.consent,
                may_act=active(child, now),
                correction=self.typed("correction"),
                offered_corrections=frozenset(organisation.corrections) if organisation is not None else None,
                documents=frozenset(kind for kind, _paper in self.papers.found),
            )
            rules = department.rules(self.programme, now)
            found += incomplete(facts, rules, department.calendar.local_day(now))
            if self.already(child.child.id):
                found.append(Problem("already-queued", "child"))
        if not is_phone(self.typed("phone")):
            found.append(Problem("phone-invalid" if self.typed("phone") else "field-required", "phone"))
        return found

    def already(self, child_id: int) -> bool:
        """Whether the child has a live application of the kind, here or on its way."""
        kind = self.programme.value
        live = any(
            view.live and view.child.id == child_id and view.application.programme == kind
            for view in self.home.family.applications
        )
        return live or any(
            item.state in OPEN and (item.payload.child_id, item.payload.programme) == (child_id, kind)
            for item in self.home.filings
        )

    def next(self) -> None:
        """Go on to the next page if this one is complete."""
        mine = [problem for problem in self.wrong() if problem.field in _OF_PAGE[self.page]]
        if self.refuse(mine):
            return
        self._open(PAGES[min(PAGES.index(self.page) + 1, len(PAGES) - 1)])

    def back(self) -> None:
        """Go back a page."""
        self._open(PAGES[max(PAGES.index(self.page) - 1, 0)])

    def _open(self, page: str) -> None:
        self.page, self.problems = page, ()
        self.page_changed.emit()

    def file(self) -> None:
        """Write the application to the journal; the department files it when it receives it."""
        wrong = self.wrong()
        elsewhere = next((page for page in PAGES for one in wrong if one.field in _OF_PAGE[page]), None)
        if elsewhere is not None and elsewhere != self.page:
            self._open(elsewhere)
        if self.refuse(wrong):
            return
        child, department, client = self.child, self.department, self.context.client
        if child is None or department is None:
            return
        organisation = self.organisation if self.special else None
        payload = FileApplication(
            department_id=department.id,
            child_id=child.child.id,
            programme=self.programme.value,
            locality_id=int(self.draft["locality"]),
            languages=list(self.languages),
            consent=True,
            phone=self.typed("phone"),
            benefit=self.typed("benefit"),
            correction=self.typed("correction") if self.special else "",
            organisation_id=organisation.id if organisation is not None else None,
            blobs=self.papers.blobs,
        )

        def done(command_id: str) -> None:
            self.clear()
            self.filed.emit(command_id)
            self.home.refresh()

        self.work(lambda: client.submit(payload), done)

    def clear(self) -> None:
        """Forget what was entered."""
        self.draft.clear()
        self.languages, self.consent, self.page = (), False, PAGES[0]
        self.papers.end()
        self.problems = ()
        self._drafts.save()
        self.page_changed.emit()

    def _collect(self) -> dict[str, Any]:
        kept = {key: text for key, text in self.draft.items() if text and key not in ("phone", "programme")}
        if not kept and not self.languages:
            return {}
        return {
            "draft": dict(self.draft),
            "languages": list(self.languages),
            "papers": [[kind, paper.sha256, paper.name, paper.size] for kind, paper in self.papers.found],
        }

    def _restore(self, value: Any) -> None:
        if not isinstance(value, dict):
            return
        for key, text in dict(value.get("draft", {})).items():
            self.draft.setdefault(key, str(text))
        self.languages = self.languages or tuple(value.get("languages", ()))
        self.papers.restore(value.get("papers", ()))
        self.changed.emit()
