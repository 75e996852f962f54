"""A parent at their computer: registration, sign-in by code, and documents over a line that breaks in every way."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text

from models.cache.outbox import open_items
from models.cache.queries.people import person
from models.contract.admission_commands import AddChild, RemoveChild, SetChildPhoto, TakeStep, UpdateProfile
from provider.services.register import write_register
from provider.settings import Settings
from sync import blobs
from sync.client import EntryRefused, SyncClient
from sync.enrolment import forget_rows
from sync.families import CheckedChild, Families
from sync.transport import Refused
from tests.fixtures.provider import ProviderServer
from tests.provider.documents_made import archive, jpeg, pdf, scripted_pdf
from tests.provider.family_world import CHILD, MOTHER, PASSWORD, PERSONS, PHONE, FamilyWorld, make_family_world
from tests.provider.people_world import Clock
from tests.sync.wire import Wire


@pytest.fixture
def provider_settings(provider_settings: Settings) -> Settings:
    return replace(provider_settings, clock=Clock(datetime.now(UTC)))


@pytest.fixture
def office(provider_server: ProviderServer) -> FamilyWorld:
    return make_family_world(provider_server)


@dataclass
class Home:
    """A parent's computer."""

    client: SyncClient
    families: Families
    office: FamilyWorld
    department: int

    def enter(self, photo: bytes = b"") -> str:
        """Check and enter the child, with a picture."""
        seen = self.families.check_child(CHILD, self.department)
        kept = self.client.keep_picture("bala.jpg", photo).sha256 if photo else ""
        return self.client.submit(command(seen, self.department, kept))

    def photo(self) -> str:
        """Return the hash of the child's picture at the provider."""
        return str(self.office.scalar("SELECT photo FROM child"))

    def received(self) -> int:
        """Return how many bytes of unfinished uploads the provider has."""
        folder = self.office.settings.documents / "partial"
        return sum(path.stat().st_size for path in folder.glob("*/*"))


def command(seen: CheckedChild, department: int, photo: str = "") -> AddChild:
    return AddChild(
        department, seen.iin, seen.surname, seen.given_name, seen.patronymic, seen.born, seen.sex, seen.ethnicity, photo
    )


@pytest.fixture
def home(office: FamilyWorld, make_client: Callable[..., SyncClient]) -> Home:
    """A parent who registered through the client, signed in by a code and synchronised."""
    client = make_client()
    families = Families(client.transport, client.link)
    (department,) = families.departments()
    assert families.ask_code("register", PHONE, MOTHER, consent=True) == 80
    ticket = families.verify_code("register", PHONE, office.code()).ticket
    assert families.show_person(ticket, PHONE, MOTHER).born == date(1990, 3, 12)
    families.register(ticket=ticket, phone=PHONE, code=MOTHER, password=PASSWORD, department=department.code)
    office.clock.move(seconds=80)
    families.ask_code("sign-in", PHONE, MOTHER)
    client.sign_in_by_code(PHONE, MOTHER, office.code(), "test")
    report = client.sync()
    assert (report.problem, report.complete) == (None, True)
    return Home(client, families, office, department.id)


def big() -> bytes:
    """Return a picture of several pieces."""
    return jpeg(3_000, 2_400) + bytes(3 * blobs.PIECE // 2)


def test_who_signed_in_by_a_code_has_the_profile_and_the_kindergartens_of_their_region(home: Home) -> None:
    me = home.client.store.read(person)
    assert me is not None
    assert (me.code, me.roles, me.name) == (MOTHER, ["parent"], "Серікова Айгүл Маратқызы")
    assert home.client.store.read(lambda c: c.execute("SELECT count(*) FROM provider").fetchone()[0]) == 1
    assert home.client.profile.identity.login == PHONE


def test_a_code_that_is_wrong_says_how_many_tries_are_left(home: Home) -> None:
    home.office.clock.move(hours=1)
    home.families.ask_code("sign-in", PHONE, MOTHER)
    home.office.work()
    with pytest.raises(Refused) as refused:
        home.client.sign_in_by_code(PHONE, MOTHER, "abcdef", "test")
    assert (refused.value.problem.code, refused.value.problem.values["left"]) == ("code-wrong", 4)


def test_a_child_with_its_picture_arrives_in_one_run_and_the_picture_before_it(home: Home) -> None:
    seen: list[tuple[str, int, int]] = []
    content = big()
    home.enter(content)
    report = home.client.sync(progress=lambda step: seen.append((step.step, step.done, step.total)))
    assert (report.problem, report.refused, report.pushed) == (None, 0, 1)
    assert home.client.waiting() == []
    assert home.photo() == sha256(content).hexdigest()
    uploads = [one for one in seen if one[0] == "upload"]
    assert len(uploads) >= len(content) // blobs.PIECE
    assert uploads[-1][1:] == (len(content), len(content))
    assert [one[1] for one in uploads] == sorted(one[1] for one in uploads)


@pytest.mark.parametrize("mode", ["torn", "lost", "cut", "corrupt", "html", "down"])
def test_an_upload_goes_on_where_the_line_broke(home: Home, wire: Wire, mode: str) -> None:
    content = big()
    home.enter(content)
    # The first exchange asks how far it is, the second carries a piece.
    for broken in range(1, 5):
        wire.break_(mode, after=2_000, at=wire.exchanges + broken)
        home.client.sync()
        wire.heal()
    report = home.client.sync()
    assert report.problem is None
    assert home.client.waiting() == []
    assert home.photo() == sha256(content).hexdigest()
    assert home.office.scalar("SELECT count(*) FROM child") == 1


def test_only_what_is_missing_is_sent_again(home: Home, wire: Wire) -> None:
    content = big()
    home.enter(content)
    wire.break_("torn", after=blobs.PIECE // 2, at=wire.exchanges + 3)
    home.client.sync()
    wire.heal()
    kept = home.received()
    assert kept > blobs.PIECE, "the first piece, and what came of the second"
    sent: list[int] = []
    home.client.sync(progress=lambda step: sent.append(step.done) if step.step == "upload" else None)
    assert sent[0] > kept


def test_commands_do_not_wait_for_an_upload_that_fails_and_are_held_without_it(home: Home, wire: Wire) -> None:
    content = big()
    home.enter(content)
    home.client.submit(_address(home, "Абай к-сі, 5"))
    wire.break_("lost", at=wire.exchanges + 2)
    report = home.client.sync()
    assert report.problem is not None
    (item,) = home.client.waiting()
    assert (item.kind, item.state, item.problems[0].code) == ("add-child", "held", "blob-missing")
    assert home.client.status().waiting == 1, "what the provider cannot carry out yet still waits"
    assert home.office.scalar("SELECT address FROM person") == "Абай к-сі, 5"
    assert home.office.scalar("SELECT count(*) FROM child") == 0
    report = home.client.sync()
    assert report.problem is None
    assert home.client.waiting() == []
    assert home.photo() == sha256(content).hexdigest()


def test_a_chosen_document_survives_the_end_of_the_program(
    home: Home, wire: Wire, make_client: Callable[..., SyncClient]
) -> None:
    content = big()
    home.enter(content)
    wire.break_("down", at=wire.exchanges + 2)
    home.client.sync()
    wire.heal()
    home.client.profile.close()
    again = make_client()
    assert again.sync().problem is None
    assert home.photo() == sha256(content).hexdigest()


def test_a_document_that_the_provider_refuses_ends_its_command_with_the_reason(home: Home) -> None:
    seen = home.families.check_child(CHILD, home.department)
    kept = home.client.keep_picture("skan.pdf", scripted_pdf())
    home.client.submit(command(seen, home.department, kept.sha256))
    assert home.client.sync().refused == 1
    (item,) = home.client.waiting()
    assert [problem.code for problem in item.problems] == ["file-active"]


def test_a_document_that_was_lost_here_is_said_to_be_missing_and_may_be_chosen_again(home: Home) -> None:
    content = big()
    home.enter(content)
    for path in (home.client.profile.folder / "documents").iterdir():
        path.unlink()
    home.client.sync()
    (item,) = home.client.waiting()
    assert (item.state, item.problems[0].code) == ("held", "blob-missing")
    home.client.keep_picture("bala.jpg", content)
    home.client.sync()
    assert home.client.waiting() == []


def test_a_mark_that_says_too_much_does_not_keep_a_command_waiting(home: Home) -> None:
    content = big()
    digest = sha256(content).hexdigest()
    with home.client.store.write() as connection:
        connection.execute("INSERT INTO local (key, value) VALUES (?, 'sent')", (f"document:{digest}",))
    home.enter(content)
    home.client.sync()
    assert home.client.waiting()[0].state == "held"
    home.client.sync()
    assert home.photo() == digest


def test_a_kept_document_is_unreadable_without_the_profile_and_its_name_tells_nothing(
    home: Home, tmp_path: Path
) -> None:
    content = pdf("ПМПК қорытындысы")
    path = tmp_path / "ПМПК қорытындысы.PDF"
    path.write_bytes(content)
    kept = home.client.keep_document(path)
    assert (kept.name, kept.size, kept.media_type) == ("ПМПК қорытындысы.PDF", len(content), "application/pdf")
    (stored,) = (home.client.profile.folder / "documents").iterdir()
    data = stored.read_bytes()
    assert content[:64] not in data
    assert kept.sha256 not in stored.name
    assert home.client.document(kept.sha256) == content
    stored.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert home.client.profile.documents.read(kept.sha256) is None, "a damaged copy is never sent"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"", "file-empty"),
        ("a.pdf", archive(), "file-kind"),
        ("a.docx", archive(), "file-kind"),
        ("a.jpg", pdf(), "file-name-differs"),
        ("a.pdf.exe", pdf(), "file-name-differs"),
        ("a.pdf", b"%PDF-" + bytes(10 * 1024 * 1024), "file-too-large"),
    ],
)
def test_a_file_that_cannot_be_a_document_is_not_kept(
    home: Home, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(EntryRefused) as refused:
        home.client.keep_document(path)
    assert refused.value.problem.code == code
    with pytest.raises(EntryRefused) as missing:
        home.client.keep_document(tmp_path / "nowhere.pdf")
    assert missing.value.problem.code == "file-unreadable"


def test_a_document_of_the_provider_is_fetched_once_and_kept(home: Home, wire: Wire) -> None:
    content = jpeg(300, 200)
    home.enter(content)
    home.client.sync()
    digest = sha256(content).hexdigest()
    for path in (home.client.profile.folder / "documents").iterdir():
        path.unlink()
    first = home.client.document(digest)
    assert first.startswith(b"\xff\xd8")
    wire.break_("down")
    assert home.client.document(digest) == first
    with pytest.raises(Exception, match="offline"):
        home.client.document("a" * 64)


def test_documents_that_nothing_needs_leave_after_a_month(home: Home) -> None:
    needed = home.client.keep_picture("a.jpg", jpeg(10, 10)).sha256
    home.client.keep_picture("b.jpg", jpeg(12, 12))
    home.client.submit(SetChildPhoto(home.department, 1, needed))
    documents = home.client.profile.documents
    for path in (home.client.profile.folder / "documents").iterdir():
        os.utime(path, (0, 0))
    items = home.client.store.peek(open_items)
    assert documents.forget_old(blobs.wanted(items), datetime.now(UTC)) == 1
    assert documents.has(needed)


def test_a_provider_restored_from_a_backup_gets_documents_again(home: Home) -> None:
    content = big()
    home.enter(content)
    home.client.sync()
    with home.office.database.engine.begin() as connection:
        for table in ("blob_owner", "blob", "guardian", "child"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            connection.execute(text(f"DELETE FROM {table}"))
    with home.client.store.write() as connection:
        forget_rows(connection)
    home.client.submit(SetChildPhoto(home.department, 1, sha256(content).hexdigest()))
    home.client.sync()
    assert home.office.scalar("SELECT count(*) FROM blob_owner") == 1


def test_the_register_says_so_when_it_has_changed_its_mind(home: Home) -> None:
    write_register(home.office.settings, [one for one in PERSONS if one.code != CHILD])
    with pytest.raises(Refused) as refused:
        home.families.check_child(CHILD, home.department)
    assert refused.value.problem.code == "child-not-found"
    assert refused.value.problem.values["direct"] == 1


def _address(home: Home, address: str) -> UpdateProfile:
    return UpdateProfile(home.client.profile.identity.user_id, address=address)


def test_an_entry_keeps_the_name_of_its_child_when_that_is_gone_even_after_a_restart(
    home: Home, make_client: Callable[..., SyncClient]
) -> None:
    home.enter()
    home.client.sync()
    child = home.office.scalar("SELECT id FROM child")
    home.client.submit(TakeStep(home.department, 10**6, "extend"))
    home.client.submit(RemoveChild(home.department, child))
    with home.client.store.write() as connection:
        connection.execute("DELETE FROM child")
    home.client.profile.close()
    again = make_client()
    assert [item.about for item in again.waiting()] == ["", "АЛЫБАЙ СМАР ҚУАНДЫҚҰЛЫ"]
