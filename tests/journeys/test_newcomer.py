"""A newcomer comes in: address, registration, letter, signing in, the balance. And back in after forgetting."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from sqlalchemy import select

from provider.store.tables_utility import account
from tests.fixtures.provider import ProviderServer
from tests.journeys.program import PASSWORD, Program
from tests.journeys.surroundings import Post, pdf_text
from tests.sync.wire import Wire

ADDRESS = "newcomer@example.org"


def test_a_newcomer_registers_and_sees_the_balance(
    start: Callable[..., Program], wire: Wire, post: Post, provider_server: ProviderServer
) -> None:
    with provider_server.database.read() as connection:
        row = connection.execute(select(account).where(account.c.number.like("1000%")).limit(1)).one()
    program = start(known=False)
    program.write("Address of the provider", wire.url + "/")
    program.key(Qt.Key.Key_Return)
    program.reads("No login yet?")
    program.press("Register")
    program.choose("Provider", "Өскемен")
    program.write("Account number", row.number)
    assert program.value("Login") == row.number
    program.press("Register")
    assert program.words().count("This field must be filled in.") == 5
    program.write("IIN", row.code)
    program.write("Surname of the account holder", row.holder.split()[0])
    program.write("E-mail", ADDRESS)
    program.write("Password", "a long password")
    program.write("Password again", "a long password")
    program.until(lambda: program.button("Register").isEnabled())
    program.key(Qt.Key.Key_Return)
    program.reads(f"A letter is on its way to {ADDRESS}")
    program.write("Code from the letter", "not a code at all")
    program.press("Confirm registration")
    program.reads("This link or code was already used, or its time is over.")
    program.write("Code from the letter", post.link(ADDRESS))
    program.press("Confirm registration")
    program.reads("Your registration is confirmed.")
    assert program.value("Login") == row.number
    program.write("Password", "a long password")
    program.key(Qt.Key.Key_Return)
    program.until(lambda: program.window.context.inside is not None, "signing in")
    program.settled()
    program.reads(f"account {row.number}")
    program.reads("Debt: 1,182.10 ₸")
    assert program.settings.get("provider_url") == wire.url


def test_a_forgotten_password_is_replaced_and_the_old_one_refused(start: Callable[..., Program], post: Post) -> None:
    program = start()
    program.press("Forgot your password?")
    program.write("Login or e-mail", "aigul@example.org")
    program.press("Send the letter")
    program.reads("If there is such a login, a letter is on its way.")
    program.write("Code from the letter", post.link("aigul@example.org"))
    program.write("IIN or BIN (tax number in Ukraine)", "850101400120")
    program.write("Account or contract number", "123 456")
    program.write("New password", "entirely new words")
    program.write("Password again", "entirely new word")
    program.press("Set the new password")
    program.reads("differ")
    program.write("Password again", "entirely new words")
    program.press("Set the new password")
    program.reads("The new password is set. Sign in with it.")
    program.write("Login", "123456")
    program.write("Password", PASSWORD)
    program.press("Sign in")
    program.reads("The login or the password is wrong")
    assert program.window.context.inside is None
    program.sign_in("123456", "entirely new words")
    program.reads("Debt: 1,120.28 ₸")
    assert post.text("aigul@example.org").count("http") == 0


def test_wrong_proof_of_ownership_sets_no_password(start: Callable[..., Program], post: Post) -> None:
    program = start()
    program.press("Forgot your password?")
    program.write("Login or e-mail", "123456")
    program.press("Send the letter")
    program.reads("If there is such a login, a letter is on its way.")
    program.write("Code from the letter", post.link("aigul@example.org"))
    program.write("IIN or BIN (tax number in Ukraine)", "850101300125")
    program.write("Account or contract number", "123456")
    program.write("New password", "entirely new words")
    program.write("Password again", "entirely new words")
    program.press("Set the new password")
    program.reads("The details do not match the provider's records.")
    assert program.value("New password") == "entirely new words"


def test_an_unknown_login_gets_the_same_answer_and_no_letter(
    start: Callable[..., Program], post: Post, provider_server: ProviderServer
) -> None:
    program = start()
    program.press("Forgot your password?")
    program.write("Login or e-mail", "nobody@example.org")
    program.press("Send the letter")
    program.reads("If there is such a login, a letter is on its way.")
    assert post.letters("nobody@example.org") == []


def test_my_account_is_found_without_signing_in_with_the_breakdown_of_two_months(start: Callable[..., Program]) -> None:
    program = start()
    look_up(program)
    program.reads("123456")
    program.press("Breakdown of last month")
    program.until(lambda: program.has_button("Save as PDF"))
    assert program.table("Breakdown of charges") == [
        ["Water supply", "677.88", "383.25", "677.88"],
        ["Drainage", "587.50", "616.75", "442.40"],
    ]
    program.reads("Debt 1,120.28 ₸")
    program.press("Previous month")
    program.reads("Debt 854.90 ₸")
    assert program.table("Breakdown of charges") == [
        ["Water supply", "529.20", "665.07", "383.25"],
        ["Drainage", "458.64", "449.90", "471.65"],
    ]
    program.press("Save as PDF")
    program.until(lambda: program.saved and program.saved[0].exists(), "the paper")
    text = pdf_text(program.saved[0].read_bytes())
    assert "123456" in text
    assert "Серікбаева" not in text
    program.press("Register with it")
    program.until(lambda: program.value("Account number") == "123456")


def test_a_wrong_surname_and_a_wrong_flat_get_the_same_sentence(start: Callable[..., Program]) -> None:
    program = start()
    look_up(program, surname="Ахметова")
    program.reads("There is no account with these details, or they do not match the provider's records.")
    first = program.words()
    program.write("Surname of the owner", "Серікбаева")
    program.write("Flat", "44")
    program.press("Find")
    program.until(lambda: program.has_button("Find"))
    assert not program.has_button("Breakdown of last month")
    assert program.words() == first


def test_without_a_line_the_look_up_says_why_it_cannot_be_used(start: Callable[..., Program], wire: Wire) -> None:
    wire.break_("down")
    program = start()
    program.press("Find my account or login (if you forgot it)")
    program.reads("The look-up asks the provider, so it needs a connection, and there is none now.")
    wire.heal()
    program.press("Try again")
    program.until(lambda: program.has_button("Find"))


def look_up(program: Program, surname: str = "Серікбаева") -> None:
    """Type the address of account 123456 and search."""
    program.press("Find my account or login (if you forgot it)")
    program.choose("Provider", "Өскемен")
    program.until(lambda: program.has_button("Find"))
    program.until(lambda: program.streets(), "the streets")
    program.write("Street", "Қазақстан к-сі")
    program.write("House", "12")
    program.write("Building or letter", "А")
    program.write("Flat", "45")
    program.write("Surname of the owner", surname)
    program.key(Qt.Key.Key_Return)


def test_another_provider_offers_its_own_utilities(start: Callable[..., Program], wire: Wire) -> None:
    nowhere = Wire("http://127.0.0.1:9")
    try:
        program = start(provider_url=nowhere.url)
        program.press("Register")
        program.reads("Try again")
        program.press("Back to signing in")
        program.press("Another provider")
        program.write("Address of the provider", wire.url.removeprefix("http://"))
        program.key(Qt.Key.Key_Return)
        program.reads("No login yet?")
        program.press("Register")
        program.choose("Provider", "Өскемен")
    finally:
        nowhere.close()
