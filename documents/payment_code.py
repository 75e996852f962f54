"""What the payment codes of an invoice say: links of the National Bank of Ukraine, and text or links elsewhere.

Elements and limits: rules of the National Bank of Ukraine on the QR code for credit transfers (resolution № 97 of
19.08.2025), formats 002 and 003; R-DOC-4 in docs/rules.md. No national code of bills is published for Kazakhstan, so a
provider there gives a template; a link of a bank is never invented.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from urllib.parse import quote

from models.domain.period import Month

PAYLOAD_BYTES: Final = 507
LINK_PART_BYTES: Final = 475
_LIMITS: Final = {"recipient": 140, "code": 10, "purpose": 420, "reference": 35, "display": 140}
_MOST: Final = 99_999_999_999  # 999 999 999.99
_HOST: Final = {"002": "https://bank.gov.ua/qr/", "003": "https://qr.bank.gov.ua/"}
_IBAN_UA: Final = re.compile(r"UA\d{27}")
_DEFAULT_TEXT: Final = "{account};{period};{amount}"
_PLACEHOLDER: Final = re.compile(r"\{(account|period|amount|amount_minor|amount_tiyn)\}")


@dataclass(frozen=True, slots=True)
class Transfer:
    """A credit transfer that a payer only has to confirm. ``amount_minor`` ``None`` lets the payer type it.

    ``account`` and ``period`` are what the provider must be told; ``purpose`` is the recipient's own words.
    """

    recipient: str
    code: str
    iban: str
    amount_minor: int | None
    account: str
    period: str
    purpose: str


@dataclass(frozen=True, slots=True)
class PaymentCode:
    """Text of a code, or why there is none: ``reason`` is "" or no-iban, nothing-to-pay, too-long, no-template."""

    text: str
    reason: str = ""


def nbu_amount(minor: int) -> str:
    """Return ``UAH1264.70``; whole amounts have no kopiykas: ``UAH1021``."""
    whole, rest = divmod(minor, 100)
    return f"UAH{whole}.{rest:02d}" if rest else f"UAH{whole}"


def nbu_link(transfer: Transfer, version: str = "002", *, instant: bool = False) -> PaymentCode:
    """Return the link of a transfer in format ``002`` or ``003``, or the reason why it cannot be made.

    UTF-8 is tried first, then Windows-1251, then the purpose is shortened at a word; account and period stay in
    front of it and are never shortened. Every element ends with a line feed.
    """
    if not _IBAN_UA.fullmatch(transfer.iban) or not _iban_checks(transfer.iban):
        return PaymentCode("", "no-iban")
    minor = transfer.amount_minor
    if minor is not None and minor <= 0:
        return PaymentCode("", "nothing-to-pay")
    recipient = _element(transfer.recipient)
    code = _element(transfer.code)
    if len(recipient) > _LIMITS["recipient"] or len(code) > _LIMITS["code"] or (minor or 0) > _MOST:
        return PaymentCode("", "too-long")
    head = " ".join(part for part in (_element(transfer.account), _element(transfer.period)) if part)
    words = _element(transfer.purpose).split(" ") if transfer.purpose.strip() else []
    while True:
        tail = " ".join(words).rstrip(" ,;:—–-")
        purpose = f"{head}, {tail}" if head and tail else head or tail
        if len(purpose) <= _LIMITS["purpose"]:
            for encoding, codec in (("1", "utf-8"), ("2", "cp1251")):
                fields = _elements(transfer, version, encoding, recipient, code, purpose, instant)
                try:
                    payload = "".join(f"{field}\n" for field in fields).encode(codec)
                except UnicodeEncodeError:
                    continue
                part = base64.urlsafe_b64encode(payload).rstrip(b"=")
                if len(payload) <= PAYLOAD_BYTES and len(part) <= LINK_PART_BYTES:
                    return PaymentCode(_HOST[version] + part.decode("ascii"))
        if not words:
            return PaymentCode("", "too-long")
        words.pop()


def provider_code(kind: str, template: str, *, account: str, period: Month, amount_minor: int) -> PaymentCode:
    """Return the text of a ``text`` or ``url`` code made from a provider's template.

    Placeholders: {account}, {period} (2024-01), {amount} (1120.28), {amount_minor} or {amount_tiyn} (112028). In a url
    values are percent-encoded. A ``url`` without a template cannot be made.
    """
    if amount_minor <= 0:
        return PaymentCode("", "nothing-to-pay")
    template = template.strip()
    if kind == "url" and not template.startswith("https://"):
        return PaymentCode("", "no-template")
    values = {
        "account": account,
        "period": str(period),
        "amount": f"{Decimal(amount_minor).scaleb(-2)}",
        "amount_minor": str(amount_minor),
        "amount_tiyn": str(amount_minor),
    }

    def value(match: re.Match[str]) -> str:
        return quote(values[match[1]], safe="") if kind == "url" else values[match[1]]

    text = _PLACEHOLDER.sub(value, template or _DEFAULT_TEXT)
    return PaymentCode(text) if len(text.encode()) <= 600 else PaymentCode("", "too-long")


def _element(text: str) -> str:
    """Return ``text`` without anything that could begin another element."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _elements(
    transfer: Transfer, version: str, encoding: str, recipient: str, code: str, purpose: str, instant: bool
) -> Sequence[str]:
    amount = "" if transfer.amount_minor is None else nbu_amount(transfer.amount_minor)
    function = "ICT" if instant and version == "003" else "UCT"
    common = ["BCD", version, encoding, function, "", recipient, transfer.iban, amount, code]
    if version == "002":
        return [*common, "", "", purpose, ""]
    reference = _element(transfer.account)[: _LIMITS["reference"]]
    # 10 category, 11 reference, 12 purpose, 13 display, 14 field lock, 15 valid until, 16 made at, 17 signature.
    return [*common, "SUPP/SUPP", reference, purpose, "", "", "", "", ""]


def _iban_checks(iban: str) -> bool:
    moved = iban[4:] + iban[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1
