"""A consumer of a utility adds kindergarten to the cabinet, and changes the telephone: a client over a real wire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models.cache.queries.people import person
from provider.services.identity import create_user
from provider.settings import Settings
from sync.client import SyncClient
from sync.families import Families
from tests.fixtures.provider import ProviderServer
from tests.provider.family_world import MOTHER, OTHER_PHONE, PASSWORD, PHONE, FamilyWorld, make_family_world
from tests.provider.people_world import Clock


@pytest.fixture
def provider_settings(provider_settings: Settings) -> Settings:
    return replace(provider_settings, clock=Clock(datetime.now(UTC)))


@pytest.fixture
def office(provider_server: ProviderServer) -> FamilyWorld:
    return make_family_world(provider_server)


def test_a_resident_s_cabinet_gets_the_role_and_the_region_with_the_next_exchange(
    office: FamilyWorld, make_client: Callable[..., SyncClient]
) -> None:
    with office.database.change() as unit:
        create_user(unit, "123456", PASSWORD, now=office.clock.now)
    client = make_client()
    client.sign_in("123456", PASSWORD, "test")
    client.sync()
    before = client.store.read(person)
    assert before is not None
    assert before.roles == ["resident"]
    families = Families(client.transport, client.link)
    (department,) = families.departments()
    families.ask_code("register", PHONE, consent=True)
    ticket = families.verify_code("register", PHONE, office.code()).ticket
    families.join(ticket=ticket, phone=PHONE, code=MOTHER, department=department.code)
    assert client.sync().problem is None
    after = client.store.read(person)
    assert after is not None
    assert (after.roles, after.code) == (["resident", "parent"], MOTHER)
    assert client.store.read(lambda c: c.execute("SELECT id FROM provider").fetchall()) == [(department.id,)]
    assert families.interest(department.id) == []

    office.clock.move(seconds=81)
    families.ask_code("register", OTHER_PHONE, consent=True)
    ticket = families.verify_code("register", OTHER_PHONE, office.code(OTHER_PHONE)).ticket
    families.change_phone(ticket=ticket, phone=OTHER_PHONE, password=PASSWORD)
    client.sync()
    moved = client.store.read(person)
    assert moved is not None
    assert moved.phone == "+77020001122"
