"""What a provider tells its consumers and what they ask of it, carried out as signed commands or by a clerk."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from sqlalchemy import text

from models.contract.commands import RequestDataCorrection, SendDocument, SetMailing, UpdateContact
from models.domain.period import Month
from provider.jobs.rounds import mailing_round
from provider.services import identity, mailings, messages, requests
from provider.services.documents import send_document
from provider.services.refusals import Refusal
from provider.settings import Settings
from tests.fixtures.provider import ProviderServer
from tests.provider.people_world import PeopleWorld, body_of, make_people_world, people_settings

WORDS = {"kk": "Су болмайды", "ru": "Воды не будет", "uk": "Води не буде", "en": "No water"}


@pytest.fixture
def provider_settings(provider_settings: Settings) -> Settings:
    return people_settings(provider_settings)


@pytest.fixture
def world(provider_server: ProviderServer) -> PeopleWorld:
    return make_people_world(provider_server)


def scope_of(world: PeopleWorld, table_number: int, row_id: int) -> str | None:
    found = world.scalar(
        "SELECT scope FROM sync_index WHERE table_number = :table AND row_id = :row AND live",
        table=table_number,
        row=row_id,
    )
    return None if found is None else str(found)


def test_an_announcement_is_for_all_and_a_notification_for_one_account(world: PeopleWorld) -> None:
    now, account = world.clock.now, world.kk.account.id
    with world.database.change() as unit:
        to_all = messages.announce(unit, 1, WORDS, WORDS, now)
        to_one = messages.announce(unit, 1, WORDS, WORDS, now, kind="notification", account_id=account, link="readings")
    assert scope_of(world, 9, to_all) == "public"
    assert scope_of(world, 9, to_one) == f"account:{account}"
    with world.database.change() as unit:
        assert messages.withdraw(unit, 1, to_all)
        assert not messages.withdraw(unit, 1, to_all)
    assert scope_of(world, 9, to_all) is None


def test_a_message_to_another_providers_account_or_without_words_is_refused(world: PeopleWorld) -> None:
    def tell(**changes: object) -> str:
        values = {"subject": WORDS, "body": WORDS} | changes
        with world.database.change() as unit:
            messages.announce(unit, 1, now=world.clock.now, **values)  # type: ignore[arg-type]
        return ""

    for changes, code in (
        ({"account_id": world.uk.account.id}, "not-found"),
        ({"subject": {"kk": "  "}}, "field-required"),
        ({"subject": {"fr": "eau"}}, "language-unknown"),
        ({"kind": "rumour"}, "field-invalid"),
        ({"body": {"kk": "x" * 10_001}}, "text-too-long"),
    ):
        with pytest.raises(Refusal, match=code):
            tell(**changes)


def test_requests_are_numbered_without_gaps_and_made_once_a_command(world: PeopleWorld) -> None:
    user = world.user()
    payload = RequestDataCorrection(world.kk.account.id, "residents", "2", "Ұлым көшіп кетті")
    with world.database.change() as unit:
        first = requests.create(unit, user, payload, "command-1", world.clock.now)
        again = requests.create(unit, user, payload, "command-1", world.clock.now)
        second = requests.create(unit, user, payload, "command-2", world.clock.now)
    assert first == again
    assert (first.number, second.number) == ("2024-00001", "2024-00002")
    assert scope_of(world, 11, first.id) == f"account:{world.kk.account.id}"


def test_a_clerks_answer_reaches_the_account_in_every_language(world: PeopleWorld) -> None:
    user = world.user()
    payload = RequestDataCorrection(world.kk.account.id, "residents", "2", "")
    with world.database.change() as unit:
        made = requests.create(unit, user, payload, "c", world.clock.now)
        requests.decide(unit, 1, made.id, "accepted", "", 77, world.clock.now)
    with pytest.raises(Refusal, match="field-required"), world.database.change() as unit:
        requests.decide(unit, 1, made.id, "refused", " ", 77, world.clock.now)
    with world.database.change() as unit:
        requests.decide(unit, 1, made.id, "done", "Түзетілді", 77, world.clock.now)
    with pytest.raises(Refusal, match="request-state"), world.database.change() as unit:
        requests.decide(unit, 1, made.id, "refused", "no", 77, world.clock.now)
    with pytest.raises(Refusal, match="not-found"), world.database.change() as unit:
        requests.decide(unit, 2, made.id, "accepted", "", 77, world.clock.now)
    assert world.scalar("SELECT status || answer FROM request") == "doneТүзетілді"
    subjects = world.scalar("SELECT subject FROM message ORDER BY id DESC LIMIT 1")
    assert set(subjects) == {"kk", "ru", "uk", "en"}
    assert all(made.number in subject for subject in subjects.values())
    assert len(set(subjects.values())) == 4


def test_a_contact_changes_unless_somebody_changed_it_meanwhile(world: PeopleWorld) -> None:
    user = world.user()
    version = world.scalar("SELECT version FROM person WHERE id = :id", id=user)

    def change(seen: dict[str, str], **fields: str) -> identity.ContactChanged:
        with world.database.change() as unit:
            return identity.update_contact(unit, user, UpdateContact(user, **fields), seen, world.clock.now)

    before = {"phone": world.scalar("SELECT phone FROM person WHERE id = :id", id=user), "language": "kk"}
    changed = change(before, phone="+7 701 234 56 78")
    assert (changed.version, changed.phone) == (version + 1, "+7 701 234 56 78")
    assert change(before, phone="+7 701 234 56 78").version == version + 1, "saying the same is no conflict"
    met = change(before, phone="+7 777 000 00 00", language="ru").conflict
    assert met is not None
    assert [(clash.mine, clash.theirs) for clash in met.clashes] == [("+7 777 000 00 00", "+7 701 234 56 78")]
    assert met.stored == ["language"], "what nobody else changed is stored"
    assert world.scalar("SELECT phone || language FROM person WHERE id = :id", id=user) == "+7 701 234 56 78ru"
    assert change({"phone": "+7 701 234 56 78"}, phone="+7 777 000 00 00").conflict is None, "having seen it"
    for fields, code in (({"phone": "call me"}, "phone-invalid"), ({"language": "fr"}, "language-unknown")):
        with pytest.raises(Refusal, match=code):
            change({}, **fields)
    with pytest.raises(Refusal, match="not-allowed"), world.database.change() as unit:
        identity.update_contact(unit, user + 1, UpdateContact(user, phone="1234567"), {}, world.clock.now)


def test_a_paper_goes_to_the_confirmed_address_once(world: PeopleWorld) -> None:
    user = world.user(email="aigul@example.org")
    papers = [
        (SendDocument(0, "invoice", "kk", period=202401), "123456"),
        (SendDocument(0, "breakdown", "ru", period=202401), "Расшифровка начислений"),
        (SendDocument(0, "reconciliation", "uk", date_from=date(2023, 1, 1), date_to=date(2024, 1, 31)), "01.01.2023"),
    ]
    for number, (payload, words) in enumerate(papers):
        asked = msgspec.structs.replace(payload, account_id=world.kk.account.id)
        with world.database.change() as unit:
            assert send_document(unit, user, asked, f"command-{number}", world.clock.now) is not None
            assert send_document(unit, user, asked, f"command-{number}", world.clock.now) is None
        letter = world.letters("aigul@example.org")[-1]
        assert words in body_of(letter) + str(letter["Subject"])
        (attached,) = letter.iter_attachments()
        assert attached.get_content_type() == "application/pdf"
        assert attached.get_content().startswith(b"%PDF")
        assert (attached.get_filename() or "").startswith(f"{payload.document}-123456-")
    assert len(world.letters()) == len(papers)


def test_a_paper_that_cannot_be_made_is_refused_in_words(world: PeopleWorld) -> None:
    user = world.user()
    refused = [
        (SendDocument(0, "love-letter", "kk", period=202401), "document-unknown"),
        (SendDocument(0, "invoice", "kk"), "period-invalid"),
        (SendDocument(0, "invoice", "kk", period=202499), "period-invalid"),
        (SendDocument(0, "invoice", "kk", period=202501), "period-in-future"),
        (SendDocument(0, "breakdown", "kk", period=199901), "no-data"),
        (SendDocument(0, "breakdown", "tlh", period=202401), "language-unknown"),
        (SendDocument(0, "reconciliation", "kk", date_from=date(2024, 1, 1)), "field-required"),
        (
            SendDocument(0, "reconciliation", "kk", date_from=date(2024, 1, 2), date_to=date(2024, 1, 1)),
            "dates-reversed",
        ),
        (
            SendDocument(0, "reconciliation", "kk", date_from=date(1990, 1, 1), date_to=date(2024, 1, 1)),
            "dates-too-far-apart",
        ),
    ]
    for payload, code in refused:
        asked = msgspec.structs.replace(payload, account_id=world.kk.account.id)
        with pytest.raises(Refusal, match=code), world.database.change() as unit:
            send_document(unit, user, asked, "c", world.clock.now)


def test_papers_are_limited_to_thirty_a_day(world: PeopleWorld) -> None:
    user = world.user(email="aigul@example.org")
    payload = SendDocument(world.kk.account.id, "breakdown", "kk", period=202401)
    with world.database.change() as unit:
        for number in range(30):
            send_document(unit, user, payload, f"command-{number}", world.clock.now)
    world.clock.move(hours=1)
    with pytest.raises(Refusal) as refused, world.database.change() as unit:
        send_document(unit, user, payload, "one-more", world.clock.now)
    assert refused.value.problem.values == {"retry_after": 23 * 3600 + 1}
    world.clock.move(hours=23, seconds=1)
    with world.database.change() as unit:
        assert send_document(unit, user, payload, "tomorrow", world.clock.now) is not None


def test_without_a_confirmed_address_nothing_is_sent_to_it(world: PeopleWorld) -> None:
    user = world.user(confirmed=False)
    account = world.kk.account.id
    with pytest.raises(Refusal, match="no-email"), world.database.change() as unit:
        send_document(unit, user, SendDocument(account, "invoice", "kk", period=202401), "c", world.clock.now)
    with pytest.raises(Refusal, match="no-email"), world.database.change() as unit:
        mailings.set_mailing(unit, user, SetMailing(account, True))


def test_the_monthly_mailing_goes_once_to_whoever_wants_it_and_still_may(world: PeopleWorld) -> None:
    account, now = world.kk.account.id, world.clock.now
    wants, stopped, revoked = (
        world.user(login, email=f"{login}@example.org") for login in ("wants", "stopped", "revoked")
    )
    with world.database.change() as unit:
        for user in (wants, stopped, revoked):
            mailings.set_mailing(unit, user, SetMailing(account, True, "ru"))
        mailings.set_mailing(unit, stopped, SetMailing(account, False, "ru"))
        identity.revoke(unit, revoked, 1, f"account:{account}", now)
    first = mailings.run_mailing(world.database, 1, Month(2024, 1), now)
    assert (first.letters, first.already, first.problems) == (1, 0, (("123456", "no-access"),))
    second = mailings.run_mailing(world.database, 1, Month(2024, 1), now)
    assert (second.letters, second.already) == (0, 1)
    (letter,) = world.letters()
    assert letter["To"] == "wants@example.org"
    assert "январь 2024" in letter["Subject"]
    (attached,) = letter.iter_attachments()
    assert attached.get_filename() == "breakdown-123456-2024-01.pdf"


def test_the_round_of_mailings_waits_until_the_month_is_charged(world: PeopleWorld) -> None:
    user = world.user()
    with world.database.change() as unit:
        mailings.set_mailing(unit, user, SetMailing(world.kk.account.id, True, "kk"))
    assert mailing_round(world.database, world.clock.now) == []
    with world.database.engine.begin() as connection:
        connection.execute(text("INSERT INTO period (tenant_id, period, state) VALUES (1, 202401, 'charged')"))
    assert [report.letters for report in mailing_round(world.database, world.clock.now)] == [1]
    assert mailing_round(world.database, world.clock.now) == []
