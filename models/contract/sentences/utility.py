"""Sentences of the utility: readings, money, requests and prices."""

from __future__ import annotations

from typing import Final

from models.contract.sentences.values import Sentence
from translations import N_

SENTENCES: Final[dict[str, Sentence]] = {
    # Readings
    "reading-not-a-number": N_("This is not a reading. Type the digits that the meter shows; nothing was recorded."),
    "reading-too-long": N_(
        "The reading has more digits than the meter. Check it and type it again; nothing was recorded."
    ),
    "reading-went-down": N_(
        "The reading is lower than the last one, {last} on {on}. Check the digits; if the meter was replaced, tell the "
        "provider. Nothing was recorded."
    ),
    "reading-in-future": N_("The day of the reading is in the future. Choose today or an earlier day."),
    "reading-outside-window": N_(
        "Readings are not taken on this day of the month. Enter the reading when the window is open."
    ),
    "reading-rolled-over": N_(
        "The reading is lower than the last one, {last}. Did the meter pass its highest number and begin again, so "
        "that {volume} was consumed?"
    ),
    "reading-unusual": N_("This consumption is unusually high: {volume}. Did you read the meter correctly?"),
    "reading-zero-again": N_("Nothing was consumed this time either. Did you read the meter correctly?"),
    "reading-before-last": N_(
        "There is a later reading already, of {on}. Choose that day or a later one; nothing was recorded."
    ),
    "reading-impossible": N_(
        "So much cannot have flowed through this meter: {volume}. Check the digits and type the reading again; nothing "
        "was recorded."
    ),
    "meter-unknown": N_(
        "There is no such meter on this account, so the reading was not accepted. Check the meter's number."
    ),
    "meter-removed": N_(
        "This meter has been removed, so the reading was not accepted. Choose the meter that works now."
    ),
    # Money
    "amount-not-a-number": N_("This is not an amount. Type it in figures, such as 1250 or 1250,50."),
    "amount-not-positive": N_("The amount must be above zero. Nothing was recorded."),
    "amount-too-large": N_("The amount is too large. Check it and type it again; nothing was recorded."),
    "amount-tendered-too-small": N_("The money given is less than the amount to pay. Nothing was recorded."),
    "amount-currency": N_("The currency is not the provider's, so a person at the provider will look at this payment."),
    "ledger-unbalanced": N_(
        "The parts of this document do not sum to zero; the difference is {difference_minor}. Nothing was posted; tell "
        "the provider's support."
    ),
    "receipt-number-used": N_(
        "This receipt number was used before, so a person at the provider will look at this payment. The money counts."
    ),
    "account-closed": N_("This account is closed. Ask the provider which account replaces it."),
    # Requests
    "request-state": N_(
        "Request {number} is not in a state that allows this step. Nothing was changed; look at it again."
    ),
    # Payments at the counter
    "account-without-services": N_(
        "The account receives no service of this provider. The money is kept as an unidentified payment until a person "
        "at the provider assigns it."
    ),
    "payment-unknown": N_("The provider has no such payment. Nothing was changed; sync and look for it again."),
    "payment-reversed": N_("This payment was taken back before. Nothing was changed."),
    "payment-assigned": N_(
        "This payment has been assigned to an account by a person at the provider, so only they can take it back. "
        "Nothing was changed."
    ),
    # Paying
    "pay-nothing": N_("Enter an amount above zero for at least one service; nothing was handed over."),
    "pay-part-not-allowed": N_("{provider} does not take part of a bill: pay {due_minor} or leave the service out."),
    # Prices
    "tariff-missing": N_(
        "There is no price for this service on {day}, so it was not charged. Enter the tariff and charge the account "
        "again."
    ),
    "norm-missing": N_(
        "The tariff of this service has no norm on {day}, so it was not charged. Enter the norm and charge the account "
        "again."
    ),
    "tariff-not-a-number": N_(
        "The tariff from {from_day} contains something that is not a number. Correct it; nothing was changed."
    ),
    "tariff-negative": N_("The tariff from {from_day} is below zero. Correct it; nothing was changed."),
    "tariff-tiers": N_(
        "The limits of the tariff from {from_day} do not rise, or its last step is limited. Correct them; nothing was "
        "changed."
    ),
    "tariff-ends-early": N_(
        "The tariff from {from_day} ends before it begins. Correct the dates; nothing was changed."
    ),
    "tariff-overlap": N_(
        "The tariff from {from_day} begins before the one before it ends. Correct the dates; nothing was changed."
    ),
}
