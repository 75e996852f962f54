"""What a parent does when the next year's working days are not entered yet."""

from __future__ import annotations

from sqlalchemy import text

from models.domain.admissions.states import Event
from provider.store.changes import PUBLIC
from provider.store.database import Database
from tests.provider.admissions_world import make_admissions


def test_a_step_into_a_year_without_a_calendar_is_kept_with_the_real_reason(database: Database) -> None:
    edu = make_admissions(database)
    family = edu.file(edu.family())
    edu.issue(family)
    with database.change() as unit:
        years = text("DELETE FROM calendar_year WHERE tenant_id = :tenant RETURNING id")
        for year in unit.connection.execute(years, {"tenant": edu.tenant}).scalars():
            unit.changes.gone(edu.tenant, PUBLIC, "calendar_year", year)
    outcome = edu.step(family.device, family.application, Event.CONFIRM_INTEREST)
    assert outcome.status == "held"
    assert [(problem.code, problem.values) for problem in outcome.problems] == [
        ("year-not-loaded", {"year": edu.now.year})
    ]
    assert edu.state(family) == "voucher-issued"
