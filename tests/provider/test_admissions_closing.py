"""An officer closes an application: why, and with what, is kept."""

from __future__ import annotations

import pytest

from models.domain.admissions.states import Event
from tests.provider.admissions_world import Admissions


@pytest.mark.parametrize("why", ["", "officer", "duplicate", "moved", "withdrawn"])
def test_an_officer_says_why_an_application_ends(edu: Admissions, why: str) -> None:
    family, officer = edu.file(edu.family()), edu.officer()
    paper = f"other:{edu.upload(edu.family(user=officer.user), 'decision')}:decision.pdf"
    outcome = edu.step(
        officer, family.application, Event.ARCHIVE, reason="Көшіп кетті.", reason_code=why, blobs=[paper]
    )
    assert outcome.status == "applied", outcome
    row = edu.row(family.application)
    assert (row.state, row.archive) == ("archived", why or "officer")
    told = edu.all("SELECT body FROM message WHERE application_id = :id ORDER BY id", id=row.id)[-1]
    assert "Көшіп кетті." in told.body["kk"]


def test_an_officer_closes_for_no_reason_of_the_clock(edu: Admissions) -> None:
    family = edu.file(edu.family())
    outcome = edu.step(edu.officer(), family.application, Event.ARCHIVE, reason="…", reason_code="graduated")
    assert [problem.code for problem in outcome.problems] == ["reason-does-not-fit"]
