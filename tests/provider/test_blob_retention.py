"""Documents of applications go when these ended long ago, and not while one may still be taken up again."""

from __future__ import annotations

from pathlib import Path

from models.domain.admissions.states import Event
from provider.services import blob_retention
from provider.services.blobs import stored_path
from provider.settings import Settings
from provider.store.database import Database
from tests.provider.admissions_world import make_admissions


def test_documents_of_an_ended_application_go_half_a_year_after_its_last_entry(
    database: Database, tmp_path: Path
) -> None:
    town = make_admissions(database)
    settings = Settings(data_dir=tmp_path)
    ended, alive = town.family(), town.family()
    for family in (ended, alive):
        town.file(family, "general", blobs=[f"benefit:{town.upload(family, 'paper')}:paper.pdf"])
    town.later(days=30)
    town.act(ended, Event.LEAVE_QUEUE, reason="Moved")
    assert town.state(ended) == "archived"
    first, second = town.all("SELECT sha256 FROM attachment ORDER BY id")
    for row in (first, second):
        path = stored_path(settings, row.sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"sealed")
    town.later(days=179)
    assert blob_retention.forget_ended(database, settings, town.now) == 0
    town.later(days=2)
    assert blob_retention.forget_ended(database, settings, town.now) == 1
    assert not stored_path(settings, first.sha256).exists()
    assert stored_path(settings, second.sha256).exists()
    assert len(town.all("SELECT 1 FROM attachment")) == 2  # what there was stays to be read
