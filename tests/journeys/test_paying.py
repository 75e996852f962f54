"""Paying: amounts are edited, totals hold, the payment page opens with the right sum, the payment comes back."""

from __future__ import annotations

from datetime import date

from provider.services.catalogue import load_catalogue
from provider.services.payments import Payment, book_payment
from tests.fixtures.provider import ProviderServer
from tests.journeys.program import Program


def test_the_amounts_are_edited_and_handed_over_with_the_right_sum(resident: Program) -> None:
    program = resident
    program.go("pay")
    print("\n>>", program.words(), program.fields(), program.texts())


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
    program.go("accounts")
    print("\n>>", program.words())
