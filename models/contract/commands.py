"""What people do: immutable, typed, versioned values with an id made once.

A command is written to the local journal before a screen says "recorded" and is applied exactly once by the provider.
``KINDS`` is the whole list; a payload gets fields only at its end and with a default, and is accepted for ever.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

import msgspec
from msgspec import Struct, field

from models.contract.admission_commands import ADMISSION_KINDS
from models.contract.collection_commands import COLLECTION_KINDS
from models.contract.payload import Payload as Payload


class SubmitReading(Payload, frozen=True, forbid_unknown_fields=True):
    """Report what a register showed on a day."""

    KIND: ClassVar[str] = "submit-reading"

    account_id: int
    meter_id: int
    value: int  # in the meter's last digit
    read_on: date  # in the provider's zone
    confirmed: list[str] = field(default_factory=list)  # questions answered: roll-over, unusual, zero
    source: str = "consumer"


class SetMailing(Payload, frozen=True, forbid_unknown_fields=True):
    """Begin or stop the monthly mailing of the breakdown of charges."""

    KIND: ClassVar[str] = "set-mailing"

    account_id: int
    active: bool
    language: str = "kk"


class RequestDataCorrection(Payload, frozen=True, forbid_unknown_fields=True):
    """Ask the provider to correct what it charges by."""

    KIND: ClassVar[str] = "request-data-correction"

    account_id: int
    item: str  # residents | area | privileges | holder | address | other
    proposed: str
    explanation: str


class SendDocument(Payload, frozen=True, forbid_unknown_fields=True):
    """Have a paper sent to the person's confirmed e-mail address."""

    KIND: ClassVar[str] = "send-document"

    account_id: int
    document: str  # invoice | breakdown | reconciliation
    language: str
    period: int | None = None
    date_from: date | None = None
    date_to: date | None = None
    form: int = 2  # of the reconciliation: 1 two-sided, 2 for residents


class UpdateContact(Payload, frozen=True, forbid_unknown_fields=True):
    """Change one's own phone or language; fields left ``None`` stay as they are."""

    KIND: ClassVar[str] = "update-contact"

    user_id: int
    phone: str | None = None
    language: str | None = None


class PaidLine(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a payment, for one service."""

    service_id: int
    amount_minor: int


class TakePayment(Payload, frozen=True, forbid_unknown_fields=True):
    """Record money that a cashier took; never refused, at worst kept in suspense."""

    KIND: ClassVar[str] = "take-payment"
    MONEY: ClassVar[bool] = True

    account_id: int
    currency: str
    lines: list[PaidLine]
    method: str  # cash | card
    desk: str
    tendered_minor: int | None = None
    receipt_series: str = ""
    receipt_number: int | None = None


class ReversePayment(Payload, frozen=True, forbid_unknown_fields=True):
    """Take a payment back by an opposite entry; the payment stays visible."""

    KIND: ClassVar[str] = "reverse-payment"
    MONEY: ClassVar[bool] = True

    account_id: int
    payment_command_id: str
    reason: str


_KINDS: tuple[type[Payload], ...] = (
    SubmitReading,
    SetMailing,
    RequestDataCorrection,
    SendDocument,
    UpdateContact,
    TakePayment,
    ReversePayment,
    *ADMISSION_KINDS,
    *COLLECTION_KINDS,
)
KINDS: dict[str, type[Payload]] = {payload.KIND: payload for payload in _KINDS}


class Command(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A payload with its identity. Its encoded bytes are signed, chained and never rewritten.

    ``n`` is gapless per device. ``previous`` is the SHA-256 (hex) of the device's command before, "" for the first.
    ``base`` holds what the person had before them of the fields that they change (``"phone" → "+7701…"``), so that
    the provider notices what others changed meanwhile. ``occurred_at`` is the device's clock, ``server_time`` its
    estimate of the provider's, ``since_contact`` seconds since they last spoke.
    """

    id: str  # UUIDv7
    device: int
    n: int
    kind: str
    version: int
    actor: int  # user id of who acted
    payload: msgspec.Raw
    occurred_at: datetime
    server_time: datetime | None = None
    since_contact: int | None = None
    previous: str = ""
    base: dict[str, Any] = field(default_factory=dict)
    depends_on: list[str] = field(default_factory=list)
    supersedes: str = ""

    def content(self) -> Payload:
        """Return the typed payload; raises ``msgspec.ValidationError`` or ``KeyError`` for one not in ``KINDS``."""
        return msgspec.json.decode(self.payload, type=KINDS[self.kind])


class Signed(Struct, frozen=True, forbid_unknown_fields=True):
    """A command as it travels: the very bytes, and the device's Ed25519 signature over their SHA-256 (hex)."""

    body: msgspec.Raw
    signature: str


def payload_fields(payload: Payload) -> dict[str, Any]:
    """Return a payload as plain values, for lists and reports."""
    return msgspec.to_builtins(payload)  # type: ignore[no-any-return]
