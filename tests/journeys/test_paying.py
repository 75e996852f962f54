"""Paying: amounts are edited, totals hold, the payment page opens with the right sum, the payment comes back."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt

from provider.services.catalogue import load_catalogue
from provider.services.payments import Payment, book_payment
from tests.fixtures.provider import ProviderServer
from tests.journeys.program import Program

AMOUNT = "Amount to pay, WATER SUPPLY (account 123456)"


def test_the_amounts_are_edited_and_handed_over_with_the_right_sum(resident: Program) -> None:
    program = resident
    program.go("pay")
    assert program.value(AMOUNT) == "677.88"
    program.write(AMOUNT, "300,5")
    program.key(Qt.Key.Key_Tab)
    assert program.value(AMOUNT) == "300.50"
    program.reads("742.90 ₸")
    for figure in ("With commission", "3,125.02 ₴", "12.95 ₴", "3,137.97 ₴"):
        program.reads(figure)
    program.press("Continue")
    program.press("Open the payment page of МКК «Өскемен Водоканал»")
    assert program.links == ["https://pay.vodokanal.example/?account=123456&period=2024-01&amount=742.90"]
    program.reads("✓ Opened in the browser")
    program.press("Back")
    program.until(lambda: program.has_field(AMOUNT), "the amounts")
    assert program.value(AMOUNT) == "300.50"


def test_a_wrong_amount_is_refused_in_words(resident: Program) -> None:
    program = resident
    program.go("pay")
    program.write(AMOUNT, "3x")
    program.press("Continue")
    assert not program.has_button("Open the payment page of МКК «Өскемен Водоканал»")
    assert program.value(AMOUNT) == "3x"
    program.reads("This is not an amount. Type it in figures, such as 1250 or 1250,50.")


def test_a_payment_made_elsewhere_appears_after_the_exchange(
    resident: Program, provider_server: ProviderServer
) -> None:
    program = resident
    program.reads("Debt: 1,120.28 ₸")
    view = program.view("123456")
    database = provider_server.database
    with database.read() as connection:
        catalogue = load_catalogue(connection, view.provider.id)
    with database.change() as unit:
        book_payment(
            unit,
            catalogue,
            Payment(view.account.id, ((None, 100_000),), "online", date(2024, 2, 20), key="pay-1", purpose="Су"),
        )
    program.reads("Debt: 120.28 ₸")
    assert [e.amount_minor for e in program.view("123456").entries if e.business_date == date(2024, 2, 20)] == [
        -67_788,
        -32_212,
    ]
