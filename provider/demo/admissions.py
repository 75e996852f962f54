"""What happened to the families of the demonstration: every step is taken by the services that people's commands reach.

Days count back from the present one, so that terms which run are still running whenever the demonstration is built.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, select, text

from models.contract.admission_commands import (
    DecideReview,
    EditApplication,
    FileApplication,
    IssueIteration,
    PlanIteration,
    PublishItem,
    SaveGroup,
    SaveOrganisation,
    VerifyBenefit,
    WriteReview,
)
from models.contract.admission_records import Application, Child, Group, Organisation
from models.domain.admissions.case import Act
from models.domain.admissions.categories import months_old
from models.domain.admissions.eligibility import birth_years, group_year
from models.domain.admissions.states import Actor, Event, Programme
from provider.demo.calendar_years import complete_years
from provider.demo.families import HOUSEHOLDS, People
from provider.services import blobs
from provider.services.admissions import (
    attachments,
    bulletin,
    checking,
    clock,
    filing,
    iterations,
    organisations,
    reviews,
    steps,
)
from provider.services.admissions.authority import acting
from provider.services.admissions.department import Department, department
from provider.services.admissions.estimates import refresh_statistics
from provider.services.admissions.rights import Rights, rights
from provider.settings import Settings
from provider.store.database import Database, Unit
from provider.store.rows import fetch
from provider.store.tables_admissions import child as child_table
from provider.store.tables_admissions import kindergarten_group, locality, organisation

DATA: Final = Path(__file__).resolve().parent / "data"
_RESPONSIBLE: Final = "Дүйсенова Мөлдір Умарқызы"
_LENT: Final = text(
    "SELECT p.group_id, p.valid_to FROM place p JOIN kindergarten_group g ON g.id = p.group_id "
    "WHERE p.tenant_id = :tenant AND p.mode = 'temporary' AND p.occupied + p.held < p.capacity "
    "AND g.age_from = ANY(:ages) AND g.language IN ('kk', 'ru') ORDER BY p.id LIMIT 1"
)
_FULL: Final = text(
    "SELECT p.group_id FROM place p JOIN kindergarten_group g ON g.id = p.group_id WHERE p.tenant_id = :tenant "
    "AND p.mode = 'permanent' AND p.occupied + p.held = p.capacity AND g.age_from = ANY(:ages) "
    "AND g.language IN ('kk', 'ru') AND g.correction = '' ORDER BY p.id LIMIT 1"
)

T = TypeVar("T")


@dataclass(slots=True)
class Calendar:
    """Days of the demonstration: working days before the present one."""

    department: Department
    now: datetime

    @property
    def today(self) -> date:
        """The local day on which the demonstration is built."""
        return self.department.calendar.local_day(self.now)

    def before(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """Return a local time of the ``days``-th working day before today."""
        day = self.today
        while days:
            day -= timedelta(days=1)
            days -= self.department.calendar.is_working(day)
        return datetime.combine(day, time(hour, minute), self.department.calendar.zone)

    def after(self, days: int) -> date:
        """Return the ``days``-th working day after today."""
        day = self.today
        while days:
            day += timedelta(days=1)
            days -= self.department.calendar.is_working(day)
        return day


class Stories:
    """Tells the stories one after the other, in the order in which they happened."""

    def __init__(self, database: Database, settings: Settings, tenant: int, people: People, now: datetime) -> None:
        self._database = database
        self._settings = settings
        self._tenant = tenant
        self._people = people
        with database.read() as connection:
            self._days = Calendar(department(connection, tenant), now)
            self._city = connection.execute(
                select(locality.c.id).where(locality.c.tenant_id == tenant, locality.c.parent_id.is_(None))
            ).scalar_one()
        self._sample = (DATA / "ulgi.png").read_bytes()
        self._sha = hashlib.sha256(self._sample).hexdigest()
        self._applications: dict[str, int] = {}

    def tell(self, house: int) -> None:
        """Tell everything; ``house`` is the kindergarten where most of it happens."""
        groups = self._kindergarten(house)
        self._file_all(house)
        self._enrolled(house, groups["four"])
        self._missed()
        self._waiting()
        self._rounds(groups["three"])
        self._bulletin(groups)
        refresh_statistics(self._database, self._tenant, self._days.now)

    # --- the kindergarten --------------------------------------------------------------------------------------------

    def _kindergarten(self, house: int) -> dict[str, int]:
        """Give the kindergarten new groups, as after an extension, and groups of the special queue."""
        at = self._days.before(25)
        with self._database.read() as connection:
            (row,) = fetch(connection, Organisation, organisation.c.id == house)
        saved = SaveOrganisation(
            self._tenant, house, row.name, row.kind, row.ownership, row.locality_id, row.address, row.phone,
            "aigolek@example.org", "", _RESPONSIBLE, ["speech"],
        )  # fmt: skip
        self._do("officer", at, lambda unit, known, own: organisations.save_organisation(unit, known, saved, own, at))
        groups = {}
        for key, name, low, language, correction in (
            ("three", "Балдырған", 3, "kk", ""),
            ("four", "Күншуақ", 4, "kk", ""),
            ("five", "Жұлдызай", 5, "ru", ""),
            ("english", "Butterfly", 3, "en", ""),
            ("speech", "Тілашар", 3, "kk", "speech"),
        ):
            new = SaveGroup(
                self._tenant, None, house, name, low, min(low + 2, 6), language, 12 if correction else 20, "day",
                correction, _RESPONSIBLE,
            )  # fmt: skip
            groups[key] = self._group(new, at)
        return groups

    def _group(self, new: SaveGroup, at: datetime) -> int:
        return self._do("officer", at, lambda unit, known, own: organisations.save_group(unit, known, new, own, at))

    # --- filing ------------------------------------------------------------------------------------------------------

    def _file_all(self, house: int) -> None:
        """File what everybody applied for, long before the rest or just now."""
        for key, programme, languages, days in (
            ("aruzhan", "general", ["kk", "ru", "en"], 190),
            ("alikhan", "general", ["kk", "ru"], 170),
            ("alikhan", "bulletin", ["kk", "ru"], 169),
            ("sanzhar", "general", ["kk", "en"], 160),
            ("dania", "general", ["kk", "ru"], 140),
            ("timur", "general", ["kk", "en"], 130),
            ("nurai", "bulletin", ["kk", "ru"], 60),
            ("madina", "bulletin", ["kk"], 50),
            ("amina", "bulletin", ["kk"], 45),
            ("dias", "general", ["kk", "ug"], 90),
            ("madina", "general", ["kk", "uz"], 85),
            ("amina", "general", ["kk", "ru", "tg"], 80),
        ):
            self._file(key, programme, languages, self._days.before(days, 11, days % 60))
        # doctors get to see: a child of each of two families, with the commission's conclusion
        for key, days in (("dias", 2), ("amina", 1)):
            at = self._days.before(days, 15, 20)
            self._upload(key, at)
            self._file(
                key, "special", ["kk"], at, correction="speech", organisation_id=house,
                blobs=[f"pmpk:{self._sha}:pmpk.png"],
            )  # fmt: skip
        at = self._days.before(120, 12)
        self._upload("alikhan", at)
        edited = EditApplication(self._tenant, self._applications["alikhan:general"], benefit="large-family")
        self._parent("alikhan", at, lambda unit, known, own: filing.edit_application(
            unit, known, edited, own, acting(own, Actor.PARENT), at,
        ))  # fmt: skip
        proved = self._days.before(118, 9, 30)
        verified = VerifyBenefit(self._tenant, edited.application_id, True)
        for officer in ("officer", "officer2"):
            self._do(officer, proved, lambda unit, known, own: checking.verify_benefit(
                unit, known, verified, own, proved,
            ))  # fmt: skip

    def _file(self, key: str, programme: str, languages: list[str], at: datetime, **more: Any) -> None:
        payload = FileApplication(
            self._tenant, self._people.children[key], programme, self._city, languages, True, **more
        )

        def act(unit: Unit, known: Department, own: Rights) -> int:
            return filing.file_application(unit, known, payload, own, acting(own, Actor.PARENT), at).id

        self._applications[f"{key}:{programme}"] = self._parent(key, at, act)

    def _upload(self, key: str, at: datetime) -> None:
        """Send the sample paper as a child's parent."""
        user = self._people.users[self._people.parents[key]]
        path = blobs.begin(self._database, self._settings, user, self._sha, 0, len(self._sample), at)
        path.write_bytes(self._sample)
        blobs.finish(self._database, self._settings, user, self._sha, len(self._sample), at)

    # --- vouchers ----------------------------------------------------------------------------------------------------

    def _rounds(self, group: int) -> None:
        """Two rounds of vouchers for English groups, of which four eyes decide, and a third one that waits for them."""
        days = self._days
        self._round(4, 3, "en")
        for key, hour in (("aruzhan", 12), ("sanzhar", 13), ("timur", 14)):
            self._step(key, "general", Event.CONFIRM_INTEREST, days.before(3, hour), signature="click")
        self._temporary()
        self._step("timur", "general", Event.CHOOSE_PLACE, days.before(2, 11), group_id=group)
        self._step("timur", "general", Event.SEND_CONTRACT, days.before(2, 15), "kindergarten")
        at = days.before(1, 9)
        self._upload("timur", at)
        papers = frozenset(days.department.rules(Programme.GENERAL, at).contract_needs)
        self._step("timur", "general", Event.SIGN_PARENT, at, signature="code", documents=papers)
        self._step("sanzhar", "general", Event.CHOOSE_PLACE, days.before(1, 10), group_id=group)
        # Dania's parents add English only now, and the second round is hers alone
        at = days.before(3, 17)
        edited = EditApplication(self._tenant, self._applications["dania:general"], languages=["kk", "ru", "en"])
        self._parent("dania", at, lambda unit, known, own: filing.edit_application(
            unit, known, edited, own, acting(own, Actor.PARENT), at,
        ))  # fmt: skip
        self._round(1, 1, "en")
        self._plan(days.before(1, 16), 25, "kk")

    def _round(self, days: int, vouchers: int, language: str) -> None:
        number = self._plan(self._days.before(days, 10), vouchers, language)
        at = self._days.before(days, 11, 30)
        issued = IssueIteration(self._tenant, number)
        done = self._do("officer2", at, lambda unit, known, own: iterations.issue(unit, known, issued, own, at))
        if done.vouchers != vouchers:
            raise ValueError(f"a round of the demonstration gave {done.vouchers} vouchers: {done.state}")

    def _plan(self, at: datetime, vouchers: int, language: str) -> int:
        planned = PlanIteration(self._tenant, "general", vouchers, language=language)
        return self._do("officer", at, lambda unit, known, own: iterations.plan(unit, known, planned, own, at)).id

    def _missed(self) -> None:
        """Let Dias's family miss the term, so that it may restore the place once, and Madina's refuse a voucher."""
        days = self._days
        self._round(10, 1, "ug")
        self._round(9, 1, "uz")
        self._step("madina", "general", Event.REFUSE_VOUCHER, days.before(8, 12), confirmed=True)
        clock.run_due(self._database, days.before(6, 8))

    def _waiting(self) -> None:
        """Put Amina into the waiting list of a group that has no free place."""
        days = self._days
        self._round(5, 1, "tg")
        self._step("amina", "general", Event.CONFIRM_INTEREST, days.before(4, 9), signature="click")
        with self._database.read() as connection:
            group = connection.execute(_FULL, {"tenant": self._tenant, "ages": self._ages(connection, "amina", 4)})
            number = int(group.scalar_one())
        self._step("amina", "general", Event.JOIN_WAITLIST, days.before(4, 9, 30), group_id=number)

    def _temporary(self) -> None:
        """Give Aruzhan the place of a child that is away; she stays in the queue."""
        with self._database.read() as connection:
            ages = self._ages(connection, "aruzhan", 2)
            lent = connection.execute(_LENT, {"tenant": self._tenant, "ages": ages}).one()
        until = min(lent.valid_to, self._days.today + timedelta(days=75))
        self._step(
            "aruzhan", "general", Event.CHOOSE_TEMPORARY, self._days.before(2, 10), group_id=lent.group_id,
            until=until, confirmed=True, signature="code",
        )  # fmt: skip
        self._step("aruzhan", "general", Event.TEMP_ATTEND, self._days.before(1, 8, 30), "officer", Actor.KINDERGARTEN)

    def _ages(self, connection: Connection, key: str, days: int) -> list[int]:
        """Return the ages by which a child may come into a group on a day before."""
        (child,) = fetch(connection, Child, child_table.c.id == self._people.children[key])
        day = self._days.before(days).date()
        return sorted({months_old(child.born, on) // 12 for on in (day, date(group_year(day), 9, 1))})

    # --- the bulletin ------------------------------------------------------------------------------------------------

    def _enrolled(self, house: int, group: int) -> None:
        """Enrol Nurai by a referral; her father praises the kindergarten."""
        days = self._days
        item = self._publish(days.before(10), group, 4)
        self._step("nurai", "bulletin", Event.APPLY_BULLETIN, days.before(9, 9, 5), item_id=item)
        self._step("nurai", "bulletin", Event.ACTIVATE, days.before(8, 11), "kindergarten")
        self._step(
            "nurai", "bulletin", Event.SIGN_CONTRACT, days.before(6, 9, 40), "kindergarten",
            documents=frozenset(days.department.rules(Programme.BULLETIN, days.now).referral_needs),
        )  # fmt: skip
        at = days.before(2, 20)
        said = WriteReview(self._tenant, house, 5, "Тәрбиешілер мұқият, балам күнде қуанып барады.")
        number = self._parent("nurai", at, lambda unit, known, own: reviews.write(unit, known, said, own, at))
        at = days.before(1, 9, 15)
        published = DecideReview(self._tenant, number, True, "Пікіріңізге рахмет!")
        self._do("officer", at, lambda unit, known, own: reviews.decide(unit, known, published, own, at))

    def _bulletin(self, groups: dict[str, int]) -> None:
        """Leave one child to be activated, one with a referral, items that are open and one that opens soon."""
        days = self._days
        open_now = self._publish(days.before(5), groups["four"], 3)
        self._publish(days.before(4), groups["three"], 2)
        self._step("madina", "bulletin", Event.APPLY_BULLETIN, days.before(3, 9), item_id=open_now)
        self._step("madina", "bulletin", Event.ACTIVATE, days.before(2, 16), "kindergarten")
        self._step("amina", "bulletin", Event.APPLY_BULLETIN, days.before(1, 9, 10), item_id=open_now)
        now = min(self._days.now, self._days.before(0, 12))
        self._publish(now, groups["four"], 4, days.after(1))
        self._publish(now, groups["five"], 5, days.after(1))

    def _publish(self, at: datetime, group: int, places: int, published_on: date | None = None) -> int:
        day = self._days.department.calendar.local_day(at)
        with self._database.read() as connection:
            (row,) = fetch(connection, Group, kindergarten_group.c.id == group)
        on = published_on or day
        years = sorted(birth_years(row.age_from, row.age_to, group_year(on)))
        item = PublishItem(self._tenant, group, places, years, on, on, _RESPONSIBLE)
        return self._do("kindergarten", at, lambda unit, known, own: bulletin.publish(unit, known, item, own, at))[0]

    # --- acting ------------------------------------------------------------------------------------------------------

    def _step(
        self,
        key: str,
        programme: str,
        event: Event,
        at: datetime,
        login: str = "",
        actor: Actor | None = None,
        **act: Any,
    ) -> None:
        """Take a step of a child's application, as its parent or as somebody of the staff."""
        who = actor or {"": Actor.PARENT, "kindergarten": Actor.KINDERGARTEN}.get(login, Actor.OFFICER)
        wanted = Act(event, who, **act)
        application = self._applications[f"{key}:{programme}"]

        uploads = [attachments.Upload(kind, self._sha, f"{kind}.png") for kind in sorted(wanted.documents)]

        def take(unit: Unit, known: Department, own: Rights) -> None:
            def attach(row: Application) -> None:
                if who is Actor.PARENT:
                    attachments.attach(unit, self._tenant, row, uploads, own.user_id, at)

            steps.take_step(unit, known, application, wanted, acting(own, who), at, permit=attach)

        self._do(login or self._people.parents[key], at, take)

    def _parent(self, key: str, at: datetime, act: Callable[[Unit, Department, Rights], T]) -> T:
        return self._do(self._people.parents[key], at, act)

    def _do(self, login: str, at: datetime, act: Callable[[Unit, Department, Rights], T]) -> T:
        """Do something as somebody, in a transaction of its own."""
        if at > self._days.now:
            raise ValueError(f"{login} would act in the future: {at}")
        with self._database.change() as unit:
            known = department(unit.connection, self._tenant)
            return act(unit, known, rights(unit.connection, self._people.users[login], self._tenant))


def tell_stories(
    database: Database, settings: Settings, tenant: int, house: int, people: People, now: datetime
) -> None:
    """Let the families of the demonstration live through everything that a cabinet shows.

    Raises Refusal when a service refuses a step.
    """
    assert set(people.parents.values()) <= {household.login for household in HOUSEHOLDS}
    complete_years(database, tenant, people.users["officer"], now)
    Stories(database, settings, tenant, people, now).tell(house)
