"""What a parent does on the screens, by the keyboard, as several journeys need it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtWidgets import QDialog

from models.domain.admissions.states import Actor, Event
from tests.journeys.kindergarten.line import BLOBS, COMMANDS, Line
from tests.journeys.program import Program
from tests.journeys.surroundings import pdf_text

CHILD = "Алыбай Алдияр"
CONTRACT_PAPERS = (
    "Medical certificate 027/u",
    "Birth certificate",
    "Identity card of a parent",
    "Child's health passport 052-2/u",
    "Vaccination card 065/u",
)


def begin_application(program: Program, queue: str) -> None:
    """Begin an application for the child in a queue, as far as the end of its first page."""
    program.go("applications")
    program.press("Add an application")
    program.choose("Child", CHILD)
    program.tick(queue)


def file_general(program: Program, line: Line) -> None:
    """File an application for the general queue."""
    begin_application(program, "General queue (voucher)")
    program.press("Next")
    fill_place(program)
    program.press("Next")
    send(program, line)


def file_special(program: Program, line: Line, conclusion: Path) -> None:
    """File an application for the special queue with the conclusion of the commission."""
    begin_application(program, "Special queue (voucher)")
    program.choose("Type of correction", "Speech")
    program.press("Next")
    fill_place(program)
    program.opens = conclusion
    program.press("Attach a document")
    program.reads(conclusion.name)
    program.choose("Kindergarten", "Тілашар")
    program.press("Next")
    send(program, line)


def file_bulletin(program: Program, line: Line) -> None:
    """File an application for the bulletin."""
    begin_application(program, "Bulletin of free places (referral)")
    program.press("Next")
    fill_place(program)
    program.press("Next")
    send(program, line)


def fill_place(program: Program) -> None:
    """Choose where and in which language."""
    program.choose("Locality", "Kokshetau")
    program.tick("Kazakh")


def send(program: Program, line: Line) -> None:
    """Agree to the terms and file."""
    program.tick("Consent")
    line.step(lambda: program.press("File the application"), waits="not yet filed")


def open_application(program: Program, words: str = CHILD) -> None:
    """Open the child's application from the list, or the one whose row has these words in it."""
    program.go("applications")
    program.open_row("Applications", words)


def take_voucher(program: Program, line: Line) -> None:
    """Confirm the interest in a voucher that has been issued."""
    program.reads("Voucher issued: confirm your interest")
    program.press("Yes, I take the voucher")
    program.reads("Then you have until")
    line.step(lambda: program.press("Yes, I take the voucher"))


def choose_group(program: Program, line: Line, language: str, group: str) -> None:
    """Choose a group of a kindergarten with the voucher."""
    program.press("Choose a kindergarten")
    program.pick("Kindergartens with free places", language)
    program.press(f"Choose this group: {group}")
    program.reads("is held for you")
    line.step(lambda: program.press("Choose this group"))


def attach_papers(program: Program, line: Line, papers: Mapping[str, Path]) -> None:
    """Attach what a contract needs, each over a line that breaks in another place."""
    program.press("Documents")
    for number, (kind, file) in enumerate(papers.items()):
        program.choose("Kind of document", kind)
        program.opens = file
        if number < 2:
            line.step(lambda: program.press("Attach a document"), only=(COMMANDS, BLOBS)[number])
        else:
            line.plain(lambda: program.press("Attach a document"))


def conclude(program: Program, line: Line, papers: Mapping[str, Path]) -> None:
    """Let the kindergarten send the contract, read it, sign it with its papers, and let the kindergarten sign it."""
    town = line.town
    town.later(hours=3)
    town.act("kindergarten", Event.SEND_CONTRACT, Actor.KINDERGARTEN, town.application().id)
    program.wake()
    program.reads("Read the contract, attach the documents and sign it by")
    attach_papers(program, line, papers)
    program.press("Information")
    read = read_contract(program, next(iter(papers.values())).parent)
    assert town.application().voucher_number in read
    sign(program, line, "Sign the contract", town.code)
    assert town.state() == "contract-org-sign"
    program.reads("signs. Then your child is enrolled.")
    signed = read_contract(program, next(iter(papers.values())).parent)
    assert "signed with a one-time code" in signed
    assert fingerprint(signed) == fingerprint(read)
    town.later(hours=1)
    town.act("kindergarten", Event.SIGN_ORG, Actor.KINDERGARTEN, town.application().id, signature="code")
    program.wake()
    program.reads("Your child is enrolled:")
    assert town.state() == "enrolled"
    done = read_contract(program, next(iter(papers.values())).parent)
    assert done.count("signed with a one-time code") == 2
    assert fingerprint(done) == fingerprint(read)


def read_contract(program: Program, folder: Path) -> str:
    """Open the contract, save it as a file, and return its words."""
    program.press("Read the contract")
    return save_paper(program, folder)


def fingerprint(words: str) -> str:
    """Return the fingerprint that a contract on paper bears."""
    found = re.search(r"Fingerprint of the contract: ((?:[0-9a-f]{4} ?){4})", words)
    assert found is not None, words
    return found.group(1)


def save_paper(program: Program, folder: Path) -> str:
    """Save the paper that is shown in its own window, close it, and return its words."""
    program.save_to = folder / f"saved-{len(program.saved)}"
    program.save_to.mkdir()
    program.click("Save as PDF")
    program.until(lambda: str(program.save_to) in program.words(), "the saved paper")
    for window in program.shown(QDialog):
        window.close()
    return " ".join(pdf_text(program.saved[-1].read_bytes()).split())


def sign(program: Program, line: Line, verb: str, code: Callable[[], str]) -> None:
    """Sign an act by a one-time code from the telephone, which ``code`` gives once it has come."""
    program.press(verb)
    program.press("Send the code")
    program.reads("The code arrives within")
    program.write("Code from the SMS", code())
    line.step(lambda: program.press(verb))


def make_papers(folder: Path, *kinds: str) -> dict[str, Path]:
    """Return a picture for each of these documents."""
    from PIL import Image

    found = {}
    for number, kind in enumerate(kinds):
        found[kind] = folder / f"paper-{number}.png"
        Image.new("RGB", (60, 80), (40 * number, 90, 120)).save(found[kind])
    return found
