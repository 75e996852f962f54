"""Kindergartens with free places for one application; a group is chosen, waited for, or taken for a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from PySide6.QtCore import Signal

from models.cache.queries.admissions import ApplicationView, Department, Offer
from models.contract.admission_commands import TakeStep
from models.contract.admission_records import Organisation
from models.contract.sentences import sentence
from models.domain.admissions.case import Act, Step, World
from models.domain.admissions.states import Actor, Event, Mode, State, TimerKind
from models.domain.problems import Problem
from translations import _, formats
from ui.context import Context
from ui.family import words
from ui.family.acts import deadline_words, preview, signature_for
from ui.family.facts import fits_group
from ui.family.model import family_of
from ui.family.signing import Signing
from ui.kit.table_order import alphabetic
from ui.screen_model import ScreenModel

TOPICS: Final = frozenset({"organisation", "kindergarten_group", "place", "application", "provider"})
READY: Final = frozenset({State.VOUCHER_ACTIVE, State.VOUCHER_WAITLISTED, State.ENROLLED})
"""States in which a place can be chosen or waited for."""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A kindergarten in a language and a mode: a row of the table."""

    organisation: Organisation
    language: str
    mode: Mode
    offers: tuple[Offer, ...]

    @property
    def free(self) -> int:
        """Free places of all its groups of the language."""
        return sum(offer.free(self.mode) for offer in self.offers)


@dataclass(frozen=True, slots=True)
class Choice:
    """A group in a mode, and what could be done with it."""

    offer: Offer
    mode: Mode
    event: Event
    step: Step | None
    problem: Problem | None
    until: date | None  # the last day of a temporary place

    @property
    def free(self) -> int:
        """Free places, as last heard."""
        return self.offer.free(self.mode)


class ChoosePlace(ScreenModel):
    """Filters, the kindergarten that is looked at, and the question about a group."""

    rows_changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._rows: list[PlaceRow] | None = None
        self.rows_changed.connect(self._forget_rows)  # before any view hears of it
        self.home = family_of(context)
        self.chosen: int | None = None
        self.offers: tuple[Offer, ...] = ()
        self._unfit: frozenset[int] = frozenset()  # groups that do not suit the child
        self.ready = False
        self.language = ""
        self.ownership = ""
        self.locality = 0
        self.mode = ""
        self.words = ""
        self.suiting = True
        self.full_first = False
        """Whether somebody looks for a list to wait in: groups without a free place stand on top."""
        self.opened: tuple[int, str, str] | None = None
        self.asking: tuple[int, Mode] | None = None
        self.signing = Signing(context, self.home)
        self.signing.changed.connect(self.changed)
        self._of: int | None = None
        context.topics.listen(self, TOPICS, self.refresh)
        self.home.changed.connect(self._home_changed)
        self.home.state_changed.connect(self.changed)

    def show(self, application_id: int | None = None, event: str = "") -> None:
        """Choose for an application; an event of a temporary place shows only those, of waiting what is full first."""
        if application_id is not None:
            self.chosen = application_id
        self.mode = Mode.TEMPORARY.value if event == Event.CHOOSE_TEMPORARY.value else ""
        if self.full_first is not (event == Event.JOIN_WAITLIST.value):
            self.full_first, self.opened = not self.full_first, None  # another order begins at its top
        self.asking = None  # the row that is looked at stays: the table still has its cursor on it
        self.refresh()
        self.rows_changed.emit()

    def visited(self) -> None:
        """Read what is free when the screen opens."""
        self.refresh()

    def refresh(self) -> None:
        """Read kindergartens and places again."""
        department = self.department
        if department is None:
            return
        now, number, view = self.home.server_now(), department.id, self.view

        def question(connection: Any) -> tuple[list[Offer], frozenset[int]]:
            from models.cache.queries.admissions import offers

            found = offers(connection, number, now)
            unfit = [one.group.id for one in found if view is not None and fits_group(view, one, department, now)]
            return found, frozenset(unfit)

        self.context.read(self, question, self._take, self._failed, name="offers")

    def _take(self, found: tuple[list[Offer], frozenset[int]]) -> None:
        offers, self._unfit = found
        self.offers, self.ready, self.failure = tuple(offers), True, None
        self.rows_changed.emit()

    def _home_changed(self) -> None:
        self.refresh()  # another child, or another application, suits other groups
        self.rows_changed.emit()

    # For whom

    @property
    def view(self) -> ApplicationView | None:
        """The application a place is chosen for: the given one, else the first with a voucher."""
        family = self.home.family
        if self.chosen is not None:
            found = family.application(self.chosen)
            if found is not None:
                return found
        return next((one for one in family.applications if one.case.state in READY), None)

    @property
    def department(self) -> Department | None:
        """Its department."""
        view = self.view
        return self.home.department_of(view) if view is not None else self.home.department

    @property
    def obstacle(self) -> str:
        """Why nothing can be chosen now, "" when it can."""
        view = self.view
        if view is None or view.case.state not in READY:
            return _("Kindergartens can be looked at. One is chosen with a voucher, when the turn comes.")
        if not self.home.may_act(view.child.id):
            return _("This child is entrusted to you to see. Its parent acts for it.")
        if self.home.intention(view.id) is not None:
            return _("What you did before is not sent yet; the choice waits for the department's answer.")
        return ""

    # Rows

    @property
    def rows(self) -> list[PlaceRow]:
        """Kindergartens by language and mode that pass the filters, those first that are looked for."""
        if self._rows is None:
            self._rows = self._found()
        return self._rows

    def _forget_rows(self) -> None:
        self._rows = None

    def _found(self) -> list[PlaceRow]:
        department = self.department
        if department is None:
            return []
        inside = department.inside(self.locality) if self.locality else None
        wanted = self.words.casefold().split()
        found: dict[tuple[int, str, Mode], list[Offer]] = {}
        for offer in self.offers:
            group, organisation = offer.group, offer.organisation
            name = f"{organisation.name} {organisation.address}".casefold()
            if (
                (self.language and group.language != self.language)
                or (self.ownership and organisation.ownership != self.ownership)
                or (inside is not None and organisation.locality_id not in inside)
                or not all(word in name for word in wanted)
                or (self.suiting and group.id in self._unfit)
            ):
                continue
            for mode in {Mode(place.mode) for place in offer.places}:
                if self.mode and mode.value != self.mode:
                    continue
                found.setdefault((organisation.id, group.language, mode), []).append(offer)
        rows = [PlaceRow(offers[0].organisation, key[1], key[2], tuple(offers)) for key, offers in found.items()]
        return sorted(
            rows,
            key=lambda row: (
                (row.free == 0) is not self.full_first, alphabetic(row.organisation.name), row.language, row.mode,
            ),
        )  # fmt: skip

    def filter(self, **values: Any) -> None:
        """Set filters by name."""
        for name, value in values.items():
            setattr(self, name, value)
        self.rows_changed.emit()

    @property
    def languages(self) -> list[str]:
        """Languages that there are."""
        return sorted({offer.group.language for offer in self.offers})

    # The kindergarten that is looked at

    def open(self, row: PlaceRow | None) -> None:
        """Look at a kindergarten."""
        key = (row.organisation.id, row.language, row.mode.value) if row is not None else None
        if key != self.opened:
            self.opened, self.asking = key, None
            self.changed.emit()

    @property
    def row(self) -> PlaceRow | None:
        """The row that is looked at."""
        return next(
            (row for row in self.rows if (row.organisation.id, row.language, row.mode.value) == self.opened), None
        )

    def choices(self) -> list[Choice]:
        """Return the groups of the row with what could be done with each."""
        row = self.row
        return [self.choice(offer, row.mode) for offer in row.offers] if row is not None else []

    def choice(self, offer: Offer, mode: Mode) -> Choice:
        """Return what could be done with a group now, on the last data heard."""
        view, department = self.view, self.department
        free = offer.free(mode)
        place = offer.place(mode)
        until = place.valid_to if place is not None and mode is Mode.TEMPORARY else None
        event = Event.CHOOSE_PLACE if free else Event.JOIN_WAITLIST
        if mode is Mode.TEMPORARY:
            event = Event.CHOOSE_TEMPORARY
        elif view is not None and view.case.state is State.ENROLLED:
            event = Event.TRANSFER
        elif view is not None and view.case.state is State.VOUCHER_WAITLISTED:
            event = Event.JOIN_WAITLIST
        if view is None or department is None:
            return Choice(offer, mode, event, None, Problem("voucher-missing"), until)
        now = self.home.server_now()
        world = World(
            free=free,
            fit=fits_group(view, offer, department, now),
            entries=sum(one.state in ("waiting", "offered") for one in view.entries),
            listed=any(one.group_id == offer.group.id and one.state == "waiting" for one in view.entries),
            owner_returns=until,
        )
        act = Act(event, Actor.PARENT, group_id=offer.group.id, until=until, signature="eds", confirmed=True)
        outcome = preview(view, department, act, now, world=world)
        step = outcome if isinstance(outcome, Step) else None
        return Choice(offer, mode, event, step, outcome if isinstance(outcome, Problem) else None, until)

    def why_not(self, choice: Choice) -> str:
        """Return why a group cannot be had, "" when it can."""
        if choice.problem is None:
            return ""
        if choice.problem.code == "no-free-place":
            return ""  # the group says already that it is full; nobody was quicker than the reader
        if choice.problem.code in ("step-not-possible", "voucher-missing"):
            return ""  # said once, above the table
        return sentence(choice.problem)

    # Choosing

    def ask(self, choice: Choice) -> None:
        """Open the question about a group."""
        if choice.problem is not None or self.obstacle:
            return
        view, department = self.view, self.department
        if view is None or department is None:
            return
        self.asking, self.problems, self.failure = (choice.offer.group.id, choice.mode), (), None
        rules = department.rules(view.case.programme, self.home.server_now())
        self.signing.begin(signature_for(choice.event, rules))
        self.changed.emit()

    @property
    def question(self) -> Choice | None:
        """The group that is asked about."""
        return next((one for one in self.choices() if (one.offer.group.id, one.mode) == self.asking), None)

    def close(self) -> None:
        """Leave the question."""
        self.asking = None
        self.signing.end()
        self.changed.emit()

    def question_words(self, choice: Choice) -> str:
        """Return what the choice brings."""
        department = self.department
        zone = department.provider.zone if department is not None else self.home.zone
        name = words.offer_name(choice.offer)
        if choice.event is Event.CHOOSE_TEMPORARY and choice.until is not None:
            return _(
                "You have chosen {place}. Note: this is a temporary place. The child may attend it until {day}. After "
                "that day the child leaves automatically and the temporary voucher ends. Your place in the queue stays."
            ).format(place=name, day=formats.day(choice.until))
        if choice.event is Event.JOIN_WAITLIST:
            return _(
                "You wait for a place in {place}. Your term stands still meanwhile. The order of the list is that of "
                "the queue, not that of joining."
            ).format(place=name)
        if choice.event is Event.TRANSFER:
            return _("Your child keeps its present place until the contract with {place} is signed by both.").format(
                place=name
            )
        term = choice.step.case.timers.get(TimerKind.CONTRACT) if choice.step is not None else None
        due = deadline_words(term, zone) if term is not None else "–"
        return _(
            "A place in {place} is held for you. The kindergarten prepares the contract; "
            "you have until {due} to sign it."
        ).format(place=name, due=due)

    def verb(self, choice: Choice) -> str:
        """Return what the button of a group says."""
        return {
            Event.CHOOSE_PLACE: _("Choose this group"),
            Event.JOIN_WAITLIST: _("Join the waiting list"),
            Event.CHOOSE_TEMPORARY: _("Take this temporary place"),
            Event.TRANSFER: _("Transfer here"),
        }[choice.event]

    def confirm(self) -> None:
        """Do what the question asks."""
        choice, view = self.question, self.view
        if choice is None or view is None or self.refuse(self.signing.missing()):
            return
        payload = TakeStep(
            department_id=view.application.department_id,
            application_id=view.id,
            event=choice.event.value,
            group_id=choice.offer.group.id,
            until=choice.until,
            confirmed=True,
            signature=self.signing.kind,
            code=self.signing.code,
        )
        client, offline = self.context.client, self.home.offline

        def done(command_id: str) -> None:
            self.asking = None
            self.signing.end()
            self.home.announce(
                command_id,
                _("Not sent yet: the place is yours only when the department has received the choice.")
                if offline
                else _("On its way to the department; its answer will appear here."),
            )
            self.home.refresh()
            self.context.go("application", application_id=view.id)

        self.work(lambda: client.submit(payload), done)

    @property
    def now(self) -> datetime:
        """The department's clock."""
        return self.home.server_now()
