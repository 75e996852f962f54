"""Words of a department's people: acts, reasons, flags, what their commands are called."""

from __future__ import annotations

from typing import Final

from models.cache.queries.admissions import Offer
from models.contract.admission_records import Application, BulletinItem
from models.domain.admissions.states import Event, State, TimerKind
from models.domain.working_days import Deadline
from translations import N_, _
from ui.family import words as family

VERBS: Final = {
    Event.DOC_CONFIRM: N_("Confirm the documents"),
    Event.DOC_REJECT: N_("Reject the documents: the application goes to the archive"),
    Event.SEND_CONTRACT: N_("Send the contract to the parent"),
    Event.REJECT: N_("Refuse the child: the place is given back"),
    Event.SIGN_ORG: N_("Sign the contract: the child is enrolled"),
    Event.RETURN_FOR_FIX: N_("Send the contract back to be mended"),
    Event.ACTIVATE: N_("Activate: a referral is issued"),
    Event.SIGN_CONTRACT: N_("Conclude the contract: the child is enrolled"),
    Event.RETURN_DOCUMENTS: N_("Return the papers"),
    Event.TEMP_ATTEND: N_("Mark the first day in the temporary place"),
    Event.TEMP_SET_UNTIL: N_("Move the last day of the temporary place"),
    Event.SANATORIUM_LEAVE: N_("Note a leave to a sanatorium"),
    Event.RETURN_FROM_LEAVE: N_("Note the return from the leave"),
    Event.EXPEL: N_("Expel the child"),
    Event.REVOKE_VOUCHER: N_("Revoke the voucher: the application goes to the archive"),
    Event.REINSTATE: N_("Put back into the queue with the first date"),
    Event.ARCHIVE: N_("Close the application: it goes to the archive"),
    Event.EDIT: N_("Change the application"),
}
FLAGS: Final = {
    "organisation-late": N_("The kindergarten is late"),
    "escalated": N_("The kindergarten is silent"),
    "benefit-unverified": N_("Benefit not checked"),
    "on-leave": N_("On leave"),
    "place-lost": N_("Lost the place of a closed group"),
}
FLAG_TONES: Final = {
    "organisation-late": "danger",
    "escalated": "danger",
    "benefit-unverified": "warning",
    "on-leave": "accent",
    "place-lost": "warning",
}
TERMS: Final = {
    TimerKind.INTEREST.value: N_("The parent confirms the interest"),
    TimerKind.CONTRACT.value: N_("The parent chooses and signs"),
    TimerKind.RESTORE.value: N_("The parent may restore the place in the queue"),
    TimerKind.OFFER.value: N_("The parent answers the offered place"),
    TimerKind.ORG_SLA.value: N_("The kindergarten acts"),
    TimerKind.ACTIVATE_SLA.value: N_("The kindergarten activates"),
    TimerKind.REFERRAL.value: N_("The parent brings the papers"),
    TimerKind.UNBLOCK.value: N_("Returns from the stop list"),
    TimerKind.TEMP_END.value: N_("The temporary place ends"),
    TimerKind.LEAVE.value: N_("The leave ends"),
}
VOUCHERS: Final = {
    "issued": N_("Issued, not confirmed"),
    "active": N_("Confirmed"),
    "bound": N_("Bound to a place"),
    "in-use": N_("In use"),
    "void": N_("Void"),
}
ARCHIVE: Final = {
    "docs-rejected": N_("Documents rejected"),
    "withdrawn": N_("Withdrawn"),
    "left-queue": N_("Left the queue"),
    "voucher-refused": N_("Voucher refused"),
    "voucher-expired": N_("No contract in time"),
    "stoplist-expired": N_("Stop list ended"),
    "restore-limit": N_("Interest not confirmed twice"),
    "aged-out": N_("Too old for the queue"),
    "duplicate": N_("Another application"),
    "moved": N_("Moved away"),
    "graduated": N_("Went to school"),
    "left-kindergarten": N_("Left the kindergarten"),
    "voucher-revoked": N_("Voucher revoked"),
    "officer": N_("Closed by the department"),
}
PAPERS: Final = {
    **family.DOCUMENTS,
    "referral": N_("Referral"),
    "contract": N_("Contract"),
}
ROUNDS: Final = {
    "planned": (N_("Planned"), "warning"),
    "issued": (N_("Issued"), "positive"),
    "cancelled": (N_("Thrown away"), "muted"),
    "stale": (N_("Out of date"), "danger"),
}
ITEMS: Final = {
    "draft": (N_("Draft"), "muted"),
    "published": (N_("In the bulletin"), "positive"),
    "withdrawn": (N_("Withdrawn"), "danger"),
    "expired": (N_("Over"), "muted"),
}
EDITIONS: Final = {
    "prepared": (N_("Prepared: a second officer confirms it"), "warning"),
    "confirmed": (N_("In force"), "positive"),
    "refused": (N_("Not confirmed"), "danger"),
}
LINES: Final = {
    "extraordinary": N_("Extraordinary right"),
    "first": N_("First priority"),
    "ordinary": N_("Ordinary"),
}
OFFICE_EVENTS: Final = frozenset(VERBS) - {Event.EDIT}


def due(term: Deadline | None, zone: str) -> str:
    """Return the last second of a term; "" for none."""
    if term is None:
        return ""
    from zoneinfo import ZoneInfo

    return family.exact(term.shown(ZoneInfo(zone)), zone)


def flags(application: Application) -> str:
    """Return an application's flags in words."""
    return ", ".join(family.word(FLAGS, flag) for flag in application.flags)


def state(application: Application) -> str:
    """Return a state as an officer's list has it, with why for the archive."""
    if application.state == State.ARCHIVED and application.archive:
        return _("Archive: {why}").format(why=family.word(ARCHIVE, application.archive))
    if application.state == State.QUEUED and application.programme == "bulletin":
        return _("Waits for a place")
    return family.word(STATES, application.state)


STATES: Final = {
    "draft": N_("Being filled in"),
    "docs-review": N_("Documents await confirmation"),
    "queued": N_("In the queue"),
    "voucher-issued": N_("Voucher issued"),
    "voucher-active": N_("Chooses a kindergarten"),
    "voucher-waitlisted": N_("In a waiting list"),
    "place-offered": N_("A place is offered"),
    "contract-org": N_("Contract to be sent"),
    "contract-parent": N_("Contract with the parent"),
    "contract-org-sign": N_("Contract to be signed"),
    "bulletin-applied": N_("To be activated"),
    "referral-issued": N_("Referral issued"),
    "stop-list": N_("In the stop list"),
    "enrolled": N_("Enrolled"),
    "archived": N_("In the archive"),
}
"""States as those who work on them call them."""


def group_line(offer: Offer) -> str:
    """Return a group in a line: «Солнце · from 3 to 4 years · Russian»."""
    group = offer.group
    return " · ".join(
        (group.name, family.ages(group.age_from, group.age_to), family.word(family.LANGUAGES, group.language))
    )


def item_state(item: BulletinItem) -> tuple[str, str]:
    """Return the state of a publication in words and its tone."""
    if item.state == "published" and item.taken >= item.places:
        return _("All places are taken"), "muted"
    text, tone = ITEMS.get(item.state, (item.state, "muted"))
    return _(text), tone


def short_person(name: str) -> str:
    """Return a person's surname with initials, for narrow columns."""
    surname, *rest = name.split() or [""]
    return " ".join((surname, *(f"{part[:1]}." for part in rest)))
