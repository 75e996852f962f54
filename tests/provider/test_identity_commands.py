"""The provider's people on the command line."""

from __future__ import annotations

import io

import pytest
from alembic import command
from msgspec import structs
from sqlalchemy import text

from models.contract.commands import RequestDataCorrection
from provider.__main__ import main
from provider.services import requests
from provider.services.catalogue import create_provider
from provider.settings import Settings
from provider.store.changes import PUBLIC
from provider.store.migrate import configuration
from tests.fixtures.provider import ProviderServer
from tests.provider.people_world import OTHER_PASSWORD, PASSWORD, PeopleWorld, make_people_world, people_settings
from tests.provider.sync_world import add_row
from tests.samples.balabaqsha import department


@pytest.fixture
def provider_settings(provider_settings: Settings) -> Settings:
    return people_settings(provider_settings)


@pytest.fixture
def world(provider_server: ProviderServer, monkeypatch: pytest.MonkeyPatch) -> PeopleWorld:
    made = make_people_world(provider_server)
    with made.database.engine.begin() as connection:  # commands migrate first; the tests' tables are there already
        command.stamp(configuration(connection), "head")
    monkeypatch.setenv("KABINET_DATABASE_URL", made.settings.database_url)
    monkeypatch.setenv("KABINET_DATA_DIR", str(made.settings.data_dir))
    monkeypatch.setenv("KABINET_LANGUAGE", "en")
    return made


def run(*arguments: str, typed: str = "", monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return main(arguments)


def test_a_person_is_added_granted_revoked_and_disabled(world: PeopleWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    code = world.kk.provider.code
    add = ("user", "add", "dinara", "--role", "clerk", "--email", "d@example.org", "--password-stdin")
    assert run(*add, "--account", f"{code}:123456", typed=f"{PASSWORD}\n", monkeypatch=monkeypatch) == 0
    assert world.sign_in("dinara").json()["roles"] == ["clerk"]
    assert run("user", "grant", "dinara", "--office", code, monkeypatch=monkeypatch) == 0
    scopes = [scope["scope"]["key"] for scope in world.sign_in("dinara").json()["scopes"]]
    assert "office" in scopes
    assert run("user", "revoke", "dinara", "--office", code, monkeypatch=monkeypatch) == 0
    scopes = [scope["scope"]["key"] for scope in world.sign_in("dinara").json()["scopes"]]
    assert "office" not in scopes
    change = ("user", "password", "dinara", "--password-stdin")
    assert run(*change, typed=OTHER_PASSWORD, monkeypatch=monkeypatch) == 0
    assert world.sign_in("dinara", OTHER_PASSWORD).status_code == 200
    assert run("user", "disable", "dinara", monkeypatch=monkeypatch) == 0
    assert world.sign_in("dinara", OTHER_PASSWORD).status_code == 401


def test_the_staff_of_a_department_is_added_with_what_each_works_with(
    world: PeopleWorld, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with world.database.change() as unit:
        # the sample utilities came with numbers of their own
        unit.connection.execute(text("SELECT setval(pg_get_serial_sequence('provider', 'id'), max(id)) FROM provider"))
        tenant = create_provider(unit, structs.replace(department(), code="bilim"))
    kindergarten = add_row(world.database, tenant, PUBLIC, "organisation", code="aigolek")

    def add(login: str, role: str, *options: str) -> int:
        arguments = ("user", "add", login, "--role", role, "--password-stdin", *options)
        return run(*arguments, typed=f"{PASSWORD}\n", monkeypatch=monkeypatch)

    def keys(login: str) -> set[str]:
        scopes = world.sign_in(login).json()["scopes"]
        return {scope["scope"]["key"] for scope in scopes if scope["scope"]["tenant"] == tenant}

    assert add("ofitser", "officer", "--department", "bilim") == 0
    assert "office" in keys("ofitser")
    assert add("dariger", "doctor", "--department", "bilim") == 0
    assert {"doctor", "public"} <= keys("dariger")
    assert "office" not in keys("dariger")
    assert add("mengerushi", "kindergarten", "--organisation", "bilim:aigolek") == 0
    assert f"organisation:{kindergarten}" in keys("mengerushi")
    assert run("user", "revoke", "dariger", "--department", "bilim", monkeypatch=monkeypatch) == 0
    assert "doctor" not in keys("dariger")

    capsys.readouterr()
    assert add("x", "clerk", "--department", "bilim") == 1
    assert "officer and doctor, and x has: clerk. Nothing was changed; give the role" in capsys.readouterr().err
    assert add("x", "officer", "--department", world.kk.provider.code) == 1
    assert "no education department" in capsys.readouterr().err
    assert add("x", "kindergarten", "--organisation", "bilim:none") == 1
    assert "no kindergarten bilim:none" in capsys.readouterr().err
    assert world.scalar("SELECT count(*) FROM person WHERE login = 'x'") == 0

    # a parent becomes an officer under the same login, and is a parent again
    assert add("ata-ana", "parent") == 0
    assert run("user", "grant", "ata-ana", "--department", "bilim", monkeypatch=monkeypatch) == 1
    assert "ata-ana has: parent. Nothing was changed; give the role with it: --role officer" in capsys.readouterr().err
    give = ("user", "grant", "ata-ana", "--role", "officer", "--department", "bilim")
    assert run(*give, monkeypatch=monkeypatch) == 0
    assert world.sign_in("ata-ana").json()["roles"] == ["parent", "officer"]
    assert "office" in keys("ata-ana")
    assert run("user", "revoke", "ata-ana", "--role", "officer", monkeypatch=monkeypatch) == 0
    assert world.sign_in("ata-ana").json()["roles"] == ["parent"]
    assert "office" not in keys("ata-ana")
    capsys.readouterr()
    assert run("user", "revoke", "ata-ana", "--role", "parent", monkeypatch=monkeypatch) == 1
    assert "ata-ana would have no role left. Nothing was changed" in capsys.readouterr().err
    assert world.sign_in("ata-ana").json()["roles"] == ["parent"]


def test_what_cannot_be_done_is_one_clear_sentence(
    world: PeopleWorld, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world.user("123456")
    add = ("user", "add", "123456", "--password-stdin")
    assert run(*add, typed=PASSWORD, monkeypatch=monkeypatch) == 1
    assert capsys.readouterr().err == "The login 123456 exists. Nothing was changed.\n"
    assert run("user", "grant", "123456", monkeypatch=monkeypatch) == 1
    assert capsys.readouterr().err.startswith("Say what: --role, --account")
    assert run("user", "grant", "nobody", "--role", "clerk", monkeypatch=monkeypatch) == 1
    assert capsys.readouterr().err == "There is no login nobody. Nothing was changed.\n"
    assert run("user", "grant", "123456", "--account", "nowhere:1", monkeypatch=monkeypatch) == 1
    assert capsys.readouterr().err == "There is no provider nowhere. Nothing was changed.\n"
    assert run("user", "add", "new", "--password-stdin", typed="short", monkeypatch=monkeypatch) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_announcements_requests_and_mailings_are_run_from_scripts(
    world: PeopleWorld, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = world.kk.provider.code
    user = world.user("123456")
    world.user("clerk", accounts=[], email="")
    texts = ("--subject", "kk=Су болмайды", "--body", "kk=Ертең")
    assert run("announce", "--provider", code, *texts, monkeypatch=monkeypatch) == 0
    assert run("announce", "--provider", code, *texts, "--account", "123456", monkeypatch=monkeypatch) == 0
    assert world.scalar("SELECT string_agg(kind, ' ' ORDER BY id) FROM message") == "announcement message"

    payload = RequestDataCorrection(world.kk.account.id, "area", "55,1", "қайта өлшедік")
    with world.database.change() as unit:
        made = requests.create(unit, user, payload, "c", world.clock.now)
    capsys.readouterr()
    assert run("requests", "--provider", code, monkeypatch=monkeypatch) == 0
    assert capsys.readouterr().out == f"{made.number}\tsubmitted\tarea\t55,1 қайта өлшедік\n"
    decide = ("requests", "--provider", code, "--number", made.number, "--status", "done", "--clerk", "clerk")
    assert run(*decide, monkeypatch=monkeypatch) == 0
    assert world.scalar("SELECT status FROM request") == "done"
    assert run("mailing", "run", "--provider", code, "--period", "2024-01", monkeypatch=monkeypatch) == 0
    assert run("send-mail", monkeypatch=monkeypatch) == 0
