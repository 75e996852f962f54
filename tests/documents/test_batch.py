from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import msgspec
import pypdfium2
import pytest
from pypdf import PdfReader

from documents import batch, invoice
from models.domain.period import Month
from tests.documents.reader import text
from tests.samples import sample_view_kk

MADE = datetime(2024, 2, 5, 9, 0, tzinfo=UTC)
JANUARY = Month(2024, 1)
replace = msgspec.structs.replace


def jobs(count: int) -> list[batch.Job]:
    view = sample_view_kk()
    return [
        batch.Job(f"2024-01/{number}", [replace(view, account=replace(view.account, number=str(200000 + number)))])
        for number in range(count)
    ]


def test_one_file_holds_every_invoice_in_order_with_its_own_page_numbers(tmp_path: Path) -> None:
    told: list[int] = []
    report = batch.one_file(jobs(230), JANUARY, "kk", MADE, tmp_path / "all.pdf", progress=told.append, processes=1)
    assert (report.made, report.pages, report.cancelled) == (230, 230, False)
    assert told == [100, 200, 230]
    document = pypdfium2.PdfDocument(tmp_path / "all.pdf")
    try:
        assert len(document) == 230
        for index in (0, 64, 128, 229):
            found = document[index].get_textpage().get_text_bounded()
            assert str(200000 + index) in found
            assert "1-бет, барлығы 1" in found
    finally:
        document.close()
    assert len(PdfReader(BytesIO((tmp_path / "all.pdf").read_bytes()), strict=True).pages) == 230


def test_several_processes_write_the_same_bytes_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_WORTH_PROCESSES", 1)
    batch.one_file(jobs(210), JANUARY, "uk", MADE, tmp_path / "one.pdf", processes=1)
    batch.one_file(jobs(210), JANUARY, "uk", MADE, tmp_path / "two.pdf", processes=2)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_a_cancelled_batch_leaves_nothing_behind(tmp_path: Path) -> None:
    report = batch.one_file(jobs(300), JANUARY, "ru", MADE, tmp_path / "all.pdf", cancelled=lambda: True, processes=1)
    assert report.cancelled
    assert report.made == 100
    assert list(tmp_path.iterdir()) == []


def test_each_invoice_may_have_its_own_file_the_same_as_made_alone(tmp_path: Path) -> None:
    wanted = jobs(3)
    wanted.append(batch.Job("../../../etc/пас:swd", wanted[0].views))
    wanted.append(batch.Job("2024-01/1", wanted[1].views))
    report = batch.separate_files(wanted, JANUARY, "en", MADE, tmp_path)
    assert [path.name for path in report.files] == [
        "2024-01-0.pdf",
        "2024-01-1.pdf",
        "2024-01-2.pdf",
        "---------etc-пас-swd.pdf",
        "2024-01-1-2.pdf",
    ]
    assert all(path.parent == tmp_path for path in report.files)
    alone = invoice.build(wanted[1].views, JANUARY, "en", MADE, wanted[1].number)
    assert report.files[1].read_bytes() == alone
    assert "200001" in text(alone)


def test_an_empty_batch_makes_no_page(tmp_path: Path) -> None:
    report = batch.separate_files([], JANUARY, "kk", MADE, tmp_path)
    assert (report.made, report.files) == (0, ())
