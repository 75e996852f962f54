"""Words of admissions that screens and papers share: states, programmes, events, documents, who acts.

Terms are those that parents know; R-ADM-21 in docs/rules.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from models.contract.application_records import HistoryEntry
from models.contract.record import Texts
from translations import N_, PSEUDO, _, current, formats

_LINE: Final = 60
"""So many signs of a file's name are shown."""
PROGRAMMES: Final = {
    "general": N_("General queue (voucher)"),
    "special": N_("Special queue (voucher)"),
    "bulletin": N_("Bulletin of free places (referral)"),
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
MODES: Final = {"permanent": N_("Permanent"), "temporary": N_("Temporary stay")}
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
    "form-group": N_("Place given at the forming of groups"),
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
    "daily-refresh": N_("Category by age"),
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
    "return-from-leave": N_("Back from the sanatorium kindergarten"),
    "leave-expires": N_("The time in the sanatorium kindergarten ended"),
    "archive": N_("Put into the archive by the department"),
    "temporary-promote": N_("A permanent place instead of the temporary one"),
    # no steps, but history all the same
    "calendar-change": N_("A new day off moved a term"),
    "benefit-decided": N_("Benefit decided"),
    "document-checked": N_("Document checked"),
}


def said(texts: Texts) -> str:
    """Return a text in the language in force, or in the first one it has."""
    language = "en" if current() == PSEUDO else current()
    return texts.get(language) or next((text for text in texts.values() if text), "")


def happened(entry: HistoryEntry) -> str:
    """Return what a row of the history says happened; an application of an old registry says from which file it is."""
    file = entry.detail.get("imported")
    if entry.event == "submit" and isinstance(file, str):
        return _("Application taken over from the registry “{file}”").format(file=file_name(file))
    return word(EVENTS, entry.event)


def file_name(name: str) -> str:
    """Return a file's name as it fits into a line: of a long one the beginning and the ending."""
    return name if len(name) <= _LINE else f"{name[: _LINE - 13]}…{name[-12:]}"


def word(table: dict[str, str], key: str) -> str:
    """Return the word of a code in the language in force; the code itself when a newer provider knows more."""
    return _(table[key]) if key in table else key


def languages(codes: Sequence[str], *, inside: bool = False) -> str:
    """Return languages of education in words: «Қазақша, орысша»; ``inside`` a sentence the first is small as well.

    English alone writes every language with a capital letter.
    """
    names = [word(LANGUAGES, code) for code in codes]
    small = current() in ("kk", "ru", "uk")
    return ", ".join(
        name[:1].lower() + name[1:] if small and (number or inside) else name for number, name in enumerate(names)
    )


def exact(instant: datetime, zone: str) -> str:
    """Return an instant to the second in local time: ``07.10.2024 15:37:26``."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{formats.day(local.date())} {local:%H:%M:%S}"
