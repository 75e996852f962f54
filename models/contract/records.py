"""Rows of the change feed: what a provider tells a client, as frozen values.

Each record travels as a JSON array in field order (``array_like``); new fields are only ever appended and get a
default, so an older reader ignores them and a newer one fills them. ``id`` is given by the provider and never reused.
Amounts are minor units, readings are integers in the meter's last digit, periods are ``yyyymm``, prices are
decimal text, instants are UTC. Names of services and units come in every language; names of people, streets and firms
come as registered.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from msgspec import Struct, field

from models.contract.admission_records import ADMISSION_RECORDS
from models.contract.collection_records import COLLECTION_RECORDS
from models.contract.letter_records import LETTER_RECORDS
from models.contract.record import Record as Record
from models.contract.record import Texts as Texts
from models.domain.problems import Problem


class Provider(Record, frozen=True, array_like=True):
    """An organisation that runs its part of the cabinet: a utility, or an education department.

    Who it is, how it shows debts, when it takes readings, how it may be paid; the latter say nothing of a department.
    """

    TABLE: ClassVar[str] = "provider"

    code: str
    name: str
    legal_form: str
    registration_code: str  # BIN (KZ, 12 digits) or EDRPOU (UA, 8 digits)
    country: str  # KZ | UA
    currency: str  # KZT | UAH
    zone: str  # IANA name
    settlement: str
    address: str
    phone: str
    email: str
    site: str
    hours: str
    dispatch_phone: str
    debt_sign: str  # debt_positive | debt_negative | two_columns: how balances are shown, never how they are kept
    due_day: int  # day of the month after the billed one
    window_from: int  # reading window, days of the month, inclusive
    window_to: int
    grace_days: int  # a reading captured inside the window may arrive this much later
    unusual_factor: int  # ask when a volume exceeds this many averages
    unusual_minimum: int  # ... and this many whole units a person
    qr: str  # none | url | nbu002 | nbu003 | text
    qr_template: str  # for url: {account} {amount} {amount_minor} {period}
    pay_link: str  # payment page, same placeholders; "" when there is none
    notice: Texts  # information block of the invoice
    tear_off: bool
    partial_payment: bool = True
    vat_payer: bool = True
    kind: str = "utility"  # utility | department
    support_phone: str = ""
    support_chat: str = ""


class Service(Record, frozen=True, array_like=True):
    """Something a provider charges for."""

    TABLE: ClassVar[str] = "service"

    provider_id: int
    code: str
    kind: str  # water | drainage | refuse | housing | heating | electricity | other: chooses the icon
    name: Texts
    unit: Texts  # "" entries for a service without volume
    priority: int  # order of lines and of paying off debts
    recipient_id: int | None
    volume_from: int | None = None  # drainage takes its volume from this service


class Recipient(Record, frozen=True, array_like=True):
    """Where money for a service goes."""

    TABLE: ClassVar[str] = "recipient"

    provider_id: int
    name: str
    code: str
    iban: str  # "" when the registered account is not an IBAN: then no QR can be made
    legacy_account: str
    bank: str
    bank_code: str
    purpose: str
    commission_percent: str  # decimal text, the acquirer's
    vat_note: str  # "" or the recipient's own words, such as «без ПДВ»


class Tariff(Record, frozen=True, array_like=True):
    """A price of a service for a group of consumers while it is valid, ``[valid_from, valid_to)``."""

    TABLE: ClassVar[str] = "tariff"

    service_id: int
    consumer_group: str  # population | legal
    price: str  # a unit, VAT included, or per month for a fixed charge
    vat_rate: str  # percent, "0" when there is none
    norm: str | None  # units a person and month, four decimals
    tiers: list[tuple[str, str]]  # (cumulative limit of the period, price); the last limit is ""
    subscription_minor: int  # fixed fee a month, its own line; 0 when there is none
    valid_from: date
    valid_to: date | None


class Account(Record, frozen=True, array_like=True):
    """A consumer's account with one provider."""

    TABLE: ClassVar[str] = "account"

    provider_id: int
    number: str
    kind: str  # individual | legal
    holder: str
    code_masked: str  # IIN, BIN, EDRPOU or RNOKPP with the middle hidden; "" when unknown
    contract: str
    settlement: str
    street: str
    house: str
    prefix: str
    flat: str
    residents: int
    area: str  # square metres, decimal text; "" when unknown
    consumer_group: str
    privileges: list[str]
    status: str  # open | closed


class AccountService(Record, frozen=True, array_like=True):
    """A service that an account receives, and what it owes for it."""

    TABLE: ClassVar[str] = "account_service"

    account_id: int
    service_id: int
    basis: str  # meter | norm | fixed
    balance_minor: int  # positive = the consumer owes
    active: bool


class Meter(Record, frozen=True, array_like=True):
    """A register installed for a service of an account."""

    TABLE: ClassVar[str] = "meter"

    account_id: int
    service_id: int
    model: str
    number: str
    integer_digits: int
    fraction_digits: int
    initial: int
    installed_on: date | None
    removed_on: date | None
    seal: str
    verified_until: date | None
    status: str  # working | out | removed
    place: str = ""


class Reading(Record, frozen=True, array_like=True):
    """What a register showed on a day."""

    TABLE: ClassVar[str] = "reading"

    account_id: int
    meter_id: int
    value: int
    read_on: date
    period: int
    source: str  # consumer | controller | cashier | average | norm | import | initial
    state: str  # accepted | replaced | next_period
    received_at: datetime
    command_id: str  # "" when it did not come as a command


class Entry(Record, frozen=True, array_like=True):
    """A ledger movement on what an account owes for a service; the provider never changes or deletes one."""

    TABLE: ClassVar[str] = "entry"

    account_id: int
    service_id: int
    transaction_id: int
    kind: (
        str  # opening | charge | subscription | correction | penalty | payment | payment_reversal | refund | transfer …
    )
    amount_minor: int  # positive raises the debt
    vat_minor: int  # VAT included in amount_minor
    business_date: date
    posted_on: date
    period: int  # the open period it was posted in
    belongs_to: int  # the period it is about
    document: str
    method: str  # cash | card | bank | online; "" for what is not a payment
    purpose: str
    reason: str
    reversal_of: int | None
    detail: dict[str, Any] | None = None  # how a charge was computed: models.domain.billing.ChargeLine as plain values
    command_id: str = ""


class Assertion(Record, frozen=True, array_like=True):
    """A period's figures as a source states them, kept beside the ledger and flagged where they do not follow."""

    TABLE: ClassVar[str] = "assertion"

    account_id: int
    service_id: int
    period: int
    tariff: str
    charged_minor: int
    penalty_minor: int | None
    correction_minor: int | None
    subscription_minor: int | None
    paid_minor: int
    closing_minor: int  # positive = the consumer owes
    expected_minor: int | None  # previous closing + movements; None for the first row
    source: str


class Message(Record, frozen=True, array_like=True):
    """Something the provider tells its consumers."""

    TABLE: ClassVar[str] = "message"

    provider_id: int
    account_id: int | None
    kind: str  # announcement | notification | message | invoice
    subject: Texts
    body: Texts
    at: datetime
    link: str = ""  # screen to open: readings, charges, invoice …
    child_id: int | None = None
    application_id: int | None = None
    organisation_id: int | None = None
    """The kindergarten that it is written to."""
    letter_id: int | None = None


class Mailing(Record, frozen=True, array_like=True):
    """A monthly mailing of the breakdown of charges to a person's confirmed e-mail address."""

    TABLE: ClassVar[str] = "mailing"

    account_id: int
    user_id: int
    active: bool
    language: str


class Request(Record, frozen=True, array_like=True):
    """Something a consumer asked the provider to do or to correct."""

    TABLE: ClassVar[str] = "request"

    account_id: int
    number: str
    kind: str  # data_correction
    text: str
    status: str  # submitted | accepted | done | refused
    answer: str
    at: datetime
    command_id: str


class Person(Record, frozen=True, array_like=True):
    """The signed-in user's own profile."""

    TABLE: ClassVar[str] = "person"

    login: str
    name: str
    email: str
    pending_email: str
    phone: str
    language: str
    roles: list[str]  # resident | cashier | clerk | admin | parent | officer | doctor | kindergarten
    version: int = 0
    code: str = ""  # IIN or document number
    born: date | None = None
    sex: str = ""
    extra_phone: str = ""
    address: str = ""
    photo: str = ""  # hash of the picture


class Outcome(Record, frozen=True, array_like=True):
    """What became of a command of this device."""

    TABLE: ClassVar[str] = "outcome"

    command_id: str
    device_id: int
    n: int
    status: str  # models.contract.outcomes.Status
    problems: list[Problem]
    result: dict[str, Any]
    at: datetime


RECORDS: tuple[type[Record], ...] = (
    Provider,
    Service,
    Recipient,
    Tariff,
    Account,
    AccountService,
    Meter,
    Person,
    Message,
    Mailing,
    Request,
    Assertion,
    Reading,
    Entry,
    Outcome,
    *ADMISSION_RECORDS,
    *COLLECTION_RECORDS,
    *LETTER_RECORDS,
)
"""Every record, in the order a bootstrap sends them: what makes the program usable comes first, history last."""

BY_TABLE: dict[str, type[Record]] = {record.TABLE: record for record in RECORDS}

NUMBER: dict[str, int] = {record.TABLE: index + 1 for index, record in enumerate(RECORDS)}
"""Small number of each table for the provider's change index. Append only."""


def columns(record: type[Record]) -> tuple[str, ...]:
    """Return the column header of a record's rows."""
    return record.__struct_fields__


class AccountView(Struct, frozen=True):
    """Everything about one account from one consistent cut: what screens and papers are made from.

    ``as_of`` is when the cut was complete; ``epoch`` and ``sequence`` say which cut.
    """

    provider: Provider
    account: Account
    services: list[Service]
    recipients: list[Recipient]
    tariffs: list[Tariff]
    account_services: list[AccountService]
    meters: list[Meter]
    readings: list[Reading]
    entries: list[Entry]
    assertions: list[Assertion]
    as_of: datetime
    epoch: str
    sequence: int
    waiting: list[Any] = field(default_factory=list)  # commands not yet confirmed, models.contract.commands.Command
