"""The words of the admission machine: states, events, actors, timers, reasons. Source: R-ADM-1 in docs/rules.md."""

from __future__ import annotations

from enum import StrEnum


class Programme(StrEnum):
    """By which way a child gets a place."""

    GENERAL = "general"  # voucher, general queue
    SPECIAL = "special"  # voucher, special queue: a doctor reviews the documents first
    BULLETIN = "bulletin"  # published free places and a referral
    TEMPORARY = "temporary"  # the place of a child that is away, taken with a voucher of the first two


class State(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    DOCS_REVIEW = "docs-review"
    QUEUED = "queued"
    VOUCHER_ISSUED = "voucher-issued"
    VOUCHER_ACTIVE = "voucher-active"
    VOUCHER_WAITLISTED = "voucher-waitlisted"
    PLACE_OFFERED = "place-offered"
    CONTRACT_ORG = "contract-org"  # the organisation prepares the contract
    CONTRACT_PARENT = "contract-parent"  # the parent fills and signs it
    CONTRACT_ORG_SIGN = "contract-org-sign"  # the organisation signs
    BUL_APPLIED = "bulletin-applied"
    REFERRAL_ISSUED = "referral-issued"
    STOP_LIST = "stop-list"
    ENROLLED = "enrolled"
    ARCHIVED = "archived"


LIVE = frozenset(set(State) - {State.DRAFT, State.ARCHIVED})
"""States in which a child has an application of the programme; it can have only one."""
HOLDING = frozenset(
    {
        State.PLACE_OFFERED,
        State.CONTRACT_ORG,
        State.CONTRACT_PARENT,
        State.CONTRACT_ORG_SIGN,
        State.BUL_APPLIED,
        State.REFERRAL_ISSUED,
    }
)
"""States in which exactly one place is held for the application."""
WITH_VOUCHER = frozenset(
    {
        State.VOUCHER_ISSUED,
        State.VOUCHER_ACTIVE,
        State.VOUCHER_WAITLISTED,
        State.PLACE_OFFERED,
        State.CONTRACT_ORG,
        State.CONTRACT_PARENT,
        State.CONTRACT_ORG_SIGN,
    }
)
"""States in which the application owns a permanent voucher that is not yet used."""
CONTRACTING = frozenset({State.CONTRACT_ORG, State.CONTRACT_PARENT, State.CONTRACT_ORG_SIGN})
"""States in which a contract is being concluded: the first one, or that of a transfer."""


class StopKind(StrEnum):
    """Why an application is on the stop list."""

    INTEREST = "interest"  # interest was not confirmed: the parent may restore it once
    REFERRAL = "referral"  # the referral was not used: it returns by itself


class TempState(StrEnum):
    """The temporary place, beside any state."""

    NONE = "none"
    BOOKED = "booked"
    ATTENDING = "attending"
    ENDED = "ended"


TEMP_LIVE = frozenset({TempState.BOOKED, TempState.ATTENDING})


class TempEnd(StrEnum):
    """How a temporary place ended."""

    EXPELLED_AUTO = "expelled-auto"
    PROMOTED = "promoted"
    BY_PARENT = "by-parent"
    OWNER_RETURNED = "owner-returned"


class ArchiveReason(StrEnum):
    """Why an application ended."""

    DOCS_REJECTED = "docs-rejected"
    WITHDRAWN = "withdrawn"
    LEFT_QUEUE = "left-queue"
    VOUCHER_REFUSED = "voucher-refused"
    VOUCHER_EXPIRED = "voucher-expired"
    STOPLIST_EXPIRED = "stoplist-expired"
    RESTORE_LIMIT = "restore-limit"
    AGED_OUT = "aged-out"
    DUPLICATE = "duplicate"
    MOVED = "moved"
    GRADUATED = "graduated"
    LEFT_KG = "left-kindergarten"
    VOUCHER_REVOKED = "voucher-revoked"
    OFFICER = "officer"


class VoucherState(StrEnum):
    """A voucher's life: issued, confirmed, bound to a place, in use, void."""

    ISSUED = "issued"
    ACTIVE = "active"
    BOUND = "bound"
    IN_USE = "in-use"
    VOID = "void"


class Mode(StrEnum):
    """On what terms a place is given."""

    PERMANENT = "permanent"
    TEMPORARY = "temporary"


class Actor(StrEnum):
    """Who acts."""

    PARENT = "parent"
    KINDERGARTEN = "kindergarten"
    DOCTOR = "doctor"
    OFFICER = "officer"
    CLOCK = "clock"
    SYSTEM = "system"


class TimerKind(StrEnum):
    """A term that runs."""

    INTEREST = "interest"
    CONTRACT = "contract"
    RESTORE = "restore"
    OFFER = "offer"
    ORG_SLA = "organisation"
    ACTIVATE_SLA = "activation"
    REFERRAL = "referral"
    UNBLOCK = "unblock"
    TEMP_END = "temporary-end"
    LEAVE = "leave"  # of a child in a sanatorium, whose place is lent

    @property
    def event(self) -> Event:
        """The event that its end is."""
        return Event(f"{self.value}-expires")


class Event(StrEnum):
    """What happens to an application."""

    SUBMIT = "submit"
    DOC_CONFIRM = "doc-confirm"
    DOC_REJECT = "doc-reject"
    EDIT = "edit"
    ISSUE_VOUCHER = "issue-voucher"
    CONFIRM_INTEREST = "confirm-interest"
    REFUSE_VOUCHER = "refuse-voucher"
    LEAVE_QUEUE = "leave-queue"
    RESTORE = "restore"
    CHOOSE_PLACE = "choose-place"
    FORM_GROUP = "form-group"  # a place given when groups are formed from many wishes at once
    JOIN_WAITLIST = "join-waitlist"
    PLACE_FREED = "place-freed"
    ACCEPT_OFFER = "accept-offer"
    DECLINE_OFFER = "decline-offer"
    LEAVE_WAITLIST = "leave-waitlist"
    EXTEND = "extend"
    SEND_CONTRACT = "send-contract"
    REJECT = "reject"
    SIGN_PARENT = "sign-parent"
    CHANGE_CHOICE = "change-choice"
    SIGN_ORG = "sign-org"
    RETURN_FOR_FIX = "return-for-fix"
    CHOOSE_TEMPORARY = "choose-temporary"
    TEMP_ATTEND = "temporary-attend"
    TEMP_LEAVE = "temporary-leave"
    TEMP_SET_UNTIL = "temporary-set-until"
    TEMP_PROMOTE = "temporary-promote"
    APPLY_BULLETIN = "apply-bulletin"
    ACTIVATE = "activate"
    CANCEL_BULLETIN = "cancel-bulletin"
    EXTEND_REFERRAL = "extend-referral"
    SIGN_CONTRACT = "sign-contract"
    RETURN_DOCUMENTS = "return-documents"
    DECLINE_REFERRAL = "decline-referral"
    WITHDRAW_ITEM = "withdraw-item"
    TRANSFER = "transfer"
    SANATORIUM_LEAVE = "sanatorium-leave"
    RETURN_FROM_LEAVE = "return-from-leave"
    EXPEL = "expel"
    GROUP_CLOSE = "group-close"
    REVOKE_VOUCHER = "revoke-voucher"
    LEAVE = "leave"
    SCHOOL_YEAR_END = "school-year-end"
    ANNUAL_REFRESH = "annual-refresh"
    DAILY_REFRESH = "daily-refresh"
    REINSTATE = "reinstate"
    ARCHIVE = "archive"
    INTEREST_EXPIRES = "interest-expires"
    CONTRACT_EXPIRES = "contract-expires"
    RESTORE_EXPIRES = "restore-expires"
    OFFER_EXPIRES = "offer-expires"
    ORG_SLA_EXPIRES = "organisation-expires"
    ACTIVATE_SLA_EXPIRES = "activation-expires"
    REFERRAL_EXPIRES = "referral-expires"
    UNBLOCK_EXPIRES = "unblock-expires"
    TEMP_END_EXPIRES = "temporary-end-expires"
    LEAVE_EXPIRES = "leave-expires"


class Flag(StrEnum):
    """What an officer has to look at, or others have to know; the parent is not punished for it."""

    ORG_LATE = "organisation-late"
    ESCALATED = "escalated"
    BENEFIT_OPEN = "benefit-unverified"
    ON_LEAVE = "on-leave"
    PLACE_LOST = "place-lost"  # the group was closed: first in the waiting lists
