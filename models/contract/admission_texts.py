"""What messages of admissions say, in the language in force: one text for each notice of the machine's table.

Source of the wording: seeds 002, 003, 004 (R-ADM-20 in docs/rules.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from models.contract import department_texts
from translations import N_, _, formats

ACCEPTED: Final = N_("Application accepted")
ARCHIVED: Final = N_("Application archived")
BULLETIN: Final = N_("Bulletin of free places")
CHANGED: Final = N_("Application changed")
CONTRACT: Final = N_("Contract with the kindergarten")
ENROLLED: Final = N_("Your child is enrolled")
INTEREST: Final = N_("Confirm your interest in the voucher")
KINDERGARTEN: Final = N_("Choice of the kindergarten")
LISTED: Final = N_("Waiting list")
NOT_ACCEPTED: Final = N_("Application not accepted")
PLACE: Final = N_("Place in the kindergarten")
QUEUE: Final = N_("Place in the queue")
REFERRAL: Final = N_("Referral to the kindergarten")
REMINDER: Final = N_("Reminder: a term ends")
REVIEW: Final = N_("Documents are being checked")
STOPPED: Final = N_("Application on the stop list")
TEMPORARY: Final = N_("Temporary place")
TRANSFER: Final = N_("Transfer to another kindergarten")
VOUCHER: Final = N_("Voucher")
WORK: Final = N_("An application waits for the kindergarten")
OVERSIGHT: Final = N_("A kindergarten does not act")

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    # the queue
    "application-accepted": (
        ACCEPTED,
        N_("Your application {number} for {child} is accepted. Your place in the queue: {position}."),
    ),
    "documents-in-review": (
        REVIEW,
        N_(
            "Your application {number} for {child} is received; the documents are being checked. The date of your "
            "application counts from today."
        ),
    ),
    "documents-confirmed": (
        ACCEPTED,
        N_("Your application {number} for a voucher for {child} is confirmed. Your place in the queue: {position}."),
    ),
    "documents-rejected": (
        NOT_ACCEPTED,
        N_(
            "Your application {number} for a voucher for {child} was not accepted by the employee: {employee}. Reason: "
            "{reason} The application is in the archive; you may file a new one."
        ),
    ),
    "application-changed": (
        CHANGED,
        N_("Your application {number} for {child} was changed. Its date stays as it was."),
    ),
    "queue-left": (
        ARCHIVED,
        N_("{child} was taken out of the queue as you asked. Application {number} is in the archive."),
    ),
    "queue-restored": (
        QUEUE,
        N_(
            "Application {number} for {child} is back in the queue with its first date. Your place in the queue: "
            "{position}. It can be restored only once."
        ),
    ),
    "queue-returned": (
        QUEUE,
        N_("The stop list is over: application {number} for {child} is back in the queue with its first date."),
    ),
    "queue-refreshed": (
        QUEUE,
        N_(
            "The queue was refreshed for the new school year: application {number} for {child} has another category "
            "by age, and its number may change. The date of the application stays."
        ),
    ),
    "aged-out": (
        ARCHIVED,
        N_(
            "{child} will be of school age by 1 September, so application {number} is taken out of the queue and is "
            "in the archive."
        ),
    ),
    "reinstated": (
        QUEUE,
        N_("The department put application {number} for {child} back into the queue with its first date: {reason}"),
    ),
    # vouchers
    "voucher-issued": (
        INTEREST,
        N_(
            "{child} was given a voucher. Confirm your interest by the end of {interest_due_day}; otherwise the "
            "voucher is void and application {number} goes to the stop list."
        ),
    ),
    "interest-confirmed": (
        VOUCHER,
        N_(
            "You have confirmed your interest in the voucher for {child}. Choose a kindergarten and conclude an "
            "electronic contract with it. The term ends on {contract_due}."
        ),
    ),
    "interest-missed": (
        STOPPED,
        N_(
            "Interest in the voucher for {child} was not confirmed in time. The voucher is void and application "
            "{number} is on the stop list. You may restore your place in the queue once, by the end of "
            "{restore_due_day}."
        ),
    ),
    "interest-missed-again": (
        ARCHIVED,
        N_(
            "Interest in the voucher for {child} was not confirmed in time for the second time. The voucher is void "
            "and application {number} is in the archive. You may file a new application."
        ),
    ),
    "restore-missed": (
        ARCHIVED,
        N_(
            "The place of {child} in the queue was not restored in time. Application {number} is in the archive. You "
            "may file a new application."
        ),
    ),
    "voucher-refused": (
        ARCHIVED,
        N_(
            "You refused the voucher for {child}. The voucher is void and application {number} is in the archive. You "
            "may file a new application with a new date."
        ),
    ),
    "voucher-extended": (
        VOUCHER,
        N_("The term of the voucher for {child} is extended. It now ends on {contract_due}."),
    ),
    "voucher-expired": (
        ARCHIVED,
        N_(
            "No contract was concluded in time with the voucher for {child}. The voucher is void and application "
            "{number} is in the archive. You may file a new application."
        ),
    ),
    "voucher-returned": (
        VOUCHER,
        N_(
            "The place of {child} has ended through no fault of yours, and the voucher is yours again. Choose another "
            "kindergarten; the term ends on {contract_due}."
        ),
    ),
    "voucher-revoked": (
        ARCHIVED,
        N_("The department revoked the voucher for {child}. Reason: {reason} Application {number} is in the archive."),
    ),
    # choosing a kindergarten
    "place-chosen": (
        KINDERGARTEN,
        N_(
            "You chose {organisation}, group {group}, for {child}; the place is held for you. Wait for the contract "
            "from the kindergarten."
        ),
    ),
    "place-chosen-at-yours": (
        WORK,
        N_("{child}, group {group}: the place is held. Send the contract by the end of {organisation_due_day}."),
    ),
    "choice-changed": (
        KINDERGARTEN,
        N_("You gave back the place chosen for {child}. Choose another kindergarten; the term ends on {contract_due}."),
    ),
    "place-refused": (
        PLACE,
        N_(
            "The kindergarten {organisation} did not accept {child}. Reason: {reason} Choose another kindergarten; the "
            "term ends on {contract_due}."
        ),
    ),
    "place-refused-officer": (
        OVERSIGHT,
        N_(
            "{organisation} refused {child} (application {number}) after the parent had signed the contract. "
            "Reason: {reason}"
        ),
    ),
    "list-joined": (
        LISTED,
        N_(
            "{child} waits for a place in the group you chose. The list follows the order of the queue; the term of "
            "the voucher does not run while you wait."
        ),
    ),
    "list-left": (LISTED, N_("{child} no longer waits for a place in the group you named.")),
    "place-offered": (
        LISTED,
        N_(
            "A place has become free for {child}: {organisation}, group {group}. Accept it by the end of "
            "{offer_due_day}."
        ),
    ),
    "offer-accepted": (
        LISTED,
        N_(
            "You accepted the place for {child}: {organisation}, group {group}. Wait for the contract from the "
            "kindergarten; the term ends on {contract_due}."
        ),
    ),
    "offer-declined": (LISTED, N_("You declined the place offered to {child}; it goes to the next in the list.")),
    "offer-missed": (
        LISTED,
        N_("The place offered to {child} was not accepted in time; it goes to the next in the list."),
    ),
    # the contract
    "contract-sent": (
        CONTRACT,
        N_(
            "{organisation} sent the contract for {child}. Fill it in, attach the documents and sign it by "
            "{contract_due}."
        ),
    ),
    "contract-signed-by-you": (
        CONTRACT,
        N_("You signed the contract for {child}. The kindergarten {organisation} signs next."),
    ),
    "contract-to-sign": (
        WORK,
        N_("The parent of {child} signed the contract. Sign it by the end of {organisation_due_day}."),
    ),
    "contract-returned": (
        CONTRACT,
        N_("{organisation} returned the contract for {child} to be mended: {reason} Sign it again by {contract_due}."),
    ),
    "organisation-late": (
        CONTRACT,
        N_(
            "{organisation} has not sent the contract for {child} in time. You lose nothing: the place is held, and "
            "the department has been told."
        ),
    ),
    "organisation-late-officer": (
        OVERSIGHT,
        N_("{organisation} has not sent the contract for {child} (application {number}) in the parent's term."),
    ),
    "organisation-silent": (
        OVERSIGHT,
        N_("{organisation} has not acted on application {number} of {child} in its term. You may act for it."),
    ),
    "enrolled": (
        ENROLLED,
        N_("The contract is signed. Your child {child} is enrolled in {organisation}, group {group}."),
    ),
    # the temporary place
    "temporary-booked": (
        TEMPORARY,
        N_(
            "A temporary place is taken for {child}: {organisation}, group {group}, until {until}. After that day the "
            "child leaves automatically and the temporary voucher is void. The place in the queue is kept."
        ),
    ),
    "temporary-ended": (
        TEMPORARY,
        N_(
            "The temporary place of {child} ended on {until}. The temporary voucher is void; the application for a "
            "permanent place stays as it is."
        ),
    ),
    "temporary-left": (
        TEMPORARY,
        N_("You gave back the temporary place of {child}. The application for a permanent place stays as it is."),
    ),
    "temporary-moved": (TEMPORARY, N_("The last day of the temporary place of {child} is now {until}.")),
    # bulletin and referral
    "bulletin-applied": (
        BULLETIN,
        N_(
            "You applied to the bulletin for {child}: {organisation}, group {group}. Wait until the kindergarten "
            "activates your application."
        ),
    ),
    "to-activate": (
        WORK,
        N_("{child}, group {group}: an application from the bulletin. Activate it by the end of {activation_due_day}."),
    ),
    "referral-issued": (
        REFERRAL,
        N_(
            "Your application for {child} is accepted. To conclude a contract, bring the referral to {organisation} by "
            "the end of {referral_due_day}; otherwise application {number} goes to the stop list."
        ),
    ),
    "referral-extended": (
        REFERRAL,
        N_("The referral for {child} to {organisation} is extended and is valid through {referral_due_day}."),
    ),
    "referral-extended-at-yours": (
        REFERRAL,
        N_("The referral of {child} to group {group} is extended and is valid through {referral_due_day}."),
    ),
    "referral-missed": (
        STOPPED,
        N_(
            "The referral for {child} was not used in time. Application {number} is on the stop list through "
            "{unblock_due_day}; then it returns to the queue by itself."
        ),
    ),
    "referral-declined": (
        QUEUE,
        N_("You declined the referral for {child}. Application {number} is in the queue with its first date."),
    ),
    "referral-declined-too-often": (
        STOPPED,
        N_(
            "You declined a referral for {child} too often. Application {number} is on the stop list through "
            "{unblock_due_day}; then it returns to the queue by itself."
        ),
    ),
    "bulletin-refused": (
        BULLETIN,
        N_(
            "{organisation} did not activate the application of {child}. Reason: {reason} Application {number} is in "
            "the queue as before."
        ),
    ),
    "bulletin-cancelled": (
        BULLETIN,
        N_("You took back the application of {child} to the bulletin. Application {number} is in the queue as before."),
    ),
    "item-withdrawn": (
        BULLETIN,
        N_(
            "The place for {child} in {organisation} was withdrawn. Reason: {reason} Application {number} is in the "
            "queue as before; nothing is held against you."
        ),
    ),
    "documents-returned": (
        REFERRAL,
        N_(
            "{organisation} returned the documents of {child}: {reason} The referral goes on running; bring them again."
        ),
    ),
    # after enrolment
    "transfer-begun": (
        TRANSFER,
        N_(
            "A place for {child} is held in {organisation}, group {group}. The present place stays until the new "
            "contract is signed by both."
        ),
    ),
    "transfer-cancelled": (TRANSFER, N_("You cancelled the transfer of {child}. The present place stays.")),
    "transfer-expired": (
        TRANSFER,
        N_("The contract for the transfer of {child} was not signed in time. The present place stays."),
    ),
    "transfer-refused": (
        TRANSFER,
        N_("{organisation} did not accept the transfer of {child}. Reason: {reason} The present place stays."),
    ),
    "leave-noted": (PLACE, N_("{child} is away until {until}; the place in the kindergarten is kept.")),
    "expelled": (
        PLACE,
        N_("{child} no longer attends the kindergarten. Reason: {reason} Application {number} is in the archive."),
    ),
    "place-lost": (
        QUEUE,
        N_(
            "The place of {child} has ended through no fault of yours. Application {number} is in the queue with its "
            "first date."
        ),
    ),
    "group-changed": (PLACE, N_("{child} now attends {organisation}, group {group}.")),
    "left-kindergarten": (
        ARCHIVED,
        N_("You took {child} out of the kindergarten. The last day is today; application {number} is in the archive."),
    ),
    "graduated": (
        ARCHIVED,
        N_("{child} has finished kindergarten and goes to school. Application {number} is in the archive."),
    ),
    # reminders
    "remind-interest": (
        REMINDER,
        N_(
            "{child} has a voucher. Confirm your interest by the end of {interest_due_day}; otherwise the voucher is "
            "void."
        ),
    ),
    "remind-contract": (
        REMINDER,
        N_("The term of the voucher for {child} ends on {contract_due}. Conclude the contract before that."),
    ),
    "remind-contract-last-day": (
        REMINDER,
        N_(
            "The term of the voucher for {child} ends today, {contract_due}. Conclude the contract, or extend the term "
            "if you have not yet."
        ),
    ),
    "remind-restore": (
        REMINDER,
        N_(
            "Application {number} for {child} is on the stop list. You may restore your place in the queue by the end "
            "of {restore_due_day}."
        ),
    ),
    "remind-offer": (
        REMINDER,
        N_("The place offered to {child} in {organisation} is held for you by the end of {offer_due_day}."),
    ),
    "remind-referral": (
        REMINDER,
        N_("Bring the referral of {child} to {organisation} by the end of {referral_due_day}."),
    ),
    "remind-referral-last-day": (
        REMINDER,
        N_(
            "The referral of {child} to {organisation} is valid through today. Bring it, or extend it today with a "
            "document that shows why."
        ),
    ),
    "remind-temporary": (
        REMINDER,
        N_("The temporary place of {child} in {organisation} ends on {until}."),
    ),
    **department_texts.TEXTS,
}
"""Subject and body of each notice, as source texts."""

NUMBERED: Final = frozenset({code for code, (_subject, body) in TEXTS.items() if "{position}" in body})
"""Notices that name the number in the queue."""


def text(code: str, values: Mapping[str, str | int]) -> tuple[str, str]:
    """Return subject and body of a message in the language in force.

    ``values`` are as plain as the machine gives them: deadlines as ISO instants of the last second in local time, days
    as ISO dates. Raises ``KeyError`` for an unknown code.
    """
    return render(code, shown(values))


def render(code: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Return subject and body in the language in force from values that :func:`shown` made, once for all languages."""
    subject, body = TEXTS[code]
    return _(subject), _(body).format_map(values)


class _Values(dict[str, str]):
    """What a text needs and nobody gave is a dash, so that a message always goes out."""

    def __missing__(self, key: str) -> str:
        return "—"


def shown(values: Mapping[str, str | int]) -> Mapping[str, str]:
    """Return values as texts show them: ``due`` to the second, ``due_day`` the day, the same in all four languages."""
    found = _Values()
    for name, value in values.items():
        key = name.replace("-", "_")
        if key.endswith("due") and isinstance(value, str):
            moment = datetime.fromisoformat(value)
            found[key] = f"{moment:%d.%m.%Y %H:%M:%S}"
            found[f"{key}_day"] = formats.day(moment.date())
        elif key in ("until", "day", "start") and isinstance(value, str):
            found[key] = formats.day(date.fromisoformat(value))
        elif key == "reason" and isinstance(value, str):
            found[key] = value if value.rstrip().endswith((".", "!", "?", "…")) else f"{value.rstrip()}."
        else:
            found[key] = str(value)
    return found
