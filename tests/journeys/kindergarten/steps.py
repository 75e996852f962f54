"""What a parent does on the screens, by the keyboard, as several journeys need it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.journeys.kindergarten.line import BLOBS, COMMANDS, Line
from tests.journeys.program import Program

CHILD = "Алыбай Алдияр"


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


def fill_place(program: Program) -> None:
    """Choose where and in which language."""
    program.choose("Locality", "Kokshetau")
    program.tick("Kazakh")


def send(program: Program, line: Line) -> None:
    """Agree to the terms and file."""
    program.tick("I have read the terms and agree to the use of the data of the child and mine")
    line.step(lambda: program.press("File the application"), waits="not yet filed")


def open_application(program: Program) -> None:
    """Open the child's newest application from the list."""
    program.go("applications")
    program.open_row("Applications", CHILD)


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
            line.step(lambda: program.press("Attach a document"), waits="", only=(COMMANDS, BLOBS)[number])
        else:
            line.plain(lambda: program.press("Attach a document"))


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
