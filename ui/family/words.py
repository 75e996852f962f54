"""Words of admissions: states, programmes, languages, documents, reasons. Terms are those that parents know."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from models.cache.queries.admissions import ApplicationView, Department, Offer
from models.contract.admission_records import Child, HistoryEntry, Organisation
from models.contract.record import Texts
from models.domain.admissions.states import State
from translations import N_, PSEUDO, _, current, formats, n_

PROGRAMMES: Final = {
    "general": N_("General queue (voucher)"),
    "special": N_("Special queue (voucher)"),
    "bulletin": N_("Bulletin of free places (referral)"),
}
PROGRAMME_NOTES: Final = {
    "general": N_("Your turn brings a voucher; with it you choose a kindergarten yourself."),
    "special": N_("For children who need correction. A doctor confirms the conclusion first."),
    "bulletin": N_("Kindergartens publish free places; you apply to one and get a referral."),
}
STATES: Final = {
    "draft": N_("Being filled in"),
    "docs-review": N_("Documents await confirmation"),
    "queued": N_("In the queue"),
    "voucher-issued": N_("Voucher issued: confirm your interest"),
    "voucher-active": N_("Voucher active: choose a kindergarten"),
    "voucher-waitlisted": N_("In a waiting list"),
    "place-offered": N_("A place is offered"),
    "contract-org": N_("The kindergarten prepares the contract"),
    "contract-parent": N_("Sign the contract"),
    "contract-org-sign": N_("The kindergarten signs the contract"),
    "bulletin-applied": N_("Awaits activation"),
    "referral-issued": N_("Referral issued"),
    "stop-list": N_("In the stop list"),
    "enrolled": N_("Enrolled"),
    "archived": N_("In the archive"),
}
TONES: Final = {
    "docs-review": "accent",
    "queued": "accent",
    "voucher-issued": "warning",
    "voucher-active": "warning",
    "place-offered": "warning",
    "contract-parent": "warning",
    "referral-issued": "warning",
    "stop-list": "danger",
    "enrolled": "positive",
    "archived": "muted",
}
ARCHIVE: Final = {
    "docs-rejected": N_("The documents were not confirmed."),
    "withdrawn": N_("The application was withdrawn."),
    "left-queue": N_("You left the queue."),
    "voucher-refused": N_("You refused the voucher."),
    "voucher-expired": N_("No contract was signed in time, so the voucher became void."),
    "stoplist-expired": N_("The place in the queue was not restored in time."),
    "restore-limit": N_("Interest was not confirmed a second time."),
    "aged-out": N_("The child is too old for the queue."),
    "duplicate": N_("There was another application for this child."),
    "moved": N_("The family moved to another region."),
    "graduated": N_("The child went to school."),
    "left-kindergarten": N_("The child left the kindergarten."),
    "voucher-revoked": N_("The department took the voucher back."),
    "officer": N_("The department closed the application."),
}
LANGUAGES: Final = {
    "kk": N_("Kazakh"),
    "ru": N_("Russian"),
    "en": N_("English"),
    "ug": N_("Uyghur"),
    "uz": N_("Uzbek"),
    "tg": N_("Tajik"),
}
OWNERSHIP: Final = {"state": N_("State"), "private": N_("Private")}
KINDS: Final = {
    "nursery": N_("Nursery"),
    "nursery-garden": N_("Nursery-garden"),
    "kindergarten": N_("Kindergarten"),
    "school-garden": N_("School with kindergarten"),
    "special": N_("Special kindergarten"),
    "sanatorium": N_("Sanatorium kindergarten"),
}
MODES: Final = {"permanent": N_("Permanent"), "temporary": N_("Temporary stay")}
STAYS: Final = {"day": N_("Day group"), "short": N_("Short stay"), "round-the-clock": N_("Round the clock")}
CORRECTIONS: Final = {
    "speech": N_("Speech"),
    "vision": N_("Vision"),
    "hearing": N_("Hearing"),
    "mental": N_("Mental development"),
    "motor": N_("Movement"),
    "autism": N_("Autism"),
    "tuberculosis": N_("Tuberculosis (sanatorium)"),
    "other": N_("Another kind"),
}
DOCUMENTS: Final = {
    "pmpk": N_("Conclusion of the commission (PMPK)"),
    "027": N_("Medical certificate 027/u"),
    "birth-certificate": N_("Birth certificate"),
    "parent-id": N_("Identity card of a parent"),
    "052-2": N_("Child's health passport 052-2/u"),
    "065": N_("Vaccination card 065/u"),
    "benefit": N_("Proof of the benefit"),
    "extension": N_("Reason for the prolongation"),
    "other": N_("Another document"),
}
CHECKED: Final = {
    "received": (N_("Being checked"), "accent"),
    "accepted": (N_("Accepted"), "positive"),
    "refused": (N_("Not accepted"), "danger"),
}
ENTRIES: Final = {
    "waiting": N_("Waiting"),
    "offered": N_("Offered to you"),
    "taken": N_("Taken"),
    "declined": N_("Declined"),
    "lapsed": N_("The offer lapsed"),
    "cancelled": N_("Cancelled"),
}
ACTORS: Final = {
    "parent": N_("Parent"),
    "kindergarten": N_("Kindergarten"),
    "doctor": N_("Doctor"),
    "officer": N_("Education department"),
    "clock": N_("The term ended"),
    "system": N_("System"),
}
EVENTS: Final = {
    "submit": N_("Application filed"),
    "doc-confirm": N_("Documents confirmed"),
    "doc-reject": N_("Documents not confirmed"),
    "edit": N_("Application changed"),
    "issue-voucher": N_("Voucher issued"),
    "confirm-interest": N_("Interest confirmed"),
    "refuse-voucher": N_("Voucher refused"),
    "leave-queue": N_("Queue left"),
    "restore": N_("Place in the queue restored"),
    "choose-place": N_("Kindergarten chosen"),
    "join-waitlist": N_("Waiting list joined"),
    "place-freed": N_("A place became free and was offered"),
    "accept-offer": N_("Offered place accepted"),
    "decline-offer": N_("Offered place declined"),
    "leave-waitlist": N_("Waiting list left"),
    "extend": N_("Term prolonged"),
    "send-contract": N_("Contract sent for signature"),
    "reject": N_("Refused by the kindergarten"),
    "sign-parent": N_("Contract signed by the parent"),
    "change-choice": N_("Choice changed"),
    "sign-org": N_("Contract signed by the kindergarten"),
    "return-for-fix": N_("Returned to be mended"),
    "choose-temporary": N_("Temporary place taken"),
    "temporary-attend": N_("First day in the temporary place"),
    "temporary-leave": N_("Temporary place given up"),
    "temporary-set-until": N_("Last day of the temporary place moved"),
    "apply-bulletin": N_("Applied to the bulletin"),
    "activate": N_("Activated; referral issued"),
    "cancel-bulletin": N_("Application to the bulletin taken back"),
    "extend-referral": N_("Referral prolonged"),
    "sign-contract": N_("Contract concluded"),
    "return-documents": N_("Documents returned"),
    "decline-referral": N_("Referral declined"),
    "withdraw-item": N_("Publication withdrawn"),
    "transfer": N_("Transfer to another kindergarten begun"),
    "sanatorium-leave": N_("Away in a sanatorium kindergarten"),
    "expel": N_("Expelled"),
    "group-close": N_("Group closed"),
    "revoke-voucher": N_("Voucher revoked"),
    "leave": N_("Left the kindergarten"),
    "school-year-end": N_("Went to school"),
    "annual-refresh": N_("Yearly refresh of the queue"),
    "reinstate": N_("Put back into the queue by the department"),
    "interest-expires": N_("The term to confirm interest ended"),
    "contract-expires": N_("The term for the contract ended"),
    "restore-expires": N_("The term to restore the queue ended"),
    "offer-expires": N_("The offer ended"),
    "organisation-expires": N_("The kindergarten did not answer in time"),
    "activation-expires": N_("The kindergarten did not activate in time"),
    "referral-expires": N_("The referral ended"),
    "unblock-expires": N_("Back from the stop list"),
    "temporary-end-expires": N_("The temporary place ended"),
}


def said(texts: Texts) -> str:
    """Return a text in the language in force, or in the first one it has."""
    language = "en" if current() == PSEUDO else current()
    return texts.get(language) or next((text for text in texts.values() if text), "")


def word(table: dict[str, str], key: str) -> str:
    """Return the word of a code in the language in force; the code itself when a newer provider knows more."""
    return _(table[key]) if key in table else key


def languages(codes: list[str] | tuple[str, ...]) -> str:
    """Return languages of education in words: «Қазақша, Орысша»."""
    return ", ".join(word(LANGUAGES, code) for code in codes)


def state_words(view: ApplicationView) -> str:
    """Return the state of an application in words."""
    if view.case.state is State.QUEUED and view.application.programme == "bulletin":
        return _("Waits for a place")
    return word(STATES, view.application.state)


def state_tone(state: str) -> str:
    """Return the tone of a state."""
    return TONES.get(state, "accent")


def short_name(child: Child) -> str:
    """Return surname and given name."""
    return f"{child.surname} {child.given_name}".strip()


def age(born: date, today: date) -> str:
    """Return an age in words: whole years, months before the second birthday."""
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if months < 24:
        return n_("{count} month old", "{count} months old", months).format(count=max(0, months))
    return n_("{count} year old", "{count} years old", months // 12).format(count=months // 12)


def place_name(department: Department | None, locality_id: int) -> str:
    """Return a locality's name."""
    found = department.localities.get(locality_id) if department is not None else None
    return said(found.name) if found is not None else ""


def kindergarten_line(organisation: Organisation) -> str:
    """Return kind and ownership of a kindergarten in a line."""
    return " · ".join((word(KINDS, organisation.kind), word(OWNERSHIP, organisation.ownership)))


def offer_name(offer: Offer | None) -> str:
    """Return kindergarten and group: what an enrolment names."""
    if offer is None:
        return ""
    return _("{kindergarten}, group “{group}”").format(kindergarten=offer.organisation.name, group=offer.group.name)


def ages(low: int, high: int) -> str:
    """Return the ages of a group: «2 жастан 3 жасқа дейін»."""
    return _("from {low} to {high} years").format(low=low, high=high)


def exact(instant: datetime, zone: str) -> str:
    """Return an instant to the second in local time: ``07.10.2024 15:37:26``."""
    from zoneinfo import ZoneInfo

    local = instant.astimezone(ZoneInfo(zone))
    return f"{formats.day(local.date())} {local:%H:%M:%S}"


def left(rest: timedelta) -> str:
    """Return how much time is left in the two units that matter; seconds only in the last hour."""
    seconds = max(0, int(rest.total_seconds()))
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return _("{days} d {hours} h").format(days=days, hours=hours)
    if hours:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return _("{minutes} min {seconds} s").format(minutes=minutes, seconds=seconds % 60)


def history_words(entry: HistoryEntry) -> str:
    """Return what a row of the history says happened."""
    return word(EVENTS, entry.event)


def actor_words(entry: HistoryEntry) -> str:
    """Return who did it."""
    who = word(ACTORS, entry.actor)
    return f"{entry.actor_name} · {who}" if entry.actor_name else who
