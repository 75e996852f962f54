"""Letters of families to their department: who reads them, who answers, and what becomes of two at once."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from models.contract.admission_commands import AnswerLetter, CloseLetter, SendFeedback
from models.contract.outcomes import CommandOutcome
from models.contract.records import Message
from tests.provider.admissions_world import Admissions, code
from tests.provider.sync_world import Device


def write(town: Admissions, device: Device, words: str = "When?", letter_id: int | None = None) -> tuple[int, int]:
    """Return the ids of a letter and of its newest entry."""
    outcome = town.send(device, SendFeedback(town.tenant, "A question", words, letter_id))
    assert outcome.status == "applied", outcome
    return outcome.result["letter_id"], outcome.result["entry_id"]


def seen(device: Device, table: str) -> set[int]:
    device.pull_all()
    return {key[3] for key in device.rows if key[2] == table}


def thread(town: Admissions, letter_id: int) -> list[tuple[str, str]]:
    rows = town.all("SELECT kind, text FROM letter_entry WHERE letter_id = :id ORDER BY id", id=letter_id)
    return [tuple(row) for row in rows]


def state(town: Admissions, letter_id: int) -> str:
    return str(town.scalar("SELECT state FROM letter WHERE id = :id", id=letter_id))


def test_a_letter_reaches_the_office_and_its_author_and_nobody_else(town: Admissions) -> None:
    family, officer = town.family(), town.officer()
    letter_id, entry_id = write(town, family.device)
    for device in (family.device, officer):
        assert (seen(device, "letter"), seen(device, "letter_entry")) == ({letter_id}, {entry_id})
    for device in (town.family().device, town.kindergarten("Amina"), town.doctor()):
        assert not seen(device, "letter") | seen(device, "letter_entry")
    row = town.all("SELECT author, subject, phone, state FROM letter")[0]
    assert (row.subject, row.state) == ("A question", "new")
    assert "Qalam" in row.author


def test_an_answer_stands_under_the_letter_and_its_author_alone_is_told(town: Admissions) -> None:
    family, officer, stranger = town.family(), town.officer(), town.family()
    letter_id, entry_id = write(town, family.device)
    town.later(seconds=60)
    done = town.send(officer, AnswerLetter(town.tenant, letter_id, "On Monday {at} 9", entry_id))
    assert done.result == {"letter_id": letter_id, "state": "answered"}
    assert thread(town, letter_id) == [("question", "When?"), ("answer", "On Monday {at} 9")]
    row = town.all("SELECT author, at, command_id FROM letter_entry WHERE kind = 'answer'")[0]
    assert (row.author[:7], row.at, row.command_id) == ("Officer", town.now, done.command_id)
    assert seen(family.device, "letter_entry") >= {entry_id, entry_id + 1}
    told = town.all("SELECT id, subject, body, link, letter_id FROM message ORDER BY id DESC LIMIT 1")[0]
    assert (told.link, told.letter_id) == ("letters", letter_id)
    for language in ("kk", "ru", "uk", "en"):
        assert "On Monday {at} 9" in told.body[language]
        assert "A question" in told.body[language]
    assert told.id in seen(family.device, Message.TABLE)
    for device in (stranger.device, officer, town.kindergarten("Amina")):
        assert told.id not in seen(device, Message.TABLE)


def test_the_answer_goes_by_mail_to_whoever_has_an_address(town: Admissions) -> None:
    with_mail, without, officer = town.family(), town.family(), town.officer()
    with town.database.change() as unit:
        unit.connection.execute(
            text("UPDATE person SET email = 'aigul@example.kz', language = 'ru' WHERE id = :id"),
            {"id": with_mail.device.user},
        )
        unit.connection.execute(text("UPDATE person SET email = '' WHERE id = :id"), {"id": without.device.user})
        for family in (with_mail, without):
            unit.changes.live(0, f"user:{family.device.user}", "person", family.device.user)
    for family in (with_mail, without):
        letter_id, entry_id = write(town, family.device)
        town.send(officer, AnswerLetter(town.tenant, letter_id, "On Monday", entry_id))
    rows = town.all("SELECT address, language, body FROM mail WHERE kind = 'admission'")
    assert [(row.address, row.language) for row in rows] == [("aigul@example.kz", "ru")]
    assert "On Monday" in rows[0].body


def test_a_colleague_who_answers_second_is_told_who_was_first_and_adds_nothing(town: Admissions) -> None:
    family, first, second = town.family(), town.officer(), town.officer()
    letter_id, entry_id = write(town, family.device)
    town.send(first, AnswerLetter(town.tenant, letter_id, "On Monday", entry_id))
    by = str(town.scalar("SELECT author FROM letter_entry WHERE kind = 'answer'"))
    for payload in (
        AnswerLetter(town.tenant, letter_id, "On Friday", entry_id),
        CloseLetter(town.tenant, letter_id, "", "letter-repeated", entry_id),
    ):
        outcome = town.send(second, payload)
        assert code(outcome) == "letter-answered"
        assert outcome.problems[0].values == {"by": by}
    assert thread(town, letter_id) == [("question", "When?"), ("answer", "On Monday")]
    # Having read it, the colleague may add to it, and so may whoever answered.
    last = int(town.scalar("SELECT max(id) FROM letter_entry"))
    assert town.send(second, AnswerLetter(town.tenant, letter_id, "At nine", last)).status == "applied"
    assert code(town.send(first, AnswerLetter(town.tenant, letter_id, "At ten", last))) == "letter-answered"


def test_of_two_answers_at_the_same_moment_one_stays(town: Admissions) -> None:
    family, officers = town.family(), [town.officer() for _number in range(4)]
    letter_id, entry_id = write(town, family.device)
    outcomes: list[CommandOutcome] = []

    def answer(device: Device) -> None:
        outcomes.append(town.send(device, AnswerLetter(town.tenant, letter_id, "Mine", entry_id)))

    threads = [threading.Thread(target=answer, args=(device,)) for device in officers]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcome.status for outcome in outcomes) == ["applied", "refused", "refused", "refused"]
    assert len(thread(town, letter_id)) == 2


def test_one_may_write_a_second_answer_before_having_heard_of_the_first(town: Admissions) -> None:
    family, officer = town.family(), town.officer()
    letter_id, entry_id = write(town, family.device)
    for words in ("On Monday", "At nine"):
        assert town.send(officer, AnswerLetter(town.tenant, letter_id, words, entry_id)).status == "applied"
    assert [words for _kind, words in thread(town, letter_id)] == ["When?", "On Monday", "At nine"]


def test_a_letter_is_closed_without_an_answer_for_a_reason_that_its_author_reads(town: Admissions) -> None:
    family, officer = town.family(), town.officer()
    letter_id, entry_id = write(town, family.device)
    assert code(town.send(officer, CloseLetter(town.tenant, letter_id, " ", "", entry_id))) == "reason-missing"
    odd = CloseLetter(town.tenant, letter_id, "", "vaccination", entry_id)
    assert code(town.send(officer, odd)) == "reason-does-not-fit"
    done = town.send(officer, CloseLetter(town.tenant, letter_id, "See there", "letter-repeated", entry_id))
    assert done.result["state"] == "closed"
    body = town.scalar("SELECT body FROM message ORDER BY id DESC LIMIT 1")
    assert "The same was asked in another letter. See there." in body["en"]
    again = CloseLetter(town.tenant, letter_id, "", "letter-repeated", entry_id)
    assert code(town.send(officer, again)) == "nothing-to-change"
    assert code(town.send(town.officer(), again)) == "letter-closed"
    last = int(town.scalar("SELECT max(id) FROM letter_entry"))
    assert town.send(town.officer(), AnswerLetter(town.tenant, letter_id, "Still", last)).result["state"] == "answered"


def test_whoever_writes_on_makes_the_letter_new_again(town: Admissions) -> None:
    family, officer = town.family(), town.officer()
    letter_id, entry_id = write(town, family.device)
    town.send(officer, AnswerLetter(town.tenant, letter_id, "On Monday", entry_id))
    same, later = write(town, family.device, "Which Monday?", letter_id)
    assert (same, state(town, letter_id)) == (letter_id, "new")
    assert town.scalar("SELECT count(*) FROM letter") == 1
    assert town.send(officer, AnswerLetter(town.tenant, letter_id, "The next", later)).result["state"] == "answered"


def test_what_the_author_wrote_unread_keeps_an_answered_letter_new_and_an_open_one_open(town: Admissions) -> None:
    family, officer = town.family(), town.officer()
    letter_id, entry_id = write(town, family.device)
    write(town, family.device, "And where?", letter_id)
    refused = town.send(officer, CloseLetter(town.tenant, letter_id, "", "letter-repeated", entry_id))
    assert code(refused) == "letter-goes-on"
    done = town.send(officer, AnswerLetter(town.tenant, letter_id, "On Monday", entry_id))
    assert done.result["state"] == state(town, letter_id) == "new"


def test_only_its_author_writes_on_and_only_its_department_answers(town: Admissions) -> None:
    family, officer = town.family(), town.officer()
    letter_id, entry_id = write(town, family.device)
    for device in (town.family().device, officer, town.kindergarten("Amina")):
        assert code(town.send(device, SendFeedback(town.tenant, "", "Mine too", letter_id))) == "not-found"
    for device in (family.device, town.kindergarten("Amina"), town.doctor()):
        assert code(town.send(device, AnswerLetter(town.tenant, letter_id, "Yes", entry_id))) == "not-allowed"
    with town.database.change() as unit:
        unit.connection.execute(text("UPDATE letter SET tenant_id = 99 WHERE id = :id"), {"id": letter_id})
        unit.changes.live(0, f"user:{family.device.user}", "letter", letter_id)
    assert code(town.send(officer, AnswerLetter(town.tenant, letter_id, "Yes", entry_id))) == "not-found"


def test_nobody_answers_a_letter_of_their_own(town: Admissions) -> None:
    officer = town.officer()
    letter_id, entry_id = write(town, officer)
    assert code(town.send(officer, AnswerLetter(town.tenant, letter_id, "Yes", entry_id))) == "own-child"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (" \n ", "field-required"),
        ("a" * 4_001, "text-too-long"),
        ("a\x07b", "text-not-allowed"),
        ("\u202eb", "text-not-allowed"),
    ],
)
def test_empty_long_and_hidden_words_are_refused_on_both_sides(town: Admissions, words: str, said: str) -> None:
    family, officer = town.family(), town.officer()
    letter_id, entry_id = write(town, family.device)
    for device, payload in (
        (family.device, SendFeedback(town.tenant, "A question", words)),
        (family.device, SendFeedback(town.tenant, "", words, letter_id)),
        (officer, AnswerLetter(town.tenant, letter_id, words, entry_id)),
    ):
        outcome = town.send(device, payload)
        assert (code(outcome), outcome.problems[0].field) == (said, "text")
    assert town.scalar("SELECT count(*) FROM letter_entry") == 1


def test_nobody_floods_the_office_with_letters(town: Admissions) -> None:
    device = town.family().device
    letter_id, _entry_id = write(town, device)
    more = [town.send(device, SendFeedback(town.tenant, "", f"No. {number}", letter_id)) for number in range(11)]
    assert [outcome.status for outcome in more[:9]] == ["applied"] * 9
    assert code(more[-1]) == "too-many-attempts"
    town.later(days=1)
    assert town.send(device, SendFeedback(town.tenant, "Again", "Tomorrow")).status == "applied"
