"""Documents arrive whole or not at all, in pieces over a bad line, and only harmless ones stay."""

from __future__ import annotations

import io
import os
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from sqlalchemy import insert, text

from models.domain.attachments import MAX_FILE
from provider.services import blob_retention, blobs
from provider.services.identity import create_user
from provider.services.refusals import Refusal
from provider.store.changes import DOCTOR, OFFICE, child_scope, organisation_scope
from provider.store.grants import grant
from provider.store.tables_admissions import attachment
from tests.provider.documents_made import (
    archive,
    changed_pdf,
    jpeg,
    launching_pdf,
    pdf,
    png,
    png_bomb,
    scripted_pdf,
    xfa_pdf,
)
from tests.provider.family_fixtures import mother, provider_settings, world
from tests.provider.family_world import (
    FATHER,
    OTHER_PHONE,
    PASSWORD,
    FamilyWorld,
    Parent,
    digest_of,
)

__all__ = ["mother", "provider_settings", "world"]


def attach(world: FamilyWorld, child_id: int, digest: str, *scopes: str) -> int:
    """Add a row that refers to a document."""
    with world.database.change() as unit:
        row = unit.connection.execute(
            insert(attachment)
            .values(
                tenant_id=world.tenant,
                child_id=child_id,
                kind="pmpk",
                name="ПМПК.pdf",
                media_type="application/pdf",
                size=1,
                sha256=digest,
                at=world.clock.now,
                state="received",
                author_id=1,
            )
            .returning(attachment.c.id)
        ).scalar_one()
        for scope in (child_scope(child_id), *scopes):
            unit.changes.live(world.tenant, scope, "attachment", row)
    return int(row)


def test_a_document_comes_in_pieces_and_is_there_at_the_last(world: FamilyWorld, mother: Parent) -> None:
    content = pdf(pages=40)
    digest, token = digest_of(content), mother.token
    half = len(content) // 2
    first = mother.put(content[:half], 0, len(content), digest, token).json()
    assert first == {"received": half, "complete": False, "problem": ""}
    head = world.request("HEAD", f"/blobs/{digest}", token=token)
    assert (head.headers["X-Received"], head.headers["X-Complete"]) == (str(half), "0")
    last = mother.put(content[half:], half, len(content), digest, token).json()
    assert last == {"received": len(content), "complete": True, "problem": ""}
    again = mother.put(content[half:], half, len(content), digest, token).json()
    assert again["complete"], "a piece that comes twice changes nothing"
    assert not list((world.settings.documents / "partial").glob("*/*"))
    given = world.request("GET", f"/blobs/{digest}", token=token)
    assert given.content == content
    assert given.headers["Content-Disposition"].startswith("attachment;")
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Cache-Control"] == "no-store"


def test_a_piece_that_leaves_a_gap_is_sent_back_with_where_to_begin(mother: Parent) -> None:
    content = pdf()
    answer = mother.put(content[500:], 500, len(content), digest_of(content))
    assert answer.status_code == 409
    assert answer.json()["problem"] == {"code": "blob-offset", "field": "", "values": {"received": 0}}


def test_what_came_before_the_line_broke_is_kept(world: FamilyWorld, mother: Parent) -> None:
    content = pdf(pages=60)
    digest, token = digest_of(content), mother.token
    place = urlsplit(world.url)
    with socket.create_connection((str(place.hostname), int(place.port or 80))) as line:
        head = (
            f"PUT /api/v1/blobs/{digest} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Range: bytes 0-{len(content) - 1}/{len(content)}\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        line.sendall(head.encode() + content[:4_000])
        state = {"received": 0}
        for _ in range(200):
            state = world.request("GET", f"/blobs/{digest}/state", token=token).json()
            if state["received"]:
                break
    assert 0 < state["received"] <= 4_000
    at = state["received"]
    assert mother.put(content[at:], at, len(content), digest, token).json()["complete"]


def test_a_piece_that_was_damaged_on_the_way_is_not_kept(world: FamilyWorld, mother: Parent) -> None:
    content = pdf()
    digest, token = digest_of(content), mother.token
    headers = {"Content-Range": f"bytes 0-99/{len(content)}", "X-Body-SHA256": "0" * 64}
    answer = world.request("PUT", f"/blobs/{digest}", token=token, headers=headers, content=content[:100])
    assert answer.status_code == 400
    assert world.request("GET", f"/blobs/{digest}/state", token=token).json()["received"] == 0


def test_content_under_another_hash_is_thrown_away(world: FamilyWorld, mother: Parent) -> None:
    content, wanted = pdf("one"), pdf("two")
    answer = mother.upload(content, name=digest_of(wanted))
    assert (answer.status_code, answer.json()["problem"]["code"]) == (422, "blob-hash-wrong")
    assert mother.upload(wanted).json()["complete"], "and the right content may come afterwards"


HOSTILE: list[tuple[str, Callable[[], bytes], str]] = [
    ("a zip that is called pdf", archive, "file-kind"),
    ("a web page", lambda: b"<!doctype html><script>alert(1)</script>", "file-kind"),
    ("an SVG", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file-kind"),
    ("a PDF with a zip behind it", lambda: pdf() + archive(), "file-damaged"),
    ("a PDF that begins later", lambda: b"GIF89a" + pdf(), "file-kind"),
    ("a cut PDF", lambda: pdf()[:-300], "file-damaged"),
    ("only the head of a PDF", lambda: b"%PDF-1.7\n%%EOF\n", "file-damaged"),
    ("a PDF with a program", scripted_pdf, "file-active"),
    ("a PDF that starts a program", launching_pdf, "file-active"),
    ("a PDF with an attached file", lambda: changed_pdf(lambda w: w.add_attachment("a.exe", b"MZ")), "file-active"),
    ("a PDF with a dynamic form", xfa_pdf, "file-active"),
    ("an encrypted PDF", lambda: changed_pdf(lambda w: w.encrypt("secret")), "file-encrypted"),
    ("a PDF encrypted with no password", lambda: changed_pdf(lambda w: w.encrypt("")), "file-encrypted"),
    ("a PNG bomb", png_bomb, "image-too-large"),
    ("a cut PNG", lambda: png()[:-40], "file-damaged"),
    ("a cut JPEG", lambda: jpeg(600, 600)[:2_000], "file-damaged"),
    ("a JPEG in name only", lambda: b"\xff\xd8\xff" + b"A" * 500, "file-damaged"),
    ("an empty PNG", lambda: b"\x89PNG\r\n\x1a\n", "file-damaged"),
]


@pytest.mark.parametrize(("make", "code"), [(one[1], one[2]) for one in HOSTILE], ids=[one[0] for one in HOSTILE])
def test_a_hostile_document_is_refused_and_leaves_nothing(
    world: FamilyWorld, mother: Parent, make: Callable[[], bytes], code: str
) -> None:
    content = make()
    answer = mother.upload(content)
    assert (answer.status_code, answer.json()["problem"]["code"]) == (422, code)
    files = [path for path in world.settings.documents.rglob("*") if path.is_file()]
    assert not files
    with world.database.read() as connection:
        found = blobs.find(connection, digest_of(content), mother.user)
    assert not isinstance(found, blobs.Stored)
    assert found.code == code, "a command that names it is answered alike"


def test_a_picture_is_kept_as_its_pixels_and_nothing_else(world: FamilyWorld, mother: Parent) -> None:
    for content in (jpeg(exif=True) + archive(), png()):
        answer = mother.upload(content)
        assert answer.json()["complete"], answer.text
        given = world.request("GET", f"/blobs/{digest_of(content)}", token=mother.token).content
        for hidden in (b"51.1694", b"secret note", b"PK\x03\x04", b"evil"):
            assert hidden not in given
        with Image.open(io.BytesIO(given)) as image:
            image.load()
            assert not image.getexif()
            turned = image.size
        if content.startswith(b"\xff\xd8"):
            assert turned == (48, 64), "the camera's mark was carried out before it was dropped"


@pytest.mark.parametrize(
    ("total", "start", "length", "status"),
    [(MAX_FILE + 1, 0, 10, 413), (10**10 - 1, 0, 10, 413), (100, 90, 20, 400), (0, 0, 10, 400)],
)
def test_sizes_that_cannot_be_are_refused_before_anything_is_read(
    mother: Parent, world: FamilyWorld, total: int, start: int, length: int, status: int
) -> None:
    headers = {"Content-Range": f"bytes {start}-{start + length - 1}/{total}"}
    answer = world.request("PUT", f"/blobs/{'a' * 64}", token=mother.token, headers=headers, content=b"x" * length)
    assert answer.status_code == status


def test_more_bytes_than_announced_are_not_written(mother: Parent, world: FamilyWorld) -> None:
    headers = {"Content-Range": "bytes 0-9/100"}
    answer = world.request("PUT", f"/blobs/{'a' * 64}", token=mother.token, headers=headers, content=b"x" * 5_000)
    assert answer.status_code == 400
    state = world.request("GET", f"/blobs/{'a' * 64}/state", token=mother.token).json()
    assert state["received"] <= 10


@pytest.mark.parametrize("name", ["..%2F..%2Fepoch", "A" * 64, "a" * 63, "%00" * 20, "a" * 64 + "%2F.."])
def test_a_name_that_is_no_hash_reaches_no_file(mother: Parent, world: FamilyWorld, name: str) -> None:
    headers = {"Content-Range": "bytes 0-3/4"}
    requests: list[tuple[str, dict[str, Any]]] = [("GET", {}), ("PUT", {"headers": headers, "content": b"abcd"})]
    for method, extra in (*requests, ("HEAD", {})):
        assert world.request(method, f"/blobs/{name}", token=mother.token, **extra).status_code == 404


def test_who_is_not_signed_in_neither_sends_nor_reads(world: FamilyWorld) -> None:
    headers = {"Content-Range": "bytes 0-3/4"}
    assert world.request("PUT", f"/blobs/{'a' * 64}", headers=headers, content=b"abcd").status_code == 401
    assert world.request("GET", f"/blobs/{'a' * 64}").status_code == 401


def test_uploads_are_counted_by_the_hour(mother: Parent) -> None:
    token = mother.token
    answers = [mother.put(b"%PDF-", 0, 9, f"{n:064x}", token).status_code for n in range(31)]
    assert answers == [200] * 30 + [429]


def test_a_person_has_room_for_200_megabytes(
    mother: Parent, world: FamilyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = pdf()
    monkeypatch.setattr(blobs, "MAX_USER", len(content) + 100)
    assert mother.upload(content).json()["complete"]
    answer = mother.put(b"%PDF-", 0, 101, "a" * 64)
    assert answer.json()["problem"]["code"] == "uploads-full"


def test_documents_that_arrive_at_once_are_counted_exactly(
    mother: Parent, world: FamilyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = [pdf(f"Page of document {number}") for number in range(4)]
    size = max(map(len, contents))
    most = 2 * size + 100
    monkeypatch.setattr(blobs, "MAX_USER", most)
    for content in contents:  # each begins while there is room for it
        assert mother.put(content[:20], 0, len(content), digest_of(content)).status_code == 200
    token = mother.token

    def rest(content: bytes) -> str:
        answer = mother.put(content[20:], 20, len(content), digest_of(content), token).json()
        return "kept" if answer.get("complete") else str(answer["problem"]["code"])

    with ThreadPoolExecutor(len(contents)) as pool:
        answers = list(pool.map(rest, contents))
    assert sorted(answers) == ["kept", "kept", "uploads-full", "uploads-full"]
    owned = "SELECT sum(size) FROM blob_owner WHERE user_id = :user"
    assert world.scalar(owned, user=mother.user) <= most
    again = contents[answers.index("kept")]
    assert mother.upload(again).json()["complete"]  # what is there already takes no more room


def test_knowing_a_hash_gives_nothing(world: FamilyWorld, mother: Parent) -> None:
    content = pdf()
    mother.upload(content)
    child_id = mother.child()
    attach(world, child_id, digest_of(content))
    father = world.parent(FATHER, OTHER_PHONE)
    path = f"/blobs/{digest_of(content)}"
    assert world.request("GET", path, token=father.token).status_code == 404
    assert world.request("GET", f"{path}/state", token=father.token).json()["received"] == 0
    with world.database.read() as connection:
        found = blobs.find(connection, digest_of(content), father.user)
    assert not isinstance(found, blobs.Stored)
    assert found.code == "blob-missing", "whoever refers to a document has sent all of it"
    assert father.upload(content).json()["complete"]
    assert world.request("GET", path, token=father.token).status_code == 200


def test_whoever_has_the_row_reads_the_document_and_that_is_noted(world: FamilyWorld, mother: Parent) -> None:
    content = pdf()
    mother.upload(content)
    child_id = mother.child()
    row = attach(world, child_id, digest_of(content), DOCTOR, organisation_scope(7))
    path = f"/blobs/{digest_of(content)}"
    staff = (
        ("officer", OFFICE, 200),
        ("doctor", DOCTOR, 200),
        ("kindergarten", organisation_scope(7), 200),
        ("kindergarten", organisation_scope(8), 404),
        ("clerk", "public", 404),
    )
    for number, (role, key, status) in enumerate(staff):
        with world.database.change() as unit:
            user = create_user(unit, f"staff{number}", PASSWORD, roles=[role], now=world.clock.now)
            grant(unit, user, world.tenant, key)
        token = world.sign_in(f"staff{number}").json()["access_token"]
        assert world.request("GET", path, token=token).status_code == status, key
    with world.database.read() as connection:
        readers = connection.execute(
            text("SELECT actor_id FROM audit WHERE action = 'document-read' AND object = :o"),
            {"o": f"attachment:{row}"},
        ).scalars()
        assert len(set(readers)) == 3


def test_uploads_that_nobody_continues_are_forgotten(world: FamilyWorld, mother: Parent) -> None:
    mother.put(b"%PDF-", 0, 100, "a" * 64)
    path = blobs.partial_path(world.settings, mother.user, "a" * 64)
    past = (world.clock.now).timestamp() - 4 * 24 * 3600
    os.utime(path, (past, past))
    path.with_name("b" * 64).symlink_to("nowhere")  # as one that is finished between being listed and looked at
    assert blob_retention.forget_partial(world.settings, world.clock.now) == 1
    assert not path.exists()


def test_documents_that_nothing_refers_to_are_forgotten_after_a_month_and_give_their_room_back(
    world: FamilyWorld, mother: Parent
) -> None:
    unused, used = pdf("unused"), pdf("used")
    mother.upload(unused)
    mother.upload(used)
    attach(world, mother.child(), digest_of(used))
    world.clock.move(days=29)
    assert blob_retention.forget_unused(world.database, world.settings, world.clock.now) == 0
    world.clock.move(days=2)
    assert blob_retention.forget_unused(world.database, world.settings, world.clock.now) == 1
    assert not blobs.stored_path(world.settings, digest_of(unused)).exists()
    assert blobs.stored_path(world.settings, digest_of(used)).exists()
    assert world.scalar("SELECT sum(size) FROM blob_owner") == len(used)
    state = blobs.state(world.database, world.settings, mother.user, digest_of(unused))
    assert state == blobs.Upload(0, False), "and it may come again"


def test_a_document_whose_file_was_lost_is_taken_in_again(world: FamilyWorld, mother: Parent) -> None:
    content = pdf()
    mother.upload(content)
    blobs.stored_path(world.settings, digest_of(content)).unlink()
    assert world.request("GET", f"/blobs/{digest_of(content)}", token=mother.token).status_code == 404
    assert mother.upload(content).json()["complete"]
    assert world.request("GET", f"/blobs/{digest_of(content)}", token=mother.token).content == content


def test_nobody_reads_a_document_in_the_folder_alone(world: FamilyWorld, mother: Parent) -> None:
    content = pdf("secret of a family")
    mother.upload(content)
    kept = blobs.stored_path(world.settings, digest_of(content))
    assert content not in kept.read_bytes()
    assert b"%PDF" not in kept.read_bytes()
    other = blobs.stored_path(world.settings, "b" * 64)
    other.parent.mkdir(parents=True, exist_ok=True)
    kept.rename(other)  # a document put in the place of another is noticed
    kept.write_bytes(other.read_bytes()[:-1])
    answer = world.request("GET", f"/blobs/{digest_of(content)}", token=mother.token)
    assert (answer.status_code, answer.json()["problem"]["code"]) == (404, "document-damaged")


def test_contents_of_what_ended_long_ago_are_deleted_and_a_reader_is_told(world: FamilyWorld, mother: Parent) -> None:
    refused, alive = pdf("refused"), pdf("alive")
    child = mother.child()
    for content in (refused, alive):
        mother.upload(content)
        attach(world, child, digest_of(content))
    with world.database.change() as unit:
        unit.connection.execute(
            text("UPDATE attachment SET state = 'refused' WHERE sha256 = :sha"), {"sha": digest_of(refused)}
        )
        rows = unit.connection.execute(text("SELECT id FROM attachment")).scalars().all()
        for row in rows:
            unit.changes.live(world.tenant, child_scope(child), "attachment", row)
    world.clock.move(days=179)
    assert blob_retention.forget_ended(world.database, world.settings, world.clock.now) == 0
    world.clock.move(days=2)
    assert blob_retention.forget_ended(world.database, world.settings, world.clock.now) == 1
    assert not blobs.stored_path(world.settings, digest_of(refused)).exists()
    assert blobs.stored_path(world.settings, digest_of(alive)).exists()
    with pytest.raises(Refusal) as told:
        blobs.open_for(world.database, world.settings, mother.user, digest_of(refused), world.clock.now)
    assert told.value.problem.code == "document-deleted"
    assert blob_retention.forget_ended(world.database, world.settings, world.clock.now) == 0
