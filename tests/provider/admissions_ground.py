"""The ground of a small education department for tests: kindergartens with groups and places, parents and children."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import text

from provider.store.changes import PUBLIC, child_scope
from provider.store.database import Database
from provider.store.grants import grant
from tests.provider.sync_world import World, add_row

BEGIN = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)
"""A Monday, 11:00 in Almaty."""
DAY = timedelta(days=1)
BORN = date(2023, 4, 14)


def iin(born: date, number: int) -> str:
    """Return a well-formed IIN of somebody born in this century."""
    head = f"{born:%y%m%d}5{number:04}"
    for weights in ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
        check = sum(int(digit) * weight for digit, weight in zip(head, weights, strict=True)) % 11
        if check < 10:
            return head + str(check)
    return iin(born, number + 5000)


@dataclass
class Ground:
    """A department with kindergartens, groups and people, whose clock the test moves."""

    database: Database
    tenant: int
    world: World
    city: int
    village: int
    now: datetime = BEGIN
    _number: int = 0
    groups: dict[str, int] = field(default_factory=dict)
    organisations: dict[str, int] = field(default_factory=dict)

    def later(self, **span: float) -> datetime:
        """Let time pass."""
        self.now += timedelta(**span)
        return self.now

    def number(self) -> int:
        self._number += 1
        return self._number

    def public(self, table: str, **values: Any) -> int:
        return add_row(self.database, self.tenant, PUBLIC, table, **values)

    def organisation(self, name: str, locality: int | None = None, **values: Any) -> int:
        found = self.public(
            "organisation",
            department_id=self.tenant,
            code=name,
            name=name,
            kind="kindergarten",
            ownership="state",
            locality_id=locality or self.city,
            opened=True,
            **values,
        )
        self.organisations[name] = found
        return found

    def group(self, name: str, organisation: int, places: int = 1, **values: Any) -> int:
        """Add a group for children of three with permanent places."""
        plain = {"age_from": 3, "age_to": 4, "language": "kk", "kind": "day", "valid_from": date(2020, 9, 1)}
        found = self.public(
            "kindergarten_group", organisation_id=organisation, name=name, valid_to=None, **plain | values
        )
        self.public(
            "place",
            group_id=found,
            mode="permanent",
            capacity=places,
            occupied=0,
            held=0,
            valid_from=date(2020, 9, 1),
            valid_to=None,
        )
        self.groups[name] = found
        return found

    def item(self, group: int, places: int = 1, **values: Any) -> int:
        plain = {
            "number": f"B{self.number()}",
            "places": places,
            "taken": 0,
            "birth_years": [2023],
            "language": "kk",
            "locality_id": self.city,
            "mode": "permanent",
            "free_from": self.now.date(),
            "published_on": self.now.date(),
            "open_at": self.now - DAY,
            "open_to_all_at": self.now - DAY,
            "state": "published",
        }
        return self.public("bulletin_item", group_id=group, **plain | values)

    def person(self, login: str, roles: list[str], *keys: str) -> int:
        user = self.world.person(login)
        with self.database.change() as unit:
            unit.connection.execute(
                text(
                    "UPDATE person SET roles = CAST(:roles AS jsonb), name = :name, phone = :phone, language = 'kk' "
                    "WHERE id = :id"
                ),
                {
                    "id": user,
                    "roles": "[" + ",".join(f'"{role}"' for role in roles) + "]",
                    "name": f"{login.title()} Qalam",
                    "phone": f"+7701{user:07}",
                },
            )
            unit.changes.live(0, f"user:{user}", "person", user)
            grant(unit, user, self.tenant, PUBLIC)
            for key in keys:
                grant(unit, user, self.tenant, key)
        return user

    def child(self, born: date = BORN, name: str = "Aisha") -> int:
        return add_row(
            self.database,
            self.tenant,
            "child:{id}",
            "child",
            department_id=self.tenant,
            iin=iin(born, self.number()),
            surname="Qalam",
            given_name=name,
            born=born,
            sex="female",
        )

    def guard(self, user: int, child: int, *, may_act: bool = True, kind: str = "parent") -> int:
        with self.database.change() as unit:
            grant(unit, user, self.tenant, child_scope(child))
        return add_row(
            self.database,
            self.tenant,
            child_scope(child),
            "guardian",
            child_id=child,
            user_id=user,
            name="Qalam",
            kind=kind,
            may_act=may_act,
            since=self.now,
            until=None,
        )
