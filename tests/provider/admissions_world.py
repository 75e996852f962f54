"""A small education department for tests: kindergartens with groups, families, a doctor, officers, a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, text

from models.contract.admission_commands import FileApplication, TakeStep, VerifyBenefit
from models.contract.admission_records import Application
from models.contract.outcomes import CommandOutcome
from models.contract.payload import Payload
from models.domain.admissions.case import Act, Step
from models.domain.admissions.states import Actor, Event
from provider.handlers.push import push
from provider.services.admissions import steps
from provider.services.admissions.department import Department, department
from provider.services.admissions.outside import ActorInfo
from provider.store.changes import child_scope, organisation_scope
from provider.store.database import Database
from provider.store.rows import fetch
from provider.store.tables_admissions import application, blob
from provider.store.tables_families import blob_owner
from tests.provider.admissions_ground import BORN, Ground
from tests.provider.sync_world import Device, World, add_row

_SETTINGS: dict[str, dict[str, Any]] = {
    "general": {"signature_contract": "click", "signature_temporary": "click"},
    "special": {"signature_contract": "click", "signature_temporary": "click", "docs_review": True},
    "bulletin": {"order": "strict", "interest_days": 0, "contract_days": 0, "extension_days": 0},
}


@dataclass
class Family:
    """A parent with a child, and the application that they file."""

    device: Device
    user: int
    child: int
    application: int = 0


@dataclass
class Admissions(Ground):
    """The department, and what its people do."""

    def family(self, born: date = BORN, user: int | None = None) -> Family:
        """Return a parent with a child."""
        owner = user or self.person(f"parent{self.number()}", ["parent"])
        child = self.child(born)
        self.guard(owner, child)
        return Family(self.world.device(owner), owner, child)

    def kindergarten(self, name: str) -> Device:
        scope = organisation_scope(self.organisations[name])
        return self.world.device(self.person(f"kg{self.number()}", ["kindergarten"], scope))

    def officer(self) -> Device:
        return self.world.device(self.person(f"officer{self.number()}", ["officer"], "office"))

    def verify(self, family: Family) -> None:
        """Let two officers find a family's benefit proved, so that it counts."""
        for officer in (self.officer(), self.officer()):
            outcome = self.send(officer, VerifyBenefit(self.tenant, family.application, True))
            assert outcome.status == "applied", outcome

    def doctor(self) -> Device:
        return self.world.device(self.person(f"doctor{self.number()}", ["doctor"], "doctor"))

    def send(
        self, device: Device, payload: Payload, occurred: datetime | None = None, base: dict[str, Any] | None = None
    ) -> CommandOutcome:
        """Push one command and return its outcome; ``base`` is what the person saw."""
        command = device.command(payload, occurred_at=occurred or self.now, base=base or {})
        return push(device.database, device.user, device.id, device.request(command), lambda: self.now).outcomes[0]

    def filing(self, family: Family, programme: str = "general", **values: Any) -> FileApplication:
        plain: dict[str, Any] = {
            "department_id": self.tenant,
            "child_id": family.child,
            "programme": programme,
            "locality_id": self.city,
            "languages": ["kk"],
            "consent": True,
        }
        return FileApplication(**plain | values)

    def file(self, family: Family, programme: str = "general", **values: Any) -> Family:
        """File an application and return the family with it."""
        outcome = self.send(family.device, self.filing(family, programme, **values))
        assert outcome.status == "applied", outcome
        family.application = outcome.result["application_id"]
        return family

    def step(self, device: Device, application_id: int, event: Event, **values: Any) -> CommandOutcome:
        """Send a step; ``occurred`` is when the person clicked, ``base`` what they saw."""
        occurred, base = values.pop("occurred", None), values.pop("base", {})
        payload = TakeStep(self.tenant, application_id, event.value, **{"confirmed": True} | values)
        return self.send(device, payload, occurred, base=base)

    def act(self, family: Family, event: Event, **values: Any) -> CommandOutcome:
        """Let a parent take a step of their application, which must be accepted."""
        outcome = self.step(family.device, family.application, event, **values)
        assert outcome.status == "applied", outcome
        return outcome

    def issue(self, *families: Family) -> None:
        """Give vouchers, as a round does."""
        with self.database.change() as unit:
            done = steps.take_steps(
                unit,
                self.department(),
                [family.application for family in families],
                Act(Event.ISSUE_VOUCHER, Actor.OFFICER),
                ActorInfo(None, "Officer", "officer"),
                self.now,
            )
            assert all(isinstance(step, Step) for step in done.values()), done

    def with_voucher(self, family: Family) -> Family:
        """Bring a family as far as an active voucher."""
        self.file(family)
        self.issue(family)
        self.act(family, Event.CONFIRM_INTEREST)
        return family

    def enrolled(self, family: Family, group: str, kindergarten: Device) -> Family:
        """Bring a family as far as a place in a group."""
        self.with_voucher(family)
        self.act(family, Event.CHOOSE_PLACE, group_id=self.groups[group])
        for device, event in (
            (kindergarten, Event.SEND_CONTRACT),
            (family.device, Event.SIGN_PARENT),
            (kindergarten, Event.SIGN_ORG),
        ):
            if event is Event.SIGN_PARENT:
                self.documents(family)
            outcome = self.step(device, family.application, event)
            assert outcome.status == "applied", outcome
        return family

    def documents(self, family: Family, *kinds: str) -> None:
        """Attach what a contract needs."""
        for kind in kinds or ("027", "birth-certificate", "parent-id", "052-2", "065"):
            add_row(
                self.database,
                self.tenant,
                child_scope(family.child),
                "attachment",
                application_id=family.application,
                child_id=family.child,
                kind=kind,
                name=kind,
                state="received",
                valid_until=None,
                author_id=family.user,
            )

    def upload(self, family: Family, content: str) -> str:
        """Return the hash of an uploaded document of a family."""
        sha256 = f"{self.number():064x}"
        with self.database.engine.begin() as connection:
            connection.execute(
                insert(blob).values(
                    sha256=sha256,
                    size=len(content),
                    media_type="application/pdf",
                    received=len(content),
                    owner_id=family.user,
                    created_at=self.now,
                    complete_at=self.now,
                )
            )
            connection.execute(
                insert(blob_owner).values(sha256=sha256, user_id=family.user, size=len(content), at=self.now)
            )
        return sha256

    def department(self) -> Department:
        with self.database.read() as connection:
            return department(connection, self.tenant)

    def row(self, application_id: int) -> Application:
        with self.database.read() as connection:
            return fetch(connection, Application, application.c.id == application_id)[0]

    def state(self, family: Family) -> str:
        return self.row(family.application).state

    def all(self, query: str, **values: Any) -> list[Any]:
        with self.database.read() as connection:
            return list(connection.execute(text(query), values).all())

    def scalar(self, query: str, **values: Any) -> Any:
        return self.world.scalar(query, **values)

    def counts(self, group: str, mode: str = "permanent") -> tuple[int, int]:
        """Return held and occupied of a group."""
        rows = self.all(
            "SELECT held, occupied FROM place WHERE group_id = :group AND mode = :mode",
            group=self.groups[group],
            mode=mode,
        )
        return (sum(row.held for row in rows), sum(row.occupied for row in rows))

    def messages(self, family: Family) -> list[str]:
        """Return the English subjects of a family's messages, oldest first."""
        rows = self.all(
            "SELECT m.subject FROM message m JOIN sync_index i ON i.row_id = m.id AND i.scope = :scope AND i.live "
            "AND i.table_number = (SELECT table_number FROM sync_index WHERE scope = :scope AND row_id = m.id "
            "AND table_number = i.table_number LIMIT 1) WHERE m.application_id = :id ORDER BY m.id",
            scope=child_scope(family.child),
            id=family.application,
        )
        return [row.subject["en"] for row in rows]


def make_admissions(database: Database, **settings: dict[str, Any]) -> Admissions:
    """Return a department with a city, a village, a calendar of 2026 and 2027, categories and rules."""
    tenant = add_row(
        database, 1, "public", "provider", code="edu", name="Department", zone="Asia/Almaty", country="KZ",
        kind="department",
    )  # fmt: skip
    assert tenant == 1
    world = World(database, tenant, [])
    names = dict.fromkeys(("kk", "ru", "uk", "en"), "Almaty")
    region = add_row(
        database, tenant, "public", "locality", department_id=tenant, code="r", kind="region", name=names,
        parent_id=None,
    )  # fmt: skip
    city, village = (
        add_row(
            database, tenant, "public", "locality", department_id=tenant, code=code, kind=code, name=names,
            parent_id=region,
        )
        for code in ("city", "village")
    )  # fmt: skip
    found = Admissions(database, tenant, world, city, village)
    for year in (2026, 2027):
        found.public("calendar_year", department_id=tenant, year=year, source="test")
    for code, benefit, low, rank, line in (
        ("orphan", "orphan", 0, 1, "extraordinary"),
        ("large", "large", 0, 2, "first"),
        ("three", "", 36, 3, "ordinary"),
        ("general", "", 0, 4, "ordinary"),
    ):
        found.public(
            "category",
            department_id=tenant,
            code=code,
            name=names,
            benefit=benefit,
            age_from_months=low,
            age_to_months=84,
            rank=rank,
            line=line,
            valid_from=date(2020, 1, 1),
            valid_to=None,
            state="confirmed",
        )
    for code in ("orphan", "large"):
        found.public("benefit", department_id=tenant, code=code, name=names, document="benefit", active=True)
    for programme, plain in _SETTINGS.items():
        found.public(
            "programme",
            department_id=tenant,
            programme=programme,
            valid_from=date(2020, 1, 1),
            valid_to=None,
            settings=plain | settings.get(programme, {}),
            state="confirmed",
        )
    first = found.organisation("Amina")
    second = found.organisation("Balapan")
    found.group("sun", first, 1)
    found.group("star", first, 2)
    found.group("moon", second, 1)
    return found


def codes(outcome: CommandOutcome) -> list[str]:
    """Return the codes of what is wrong with a command."""
    return [problem.code for problem in outcome.problems]


def code(outcome: CommandOutcome) -> str:
    """Return why a command was refused."""
    assert outcome.status == "refused", outcome
    return outcome.problems[0].code
