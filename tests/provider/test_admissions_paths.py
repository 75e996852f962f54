"""Every way to a place, from filing to the last day, over real commands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from models.domain.admissions.states import Event
from provider.services.admissions import clock
from tests.provider.admissions_world import Admissions, codes

pytestmark = pytest.mark.usefixtures("whole_sentences")


def transitions(edu: Admissions, application_id: int) -> list[str]:
    rows = edu.all("SELECT transition FROM history_entry WHERE application_id = :id ORDER BY id", id=application_id)
    return [row.transition for row in rows]


def test_a_voucher_leads_to_a_contract_signed_by_both(edu: Admissions) -> None:
    kindergarten = edu.kindergarten("Amina")
    family = edu.enrolled(edu.family(), "sun", kindergarten)
    row = edu.row(family.application)
    assert (row.state, row.voucher, row.voucher_number) == ("enrolled", "in-use", "V2026-000001")
    assert row.group_id == row.placement_group_id == edu.groups["sun"]
    assert (row.terms, row.contract_sent) == ({}, False)
    assert edu.counts("sun") == (0, 1)
    assert transitions(edu, row.id) == ["T01", "T06", "T07", "T14", "T24", "T26", "T28"]
    texts = edu.all("SELECT body FROM message WHERE application_id = :id ORDER BY id", id=row.id)
    assert texts[0].body["kk"].endswith("өтінішіңіз қабылданды. Кезектегі орныңыз: 1.")
    assert texts[1].body["kk"].startswith("Qalam Aisha есімді балаға ваучер берілді. Қызығушылықты 09.09.2026")
    assert "Мерзімі: 14.09.2026 11:00:00." in texts[2].body["kk"]
    assert texts[-1].body["kk"].startswith("Келісімге сәтті қол қойылды.")
    assert texts[-1].body["kk"].endswith("Amina ұйымының sun тобына тіркелді.")
    assert {len(text.body) for text in texts} == {4}
    assert edu.scalar("SELECT begins_on FROM placement") == date(2026, 9, 7)


def test_letters_go_to_confirmed_addresses_and_texts_to_phones(edu: Admissions) -> None:
    family = edu.file(edu.family(), phone="+7 701 555 66 77")
    edu.issue(family)
    edu.act(family, Event.CONFIRM_INTEREST)
    phones = edu.all("SELECT phone, body FROM phone_message ORDER BY id")
    assert len({row.phone for row in phones}) == 1
    assert phones[0].phone == "+77015556677"
    assert len(phones) == 2  # accepted and issued ring; the confirmation does not
    letters = edu.all("SELECT address, subject FROM mail ORDER BY id")
    assert len(letters) == 3
    assert all(row.address.endswith("@example.org") for row in letters)


def test_a_doctor_confirms_or_refuses_before_the_special_queue(edu: Admissions) -> None:
    special = edu.organisation("Arnau", corrections=["speech"])
    doctor, first, second = edu.doctor(), edu.family(), edu.family()
    values = {"correction": "speech", "organisation_id": special}
    assert codes(edu.send(first.device, edu.filing(first, "special", **values))) == ["pmpk-missing"]
    for family in (first, second):
        edu.file(family, "special", **values, blobs=[f"pmpk:{edu.upload(family, 'paper')}:pmpk.pdf"])
        assert edu.state(family) == "docs-review"
    doctor.pull_all()
    seen = {(key[2], key[3]) for key in doctor.rows if key[1] == "doctor"}
    assert {("application", first.application), ("child", first.child)} < seen
    assert len([key for key in seen if key[0] == "attachment"]) == 2
    edu.later(days=3)
    assert edu.step(doctor, first.application, Event.DOC_CONFIRM).status == "applied"
    assert codes(edu.step(doctor, second.application, Event.DOC_REJECT)) == ["reason-missing"]
    rejected = edu.step(doctor, second.application, Event.DOC_REJECT, reason="No conclusion of the commission")
    assert rejected.status == "applied"
    row = edu.row(first.application)
    assert (row.state, row.rank_date) == ("queued", edu.now - timedelta(days=3))  # a slow doctor costs nothing
    assert (edu.row(second.application).state, edu.row(second.application).archive) == ("archived", "docs-rejected")
    doctor.pull_all()
    assert {key[2] for key in doctor.rows if key[1] == "doctor"} == set()
    assert codes(edu.step(doctor, first.application, Event.DOC_CONFIRM)) == ["review-over"]
    body = edu.scalar("SELECT body FROM message WHERE application_id = :id ORDER BY id DESC", id=second.application)
    assert "Doctor" in body["kk"]
    assert "No conclusion of the commission." in body["kk"]
    edu.file(second, "special", **values, blobs=[f"pmpk:{edu.upload(second, 'paper')}:pmpk.pdf"])  # a new one, T81


def test_the_bulletin_leads_to_a_referral_and_a_contract(edu: Admissions) -> None:
    kindergarten, family = edu.kindergarten("Amina"), edu.family()
    edu.file(family, "bulletin")
    item = edu.item(edu.groups["sun"])
    edu.act(family, Event.APPLY_BULLETIN, item_id=item)
    assert edu.counts("sun") == (1, 0)
    assert edu.scalar("SELECT taken FROM bulletin_item") == 1
    assert edu.step(kindergarten, family.application, Event.ACTIVATE).status == "applied"
    row = edu.row(family.application)
    assert row.terms == {"referral": "2026-09-14T19:00:00+00:00"}
    referral = edu.all("SELECT number, state, valid_until FROM referral")[0]
    assert tuple(referral) == ("R2026-000001", "valid", date(2026, 9, 14))
    kindergarten.pull_all()
    assert any(key[2] == "referral" and key[1].startswith("organisation") for key in kindergarten.rows)
    missing = edu.step(kindergarten, family.application, Event.SIGN_CONTRACT, ticked=["parent-id"])
    assert codes(missing) == ["documents-missing"]
    papers = ["parent-id", "birth-certificate", "027", "referral"]
    signed = edu.step(kindergarten, family.application, Event.SIGN_CONTRACT, ticked=papers)
    assert signed.status == "applied", signed
    assert edu.state(family) == "enrolled"
    assert edu.counts("sun") == (0, 1)
    assert edu.scalar("SELECT state FROM referral") == "used"
    assert edu.scalar("SELECT taken FROM bulletin_item") == 1


def test_an_unused_referral_stops_the_application_for_ten_working_days(edu: Admissions) -> None:
    kindergarten, family, other = edu.kindergarten("Amina"), edu.family(), edu.family()
    for one in (family, other):
        edu.file(one, "bulletin")
    item = edu.item(edu.groups["sun"])
    edu.act(family, Event.APPLY_BULLETIN, item_id=item)
    assert codes(edu.step(other.device, other.application, Event.APPLY_BULLETIN, item_id=item)) == ["no-free-place"]
    edu.step(kindergarten, family.application, Event.ACTIVATE)
    too_early = edu.step(family.device, family.application, Event.EXTEND_REFERRAL, days=5)
    assert codes(too_early) == ["extend-on-last-day"]
    edu.now = datetime(2026, 9, 14, 18, 59, 59, tzinfo=UTC)  # the last second of the last day
    blob = f"extension:{edu.upload(family, 'ill')}:illness.pdf"
    edu.act(family, Event.EXTEND_REFERRAL, days=5, blobs=[blob])
    assert edu.row(family.application).terms == {"referral": "2026-09-21T19:00:00+00:00"}  # from Saturday to Monday
    edu.later(days=30)
    clock.run_due(edu.database, edu.now)
    row = edu.row(family.application)
    assert (row.state, edu.counts("sun")) == ("queued", (0, 0))
    assert transitions(edu, row.id)[-2:] == ["T57", "T58"]
    assert edu.scalar("SELECT taken FROM bulletin_item") == 0
    assert edu.scalar("SELECT state FROM referral") == "void"
    edu.act(other, Event.APPLY_BULLETIN, item_id=item)


def test_a_bulletin_place_is_for_matching_children_from_its_hour_on(edu: Admissions) -> None:
    family, old, ukrainian = edu.family(), edu.family(date(2022, 3, 3)), edu.family()
    for one in (family, old):
        edu.file(one, "bulletin")
    edu.file(ukrainian, "bulletin", languages=["en"])
    item = edu.item(edu.groups["sun"], open_at=edu.now + timedelta(hours=1), open_to_all_at=None)
    refused = [
        codes(edu.step(one.device, one.application, Event.APPLY_BULLETIN, item_id=item))
        for one in (family, old, ukrainian)
    ]
    assert refused == [["item-not-open"], ["item-not-open"], ["item-not-open"]]
    edu.later(hours=1)
    refused = [
        codes(edu.step(one.device, one.application, Event.APPLY_BULLETIN, item_id=item)) for one in (old, ukrainian)
    ]
    assert refused == [["birth-year-does-not-fit"], ["language-does-not-fit"]]
    edu.act(family, Event.APPLY_BULLETIN, item_id=item)


def test_a_temporary_place_is_lent_and_given_back_while_the_queue_goes_on(edu: Admissions) -> None:
    kindergarten = edu.kindergarten("Amina")
    owner = edu.enrolled(edu.family(), "sun", kindergarten)
    away = edu.step(kindergarten, owner.application, Event.SANATORIUM_LEAVE, until=date(2026, 10, 30))
    assert away.status == "applied"
    guest = edu.with_voucher(edu.family())
    too_long = edu.step(
        guest.device, guest.application, Event.CHOOSE_TEMPORARY, group_id=edu.groups["sun"], until=date(2026, 11, 2)
    )
    assert codes(too_long) == ["until-too-late"]
    rank = edu.row(guest.application).rank_date
    edu.act(guest, Event.CHOOSE_TEMPORARY, group_id=edu.groups["sun"], until=date(2026, 10, 30))
    row = edu.row(guest.application)
    assert (row.state, row.temp, row.voucher, row.temp_voucher) == ("queued", "booked", "", "bound")
    assert row.rank_date == rank
    assert edu.counts("sun", "temporary") == (0, 1)
    referral = edu.all("SELECT mode, valid_until FROM referral")[0]
    assert tuple(referral) == ("temporary", date(2026, 10, 30))
    assert edu.step(kindergarten, guest.application, Event.TEMP_ATTEND).status == "applied"
    assert codes(edu.step(kindergarten, guest.application, Event.TEMP_ATTEND)) == ["first-day-noted"]
    kindergarten.pull_all()
    assert ("application", guest.application) in _of_organisation(kindergarten)
    edu.now = datetime(2026, 11, 3, 6, tzinfo=UTC)
    clock.run_due(edu.database, edu.now)
    row = edu.row(guest.application)
    assert (row.state, row.temp, row.temp_end, row.temp_voucher) == ("queued", "ended", "expelled-auto", "")
    assert edu.scalar("SELECT state FROM referral") == "used"
    assert edu.counts("sun", "temporary") == (0, 0)
    kindergarten.pull_all()
    assert ("application", guest.application) not in _of_organisation(kindergarten)
    assert edu.row(owner.application).flags == []  # the owner is back
    edu.issue(guest)  # and may still get a permanent place


def test_a_temporary_place_that_is_given_up_takes_its_referral_along(edu: Admissions) -> None:
    kindergarten = edu.kindergarten("Amina")
    owner = edu.enrolled(edu.family(), "sun", kindergarten)
    edu.step(kindergarten, owner.application, Event.SANATORIUM_LEAVE, until=date(2026, 10, 30))
    guest = edu.with_voucher(edu.family())
    edu.act(guest, Event.CHOOSE_TEMPORARY, group_id=edu.groups["sun"], until=date(2026, 10, 30))
    assert edu.scalar("SELECT state FROM referral") == "valid"
    edu.act(guest, Event.TEMP_LEAVE)
    assert edu.scalar("SELECT state FROM referral") == "void"


def _of_organisation(device: object) -> set[tuple[str, int]]:
    return {(key[2], key[3]) for key in device.rows if key[1].startswith("organisation")}  # type: ignore[attr-defined]


def test_a_permanent_place_ends_the_temporary_one_the_day_before(edu: Admissions) -> None:
    kindergarten = edu.kindergarten("Amina")
    owner = edu.enrolled(edu.family(), "sun", kindergarten)
    edu.step(kindergarten, owner.application, Event.SANATORIUM_LEAVE, until=date(2026, 10, 30))
    guest = edu.with_voucher(edu.family())
    edu.act(guest, Event.CHOOSE_TEMPORARY, group_id=edu.groups["sun"], until=date(2026, 10, 30))
    edu.later(days=7)
    edu.issue(guest)
    edu.act(guest, Event.CONFIRM_INTEREST)
    edu.act(guest, Event.CHOOSE_PLACE, group_id=edu.groups["star"])
    edu.step(kindergarten, guest.application, Event.SEND_CONTRACT)
    edu.documents(guest)
    edu.act(guest, Event.SIGN_PARENT)
    assert edu.step(kindergarten, guest.application, Event.SIGN_ORG).status == "applied"
    ends = edu.all(
        "SELECT mode, begins_on, ends_on FROM placement WHERE application_id = :id ORDER BY mode", id=guest.application
    )
    assert [tuple(row) for row in ends] == [
        ("permanent", date(2026, 9, 14), None),
        ("temporary", date(2026, 9, 7), date(2026, 9, 13)),
    ]
    assert edu.row(guest.application).temp_end == "promoted"
    assert edu.messages(guest)[-2:] == ["Your child is enrolled", "Temporary place"]
    history = edu.all("SELECT event FROM history_entry WHERE application_id = :id ORDER BY id", id=guest.application)
    assert [row.event for row in history][-2:] == ["sign-org", "temporary-promote"]
    assert edu.counts("sun", "temporary") == (0, 0)


def test_a_transfer_keeps_the_old_place_until_both_have_signed(edu: Admissions) -> None:
    amina, balapan = edu.kindergarten("Amina"), edu.kindergarten("Balapan")
    family = edu.enrolled(edu.family(), "sun", amina)
    edu.act(family, Event.TRANSFER, group_id=edu.groups["moon"])
    assert (edu.counts("sun"), edu.counts("moon")) == ((0, 1), (1, 0))
    assert codes(edu.step(amina, family.application, Event.SEND_CONTRACT)) == ["not-found"]  # not theirs to send
    edu.step(balapan, family.application, Event.SEND_CONTRACT)
    edu.act(family, Event.SIGN_PARENT)
    assert edu.step(balapan, family.application, Event.SIGN_ORG).status == "applied"
    assert (edu.counts("sun"), edu.counts("moon")) == ((0, 0), (0, 1))
    rows = edu.all("SELECT group_id, ends_on FROM placement ORDER BY id")
    assert [tuple(row) for row in rows] == [
        (edu.groups["sun"], date(2026, 9, 6)),
        (edu.groups["moon"], None),
    ]
    for device, sees in ((amina, False), (balapan, True)):
        device.pull_all()
        assert (("application", family.application) in _of_organisation(device)) is sees


def test_a_refused_voucher_archives_and_frees_and_the_next_application_is_new(edu: Admissions) -> None:
    family = edu.with_voucher(edu.family())
    edu.act(family, Event.CHOOSE_PLACE, group_id=edu.groups["sun"])
    unsure = edu.step(family.device, family.application, Event.REFUSE_VOUCHER, confirmed=False)
    assert codes(unsure) == ["consequence-not-confirmed"]
    edu.act(family, Event.REFUSE_VOUCHER)
    old = edu.row(family.application)
    assert (old.state, old.archive, old.step_before_stop) == ("archived", "voucher-refused", "contract-org")
    assert edu.counts("sun") == (0, 0)
    edu.later(hours=1)
    edu.file(family)
    new = edu.row(family.application)
    assert new.number != old.number
    assert new.rank_date == edu.now


def test_a_place_that_became_free_goes_to_the_first_in_the_queue(edu: Admissions) -> None:
    owner = edu.with_voucher(edu.family())
    edu.act(owner, Event.CHOOSE_PLACE, group_id=edu.groups["sun"])
    first, second = edu.with_voucher(edu.family()), edu.with_voucher(edu.family())
    for one in (second, first):
        edu.act(one, Event.JOIN_WAITLIST, group_id=edu.groups["sun"])
        edu.later(minutes=1)
    entries = edu.all("SELECT application_id, position FROM waiting_entry ORDER BY position")
    assert [tuple(row) for row in entries] == [(first.application, 1), (second.application, 2)]
    again = edu.step(first.device, first.application, Event.JOIN_WAITLIST, group_id=edu.groups["sun"])
    assert codes(again) == ["already-listed"]
    edu.act(owner, Event.CHANGE_CHOICE)
    assert (edu.state(first), edu.state(second)) == ("place-offered", "voucher-waitlisted")
    assert edu.counts("sun") == (1, 0)
    edu.act(first, Event.DECLINE_OFFER)
    assert (edu.state(first), edu.state(second)) == ("voucher-active", "place-offered")
    edu.act(second, Event.ACCEPT_OFFER)
    assert edu.state(second) == "contract-org"
    assert edu.counts("sun") == (1, 0)
    states = edu.all("SELECT application_id, state FROM waiting_entry ORDER BY id")
    assert [tuple(row) for row in states] == [(second.application, "taken"), (first.application, "declined")]


def test_an_application_that_waits_is_edited_and_keeps_its_date(edu: Admissions) -> None:
    from models.contract.admission_commands import EditApplication

    family = edu.file(edu.family())
    before = edu.row(family.application)
    edu.later(days=1)
    change = EditApplication(
        edu.tenant, family.application, languages=["ru", "kk"], benefit="large", phone="+77017654321"
    )
    assert edu.send(family.device, change).status == "applied"
    row = edu.row(family.application)
    assert (row.number, row.rank_date) == (before.number, before.rank_date)
    assert (sorted(row.languages), row.benefit_state, row.flags) == (["kk", "ru"], "claimed", ["benefit-unverified"])
    assert row.category_rank == before.category_rank  # only a verified benefit counts
    assert edu.scalar("SELECT language_mask FROM application") == 3
    assert codes(edu.send(family.device, change)) == ["nothing-to-change"]
    unknown = EditApplication(edu.tenant, family.application, languages=["la"])
    assert codes(edu.send(family.device, unknown)) == ["language-of-education-unknown"]
    edu.issue(family)
    edit = EditApplication(edu.tenant, family.application, phone="+77010000000", languages=["kk"])
    assert codes(edu.send(family.device, edit)) == ["step-not-possible"]


def test_a_late_kindergarten_is_told_to_the_office_and_the_parent_loses_nothing(edu: Admissions) -> None:
    kindergarten, officer = edu.kindergarten("Amina"), edu.officer()
    family = edu.with_voucher(edu.family())
    edu.act(family, Event.CHOOSE_PLACE, group_id=edu.groups["sun"])
    early = edu.step(officer, family.application, Event.SEND_CONTRACT)
    assert codes(early) == ["kindergarten-has-time"]
    long = edu.step(officer, family.application, Event.REVOKE_VOUCHER, reason="ұ" * 2_001)
    assert codes(long) == ["text-too-long"]
    edu.later(days=10)
    clock.run_due(edu.database, edu.now)
    row = edu.row(family.application)
    assert (row.state, row.flags) == ("contract-org", ["escalated", "organisation-late"])
    officer.pull_all()
    family.device.pull_all()
    told = [row[1] for key, row in officer.rows.items() if key[2] == "message" and row[1]]
    subjects = {row[4]["en"] for key, (_, row) in officer.rows.items() if key[2] == "message"}
    assert told
    assert "A kindergarten does not act" in subjects
    assert "A kindergarten does not act" not in {
        row[4]["en"] for key, (_, row) in family.device.rows.items() if key[2] == "message"
    }
    assert edu.step(officer, family.application, Event.SEND_CONTRACT).status == "applied"
    assert edu.row(family.application).terms["contract"] > edu.now.isoformat()
    assert codes(edu.step(kindergarten, family.application, Event.SEND_CONTRACT)) == ["done-already"]


def test_a_group_that_closes_costs_nobody_the_voucher(edu: Admissions) -> None:
    kindergarten, officer = edu.kindergarten("Amina"), edu.officer()
    attends = edu.enrolled(edu.family(), "sun", kindergarten)
    moved = edu.enrolled(edu.family(), "star", kindergarten)
    waits = edu.with_voucher(edu.family())
    edu.act(waits, Event.JOIN_WAITLIST, group_id=edu.groups["sun"])
    elsewhere = edu.step(kindergarten, attends.application, Event.GROUP_CLOSE, group_id=edu.groups["moon"])
    assert codes(elsewhere) == ["not-found"]  # another kindergarten's place is not theirs to give
    assert edu.step(officer, waits.application, Event.GROUP_CLOSE, group_id=edu.groups["sun"]).status == "applied"
    assert edu.state(waits) == "voucher-active"
    assert edu.step(kindergarten, attends.application, Event.GROUP_CLOSE).status == "applied"
    row = edu.row(attends.application)
    assert (row.state, row.voucher, row.flags) == ("voucher-active", "active", ["place-lost"])
    assert edu.step(officer, moved.application, Event.GROUP_CLOSE, group_id=edu.groups["moon"]).status == "applied"
    assert edu.counts("moon") == (0, 1)
