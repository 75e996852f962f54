"""The public queue on a computer without a line: the page seen last, with its time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from tests.journeys.kindergarten.town import MOTHER, Town
from tests.journeys.program import PASSWORD, Program
from tests.sync.wire import Wire

BEFORE = "This is the page that you saw last, as it was on 07.09.2026"


def test_the_page_seen_last_stays_readable_after_a_restart_without_a_line(
    start: Callable[..., Program], town: Town, wire: Wire
) -> None:
    town.file("neighbour")
    program = start().enter(MOTHER)
    program.go("queue")
    program.until(lambda: program.table("Public queue"), "the public queue")
    (row,) = program.table("Public queue")
    program.until(lambda: row[0] in program.draft("public-queue"), "the kept page")
    program.close()
    wire.break_("down")
    again = start()
    again.write("Login", MOTHER)
    again.write("Password", PASSWORD)
    again.key(Qt.Key.Key_Return)
    again.until(lambda: again.window.context.inside is not None, "the beginning without a line")
    again.go("queue")
    again.reads(BEFORE)
    assert again.table("Public queue") == [row]
    town.file("son")
    wire.heal()
    again.wake()
    again.press("Try again")
    again.until(lambda: len(again.table("Public queue")) == 2, "the queue of now")
    assert BEFORE not in again.words()


def test_whoever_has_no_login_reads_the_queue_from_the_first_page(
    start: Callable[..., Program], town: Town, wire: Wire
) -> None:
    town.file("neighbour")
    wire.break_("down")
    program = start()
    program.press("The queue for kindergartens, without signing in")
    program.reads("There is no connection to the provider.")
    wire.heal()
    program.press("Try again")
    program.until(lambda: len(program.table("Public queue")) == 1, "the public queue")
    town.file("son")
    program.choose("Kind of queue", "Bulletin")
    program.reads("Nobody waits here.")
    program.choose("Kind of queue", "General")
    program.until(lambda: len(program.table("Public queue")) == 2, "the queue of now")
    program.press("Back to signing in")
    assert program.window.key == "sign_in"
