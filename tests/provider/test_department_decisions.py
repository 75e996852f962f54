"""What officers decide about a family's papers, late clicks and words; nobody decides about their own child."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from models.contract.admission_commands import (
    AttachDocument,
    CheckDocument,
    DecideAppeal,
    DecideReview,
    VerifyBenefit,
    WriteReview,
)
from models.contract.outcomes import CommandOutcome
from models.domain.admissions.states import Event
from provider.services.admissions.clock import run_due
from provider.services.admissions.reviews import shortened
from tests.provider.admissions_world import Admissions, Family, code
from tests.provider.sync_world import Device


def document(town: Admissions, family: Family, kind: str = "027") -> int:
    town.documents(family, kind)
    return int(town.scalar("SELECT max(id) FROM attachment WHERE application_id = :id", id=family.application))


def attachment(town: Admissions, row_id: int) -> tuple[str, str, str]:
    row = town.all("SELECT state, checked_by, reason FROM attachment WHERE id = :id", id=row_id)[0]
    return row.state, row.checked_by, row.reason


def late(town: Admissions, family: Family, event: Event = Event.CONFIRM_INTEREST) -> int:
    """Return the appeal of a click that was made in time without a line and came days late."""
    clicked = town.now
    town.later(days=3)
    outcome = town.step(family.device, family.application, event, occurred=clicked)
    assert code(outcome) == "late-offline"
    return int(outcome.result["appeal_id"])


def test_a_document_is_accepted_with_its_last_day_or_refused_with_a_reason(town: Admissions) -> None:
    family, officer = town.file(town.family()), town.officer()
    row_id = document(town, family)
    assert code(town.send(officer, CheckDocument(town.tenant, row_id, False))) == "reason-missing"
    past = CheckDocument(town.tenant, row_id, True, valid_until=date(2026, 1, 1))
    assert code(town.send(officer, past)) == "day-passed"
    done = town.send(officer, CheckDocument(town.tenant, row_id, True, valid_until=date(2027, 1, 1)))
    assert done.result["state"] == "accepted"
    assert attachment(town, row_id)[0] == "accepted"
    town.send(officer, CheckDocument(town.tenant, row_id, False, "Not legible"))
    state, by, reason = attachment(town, row_id)
    assert (state, reason) == ("refused", "Not legible")
    assert by.startswith("Officer")
    assert town.messages(family)[-1] == "Document not accepted"
    body = town.scalar("SELECT body ->> 'en' FROM message ORDER BY id DESC LIMIT 1")
    assert by in body
    assert "Not legible" in body


def test_what_a_colleague_decided_about_a_document_meanwhile_stays(town: Admissions) -> None:
    family = town.file(town.family())
    first, second = town.officer(), town.officer()
    row_id = document(town, family)
    town.send(first, CheckDocument(town.tenant, row_id, True))
    outcome = town.send(second, CheckDocument(town.tenant, row_id, False, "Not legible"))
    state, by, reason = attachment(town, row_id)
    assert (state, reason) == ("accepted", "")
    assert [(one.code, one.values) for one in outcome.problems] == [("document-decided", {"by": by})]
    assert "Document not accepted" not in town.messages(family)


def test_a_namesake_of_whoever_decided_about_a_document_is_somebody_else(town: Admissions) -> None:
    family = town.file(town.family())
    first, second = town.officer(), town.officer()
    with town.database.change() as unit:
        unit.connection.execute(text("UPDATE person SET name = 'Сәрсенова Гүлмира' WHERE roles ? 'officer'"))
        unit.changes.live_many(0, "person", [(f"user:{one.user}", one.user) for one in (first, second)])
    row_id = document(town, family)
    town.send(first, CheckDocument(town.tenant, row_id, True))
    assert code(town.send(second, CheckDocument(town.tenant, row_id, False, "Not legible"))) == "document-decided"
    assert town.send(first, CheckDocument(town.tenant, row_id, False, "Not legible")).status == "applied"


def test_a_doctor_checks_documents_while_they_are_before_them_and_a_kindergarten_its_own(town: Admissions) -> None:
    family = town.with_voucher(town.family())
    town.act(family, Event.CHOOSE_PLACE, group_id=town.groups["sun"])
    row_id = document(town, family)
    for stranger in (town.doctor(), town.kindergarten("Balapan"), town.family().device, family.device):
        assert code(town.send(stranger, CheckDocument(town.tenant, row_id, True))) in ("not-found", "own-child")
    assert town.send(town.kindergarten("Amina"), CheckDocument(town.tenant, row_id, True)).status == "applied"


def test_nobody_decides_about_a_child_of_their_own(town: Admissions) -> None:
    family = town.file(town.family(), benefit="large")
    officer = town.officer()
    town.guard(officer.user, family.child)
    row_id = document(town, family)
    assert code(town.send(officer, VerifyBenefit(town.tenant, family.application, True))) == "own-child"
    assert code(town.send(officer, CheckDocument(town.tenant, row_id, True))) == "own-child"


def test_a_granted_click_counts_as_of_then_while_it_still_leads_somewhere(town: Admissions) -> None:
    family = town.file(town.family())
    town.issue(family)
    appeal = late(town, family)
    done = town.send(town.officer(), DecideAppeal(town.tenant, appeal, True, "The line was down in the village"))
    assert done.result == {"appeal_id": appeal, "state": "granted", "transition": "T07"}
    assert town.state(family) == "voucher-active"
    assert town.row(family.application).terms["contract"] == "2026-09-14T06:00:00+00:00"  # counted from the click
    assert town.messages(family)[-1] == "An action that came late"
    history = town.all("SELECT offline FROM history_entry WHERE transition = 'T07'")
    assert [row.offline for row in history] == [True]


def test_a_granted_click_whose_term_has_ended_puts_the_family_back_into_the_queue(town: Admissions) -> None:
    family = town.file(town.family())
    town.issue(family)
    rank_date = town.row(family.application).rank_date
    appeal = late(town, family)
    town.later(seconds=1)
    run_due(town.database, town.now)
    assert town.state(family) == "stop-list"
    done = town.send(town.officer(), DecideAppeal(town.tenant, appeal, True, "The line was down"))
    assert done.result["transition"] == "T82"
    row = town.row(family.application)
    assert (row.state, row.rank_date, row.stop) == ("queued", rank_date, "")
    assert "The line was down" in town.scalar("SELECT body ->> 'en' FROM message ORDER BY id DESC LIMIT 1")


def test_a_refused_click_stays_refused_and_the_family_is_told_why(town: Admissions) -> None:
    family, officer = town.file(town.family()), town.officer()
    town.issue(family)
    appeal = late(town, family)
    assert code(town.send(officer, DecideAppeal(town.tenant, appeal, False, " "))) == "reason-missing"
    assert town.send(officer, DecideAppeal(town.tenant, appeal, False, "The clock was wrong")).status == "applied"
    assert town.state(family) == "voucher-issued"
    assert town.messages(family)[-1] == "An action that came late"
    (again,) = town.send(town.officer(), DecideAppeal(town.tenant, appeal, True, "Again")).problems
    number = town.row(family.application).number
    assert (again.code, again.values["number"]) == ("appeal-decided", number)
    assert str(again.values["by"]).startswith("Officer")
    row = town.all("SELECT state, reason FROM appeal WHERE id = :id", id=appeal)[0]
    assert tuple(row) == ("refused", "The clock was wrong")


def test_there_is_nothing_to_give_back_once_the_family_has_gone_on(town: Admissions) -> None:
    family = town.file(town.family())
    town.issue(family)
    appeal = late(town, family)
    town.later(seconds=1)
    run_due(town.database, town.now)
    town.act(family, Event.RESTORE)
    outcome = town.send(town.officer(), DecideAppeal(town.tenant, appeal, True, "Granted"))
    assert code(outcome) == "appeal-moot"
    assert town.scalar("SELECT state FROM appeal WHERE id = :id", id=appeal) == "open"


def test_only_officers_decide_appeals_benefits_and_reviews(town: Admissions) -> None:
    family = town.file(town.family(), benefit="large")
    town.issue(family)
    appeal = late(town, family)
    for device in (town.family().device, town.kindergarten("Amina"), town.doctor()):
        for payload in (
            DecideAppeal(town.tenant, appeal, True, "Please"),
            VerifyBenefit(town.tenant, family.application, True),
            DecideReview(town.tenant, 1, True),
        ):
            assert code(town.send(device, payload)) == "not-allowed"


def review(town: Admissions, device: Device, stars: int = 4, words: str = "Good teachers") -> CommandOutcome:
    return town.send(device, WriteReview(town.tenant, town.organisations["Amina"], stars, words))


def rating(town: Admissions) -> tuple[int, int]:
    row = town.all("SELECT rating_tenths, reviews FROM organisation WHERE id = :id", id=town.organisations["Amina"])[0]
    return row.rating_tenths, row.reviews


def test_only_parents_of_children_there_write_reviews(town: Admissions) -> None:
    house = town.kindergarten("Amina")
    family = town.enrolled(town.family(), "star", house)
    for device in (town.family().device, house, town.officer()):
        assert code(review(town, device)) == "review-not-yours"
    assert code(review(town, family.device, 6)) == "number-out-of-range"
    assert code(review(town, family.device, 3, "  ")) == "field-required"
    assert review(town, family.device).status == "applied"


def test_a_review_is_public_and_counts_only_once_an_officer_let_it_through(town: Admissions) -> None:
    house, officer = town.kindergarten("Amina"), town.officer()
    first = town.enrolled(town.family(), "star", house)
    second = town.enrolled(town.family(), "star", house)
    reader = town.family().device
    good = review(town, first.device, 5).result["review_id"]
    bad = review(town, second.device, 2, "Cold").result["review_id"]
    assert rating(town) == (0, 0)
    for device in (reader, first.device):
        device.pull_all()
    assert not [key for key in reader.rows if key[2] == "review"]
    assert [key[3] for key in first.device.rows if key[2] == "review"] == [good]
    town.send(officer, DecideReview(town.tenant, good, True, "Thank you"))
    town.send(officer, DecideReview(town.tenant, bad, True))
    assert rating(town) == (35, 2)
    reader.pull_all()
    assert {key[3] for key in reader.rows if key[2] == "review"} == {good, bad}
    town.send(officer, DecideReview(town.tenant, bad, False, "Not about the kindergarten"))
    assert rating(town) == (50, 1)
    reader.pull_all()
    assert {key[3] for key in reader.rows if key[2] == "review"} == {good}
    review(town, first.device, 1, "Changed my mind")
    assert rating(town) == (0, 0)


def test_a_refused_review_needs_a_word_to_its_author(town: Admissions) -> None:
    family = town.enrolled(town.family(), "sun", town.kindergarten("Amina"))
    row_id = review(town, family.device).result["review_id"]
    assert code(town.send(town.officer(), DecideReview(town.tenant, row_id, False))) == "reason-missing"


@pytest.mark.parametrize(
    ("name", "shown"), [("Сейтқали Айгүл Маратқызы", "Айгүл С."), ("Cher", "C."), ("Ли Анна", "Анна Л.")]
)
def test_an_author_is_named_without_the_surname(name: str, shown: str) -> None:
    assert shortened(name) == shown


def test_another_proof_opens_a_refused_benefit_again(town: Admissions) -> None:
    family, one, two = town.file(town.family(), benefit="large"), town.officer(), town.officer()
    no = VerifyBenefit(town.tenant, family.application, False, "No certificate")
    assert town.send(one, no).status == "applied"
    assert town.row(family.application).benefit_state == "refused"
    attach(town, family, "other")
    refused = town.row(family.application)
    assert refused.benefit_state == "refused"
    attach(town, family, "benefit")
    row = town.row(family.application)
    assert (row.benefit_state, row.flags) == ("claimed", ["benefit-unverified"])
    assert row.category_rank == refused.category_rank
    yes = VerifyBenefit(town.tenant, family.application, True)
    assert town.send(one, yes).status == "applied"
    assert code(town.send(one, yes)) == "needs-another-officer"
    assert town.send(two, yes).status == "applied"
    assert town.row(family.application).benefit_state == "verified"
    attach(town, family, "benefit")
    assert town.row(family.application).benefit_state == "verified"


def attach(town: Admissions, family: Family, kind: str) -> None:
    payload = AttachDocument(
        town.tenant, family.application, kind, town.upload(family, f"{kind}{town.now}"), "a.pdf", 5
    )
    assert town.send(family.device, payload).status == "applied"


def test_a_verified_benefit_moves_a_family_ahead_in_waiting_lists(town: Admissions) -> None:
    first = town.with_voucher(town.family())
    town.later(seconds=1)
    second = town.file(town.family(), benefit="large")
    town.issue(second)
    town.act(second, Event.CONFIRM_INTEREST)
    holder = town.with_voucher(town.family())
    town.act(holder, Event.CHOOSE_PLACE, group_id=town.groups["sun"])
    for family in (first, second):
        town.act(family, Event.JOIN_WAITLIST, group_id=town.groups["sun"])
    assert places(town) == [(first.application, 1), (second.application, 2)]
    town.verify(second)
    assert places(town) == [(second.application, 1), (first.application, 2)]


def places(town: Admissions) -> list[tuple[int, int]]:
    rows = town.all("SELECT application_id, position FROM waiting_entry WHERE state = 'waiting' ORDER BY position")
    return [(row.application_id, row.position) for row in rows]


def test_a_review_that_never_counted_is_refused_or_written_anew_without_a_rating(town: Admissions) -> None:
    family = town.enrolled(town.family(), "sun", town.kindergarten("Amina"))
    row_id = review(town, family.device).result["review_id"]
    assert review(town, family.device, 5, "Better").result["review_id"] == row_id
    assert town.send(town.officer(), DecideReview(town.tenant, row_id, False, "Rude")).result["state"] == "refused"
    assert rating(town) == (0, 0)
