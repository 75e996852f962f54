"""What a department's script asks for on the command line: what a round would give, statistics, numbers."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import URL

from provider.__main__ import parser
from provider.settings import Settings
from provider.store.database import Database
from tests.provider.admissions_world import Admissions, make_admissions


@pytest.fixture
def town(database: Database, database_url: URL, monkeypatch: pytest.MonkeyPatch) -> Admissions:
    monkeypatch.setattr("provider.commands_admissions.Database.open", lambda _settings: Database(database_url))
    return make_admissions(database)


def run(settings: Settings, *words: str) -> int:
    given = parser().parse_args(["admissions", *words, "--department", "edu"])
    status: int = given.run(given, settings)
    return status


def test_a_round_is_shown_and_nothing_is_kept(
    town: Admissions, provider_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    families = []
    for _ in range(3):
        town.later(seconds=1)
        families.append(town.file(town.family()))
    assert run(provider_settings, "iterate", "2") == 0
    said = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert [row["application"] for row in rows] == [town.row(family.application).number for family in families[:2]]
    assert "vouchers 2, passed over 0" in said.err
    assert town.scalar("SELECT count(*) FROM iteration") == 0
    assert {town.state(family) for family in families} == {"queued"}


def test_statistics_and_numbers_are_counted_on_demand(
    town: Admissions, provider_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    town.file(town.family())
    assert run(provider_settings, "statistics") == 0
    assert run(provider_settings, "refresh") == 0
    assert town.scalar("SELECT count(*) FROM queue_statistic WHERE queued = 1") == 1
    assert "numbers " in capsys.readouterr().out


def test_an_unknown_department_is_said_to_be_unknown(town: Admissions, provider_settings: Settings) -> None:
    given = parser().parse_args(["admissions", "statistics", "--department", "nowhere"])
    with pytest.raises(LookupError, match="nowhere"):
        given.run(given, provider_settings)
