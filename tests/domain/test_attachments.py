"""Names and kinds of documents."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.contract.admission_commands import AddChild, AttachDocument, TakeStep
from models.domain.attachments import (
    MAX_FILE,
    Reference,
    check_file,
    check_name,
    clean_name,
    named_blobs,
    read_reference,
)

A, B = "a" * 64, "b" * 64


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ПМПК қорытындысы.pdf", "ПМПК қорытындысы.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\system32\\cmd.exe", "cmd.exe"),
        ("..", "document"),
        ("", "document"),
        ("con.pdf", "_con.pdf"),
        ("LPT1", "_LPT1"),
        ("console.pdf", "console.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("file.pdf:hidden", "file.pdfhidden"),
        ("report.pdf. . ", "report.pdf"),
        ("и" * 300 + ".pdf", "и" * 116 + ".pdf"),
        ("x" * 300, "x" * 120),
    ],
)
def test_a_name_is_made_harmless(name: str, shown: str) -> None:
    assert clean_name(name) == shown


@given(st.text(max_size=400))
def test_whatever_the_name_it_is_one_short_plain_name(name: str) -> None:
    shown = clean_name(name)
    assert 0 < len(shown) <= 120
    assert not set(shown) & set('/\\:*?"<>|\0\n')
    assert shown not in (".", "..")
    assert unicodedata.is_normalized("NFC", shown)
    assert clean_name(shown) == shown


@pytest.mark.parametrize(
    ("name", "size", "head", "code"),
    [
        ("a.pdf", 10, b"%PDF-1.7", None),
        ("a.JPG", 10, b"\xff\xd8\xff\xe0", None),
        ("a.png", MAX_FILE, b"\x89PNG\r\n\x1a\n", None),
        ("a.png", MAX_FILE + 1, b"\x89PNG\r\n\x1a\n", "file-too-large"),
        ("a.pdf", 0, b"", "file-empty"),
        ("a.pdf", 10, b"PK\x03\x04", "file-kind"),
        ("a.pdf", 10, b" %PDF-1.7", "file-kind"),
        ("a.png", 10, b"%PDF-1.7", "file-name-differs"),
        ("a", 10, b"%PDF-1.7", "file-name-differs"),
        ("pdf", 10, b"%PDF-1.7", "file-name-differs"),
    ],
)
def test_a_file_is_what_its_beginning_and_its_name_say(name: str, size: int, head: bytes, code: str | None) -> None:
    problem = check_file(name, size, head)
    assert (problem.code if problem else None) == code


def test_an_unknown_kind_has_no_name() -> None:
    assert check_name("a.exe", "application/x-msdownload") is not None


def test_a_reference_travels_as_text() -> None:
    reference = Reference("pmpk", A, "Қорытынды: 1.pdf")
    assert read_reference(str(reference)) == Reference("pmpk", A, "Қорытынды 1.pdf")
    for wrong in ("", "pmpk", f"pmpk:{A[:-1]}:x", f":{A}:x", f"{'k' * 41}:{A}:x", f"ә:{A}:x"):
        assert read_reference(wrong) is None


def test_a_command_names_its_documents() -> None:
    step = TakeStep(1, 2, "extend", blobs=[f"extension:{A}:a.pdf", f"other:{B}:b.pdf", "nonsense"])
    assert list(named_blobs(step)) == [A, B]
    assert list(named_blobs(AttachDocument(1, 2, "027", B, "b.pdf", 1))) == [B]
    from datetime import date

    child = AddChild(1, "210220550811", "А", "Б", "", date(2021, 2, 20), "male")
    assert list(named_blobs(child)) == []
