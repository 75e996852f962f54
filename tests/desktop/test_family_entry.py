"""A parent comes in by a one-time code: the keyring opens their data again, and nothing is left without one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.cabinet import Cabinet
from desktop.paths import Folders
from desktop.settings import Settings
from models.cache.queries import admissions
from models.cache.vault import VaultLocked
from provider.settings import Settings as ProviderSettings
from sync.transport import Refused
from tests.fixtures.provider import ProviderServer
from tests.journeys.surroundings import Keyring
from tests.provider.family_world import MOTHER, PASSWORD, PHONE, FamilyWorld, family_settings, make_family_world


@pytest.fixture
def provider_settings(provider_settings: ProviderSettings) -> ProviderSettings:
    return family_settings(provider_settings)


@pytest.fixture
def world(provider_server: ProviderServer) -> FamilyWorld:
    return make_family_world(provider_server)


class NoKeyring(Keyring):
    """A computer without a usable keyring."""

    def get(self, name: str) -> bytes | None:
        return None

    def set(self, name: str, key: bytes) -> bool:
        return False


@pytest.fixture
def cabinet(world: FamilyWorld, tmp_path: Path) -> Iterator[Cabinet]:
    made = open_cabinet(world, tmp_path, Keyring())
    yield made
    made.close()


def open_cabinet(world: FamilyWorld, folder: Path, keyring: Keyring) -> Cabinet:
    settings = Settings(folder / "settings.json")
    settings.set("provider_url", world.url)
    return Cabinet(Folders(folder), settings, keyring=keyring, clock=world.clock)


def register(world: FamilyWorld) -> None:
    """Register the mother, and let the time pass in which no other code is sent."""
    world.register()
    world.clock.move(seconds=90)


def test_a_code_opens_the_cabinet_and_the_keyring_opens_it_again(world: FamilyWorld, cabinet: Cabinet) -> None:
    register(world)
    assert cabinet.families().ask_code("sign-in", PHONE, MOTHER) == 80
    inside = cabinet.sign_in_by_code(PHONE, MOTHER, world.code(), "laptop")
    assert "parent" in inside.roles
    assert [one.id for one in inside.families.departments()] == [world.tenant]
    inside.client.sync()
    found = inside.store.read(lambda connection: admissions.family(connection, world.clock()))
    assert [department.id for department in found.departments] == [world.tenant]
    assert inside.client.server_time() is not None
    cabinet.close()
    again = cabinet.open_last()
    assert again is not None
    assert again.login == inside.login


def test_a_wrong_code_leaves_nothing_on_this_computer(world: FamilyWorld, cabinet: Cabinet, tmp_path: Path) -> None:
    register(world)
    cabinet.families().ask_code("sign-in", PHONE, MOTHER)
    wrong = "000000" if world.code() != "000000" else "111111"
    with pytest.raises(Refused) as refused:
        cabinet.sign_in_by_code(PHONE, MOTHER, wrong, "laptop")
    assert refused.value.problem.code == "code-wrong"
    assert not [path for path in (tmp_path / "profiles").glob("*") if path.is_dir()]


def test_without_a_keyring_a_code_is_not_even_used(world: FamilyWorld, tmp_path: Path) -> None:
    cabinet = open_cabinet(world, tmp_path, NoKeyring())
    register(world)
    cabinet.families().ask_code("sign-in", PHONE, MOTHER)
    with pytest.raises(VaultLocked) as locked:
        cabinet.sign_in_by_code(PHONE, MOTHER, world.code(), "laptop")
    assert locked.value.problem.code == "keyring-unavailable"
    assert not [path for path in (tmp_path / "profiles").glob("*") if path.is_dir()]
    cabinet.close()


def test_an_address_and_a_password_are_changed_after_a_pause_as_at_once(world: FamilyWorld, cabinet: Cabinet) -> None:
    register(world)
    cabinet.families().ask_code("sign-in", PHONE, MOTHER)
    inside = cabinet.sign_in_by_code(PHONE, MOTHER, world.code(), "laptop")
    for change in (
        lambda: inside.people.change_email("mother@example.kz", PASSWORD),
        lambda: inside.people.change_password(PASSWORD, "another kabinet"),
    ):
        world.clock.move(minutes=11)  # longer than a token works
        change()
        assert inside.client.profile.identity.signed_in
    with pytest.raises(Refused) as refused:
        inside.people.change_email("other@example.kz", PASSWORD)
    assert refused.value.problem.code == "current-password-wrong"
    assert inside.client.profile.identity.signed_in
