"""What moves children ahead of others is decided by two officers: the table of categories, and each claimed benefit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from models.contract.admission_commands import (
    ConfirmCategory,
    EditApplication,
    SetCategory,
    VerifyBenefit,
)
from tests.provider.admissions_world import Admissions, code
from tests.provider.sync_world import Device

OCTOBER = date(2026, 10, 1)


def changed(town: Admissions, rank: int = 5, line: str = "ordinary", day: date = OCTOBER, of: str = "large") -> Any:
    names = {"kk": "Көп балалы", "ru": "Многодетные"}
    benefit = of if of in ("large", "orphan") else ""
    return SetCategory(town.tenant, of, rank, line, names, benefit, 0, 84, day)


def prepare(town: Admissions, officer: Device, payload: Any) -> int:
    outcome = town.send(officer, payload)
    assert outcome.status == "applied", outcome
    return int(outcome.result["category_id"])


def ranks(town: Admissions, day: date) -> dict[str, int]:
    return {row.code: row.rank for row in town.department().categories_on(day)}


# Categories


def test_a_category_stays_as_it_is_until_a_second_officer_confirms_the_change(town: Admissions) -> None:
    author, other = town.officer(), town.officer()
    change = prepare(town, author, changed(town))
    assert ranks(town, OCTOBER)["large"] == 2
    assert code(town.send(author, ConfirmCategory(town.tenant, change, True))) == "needs-another-officer"
    assert ranks(town, OCTOBER)["large"] == 2
    assert town.send(other, ConfirmCategory(town.tenant, change, True)).result["state"] == "confirmed"
    department = town.department()
    old = next(row for row in department.categories_on(date(2026, 9, 30)) if row.code == "large")
    new = next(row for row in department.categories_on(OCTOBER) if row.code == "large")
    assert (old.rank, new.rank, old.valid_to) == (2, 5, OCTOBER)
    assert new.name["en"] == "Көп балалы"  # what a language lacks is the first that was given
    assert town.scalar("SELECT prepared_by_id <> confirmed_by_id FROM category WHERE id = :id", id=change)


def test_nobody_is_queued_by_a_change_that_waits(town: Admissions) -> None:
    family = town.file(town.family(), benefit="large")
    prepare(town, town.officer(), changed(town, rank=9, day=town.now.date() + timedelta(days=1)))
    town.later(days=3)
    town.verify(family)
    assert town.row(family.application).category_rank == 2


def test_a_prepared_change_is_seen_by_the_office_only_until_it_is_confirmed(town: Admissions) -> None:
    author, other, parent = town.officer(), town.officer(), town.family().device
    change = prepare(town, author, changed(town))
    for device, known in ((parent, False), (author, True)):
        device.pull_all()
        assert bool([key for key in device.rows if key[2:] == ("category", change)]) is known
    town.send(other, ConfirmCategory(town.tenant, change, True))
    for device in (parent, author):
        device.pull_all()
        assert [key for key in device.rows if key[2:] == ("category", change)]


def test_a_change_is_decided_once_and_may_be_refused_or_taken_back(town: Admissions) -> None:
    author, other = town.officer(), town.officer()
    change = prepare(town, author, changed(town))
    assert town.send(other, ConfirmCategory(town.tenant, change, False)).result["state"] == "refused"
    assert code(town.send(other, ConfirmCategory(town.tenant, change, True))) == "change-decided"
    again = prepare(town, author, changed(town))
    assert town.send(author, ConfirmCategory(town.tenant, again, False)).result["state"] == "refused"
    assert ranks(town, OCTOBER)["large"] == 2
    assert code(town.send(other, ConfirmCategory(town.tenant, 10**9, True))) == "not-found"


def test_a_new_change_for_the_day_replaces_the_one_that_waits(town: Admissions) -> None:
    author, other = town.officer(), town.officer()
    first = prepare(town, author, changed(town))
    second = prepare(town, author, changed(town, rank=6))
    assert code(town.send(other, ConfirmCategory(town.tenant, first, True))) == "change-decided"
    assert town.send(other, ConfirmCategory(town.tenant, second, True)).result["state"] == "confirmed"
    third = prepare(town, author, changed(town, rank=7))  # of the same day once more, though one was confirmed
    assert town.send(other, ConfirmCategory(town.tenant, third, True)).result["state"] == "confirmed"
    assert ranks(town, OCTOBER)["large"] == 7
    assert ranks(town, date(2026, 9, 30))["large"] == 2


def test_changes_of_several_days_follow_one_another(town: Admissions) -> None:
    author, other = town.officer(), town.officer()
    late = prepare(town, author, changed(town, rank=9, day=date(2026, 11, 1)))
    early = prepare(town, author, changed(town, rank=7))
    for change in (late, early):
        assert town.send(other, ConfirmCategory(town.tenant, change, True)).status == "applied"
    found = [ranks(town, date(2026, month, 5))["large"] for month in (9, 10, 11)]
    assert found == [2, 7, 9]


def test_a_change_must_begin_ahead_when_prepared_and_when_confirmed(town: Admissions) -> None:
    author, other = town.officer(), town.officer()
    assert code(town.send(author, changed(town, day=town.now.date()))) == "valid-from-passed"
    change = prepare(town, author, changed(town, day=town.now.date() + timedelta(days=2)))
    town.later(days=2)
    assert code(town.send(other, ConfirmCategory(town.tenant, change, True))) == "valid-from-passed"


def test_a_rank_may_not_be_on_two_sides_of_the_order(town: Admissions) -> None:
    author, other = town.officer(), town.officer()
    assert code(town.send(author, changed(town, rank=2, of="new"))) == "rank-of-another-line"
    one = prepare(town, author, changed(town, rank=8, of="new"))
    two = prepare(town, author, changed(town, rank=8, line="first", of="newer"))  # nothing of the rank counts yet
    assert town.send(other, ConfirmCategory(town.tenant, one, True)).status == "applied"
    assert code(town.send(other, ConfirmCategory(town.tenant, two, True))) == "rank-of-another-line"


# Benefits


def test_a_benefit_counts_only_once_it_is_verified_and_the_date_stays(town: Admissions) -> None:
    first = town.file(town.family())
    town.later(seconds=1)
    claims = town.file(town.family(), benefit="large")
    rank_date = town.row(claims.application).rank_date
    assert town.row(claims.application).category_rank == 3
    officer = town.officer()
    town.send(town.officer(), VerifyBenefit(town.tenant, claims.application, True))
    outcome = town.send(officer, VerifyBenefit(town.tenant, claims.application, True))
    assert (outcome.result["benefit_state"], outcome.result["category_rank"]) == ("verified", 2)
    row = town.row(claims.application)
    assert (row.category_rank, row.rank_date, row.flags) == (2, rank_date, [])
    assert town.scalar("SELECT number FROM queue_position WHERE id = :id", id=claims.application) == 1
    assert town.messages(claims)[-1] == "Benefit"
    assert code(town.send(officer, VerifyBenefit(town.tenant, first.application, True))) == "no-benefit"


def test_a_benefit_wants_two_officers_and_a_refusal_one(town: Admissions) -> None:
    family = town.file(town.family(), benefit="large")
    first, second = town.officer(), town.officer()
    proved = VerifyBenefit(town.tenant, family.application, True)
    outcome = town.send(first, proved)
    assert (outcome.status, outcome.result["benefit_state"]) == ("applied", "claimed")
    row = town.row(family.application)
    assert (row.category_rank, row.benefit_state) == (3, "claimed")
    assert row.benefit_by
    assert code(town.send(first, proved)) == "needs-another-officer"
    assert town.row(family.application).benefit_state == "claimed"
    town.send(second, VerifyBenefit(town.tenant, family.application, False, "The certificate is of another person"))
    row = town.row(family.application)
    assert (row.benefit_state, row.benefit_by) == ("refused", "")
    assert town.send(second, proved).result["benefit_state"] == "refused"  # who refused may be the first to prove it
    assert town.send(first, proved).result["benefit_state"] == "verified"
    edited = EditApplication(town.tenant, family.application, benefit="orphan")
    assert town.send(family.device, edited).status == "applied"
    assert town.send(second, proved).result["benefit_state"] == "claimed"  # another benefit, two officers anew
    assert town.send(first, proved).result["benefit_state"] == "verified"


def test_a_proved_benefit_is_taken_away_by_two_officers(town: Admissions) -> None:
    family = town.file(town.family(), benefit="large")
    town.verify(family)
    told = town.messages(family)
    rank_date = town.row(family.application).rank_date
    first, second = town.officer(), town.officer()
    away = VerifyBenefit(town.tenant, family.application, False, "The certificate is of another person")
    assert code(town.send(first, VerifyBenefit(town.tenant, family.application, False))) == "reason-missing"
    assert town.send(first, away).result["benefit_state"] == "verified"
    row = town.row(family.application)
    assert (row.category_rank, row.benefit_doubt_by != "", row.benefit_doubt) == (2, True, away.reason)
    assert town.messages(family) == told
    assert code(town.send(first, away)) == "needs-another-officer"
    assert town.row(family.application).benefit_state == "verified"
    assert town.send(second, away).result["benefit_state"] == "refused"
    row = town.row(family.application)
    assert (row.category_rank, row.rank_date, row.benefit_doubt_by, row.benefit_by) == (3, rank_date, "", "")
    assert town.messages(family)[-1] == "Benefit"


def test_a_proved_benefit_stays_when_an_officer_says_so(town: Admissions) -> None:
    family = town.file(town.family(), benefit="large")
    town.verify(family)
    first, second = town.officer(), town.officer()
    stays = VerifyBenefit(town.tenant, family.application, True)
    assert code(town.send(second, stays)) == "nothing-to-change"
    away = VerifyBenefit(town.tenant, family.application, False, "The certificate is of another person")
    town.send(first, away)
    assert town.send(second, stays).result["benefit_state"] == "verified"
    row = town.row(family.application)
    assert (row.category_rank, row.benefit_doubt_by, row.benefit_doubt) == (2, "", "")
    assert town.send(second, away).result["benefit_state"] == "verified"  # two officers anew


def test_an_officer_does_not_exchange_a_proved_benefit_alone(town: Admissions) -> None:
    family = town.file(town.family(), benefit="large")
    town.verify(family)
    for benefit in ("", "orphan"):
        edited = EditApplication(town.tenant, family.application, benefit=benefit)
        assert code(town.send(town.officer(), edited)) == "benefit-proved"
    assert town.row(family.application).category_rank == 2
    assert town.send(family.device, EditApplication(town.tenant, family.application, benefit="")).status == "applied"
    assert town.row(family.application).category_rank == 3
