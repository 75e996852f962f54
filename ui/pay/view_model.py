"""Amounts to pay, line by line, with commission, and the hand-over to the page where the payment is made.

The program never takes money itself: it fills the provider's payment link, or shows what a bank needs to know.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal

from documents.figures import Payment
from documents.invoice_payment import code_of, purpose_line, purpose_of, transfer
from documents.payment_code import provider_code
from models.contract.records import AccountView, Provider, Recipient, Service
from models.contract.sentences import sentence
from models.domain.money import round_minor, to_units
from models.domain.payments import check_payment
from models.domain.period import Month
from models.domain.problems import Problem
from translations import _, formats
from ui.selection import Cabinet, services_of


@dataclass(frozen=True, slots=True)
class PayLine:
    """A service that may be paid: whom, how much, what it costs on top."""

    view: AccountView
    service: Service
    recipient: Recipient | None
    text: str
    due_minor: int
    amount_minor: int  # 0 when the text is no usable amount
    commission_minor: int
    problem: Problem | None

    @property
    def key(self) -> tuple[int, int]:
        """Account id and service id."""
        return self.view.account.id, self.service.id

    @property
    def provider(self) -> Provider:
        """Who provides the service."""
        return self.view.provider

    @property
    def bank_account(self) -> str:
        """The IBAN in groups of four, or the old account as registered."""
        if self.recipient is None:
            return ""
        iban = self.recipient.iban
        return " ".join(iban[i : i + 4] for i in range(0, len(iban), 4)) if iban else self.recipient.legacy_account

    @property
    def purpose(self) -> str:
        """The purpose with the recipient's note on VAT, said once."""
        return purpose_of(self.recipient) if self.recipient else ""


@dataclass(frozen=True, slots=True)
class Total:
    """Sums of one currency."""

    currency: str
    amount_minor: int
    commission_minor: int

    @property
    def whole_minor(self) -> int:
        """Amount and commission together."""
        return self.amount_minor + self.commission_minor


@dataclass(frozen=True, slots=True)
class OneTransfer:
    """What one recipient gets of a payment."""

    recipient: Recipient
    services: tuple[Service, ...]
    amount_minor: int

    @property
    def payment(self) -> Payment:
        """The same as a payment of the paper invoice, so that screen and paper say one thing."""
        return Payment(self.recipient, self.services, self.amount_minor)


@dataclass(frozen=True, slots=True)
class HandOver:
    """One payment at one provider's page; ``link`` is empty when the provider has none."""

    view: AccountView
    lines: tuple[PayLine, ...]
    amount_minor: int
    commission_minor: int
    link: str

    @property
    def provider(self) -> Provider:
        """Whom it goes to."""
        return self.view.provider

    @property
    def transfers(self) -> list[OneTransfer]:
        """The payment by recipients, in the order of the lines."""
        by_recipient: dict[int, OneTransfer] = {}
        for line in self.lines:
            recipient = line.recipient
            if recipient is not None:
                so_far = by_recipient.get(recipient.id, OneTransfer(recipient, (), 0))
                by_recipient[recipient.id] = OneTransfer(
                    recipient, (*so_far.services, line.service), so_far.amount_minor + line.amount_minor
                )
        return list(by_recipient.values())


class PayModel(QObject):
    """Typed amounts for every account of the cabinet and what follows from them."""

    changed = Signal()
    """Other accounts or data: lines must be shown anew."""
    amounts_changed = Signal()
    """Only amounts and sums changed."""
    step_changed = Signal()
    """The screen goes on to the hand-over, or back."""

    def __init__(
        self,
        cabinet: Cabinet,
        open_link: Callable[[str], object],
        clock: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.cabinet = cabinet
        self._open_link = open_link
        self._clock = clock
        self._typed: dict[tuple[int, int], str] = {}
        self._opened: set[int] = set()
        self.handing_over = False
        cabinet.changed.connect(self.changed)

    @property
    def drafts(self) -> dict[str, str]:
        """Typed amounts under ``account:service``."""
        return {f"{account}:{service}": text for (account, service), text in self._typed.items()}

    def restore(self, drafts: dict[str, str]) -> None:
        """Put saved amounts back where nothing has been typed since."""
        for key, text in drafts.items():
            account, _colon, service = key.partition(":")
            if account.isdecimal() and service.isdecimal():
                self._typed.setdefault((int(account), int(service)), text)
        self.changed.emit()

    def lines(self) -> list[PayLine]:
        """Return a line for each service of each loaded account."""
        return [self._line(view, service) for view in self.cabinet.views for service in services_of(view)]

    def type(self, account_id: int, service_id: int, text: str) -> None:
        """Take the amount typed for a line."""
        if self._typed.get((account_id, service_id)) != text:
            self._typed[account_id, service_id] = text
            self.amounts_changed.emit()

    def reset(self) -> None:
        """Put every amount back to what is owed."""
        self._typed.clear()
        self.changed.emit()

    def totals(self) -> list[Total]:
        """Return the sums, one for each currency."""
        sums: dict[str, list[int]] = {}
        for line in self.lines():
            whole = sums.setdefault(line.provider.currency, [0, 0])
            whole[0] += line.amount_minor
            whole[1] += line.commission_minor
        return [Total(currency, *amounts) for currency, amounts in sums.items()]

    def obstacle(self) -> str:
        """Return why it cannot go on, in a sentence; empty when it can."""
        lines = self.lines()
        wrong = next((line for line in lines if line.problem), None)
        if wrong is not None and wrong.problem is not None:
            return sentence(wrong.problem)
        if not any(line.amount_minor for line in lines):
            return sentence(Problem("pay-nothing"))
        return ""

    def proceed(self) -> bool:
        """Go on to the hand-over if every amount is good; returns whether it did."""
        if self.obstacle():
            return False
        self.handing_over = True
        self._opened.clear()
        self.step_changed.emit()
        return True

    def back(self) -> None:
        """Return to the amounts; nothing typed is lost."""
        self.handing_over = False
        self.step_changed.emit()

    def hand_overs(self) -> list[HandOver]:
        """Return one payment for each account at each provider that gets money."""
        result = []
        for view in self.cabinet.views:
            lines = tuple(line for line in self.lines() if line.view is view and line.amount_minor)
            if lines:
                amount = sum(line.amount_minor for line in lines)
                commission = sum(line.commission_minor for line in lines)
                code = provider_code(
                    "url",
                    view.provider.pay_link,
                    account=view.account.number,
                    period=self.period(view),
                    amount_minor=amount,
                )
                result.append(HandOver(view, lines, amount, commission, code.text))
        return result

    def open(self, account_id: int) -> None:
        """Open the provider's payment page for this account's payment."""
        for item in self.hand_overs():
            if item.view.account.id == account_id and item.link:
                self._open_link(item.link)
                self._opened.add(account_id)
                self.step_changed.emit()

    def opened(self, account_id: int) -> bool:
        """Whether the page has been opened since the hand-over began."""
        return account_id in self._opened

    def period(self, view: AccountView) -> Month:
        """Return the billed month that a payment is for: the newest billed one."""
        today = self._clock().astimezone(ZoneInfo(view.provider.zone)).date()
        billed = max((e.belongs_to for e in view.entries if e.kind == "charge"), default=0)
        return Month.from_number(billed) if billed else Month.of(today).previous()

    def _line(self, view: AccountView, service: Service) -> PayLine:
        owed = next((item.balance_minor for item in view.account_services if item.service_id == service.id), 0)
        due = max(owed, 0)
        recipient = next((r for r in view.recipients if r.id == service.recipient_id), None)
        text = self._typed.get((view.account.id, service.id))
        shown = text if text is not None else formats.amount(due)
        amount, problem = read_amount(shown, due, view.provider)
        return PayLine(view, service, recipient, shown, due, amount, commission(amount, recipient), problem)


def read_amount(text: str, due: int, provider: Provider) -> tuple[int, Problem | None]:
    """Return the typed amount in minor units and why it may not be paid; an empty field means: not now."""
    if not text.strip():
        return 0, None
    try:
        amount = formats.parse_amount(text)
    except ValueError:
        return 0, Problem("amount-not-a-number", "amount")
    problem = check_payment(amount) if amount else None
    if problem is not None:
        return 0, problem
    if amount and amount < due and not provider.partial_payment:
        return 0, Problem(
            "pay-part-not-allowed",
            "amount",
            {"due_minor": due, "currency": provider.currency, "provider": provider.name},
        )
    return amount, None


def commission(amount: int, recipient: Recipient | None) -> int:
    """Return the acquirer's commission on ``amount``, minor units, rounded once a line."""
    if recipient is None or not amount:
        return 0
    percent = formats.decimal(recipient.commission_percent or "0")
    return round_minor(to_units(amount) * percent / Decimal(100))


def requisites(item: HandOver, period: Month) -> str:
    """Return what a bank needs for this payment, as text to copy: one paragraph for each recipient."""
    paragraphs = []
    for part in item.transfers:
        recipient = part.recipient
        purpose = purpose_line(transfer(item.provider, item.view.account, period, part.payment))
        lines = (
            _("Recipient: {name}").format(name=recipient.name),
            _("Code: {code}").format(code=recipient.code) if recipient.code else "",
            _("Bank account: {account}").format(account=recipient.iban or recipient.legacy_account),
            _("Bank: {bank}").format(bank=recipient.bank) if recipient.bank else "",
            _("Purpose: {purpose}").format(purpose=purpose),
            _("Amount: {amount}").format(amount=formats.money(part.amount_minor, item.provider.currency)),
        )
        paragraphs.append("\n".join(line for line in lines if line))
    return "\n\n".join(paragraphs)


def code_text(item: HandOver, part: OneTransfer, period: Month) -> str:
    """Return the text of the payment code that a bank's program reads, or "" when there can be none."""
    code = code_of(item.provider, item.view.account, period, part.payment)
    return code.text if code is not None else ""
