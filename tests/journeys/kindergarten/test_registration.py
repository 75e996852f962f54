"""Somebody who has nothing but a telephone, an IIN and a child: from registration to a place in the queue."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.kindergarten.line import Line, told
from tests.journeys.kindergarten.steps import fill_place
from tests.journeys.kindergarten.town import CODES, DANA, NEWCOMER, PHONES, SON, Town
from tests.journeys.program import Program
from tests.sync.wire import Wire

PASSWORD = "көл жағасындағы үй"


@pytest.mark.parametrize("way", ["open", "down", "lost"])
def test_a_newcomer_registers_enters_a_child_and_files(
    start: Callable[..., Program], town: Town, wire: Wire, way: str
) -> None:
    program = start()
    line = Line(program, wire, town, way)
    program.press("Register as a parent")
    program.write("Telephone", PHONES[NEWCOMER])
    program.press("Send the code")
    program.reads("Step 1 of 4")  # without consent nothing is sent
    assert town.text_messages(NEWCOMER) == []
    program.tick("Consent")
    ask(program, wire, way, "Send the code", "Code from the SMS")
    program.write("Code from the SMS", town.code(NEWCOMER))
    ask(program, wire, way, "Submit", "IIN or document number")
    program.write("IIN or document number", CODES[NEWCOMER])
    program.press("Go on")
    program.reads("Омарова")
    program.press("Yes, go on")
    program.write("Password", "short")
    program.write("Password again", "short")
    program.press("Save")
    program.until(lambda: "8" in program.words() and program.has_field("Password again"), "the rule of passwords")
    program.write("Password", PASSWORD)
    program.write("Password again", PASSWORD)
    program.press("Save")
    program.reads("Your registration is confirmed.")
    program.write("Password", PASSWORD)
    program.press("Sign in")
    program.until(lambda: program.window.context.inside is not None, "signing in")
    program.settled()
    program.reads("No child has been added yet.")
    enter_child(program, SON.code)
    program.reads("By the register you are neither parent nor legal representative of this child")
    assert SON.given_name not in program.words()
    program.press("Cancel")
    enter_child(program, DANA.code[:-1] + str((int(DANA.code[-1]) + 1) % 10))
    program.until(lambda: not program.has_button("Save"), "no child of a mistyped IIN")
    program.press("Cancel")
    enter_child(program, DANA.code)
    program.reads("17.12.2022")
    line.step(lambda: program.press("Save"), waits="not yet with the department")
    program.reads("Омарова Дана Ерланқызы")
    (child,) = town.column("SELECT id FROM child WHERE iin = :iin", iin=DANA.code)
    town.children["dana"] = child
    program.press("Add an application: Омарова Дана Ерланқызы")
    program.tick("General queue (voucher)")
    program.press("Next")
    fill_place(program)
    program.press("Next")
    program.tick("Consent")
    line.step(lambda: program.press("File the application"), waits="not yet filed")
    assert town.state("dana") == "queued"
    told(program)
    program.go("children")
    program.reads("Number 1")


def ask(program: Program, wire: Wire, way: str, words: str, field: str) -> None:
    """Press a button that needs the line; where it is broken a sentence says so, and one presses it again."""
    if way != "open":
        wire.break_(way)
        program.press(words)
        program.until(lambda: program.has_button(words), "the answer")
        program.reads("connection")
        wire.heal()
    program.press(words)
    program.until(lambda: program.has_field(field), f"the field “{field}”")


def enter_child(program: Program, code: str) -> None:
    """Begin to enter a child by its IIN."""
    program.press("Add a child")
    program.write("IIN of the child", code)
    program.press("Check the IIN")
