"""What a person keeps: words typed while language and colours change, the place after a restart, address, password."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from tests.journeys.program import PASSWORD, Program
from tests.journeys.surroundings import Post
from tests.sync.wire import Wire

AIGUL = "aigul@example.org"
WATER = "Water supply, meter 04518237, reading now"


def test_language_and_colours_change_in_the_middle_of_work_and_lose_nothing(resident: Program) -> None:
    program = resident
    program.go("my_data")
    program.press("Ask for a correction")
    program.write("What it should be", "4")
    program.write("Explanation", "Бала туды: 3 мамыр")
    program.go("readings")
    program.write(WATER, "147,5")
    for language, title in (("kk", "Көрсеткіштер"), ("uk", "Показники"), ("ru", "Показания")):
        program.press({"kk": "Қазақша", "uk": "Українська", "ru": "Русский"}[language])
        program.reads(title)
        assert program.texts().count("00147,50") == 1
    program.press("English")
    program.key(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    program.application.context.bridge.theme.emit("dark")
    program.until(lambda: program.settings.get("theme") == "dark" and program.has_field(WATER), "dark colours")
    assert program.value(WATER) == "00147,50"
    program.go("my_data")
    assert program.value("What it should be") == "4"
    assert program.value("Explanation") == "Бала туды: 3 мамыр"
    assert program.client.waiting() == []


def test_the_program_begins_again_where_it_ended(start: Callable[..., Program], wire: Wire) -> None:
    program = start().sign_in("123456")
    program.window.resize(780, 700)
    program.go("readings")
    program.write(WATER, "147,5")
    program.key(Qt.Key.Key_Return)
    program.until(lambda: "147,50" in program.draft("readings"), "the draft")
    program.go("my_data")
    program.press("Ask for a correction")
    program.write("What it should be", "4")
    program.until(lambda: "4" in program.draft("my_data"), "the draft")
    program.go("readings")
    size = program.window.size()
    program.close()
    wire.vanish()
    again = start()
    again.application.open_last()
    again.until(lambda: again.window.context.inside is not None, "opening")
    again.until(lambda: again.has_field(WATER), "the readings")
    assert again.window.size() == size
    assert again.window.key == "readings"
    again.until(lambda: again.value(WATER) == "00147,50", "the draft")
    again.go("my_data")
    again.until(lambda: again.has_field("What it should be"), "the open request")
    assert again.value("What it should be") == "4"
    again.reads("Offline since")


def test_a_new_address_confirms_and_the_old_one_is_told(resident: Program, post: Post) -> None:
    program = resident
    program.go("settings")
    program.write("New e-mail", "new@example.org")
    program.write("Your password", "not my password")
    program.press("Change e-mail")
    program.reads("The password does not open this cabinet.")
    program.write("Your password", PASSWORD)
    program.press("Change e-mail")
    program.reads("A letter went to new@example.org.")
    link = post.link("new@example.org")
    before = len(post.letters(AIGUL))
    program.write("Code from the letter", link)
    program.press("Confirm the new e-mail")
    program.reads("Your e-mail is new@example.org.")
    assert len(post.letters(AIGUL)) >= max(1, before)
    assert "new@example.org" not in post.text(AIGUL)


def test_a_new_password_opens_the_data_here_also_without_a_line(start: Callable[..., Program], wire: Wire) -> None:
    program = start().sign_in("123456")
    program.go("settings")
    program.write("Current password", PASSWORD)
    program.write("New password", "an entirely new one")
    program.write("Password again", "an entirely new one")
    program.press("Change password")
    program.reads("The password is changed.")
    program.close()
    wire.vanish()
    again = start()
    again.write("Login", "123456")
    again.write("Password", PASSWORD)
    again.key(Qt.Key.Key_Return)
    again.reads("There is no connection")
    assert again.window.context.inside is None
    again.write("Password", "an entirely new one")
    again.key(Qt.Key.Key_Return)
    again.reads("You are signed in as 123456.")
    again.reads("Offline since")
    again.go("overview")
    again.reads("Debt: 1,120.28 ₸")


@pytest.mark.parametrize("language", ["kk", "ru", "uk"])
def test_signing_in_and_the_balance_in_every_language(start: Callable[..., Program], language: str) -> None:
    program = start(language=language)
    fields = program.fields()
    program.write(fields[0], "123456")
    program.write(fields[1], PASSWORD)
    program.key(Qt.Key.Key_Return)
    program.reads("1 120,28 ₸")
