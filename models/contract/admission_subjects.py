"""Subjects of the messages of admissions, as source texts."""

from __future__ import annotations

from typing import Final

from translations import N_

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
