"""Papers are made on this computer, with a line and without; the provider sends them by e-mail when asked."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt

from tests.journeys.program import Program
from tests.journeys.surroundings import Post, pdf_text
from tests.sync.wire import Wire

AIGUL = "aigul@example.org"


def test_the_breakdown_of_last_month_is_saved_and_sent_by_e_mail(resident: Program, post: Post) -> None:
    program = resident
    program.go("breakdown")
    program.press("Download as PDF")
    program.until(lambda: program.saved and program.saved[0].exists(), "the paper")
    assert "Серікбаева Айгүл Маратқызы" in pdf_text(program.saved[0].read_bytes())
    program.press("Send to my e-mail")
    program.settled()
    program.until(lambda: post.letters(AIGUL), "the letter")
    letter = post.letters(AIGUL)[-1]
    papers = [part for part in letter.iter_attachments() if part.get_content_type() == "application/pdf"]
    assert len(papers) == 1
    assert "1 120,28" in pdf_text(papers[0].get_content()) or "1,120.28" in pdf_text(papers[0].get_content())


def test_the_monthly_mailing_is_begun_and_stopped_also_without_a_line(
    resident: Program, wire: Wire, post: Post
) -> None:
    program = resident
    program.go("breakdown")
    wire.vanish()
    program.wake()
    program.reads("Offline since")
    program.press("Subscribe to the mailing")
    program.reads("Waiting to be sent: subscribe")
    wire.heal()
    program.wake()
    program.reads(f"The breakdown is sent to {AIGUL} every month.")
    program.settled()
    others = len(post.letters(AIGUL))  # what the kindergarten wrote to the same person
    post.mailing()
    assert len(post.letters(AIGUL)) == others + 1
    program.press("Stop the mailing")
    program.reads("Get this breakdown by e-mail every month, by itself.")
    program.settled()
    assert [mailing.active for mailing in program.mailings()] == [False]


def test_without_a_line_every_paper_is_made_and_says_how_old_it_is(resident: Program, wire: Wire) -> None:
    program = resident
    wire.vanish()
    program.wake()
    program.reads("Offline since")
    program.go("invoice")
    program.choose("Month", "January 2024")
    program.reads("There is no connection: the document shows the data as of 20.02.2024")
    program.press("Save as PDF")
    program.until(lambda: program.saved and program.saved[-1].exists(), "the invoice")
    invoice = pdf_text(program.saved[-1].read_bytes())
    assert "123456" in invoice
    program.go("reconciliation")
    for form, expected in (("By months", 2), ("By documents", 3)):
        program.choose("Form of the act", form)
        program.write("First day of the period", "01.12.2023")
        program.key(Qt.Key.Key_Return)
        program.write("Last day of the period", "31.01.2024")
        program.key(Qt.Key.Key_Return)
        program.press("Download as PDF")
        program.until(partial(is_saved, program, expected), "the act")
        act = pdf_text(program.saved[-1].read_bytes())
        assert "31.01.2024" in act
        program.saved[-1].unlink()
    program.press("Send to my e-mail")
    program.reads(f"Waiting to be sent: the provider will send the document to {AIGUL}.")
    program.reads("1 waiting to be sent")


def is_saved(program: Program, count: int) -> bool:
    """Return whether so many papers were saved, the last one whole."""
    return len(program.saved) == count and program.saved[-1].exists()


def test_days_in_the_wrong_order_are_exchanged_by_one_button(resident: Program) -> None:
    program = resident
    program.go("reconciliation")
    program.write("First day of the period", "31.01.2024")
    program.key(Qt.Key.Key_Return)
    program.write("Last day of the period", "01.12.2023")
    program.key(Qt.Key.Key_Return)
    program.press("Exchange the days")
    program.until(lambda: program.value("First day of the period") == "01.12.2023")
    assert program.value("Last day of the period") == "31.01.2024"


def test_the_breakdown_says_how_old_it_is_in_its_preview(resident: Program, wire: Wire) -> None:
    program = resident
    wire.vanish()
    program.wake()
    program.reads("Offline since")
    program.go("breakdown")
    program.press("Preview")
    program.reads("There is no connection: the document shows the data as of 20.02.2024")
