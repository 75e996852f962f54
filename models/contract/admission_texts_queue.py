"""Messages about the queue, vouchers and decisions of the department, and reminders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from models.contract.admission_subjects import (
    ACCEPTED,
    ARCHIVED,
    CHANGED,
    INTEREST,
    NOT_ACCEPTED,
    QUEUE,
    REMINDER,
    REVIEW,
    STOPPED,
    VOUCHER,
)
from translations import N_

QUEUE_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    # the queue, vouchers, decisions of the department
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
    "contact-changed": (
        CHANGED,
        N_("The telephone in application {number} for {child} was changed. Nothing else changes."),
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
    "category-changed": (
        QUEUE,
        N_(
            "By the age of {child} application {number} has another category from today, and its number may change. "
            "The date of the application stays."
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
    "archived-by-officer": (
        ARCHIVED,
        N_("The department archived application {number} for {child}. Reason: {reason}"),
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
}
"""Subject and body of each notice, as source texts."""
