"""What a person reads for a problem: one or two whole sentences in the language in force.

A sentence says what is wrong, what happened to the data and what to do next. Problems carry only a code and plain
values (:class:`models.domain.problems.Problem`), so that the reader's language decides, wherever the problem arose.
Everyone who raises a new code adds its sentence here and the translations in their own catalogues.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from models.domain.problems import Problem
from translations import N_, _, formats, n_

Values = Mapping[str, str | int]

_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO_MONTH: Final = re.compile(r"\d{4}-\d{2}")


def sentence(problem: Problem) -> str:
    """Return what ``problem`` means for a person, in the language in force.

    Values are formatted first: keys ending in ``_minor`` as money in the currency under ``currency``, ISO days and
    months as the language writes them. ``direct`` among them means that the person waits for the answer. A code without
    a sentence gets an honest general one that names the code, so that a newer provider never leaves an older client
    speechless.
    """
    entry = (DIRECT.get(problem.code) if problem.values.get("direct") else None) or SENTENCES.get(problem.code)
    if entry is None:
        return _(
            "This could not be done, and this version of the program has no explanation for it (code {code}). "
            "Nothing was lost; update the program or ask the provider."
        ).format(code=problem.code)
    if callable(entry):
        return entry(problem.values)
    return _(entry).format_map(_Shown(problem.values))


def shown(key: str, values: Values) -> str:
    """Return the value under ``key`` as a sentence shows it, "…" when it is missing."""
    value = values.get(key)
    if value is None:
        return "…"
    if key.endswith("_minor") and isinstance(value, int):
        currency = values.get("currency")
        return formats.money(value, str(currency)) if currency else formats.amount(value)
    text = str(value)
    try:
        if _ISO_DAY.fullmatch(text):
            return formats.day(date.fromisoformat(text))
        if _ISO_MONTH.fullmatch(text):
            return formats.month(date.fromisoformat(f"{text}-01"))
    except ValueError:
        pass  # It only looked like a date: show it as it came.
    return text


class _Shown(dict[str, str]):
    """Values of a problem, formatted when a sentence asks for them."""

    def __init__(self, values: Values) -> None:
        super().__init__()
        self._values = values

    def __missing__(self, key: str) -> str:
        return shown(key, self._values)


def _count(values: Values, key: str, otherwise: int = 0) -> int:
    value = values.get(key, otherwise)
    return value if isinstance(value, int) else otherwise


def _too_many_attempts(values: Values) -> str:
    minutes = max(1, -(-_count(values, "retry_after", 60) // 60))
    return n_(
        "Too many attempts. Wait {count} minute and try again; nothing is locked.",
        "Too many attempts. Wait {count} minutes and try again; nothing is locked.",
        minutes,
    ).format(count=minutes)


def _password_too_short(values: Values) -> str:
    count = _count(values, "minimum", 8)
    return n_(
        "The new password is too short: it needs at least {count} character.",
        "The new password is too short: it needs at least {count} characters.",
        count,
    ).format(count=count)


def _password_too_long(values: Values) -> str:
    count = _count(values, "maximum", 64)
    return n_(
        "The new password is too long: at most {count} character is allowed.",
        "The new password is too long: at most {count} characters are allowed.",
        count,
    ).format(count=count)


def _text_too_long(values: Values) -> str:
    count = _count(values, "maximum", 2000)
    return n_(
        "The text is too long: at most {count} character fits. Shorten it and try again.",
        "The text is too long: at most {count} characters fit. Shorten it and try again.",
        count,
    ).format(count=count)


SENTENCES: Final[dict[str, str | Callable[[Values], str]]] = {
    # The way to the provider
    "offline": N_(
        "There is no connection to the provider. What you entered is kept on this computer and will be sent by itself "
        "when the connection is back."
    ),
    "provider-slow": N_(
        "The provider takes too long to answer. What you entered is kept on this computer and will be sent again by "
        "itself."
    ),
    "provider-unavailable": N_(
        "The provider's server cannot answer now. What you entered is kept on this computer; try again later."
    ),
    "not-a-provider": N_(
        "A web page answered instead of the provider: this network may ask you to sign in first. Open a browser, sign "
        "in to the network and try again; what you entered is kept on this computer."
    ),
    "wrong-address": N_(
        "There is no provider at this address. Check the address of the provider and try again; nothing was sent."
    ),
    "certificate-refused": N_(
        "The provider could not prove who it is, so nothing was sent. Check the date of this computer and the network, "
        "then try again."
    ),
    "truncated-answer": N_(
        "The provider's answer broke off half-way. Nothing from it was kept, and the program will ask again by itself."
    ),
    "damaged-answer": N_(
        "The provider's answer arrived damaged. Nothing from it was kept, and the program will ask again by itself."
    ),
    "unexpected-answer": N_(
        "The provider answered something that this program does not understand. What you entered is kept on this "
        "computer; try again later or update the program."
    ),
    "server-error": N_("Something failed at the provider. What you entered is kept on this computer; try again later."),
    "too-large": N_("This is too large to send at once. Send it in smaller parts; nothing was lost."),
    "bad-request": N_(
        "The provider did not accept the form of these data. Nothing was changed; check the input and try again."
    ),
    "not-found": N_("There is no such record, or you have no access to it. Nothing was changed."),
    # Signing in, registering, recovering
    "wrong-password": N_("The login or the password is wrong. Check both and try again."),
    "not-confirmed": N_(
        "This registration is not confirmed yet. Open the first link of the letter that we sent to your e-mail "
        "address, then sign in."
    ),
    "signed-out": N_(
        "You are signed out. Sign in again; what you entered is kept on this computer and will be sent then."
    ),
    "lease-expired": N_(
        "This computer has not been in touch with the provider for too long, so the data are locked. Connect and sign "
        "in to open them; nothing was lost."
    ),
    "too-many-attempts": _too_many_attempts,
    "too-busy": N_("Too many people are signing in at this moment. Wait a little and try again; nothing is locked."),
    "unknown-account": N_(
        "There is no account with these details, or they do not match the provider's records. Check every field and "
        "try again."
    ),
    "device-of-another": N_(
        "This cabinet was made on this computer for another person. Open your own cabinet, or make a new one, and "
        "sign in there; nothing was changed."
    ),
    "device-revoked": N_(
        "Access from this device was withdrawn. Sign in again to enrol it; what you entered is kept on this computer."
    ),
    "step-up-required": N_("For this the provider wants your password once more. Sign in again and repeat it."),
    "link-spent": N_(
        "This link or code was already used, or its time is over. Ask for a new letter; nothing was changed."
    ),
    "details-differ": N_(
        "The details do not match the provider's records. Nothing was changed; check them and try again."
    ),
    "current-password-wrong": N_("The current password is wrong, so the password was not changed. Type it again."),
    "password-too-short": _password_too_short,
    "password-too-long": _password_too_long,
    "password-common": N_("This password is too easy to guess. Choose another one, for instance several words."),
    "password-is-login": N_("The password must not be your login or your e-mail address. Choose another one."),
    "passwords-differ": N_("The two passwords differ. Type the same one twice."),
    "password-same": N_("The new password is the same as the current one. Choose another one."),
    "email-invalid": N_("This is not an e-mail address. Check it; it looks like name@example.org."),
    "email-same": N_("This is already your e-mail address. Nothing was changed."),
    "phone-invalid": N_("This is not a telephone number. Write it with the country code, such as +7 701 234 56 78."),
    "language-unknown": N_(
        "The provider does not write in this language. Choose one of the list; nothing was changed."
    ),
    "field-required": N_("This field must be filled in."),
    "field-invalid": N_("This value does not fit the field. Check it and try again; nothing was changed."),
    "text-too-long": _text_too_long,
    "text-not-allowed": N_("The text contains characters that cannot be kept. Type it again without them."),
    # Access
    "no-access": N_(
        "You have no access to this account any more, so the provider did not accept it. What you entered is kept "
        "under “Needs your attention”; ask the provider."
    ),
    "no-access-at-all": N_("No account is connected with your login yet. Ask the provider to connect it."),
    "not-allowed": N_("Your role does not allow this. Nothing was changed; ask the person who manages access."),
    # This computer
    "disk-full": N_(
        "There is no free space on this disk, so the entry was not recorded. Free some space and enter it again; what "
        "was recorded before is safe."
    ),
    "disk-failed": N_(
        "The disk could not keep the entry, so it was not recorded. Check the disk and enter it again; what was "
        "recorded before is safe."
    ),
    "folder-not-writable": N_(
        "This folder cannot be written to, so nothing was saved. Choose another folder and try again."
    ),
    "cache-damaged": N_(
        "The local copy of the data was damaged and was set aside. The program fetches it from the provider again; "
        "what you entered and had not sent is kept."
    ),
    "journal-damaged": N_(
        "A part of the record of your entries cannot be read. Everything readable was kept and will be sent; compare "
        "the list of waiting entries with your notes."
    ),
    "profile-in-use": N_(
        "This cabinet is already open in another window or by another program. Use that one, or close it and try again."
    ),
    "profile-newer": N_(
        "This cabinet was written by a newer version of the program. Update the program; nothing was changed."
    ),
    "profile-locked": N_("This cabinet is locked. Enter the password to open it; nothing was lost."),
    "profile-wrong-password": N_("The password does not open this cabinet. Try again; nothing was changed."),
    "keyring-unavailable": N_(
        "The password store of this computer does not answer. Open the cabinet with your password; nothing was lost."
    ),
    # Sync
    "server-restored": N_(
        "The provider was restored from a backup. The program fetches everything again and re-sends what the provider "
        "lacks; you need not do anything."
    ),
    "device-forked": N_(
        "This cabinet was copied or restored from a backup, so the provider no longer accepts it as this device. Sign "
        "in again to enrol it anew; what you entered is kept and will be sent then."
    ),
    "client-too-old": N_(
        "This version of the program is too old for the provider. Update the program; what you entered is kept on this "
        "computer and will be sent then."
    ),
    "provider-too-old": N_(
        "The provider's server is older than this program and does not understand it yet. What you entered is kept on "
        "this computer; try again later."
    ),
    "cursor-too-old": N_(
        "This computer was away for so long that the program fetches all data again. What you entered is kept."
    ),
    "id-reused": N_(
        "The provider already has another entry under the same number, so this one was not accepted. It is kept under "
        "“Needs your attention”; enter it once more."
    ),
    "bad-signature": N_(
        "The provider could not verify that this entry comes from this device, so it was not accepted. It is kept "
        "under “Needs your attention”; enter it once more."
    ),
    "order-broken": N_(
        "Entries of this device are missing at the provider, so this one has to wait. The program sends the missing "
        "ones by itself."
    ),
    "unknown-kind": N_(
        "The provider does not know this kind of entry, so it was not accepted. It is kept under “Needs your "
        "attention”; ask the provider."
    ),
    "waits-for-another": N_("This entry waits for another one that it depends on. Nothing needs to be done."),
    "depends-on-refused": N_(
        "The entry that this one depends on was not accepted, so this one was not either. Correct the first one, then "
        "enter this one again."
    ),
    "changed-meanwhile": N_(
        "Somebody changed the same data meanwhile, so yours were not stored. Look at both versions and decide again."
    ),
    "already-sent": N_(
        "This entry has already been sent, so it cannot be withdrawn. The provider's answer is on its way."
    ),
    "not-waiting": N_("This entry is no longer waiting, so there is nothing to withdraw."),
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
    # Requests, papers, mailing
    "request-state": N_(
        "Request {number} is not in a state that allows this step. Nothing was changed; look at it again."
    ),
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
    "no-email": N_(
        "Your e-mail address is not confirmed, so nothing can be sent to it. Confirm the address in your profile, then "
        "try again."
    ),
    "document-unknown": N_("The provider does not make this kind of document. Nothing was sent."),
    "period-invalid": N_("This is not a month. Choose a month from the list."),
    "period-in-future": N_("There are no data for this month yet. Choose an earlier month."),
    "dates-reversed": N_("The first day of the period is after the last one. Exchange them and try again."),
    "dates-too-far-apart": N_("The period is too long. Choose at most five years."),
    "no-data": N_("There are no data for this period. Choose another one."),
    # Codes of people and firms
    "iin-invalid": N_("This is not an IIN: it has 12 digits, and the last one follows from the others. Check it."),
    "bin-invalid": N_("This is not a BIN: it has 12 digits, and the last one follows from the others. Check it."),
    "edrpou-invalid": N_(
        "This is not an EDRPOU code: it has 8 digits, and the last one follows from the others. Check it."
    ),
    "rnokpp-invalid": N_(
        "This is not a RNOKPP tax number: it has 10 digits, and the last one follows from the others. Check it."
    ),
    "iban-invalid": N_("This is not an IBAN: a letter or a digit is wrong or missing. Check it against the contract."),
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
    # The resident's screens
    "pay-nothing": N_("Enter an amount above zero for at least one service; nothing was handed over."),
    "pay-part-not-allowed": N_("{provider} does not take part of a bill: pay {due_minor} or leave the service out."),
    "others-depend": N_("Other entries wait for this one, so it stays. Withdraw those first; nothing was changed."),
    "money-stays": N_("Money that was taken is not withdrawn. Reverse the payment instead; nothing was changed."),
    "work-waits": N_(
        "Some entries have not been sent yet. Connect and send them first, or sign out all the same: they stay on this "
        "computer and are sent after the next sign-in."
    ),
    "another-person": N_(
        "This cabinet still holds unsent entries of another person. Let that person sign in and send them, or use a "
        "cabinet of your own; nothing was changed."
    ),
    "document-not-made": N_(
        "The document could not be made. Your data are safe; try again, and if it repeats, tell support."
    ),
    "disk-full-file": N_(
        "There is no free space on this disk, so the document was not saved. Free some space or choose another folder."
    ),
    "cache-not-readable": N_(
        "The data on this computer could not be read. Nothing was lost; try again, and if it repeats, restart the "
        "program."
    ),
}
"""The sentence of each code: English with ``{named}`` values, or a function of the values where a number counts."""


DIRECT: Final[Mapping[str, str]] = {
    "offline": N_(
        "There is no connection to the provider. Check the network and try again; what you typed is still here."
    ),
    "provider-slow": N_("The provider takes too long to answer. Try again in a moment; what you typed is still here."),
    "provider-unavailable": N_(
        "The provider's server cannot answer now. Try again later; what you typed is still here."
    ),
    "not-a-provider": N_(
        "A web page answered instead of the provider: this network may ask you to sign in first. Open a browser, sign "
        "in to the network and try again; what you typed is still here."
    ),
    "truncated-answer": N_("The provider's answer did not arrive whole. Try again; what you typed is still here."),
    "damaged-answer": N_("The provider's answer did not arrive whole. Try again; what you typed is still here."),
    "unexpected-answer": N_(
        "The provider answered something that this program does not understand. Try again later or update the program."
    ),
    "server-error": N_("Something failed at the provider. Try again later; what you typed is still here."),
}
"""What is said instead to a person who waits for the answer: signing in, registering, looking up. Nothing is queued."""
