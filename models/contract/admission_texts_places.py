"""Messages about places: choosing, contracts, temporary places, the bulletin, what follows enrolment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from models.contract.admission_subjects import (
    ARCHIVED,
    BULLETIN,
    CONTRACT,
    ENROLLED,
    KINDERGARTEN,
    LISTED,
    OVERSIGHT,
    PLACE,
    QUEUE,
    REFERRAL,
    STOPPED,
    TEMPORARY,
    TRANSFER,
    WORK,
)
from translations import N_

PLACE_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
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
            "{organisation} sent the contract for {child}. Read it, attach the documents and sign it by {contract_due}."
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
    "contract-missed-at-yours": (
        PLACE,
        N_(
            "{child}, group {group}: the parent did not sign the contract in time. The place is free again; you need "
            "do nothing."
        ),
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
    "temporary-moved": (
        TEMPORARY,
        N_(
            "The last day of the temporary place of {child} is now {until}. The referral in the application bears it "
            "too; print it anew if you keep it on paper."
        ),
    ),
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
    "referral-missed-at-yours": (
        PLACE,
        N_("{child}, group {group}: the referral was not used in time. The place is free again; you need do nothing."),
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
    "leave-ended": (
        PLACE,
        N_("The leave of {child} is over; the place in the kindergarten is the child's alone again."),
    ),
    "temporary-promoted": (
        TEMPORARY,
        N_("{child} has a permanent place now, so the temporary place has ended. The temporary voucher is void."),
    ),
    "chosen-group-closed": (
        PLACE,
        N_(
            "The group {group} of {organisation} closes, through no fault of yours. Choose another kindergarten for "
            "{child}; the term ends on {contract_due}. You go first in waiting lists."
        ),
    ),
    "listed-group-closed": (
        LISTED,
        N_("A group that {child} waits for closes. The other waiting lists stay as they are."),
    ),
    "place-lost-in-transfer": (
        TRANSFER,
        N_(
            "The present place of {child} has ended through no fault of yours. The place held in {organisation}, "
            "group {group}, stays yours; conclude the contract by {contract_due}."
        ),
    ),
}
"""Subject and body of each notice, as source texts."""
