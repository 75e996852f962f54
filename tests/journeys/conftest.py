"""The demonstration at a real provider, and the whole program in front of it, offscreen, over a breakable line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import translations
from provider.settings import Settings as ProviderSettings
from tests.journeys.program import Program
from tests.journeys.surroundings import Clock, Keyring, Post, SmallProfile

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from provider.store.cluster import Cluster
    from tests.fixtures.provider import ProviderServer
    from tests.sync.wire import Wire

MORNING = datetime(2024, 2, 20, 4, 0, tzinfo=UTC)
"""Ten o'clock in Öskemen, in the reading window of both utilities."""


@pytest.fixture(scope="session")
def template(template: str, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Name of a database with the demonstration in it, built once and copied for each journey."""
    from sqlalchemy import create_engine, make_url
    from sqlalchemy.pool import NullPool

    from provider.demo import build
    from provider.store.database import Database

    name = "kabinet_journeys"
    engine = create_engine(make_url(cluster.url("postgres")), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    engine.dispose()
    url = cluster.url(name)
    database = Database(make_url(url))
    settings = ProviderSettings(
        tmp_path_factory.mktemp("demo"), database_url=url, durable=False, clock=lambda: datetime(2024, 2, 5, tzinfo=UTC)
    )
    build(database, settings, accounts=12)
    database.close()
    return name


@pytest.fixture
def clock() -> Clock:
    """The time on both sides: it goes on from a morning in February 2024."""
    return Clock(MORNING)


@pytest.fixture
def provider_settings(provider_settings: ProviderSettings, clock: Clock) -> ProviderSettings:
    """Settings of a provider that lives in February 2024."""
    return replace(provider_settings, clock=clock)


@pytest.fixture
def post(provider_server: ProviderServer) -> Post:
    """The letters that the provider sends."""
    return Post(provider_server)


@pytest.fixture
def keyring() -> Keyring:
    """The keyring of the computer."""
    return Keyring()


@pytest.fixture
def start(
    qtbot: QtBot,
    qapp: QApplication,
    tmp_path: Path,
    wire: Wire,
    clock: Clock,
    keyring: Keyring,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., Program]]:
    """Start the program on a computer, as often as one likes; ``language`` and others are settings."""
    monkeypatch.setattr("desktop.cabinet.Profile", SmallProfile)
    before = translations.current()
    started: list[Program] = []

    def make(*, known: bool = True, place: str = "computer", **settings: object) -> Program:
        values = {"language": "en", "theme": "light", **settings}
        if known:
            values.setdefault("provider_url", wire.url)
        program = Program(qtbot, qapp, tmp_path / place, clock, keyring, monkeypatch, values)
        started.append(program)
        return program

    yield make
    for program in started:
        program.close()
    translations.use(before)


@pytest.fixture
def resident(start: Callable[..., Program]) -> Program:
    """The program with the resident of account 123456 signed in and everything read."""
    return start().sign_in("123456")
