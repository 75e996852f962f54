"""Kindergartens of the department with their groups and reviews; writing a review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Signal

from models.cache.queries.admissions import Department, Offer
from models.contract.admission_commands import WriteReview
from models.contract.admission_records import Organisation, Review
from models.domain.problems import Problem
from translations import _
from ui.context import Context
from ui.drafts import Drafts
from ui.family.model import OPEN, family_of
from ui.kit.table_order import alphabetic
from ui.screen_model import ScreenModel

TOPICS: Final = frozenset({"organisation", "kindergarten_group", "place", "review", "provider"})
LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class Kindergarten:
    """A kindergarten with its groups."""

    organisation: Organisation
    offers: tuple[Offer, ...]

    @property
    def free(self) -> int:
        """Free permanent places of all groups."""
        return sum(offer.free() for offer in self.offers)

    @property
    def languages(self) -> list[str]:
        """Languages of its groups, or those it names."""
        return sorted({offer.group.language for offer in self.offers} or set(self.organisation.languages))


class Kindergartens(ScreenModel):
    """Filters, the kindergarten that is looked at, its reviews, and what is being written."""

    rows_changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._rows: list[Kindergarten] | None = None
        self.rows_changed.connect(self._forget_rows)  # before any view hears of it
        self.home = family_of(context)
        self.offers: tuple[Offer, ...] = ()
        self.ready = False
        self.words = ""
        self.kind = ""
        self.ownership = ""
        self.language = ""
        self.locality = 0
        self.opened: int | None = None
        self.reviews: tuple[Review, ...] = ()
        self.unpublished: tuple[Review, ...] = ()
        """The family's own reviews of it that nobody else sees."""
        self.writing = ""
        """What is being written: review or nothing."""
        self.stars = 0
        context.topics.listen(self, TOPICS, self.refresh)
        self.home.changed.connect(self._home_changed)
        self.home.state_changed.connect(self.changed)
        self._drafts = Drafts(context, "kindergartens", self._collect, self._restore, (self.edited,), self)

    def show(self, organisation_id: int | None = None, write: str = "") -> None:
        """Look at a kindergarten, or write about it."""
        if organisation_id is not None:
            self.words = self.kind = self.ownership = self.language = ""
            self.locality = 0
            self.opened = organisation_id
            self._read_reviews()
        if write:
            self.writing = write
        self.rows_changed.emit()

    def visited(self) -> None:
        """Read when the screen opens."""
        self.refresh()

    def refresh(self) -> None:
        """Read kindergartens again."""
        department = self.home.department
        if department is None:
            return
        now, number = self.home.server_now(), department.id

        def question(connection: Any) -> list[Offer]:
            from models.cache.queries.admissions import offers

            return offers(connection, number, now)

        self.context.read(self, question, self._take, self._failed, name="catalogue")
        self._read_reviews()

    def _take(self, offers: list[Offer]) -> None:
        self.offers, self.ready, self.failure = tuple(offers), True, None
        self.rows_changed.emit()

    def _home_changed(self) -> None:
        if not self.ready:
            self.refresh()
        self.rows_changed.emit()

    @property
    def department(self) -> Department | None:
        """The department whose kindergartens these are."""
        return self.home.department

    @property
    def rows(self) -> list[Kindergarten]:
        """Kindergartens that pass the filters, by name."""
        if self._rows is None:
            self._rows = self._found()
        return self._rows

    def _forget_rows(self) -> None:
        self._rows = None

    def _found(self) -> list[Kindergarten]:
        department = self.department
        if department is None:
            return []
        groups: dict[int, list[Offer]] = {}
        for offer in self.offers:
            groups.setdefault(offer.organisation.id, []).append(offer)
        inside = department.inside(self.locality) if self.locality else None
        wanted = self.words.casefold().split()
        found = [
            Kindergarten(one, tuple(groups.get(one.id, ())))
            for one in self.home.family.organisations.values()
            if one.department_id == department.id
            and one.opened
            and (not self.kind or one.kind == self.kind)
            and (not self.ownership or one.ownership == self.ownership)
            and (inside is None or one.locality_id in inside)
            and all(word in f"{one.name} {one.address}".casefold() for word in wanted)
        ]
        if self.language:
            found = [one for one in found if self.language in one.languages]
        return sorted(found, key=lambda one: alphabetic(one.organisation.name))

    def filter(self, **values: Any) -> None:
        """Set filters by name."""
        for name, value in values.items():
            setattr(self, name, value)
        self.rows_changed.emit()

    def open(self, row: Kindergarten | None) -> None:
        """Look at a kindergarten."""
        number = row.organisation.id if row is not None else None
        if number != self.opened:
            self.opened, self.reviews, self.unpublished = number, (), ()
            self.writing = ""
            self._read_reviews()
            self.changed.emit()

    @property
    def row(self) -> Kindergarten | None:
        """The kindergarten that is looked at."""
        return next((one for one in self.rows if one.organisation.id == self.opened), None)

    def _read_reviews(self) -> None:
        number = self.opened
        if number is None:
            return

        def question(connection: Any) -> tuple[list[Review], list[Review]]:
            from models.cache.queries.admissions import reviews, unpublished

            return reviews(connection, number), unpublished(connection, number)

        def take(found: tuple[list[Review], list[Review]]) -> None:
            if number == self.opened:
                self.reviews, self.unpublished = tuple(found[0]), tuple(found[1])
                self.changed.emit()

        self.context.read(self, question, take, self._failed, name="reviews")

    # Writing

    @property
    def may_review(self) -> bool:
        """Whether a child of the reader attends or attended the kindergarten."""
        offers = self.home.family.offers
        attended = {
            offers[placement.group_id].organisation.id
            for view in self.home.family.applications
            for placement in view.placements
            if placement.group_id in offers
        }
        return self.opened in attended

    @property
    def waiting_review(self) -> bool:
        """Whether a review of this kindergarten is on its way."""
        return any(
            isinstance(item.payload, WriteReview) and item.payload.organisation_id == self.opened and item.state in OPEN
            for item in self.home.waiting
        )

    def write(self, what: str) -> None:
        """Begin to write a review; "" leaves it, the draft stays."""
        self.writing, self.problems, self.failure = what, (), None
        if what == "review" and self.unpublished and not self.draft.get("review"):
            self.draft["review"], self.stars = self.unpublished[0].text, self.unpublished[0].stars
        self.changed.emit()

    def write_letter(self) -> None:
        """Write to the department, where its answers are read."""
        self.context.go("letters", write=True)

    def rate(self, stars: int) -> None:
        """Give stars."""
        self.stars = stars
        self.problems = tuple(problem for problem in self.problems if problem.field != "stars")
        self.changed.emit()

    def send(self) -> None:
        """Send what is written."""
        department, client = self.department, self.context.client
        if department is None:
            return
        wrong = self.missing("review") + ([] if self.stars else [Problem("field-required", "stars")])
        payload = WriteReview(department.id, self.opened or 0, self.stars, self.typed("review")[:LONGEST])
        if self.refuse(wrong):
            return
        sent = _("Your review goes to the department; it appears once somebody has read it.")

        def done(_id: str) -> None:
            self.draft.pop("review", None)
            self.stars, self.writing = 0, ""
            self._drafts.save()
            self.home.refresh()
            self.context.toast(sent)

        self.work(lambda: client.submit(payload), done)

    def _collect(self) -> dict[str, str]:
        return {key: text for key, text in self.draft.items() if text}

    def _restore(self, value: Any) -> None:
        if isinstance(value, dict):
            for key, text in value.items():
                self.draft.setdefault(str(key), str(text))
