"""What a command is called and about, for lists and notices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from models.contract import commands
from models.contract.sentences import sentence
from models.domain.meters import Register
from models.domain.problems import Problem
from translations import N_, _, formats
from ui.waiting.admission_words import admission_detail, admission_title

STATES: Final = {
    "waiting": N_("Waiting to be sent"),
    "sending": N_("Being sent"),
    "held": N_("Waits for another entry"),
    "refused": N_("Refused"),
    "suspense": N_("The provider decides"),
    "conflict": N_("Changed by somebody else"),
}
TONES: Final = {
    "waiting": "pending",
    "sending": "accent",
    "held": "pending",
    "refused": "danger",
    "suspense": "warning",
    "conflict": "danger",
}
ITEMS: Final = {
    "residents": N_("Number of residents"),
    "area": N_("Area"),
    "privileges": N_("Privileges"),
    "holder": N_("Account holder"),
    "address": N_("Address"),
    "other": N_("Something else"),
}
DOCUMENTS: Final = {
    "invoice": N_("bill"),
    "breakdown": N_("breakdown of charges"),
    "reconciliation": N_("reconciliation act"),
}


STAYS: Final = {
    "already-sent": N_("It may already have reached the provider, so it can no longer be withdrawn."),
    "money-stays": N_("Money that was taken is not withdrawn; reverse the payment instead."),
    "others-depend": N_("Another entry waits for this one; withdraw that one first."),
}


def stays_words(problem: Problem) -> str:
    """Return why an entry cannot be withdrawn, in words that stand beside it."""
    return _(STAYS[problem.code]) if problem.code in STAYS else sentence(problem)


def waits_for_document(item: Any) -> bool:
    """Return whether an entry is with the provider, which waits for a document of it."""
    return item.state == "held" and [problem.code for problem in item.problems] == ["blob-missing"]


def standing(item: Any) -> str:
    """Return how an entry stands, in words."""
    return _("Waits for its document") if waits_for_document(item) else state_words(item.state)


def is_unseen(item: Any) -> bool:
    """Return whether an entry was refused because the person does not see what it is about."""
    return item.state == "refused" and any(problem.code in ("not-found", "no-access") for problem in item.problems)


def child_gone_words() -> str:
    """Return why an entry about a child was refused that has left the cabinet since it was entered."""
    return _(
        "This child is no longer in your cabinet: whoever entrusted it took it back, or it was removed. So the "
        "department did not take this; nothing was changed."
    )


def state_words(state: str) -> str:
    """Return a state in words."""
    return _(STATES[state]) if state in STATES else state


def title_of(item: Any) -> str:
    """Return what an entry is, in a few words."""
    payload = item.payload
    match payload:
        case commands.SubmitReading():
            return _("Reading of a meter")
        case commands.SetMailing(active=True):
            return _("Begin the monthly mailing")
        case commands.SetMailing():
            return _("Stop the monthly mailing")
        case commands.RequestDataCorrection():
            return _("Request to correct data")
        case commands.SendDocument(document=document):
            return _("Send by e-mail: {document}").format(document=_(DOCUMENTS.get(document, N_("document"))))
        case commands.UpdateContact():
            return _("Change of contact details")
        case commands.TakePayment():
            return _("Payment taken")
        case commands.ReversePayment():
            return _("Payment taken back")
    return admission_title(payload) or str(item.kind)


def detail_of(item: Any, place: Callable[[int], str], meter: Callable[[int, int], tuple[str, Register | None]]) -> str:
    """Return what an entry is about, in one line.

    ``place`` names an account; ``meter`` gives the number and the register of a meter of an account.
    """
    payload = item.payload
    where = place(payload.account_id) if hasattr(payload, "account_id") else ""
    match payload:
        case commands.SubmitReading(account_id=account, meter_id=meter_id, value=value, read_on=day):
            number, register = meter(account, meter_id)
            shown = register.format(value) if register is not None else str(value)
            what = _("Meter {number}: {value} on {day}").format(number=number, value=shown, day=formats.day(day))
        case commands.RequestDataCorrection(item=kind, proposed=proposed):
            what = f"{_(ITEMS.get(kind, ITEMS['other']))}: {proposed}"
        case commands.TakePayment(lines=lines, currency=currency):
            what = formats.money(sum(line.amount_minor for line in lines), currency)
        case commands.ReversePayment(reason=reason):
            what = reason
        case commands.UpdateContact(phone=phone):
            what = phone or ""
        case _:
            what = admission_detail(payload)
    return " · ".join(part for part in (what, where) if part)
