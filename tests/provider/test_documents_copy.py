"""Uploaded documents travel with the copy of the database, and come back only as they were."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import URL

from provider.__main__ import main
from provider.services.blobs import stored_path
from provider.settings import Settings
from provider.store.backup import BackupError
from provider.store.cluster import Cluster
from provider.store.database import Database, ensure_database
from provider.store.documents_copy import archive_of, save, staged
from provider.store.tables_admissions import blob


def put(folder: Path, sent: bytes, kept: bytes) -> str:
    """Keep a document as the provider does: under the hash of what was sent, with what it made of it."""
    sha256 = hashlib.sha256(sent).hexdigest()
    path = folder / sha256[:2] / sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(kept)
    return sha256


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two documents, and one that is still being sent."""
    made = tmp_path / "documents"
    put(made, b"a photograph", b"its pixels")
    put(made, b"a certificate", b"a certificate")
    partial = made / "partial" / "7" / ("0" * 64)
    partial.parent.mkdir(parents=True)
    partial.write_bytes(b"half")
    return made


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("??/*")}


def test_documents_come_back_as_they_were_and_later_ones_stay(folder: Path, tmp_path: Path) -> None:
    before = contents(folder)
    assert save(folder, tmp_path / "copy.tar").documents == 2
    assert (tmp_path / "copy.tar").stat().st_mode & 0o077 == 0
    other = tmp_path / "other"
    later = put(other, b"later", b"later")
    with staged(tmp_path / "copy.tar", other) as found:
        assert contents(other) == {later: b"later"}
        found.keep(other)
    assert contents(other) == before | {later: b"later"}
    assert [path.name for path in other.glob("restore-*")] == []


def test_no_documents_make_a_copy_too(tmp_path: Path) -> None:
    assert save(tmp_path / "absent", tmp_path / "copy.tar").documents == 0
    with staged(tmp_path / "copy.tar", tmp_path / "documents") as found:
        assert found.documents == ()


@pytest.mark.parametrize("harm", ["changed", "cut in a document", "cut between documents", "empty", "no tar"])
def test_a_damaged_copy_changes_nothing(folder: Path, tmp_path: Path, harm: str) -> None:
    copy = tmp_path / "copy.tar"
    save(folder, copy)
    content = copy.read_bytes()
    second = content.rindex(b"KABINET.sha256", 0, content.index(b"END\0"))
    copy.write_bytes(
        {
            "changed": content.replace(b"its pixels", b"its pixelz"),
            "cut in a document": content[: content.index(b"its pixels") + 4],
            "cut between documents": content[: second - second % 512 - 512],
            "empty": b"",
            "no tar": b"not a tar" * 200,
        }[harm]
    )
    other = tmp_path / "other"
    with pytest.raises(BackupError, match=r"damaged.*Nothing was changed"), staged(copy, other):
        pytest.fail("a damaged copy was lent")
    assert list(other.iterdir()) == []


def test_the_commands_copy_documents_and_say_what_is_missing(
    cluster: Cluster,
    provider_settings: Settings,
    database_url: URL,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    url = database_url.set(database=f"{database_url.database}_copy")
    ensure_database(url)
    address = url.render_as_string(hide_password=False)
    provider_settings = replace(provider_settings, database_url=address)
    monkeypatch.setenv("KABINET_DATABASE_URL", address)
    at = ["--data-dir", str(provider_settings.data_dir)]
    database = Database.open(provider_settings)
    kept = put(provider_settings.documents, b"a certificate", b"a certificate")
    now = provider_settings.clock()
    with database.engine.begin() as connection:
        for sha256 in (kept, "f" * 64):  # of the other one somebody lost the content
            values = {"size": 13, "media_type": "application/pdf", "received": 13, "complete_at": now, "refused": ""}
            connection.execute(blob.insert().values(sha256=sha256, owner_id=1, created_at=now, **values))
    database.close()
    dump = tmp_path / "copy.backup"
    assert main([*at, "backup", str(dump)]) == 0
    assert "Saved uploaded documents: 1" in capsys.readouterr().out
    path = stored_path(provider_settings, kept)
    path.unlink()
    whole = archive_of(dump).read_bytes()
    archive_of(dump).write_bytes(whole[:700])
    assert main([*at, "restore", str(dump)]) == 1
    assert "Nothing was changed" in capsys.readouterr().err
    assert not path.exists()
    archive_of(dump).write_bytes(whole)
    assert main([*at, "restore", str(dump)]) == 0
    said = capsys.readouterr().out
    assert "Uploaded documents put back: 1." in said
    assert "nobody has: 1." in said
    assert path.read_bytes() == b"a certificate"
    archive_of(dump).unlink()
    assert main([*at, "restore", str(dump)]) == 0
    assert "left as they are" in capsys.readouterr().out
