"""A reason of a list is a code: every reader has it in their own language; own words stay as they were written."""

from __future__ import annotations

from sqlalchemy import text

from models.contract.admission_commands import AttachDocument, CheckDocument, DecideAppeal, VerifyBenefit, WithdrawItem
from models.contract.reasons import WORDS
from models.domain.admissions import reasons
from models.domain.admissions.states import Event
from tests.provider.admissions_world import Admissions, Family, code
from translations import LANGUAGES, _, using

OWN = "Мерзімі 01.02.2026 өтті."


def last_message(town: Admissions, family: Family) -> dict[str, str]:
    query = "SELECT body FROM message WHERE application_id = :id ORDER BY id DESC LIMIT 1"
    return dict(town.scalar(query, id=family.application))


def document(town: Admissions, family: Family) -> int:
    town.documents(family, "027")
    return int(town.scalar("SELECT max(id) FROM attachment WHERE application_id = :id", id=family.application))


def speaks(town: Admissions, family: Family, language: str) -> None:
    with town.database.change() as unit:
        values = {"id": family.device.user, "language": language}
        unit.connection.execute(text("UPDATE person SET language = :language WHERE id = :id"), values)
        unit.changes.live(0, f"user:{family.device.user}", "person", family.device.user)


def assert_said_in_every_language(bodies: dict[str, str], listed: str, own: str = "") -> None:
    assert set(bodies) == set(LANGUAGES)
    for language, body in bodies.items():
        with using(language):
            assert _(WORDS[listed]) in body, (language, body)
            others = {_(WORDS[listed])}
        assert own in body
        for other in set(LANGUAGES) - {language}:
            with using(other):
                assert _(WORDS[listed]) in others or _(WORDS[listed]) not in body, (language, body)


def test_every_code_has_words_that_end_as_a_sentence_in_every_language() -> None:
    lists = [*reasons.OF_EVENT.values(), reasons.DOCUMENT, reasons.BENEFIT, reasons.ITEM, reasons.LETTER]
    codes = {one for listed in (*lists, reasons.GRANTED, reasons.NOT_GRANTED) for one in listed}
    assert codes == set(WORDS)
    for one in sorted(codes):
        said = set()
        for language in LANGUAGES:
            with using(language):
                said.add(_(WORDS[one]))
        assert len(said) == len(LANGUAGES), one
        assert all(words.endswith(".") for words in said), one


def test_a_doctors_choice_reaches_each_reader_in_their_own_language(town: Admissions) -> None:
    special, doctor, family = town.organisation("Arnau", corrections=["speech"]), town.doctor(), town.family()
    speaks(town, family, "ru")
    conclusion = f"pmpk:{town.upload(family, 'pmpk')}:conclusion.pdf"
    town.file(family, "special", correction="speech", organisation_id=special, blobs=[conclusion])
    done = town.step(doctor, family.application, Event.DOC_REJECT, reason=OWN, reason_code="conclusion-expired")
    assert done.status == "applied", done
    assert_said_in_every_language(last_message(town, family), "conclusion-expired", OWN)
    sms = town.scalar("SELECT body FROM phone_message ORDER BY id DESC LIMIT 1")
    assert f"Срок заключения истёк. {OWN}" in sms
    entry = town.all("SELECT reason, reason_code FROM history_entry WHERE event = 'doc-reject'")[0]
    assert tuple(entry) == (OWN, "conclusion-expired")
    family.device.pull_all()
    rows = [repr(row) for key, (_index, row) in family.device.rows.items() if key[2] == "history_entry"]
    assert any("conclusion-expired" in row and OWN in row for row in rows)


def test_a_code_alone_is_a_reason_and_one_of_another_list_is_none(town: Admissions) -> None:
    family, officer = town.file(town.family(), benefit="large"), town.officer()
    row_id = document(town, family)
    wrong = CheckDocument(town.tenant, row_id, False, reason_code="vaccination")
    assert code(town.send(officer, wrong)) == "reason-does-not-fit"
    assert code(town.send(officer, CheckDocument(town.tenant, row_id, False, reason_code="other"))) == (
        "reason-does-not-fit"
    )
    right = CheckDocument(town.tenant, row_id, False, reason_code="document-unreadable")
    assert town.send(officer, right).status == "applied"
    assert_said_in_every_language(last_message(town, family), "document-unreadable")
    assert tuple(town.all("SELECT reason, reason_code FROM attachment WHERE id = :id", id=row_id)[0]) == (
        "",
        "document-unreadable",
    )
    benefit = VerifyBenefit(town.tenant, family.application, False, reason_code="benefit-ended")
    assert town.send(officer, benefit).status == "applied"
    assert_said_in_every_language(last_message(town, family), "benefit-ended")


def test_a_step_with_a_reason_of_another_event_is_refused(town: Admissions) -> None:
    family = town.with_voucher(town.family())
    town.act(family, Event.CHOOSE_PLACE, group_id=town.groups["sun"])
    amina = town.kindergarten("Amina")
    mixed = town.step(amina, family.application, Event.REJECT, reason_code="conclusion-expired")
    assert code(mixed) == "reason-does-not-fit"
    assert code(town.step(amina, family.application, Event.REJECT, reason="  ")) == "reason-missing"
    assert town.step(amina, family.application, Event.REJECT, reason_code="age").status == "applied"
    assert_said_in_every_language(last_message(town, family), "age")


def test_a_late_click_is_decided_with_a_reason_of_its_decision(town: Admissions) -> None:
    family, officer = town.file(town.family()), town.officer()
    town.issue(family)
    clicked = town.now
    town.later(days=3)
    late = town.step(family.device, family.application, Event.CONFIRM_INTEREST, occurred=clicked)
    appeal = int(late.result["appeal_id"])
    crossed = DecideAppeal(town.tenant, appeal, True, "", "late-clock")
    assert code(town.send(officer, crossed)) == "reason-does-not-fit"
    assert town.send(officer, DecideAppeal(town.tenant, appeal, False, "", "late-clock")).status == "applied"
    assert_said_in_every_language(last_message(town, family), "late-clock")
    assert town.scalar("SELECT reason_code FROM appeal WHERE id = :id", id=appeal) == "late-clock"


def test_a_withdrawn_publication_keeps_the_code(town: Admissions) -> None:
    item = town.item(town.groups["sun"])
    amina = town.kindergarten("Amina")
    wrong = WithdrawItem(town.tenant, item, "", reason_code="line-was-down")
    assert code(town.send(amina, wrong)) == "reason-does-not-fit"
    assert town.send(amina, WithdrawItem(town.tenant, item, "", reason_code="item-repair")).status == "applied"
    row = town.all("SELECT state, reason, reason_code FROM bulletin_item WHERE id = :id", id=item)[0]
    assert tuple(row) == ("withdrawn", "", "item-repair")


def test_a_family_that_loses_a_published_place_reads_why_in_its_language(town: Admissions) -> None:
    item = town.item(town.groups["sun"])
    family = town.file(town.family(), "bulletin")
    assert town.act(family, Event.APPLY_BULLETIN, item_id=item).status == "applied"
    gone = WithdrawItem(town.tenant, item, "", reason_code="item-repair")
    assert town.send(town.kindergarten("Amina"), gone).status == "applied"
    assert town.state(family) == "queued"
    assert_said_in_every_language(last_message(town, family), "item-repair")


def test_words_alone_stay_as_they_were_written_in_every_language(town: Admissions) -> None:
    family, officer = town.file(town.family()), town.officer()
    row_id = document(town, family)
    assert town.send(officer, CheckDocument(town.tenant, row_id, False, OWN)).status == "applied"
    assert all(OWN in body for body in last_message(town, family).values())


def test_a_confirmed_conclusion_is_asked_about_by_nobody_any_more(town: Admissions) -> None:
    special = town.organisation("Arnau", corrections=["speech"])
    doctor, first, second = town.doctor(), town.family(), town.family()
    for family in (first, second):
        blobs = [f"pmpk:{town.upload(family, 'paper')}:pmpk.pdf", f"benefit:{town.upload(family, 'other')}:benefit.pdf"]
        town.file(family, "special", correction="speech", organisation_id=special, blobs=blobs)
    assert town.step(doctor, first.application, Event.DOC_CONFIRM).status == "applied"
    rejected = town.step(doctor, second.application, Event.DOC_REJECT, reason="Not signed")
    assert rejected.status == "applied"
    papers = town.all("SELECT application_id, kind, state, checked_by, reason FROM attachment ORDER BY id")
    found = {(row.application_id, row.kind): (row.state, bool(row.checked_by), row.reason) for row in papers}
    assert found == {
        (first.application, "pmpk"): ("accepted", True, ""),
        (first.application, "benefit"): ("received", False, ""),
        (second.application, "pmpk"): ("refused", True, "Not signed"),
        (second.application, "benefit"): ("received", False, ""),
    }


def test_a_kindergarten_that_signs_has_accepted_the_papers(town: Admissions) -> None:
    kindergarten = town.kindergarten("Amina")
    family = town.enrolled(town.family(), "sun", kindergarten)
    papers = town.all("SELECT kind, state FROM attachment WHERE application_id = :id", id=family.application)
    assert papers
    assert {row.state for row in papers} == {"accepted"}


def test_a_paper_that_came_meanwhile_is_not_decided_unseen(town: Admissions) -> None:
    special = town.organisation("Arnau", corrections=["speech"])
    doctor, family = town.doctor(), town.family()
    blobs = [f"pmpk:{town.upload(family, 'first')}:pmpk.pdf"]
    town.file(family, "special", correction="speech", organisation_id=special, blobs=blobs)
    before = town.all("SELECT id FROM attachment")
    seen = {"papers": [row.id for row in before]}
    kind, sha256, name = f"pmpk:{town.upload(family, 'second')}:better.pdf".split(":")
    more = AttachDocument(town.tenant, family.application, kind, sha256, name, 5)
    assert town.send(family.device, more).status == "applied"
    late = town.step(doctor, family.application, Event.DOC_REJECT, reason="Not signed", base=seen)
    assert [problem.code for problem in late.problems] == ["papers-came"]
    assert town.state(family) == "docs-review"
    assert {row.state for row in town.all("SELECT state FROM attachment")} == {"received"}
    seen["papers"] = [row.id for row in town.all("SELECT id FROM attachment")]
    assert town.step(doctor, family.application, Event.DOC_CONFIRM, base=seen).status == "applied"


def test_a_doctor_whose_decision_comes_after_another_is_told_so(town: Admissions) -> None:
    special = town.organisation("Arnau", corrections=["speech"])
    first, second, family = town.doctor(), town.doctor(), town.family()
    blobs = [f"pmpk:{town.upload(family, 'paper')}:pmpk.pdf"]
    town.file(family, "special", correction="speech", organisation_id=special, blobs=blobs)
    assert town.step(first, family.application, Event.DOC_CONFIRM).status == "applied"
    late = town.step(second, family.application, Event.DOC_REJECT, reason="Not signed")
    assert [(problem.code, bool(problem.values["number"])) for problem in late.problems] == [("review-over", True)]
    assert town.state(family) == "queued"
