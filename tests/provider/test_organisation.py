"""A utility is added from a file, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL, text

from provider.__main__ import main
from provider.commands_organisation import TEMPLATE, read
from provider.store.database import Database


@pytest.fixture
def at(database: Database, database_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder; the commands find the test's database, whose tables are there already."""
    monkeypatch.setenv("KABINET_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("provider.commands_organisation.Database.open", lambda _settings: Database(database_url))
    return tmp_path


def test_the_template_is_a_file_that_can_be_added_once(
    at: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["organisation", "template"]) == 0
    file = at / "new.toml"
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["organisation", "add", str(file)]) == 0
    assert main(["organisation", "list"]) == 0
    assert "vodokanal\t" in capsys.readouterr().out
    with database.read() as connection:
        rows = connection.execute(text("SELECT code, volume_from IS NOT NULL FROM service ORDER BY priority")).all()
    assert [tuple(row) for row in rows] == [("water", False), ("drainage", True)]
    assert main(["organisation", "add", str(file)]) == 1
    assert "already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('country = "KZ"', 'country = "XX"', "country"),
        ('registration_code = "120740001205"', 'registration_code = "120740001206"', "registration_code"),
        ('zone = "Asia/Almaty"', 'zone = "Mars/Base"', "time zone"),
        ("due_day = 25", 'due_day = "soon"', "due_day"),
        ('volume_from = "water"', 'volume_from = "steam"', "volume_from"),
        ('code = "vodokanal"', 'code = "vodokanal"\ncolour = "blue"', "colour"),
        ("[[services]]", "[[services", "TOML"),
    ],
)
def test_what_is_wrong_in_a_file_is_named_and_nothing_is_added(
    at: Path, database: Database, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    file = at / "new.toml"
    file.write_text(TEMPLATE.replace(old, new, 1), encoding="utf-8")
    assert main(["organisation", "add", str(file)]) == 1
    assert said in capsys.readouterr().err
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM provider")).scalar_one() == 0


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        read(tmp_path / "none.toml")
