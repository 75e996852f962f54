"""Words that several papers share: what a basis, a source, a kind of movement, a code is called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from documents.kit.flow import Furniture
from models.contract.records import Account, AccountView, Provider, Service
from models.domain.period import Month
from models.domain.statements import display_balance
from translations import _, c_, current, formats

_BASES: Final[dict[str, Callable[[], str]]] = {
    "meter": lambda: c_("paper", "by meter"),
    "norm": lambda: c_("paper", "by norm"),
    "average": lambda: c_("paper", "by average"),
    "fixed": lambda: c_("paper", "fixed charge"),
}
_SOURCES: Final[dict[str, Callable[[], str]]] = {
    "consumer": lambda: c_("paper", "consumer"),
    "controller": lambda: c_("paper", "controller"),
    "cashier": lambda: c_("paper", "cash desk"),
    "average": lambda: c_("paper", "average"),
    "norm": lambda: c_("paper", "norm"),
    "import": lambda: c_("paper", "provider's register"),
    "initial": lambda: c_("paper", "at installation"),
}
_METHODS: Final[dict[str, Callable[[], str]]] = {
    "cash": lambda: c_("paper", "in cash"),
    "card": lambda: c_("paper", "by card"),
    "bank": lambda: c_("paper", "through a bank"),
    "online": lambda: c_("paper", "online"),
}
_KINDS: Final[dict[str, Callable[[], str]]] = {
    "opening": lambda: c_("paper", "Opening balance"),
    "charge": lambda: c_("paper", "Charge"),
    "subscription": lambda: c_("paper", "Subscription fee"),
    "correction": lambda: c_("paper", "Correction"),
    "penalty": lambda: c_("paper", "Penalty"),
    "penalty_write_off": lambda: c_("paper", "Penalty written off"),
    "payment": lambda: c_("paper", "Payment"),
    "payment_reversal": lambda: c_("paper", "Payment cancelled"),
    "refund": lambda: c_("paper", "Refund"),
    "transfer": lambda: c_("paper", "Transfer"),
    "privilege": lambda: c_("paper", "Privilege"),
    "subsidy": lambda: c_("paper", "Subsidy"),
    "write_off": lambda: c_("paper", "Write-off"),
    "cash_rounding": lambda: c_("paper", "Cash rounding"),
    "bill_rounding": lambda: c_("paper", "Bill rounding"),
}
DASH: Final = "–"
_LONGEST_NAME: Final = 160


def basis(code: str) -> str:
    """Return how a volume was found, in words; "" for none."""
    return _BASES[code]() if code in _BASES else code


def source(code: str) -> str:
    """Return where a reading came from, in words."""
    return _SOURCES[code]() if code in _SOURCES else code


def method(code: str) -> str:
    """Return how a payment was made, in words."""
    return _METHODS[code]() if code in _METHODS else code


def kind(code: str) -> str:
    """Return what a movement is, in words."""
    return _KINDS[code]() if code in _KINDS else code


def document(kind_code: str, number: str, *, reversal: bool = False) -> str:
    """Return a document's kind with its number: «Оплата №45»."""
    name = c_("paper", "Reversal") if reversal else kind(kind_code)
    return numbered(name, number)


def numbered(name: str, number: str) -> str:
    """Return a document's name with its number, which may be words of the provider's own, or none."""
    if number[:1].isdigit():
        return c_("paper", "{name} No. {number}").format(name=name, number=number)
    return f"{name} {number}".rstrip()


def text(texts: dict[str, str]) -> str:
    """Return a record's text in the language in force; the provider's first one if that is missing."""
    return texts.get(current()) or texts.get("en") or next((one for one in texts.values() if one), "")


def service(record: Service) -> str:
    """Return a service's name."""
    return text(record.name) or record.code


def amount_or_dash(minor: int) -> str:
    """Return an amount; nothing is a dash, as in the cabinet's tables."""
    return formats.amount(minor) if minor else DASH


def volume(value: Decimal, unit: str = "") -> str:
    """Return a volume with its own number of decimals, and its unit."""
    shown = formats.plain(f"{value:f}")
    return f"{shown}\u00a0{unit}" if unit else shown


def price(value: str) -> str:
    """Return a price with at least two decimals."""
    whole, dot, fraction = value.partition(".")
    return formats.plain(f"{whole}.{fraction:0<2}" if dot or value.isdigit() else value)


def provider_name(provider: Provider) -> str:
    """Return a provider's name with its legal form: before it where the country writes so, after it in Kazakhstan."""
    if not provider.legal_form or provider.legal_form in provider.name.split():
        return provider.name
    if provider.country == "KZ" and current() == "kk":
        return f"{provider.name} {provider.legal_form}"
    return f"{provider.legal_form} {provider.name}"


def short(name: str) -> str:
    """Return a name that cannot push figures out of a sentence: at most 160 characters."""
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1].rstrip() + "…"


def firm_code(provider: Provider) -> str:
    """Return what a firm's registration code is called."""
    return c_("paper", "BIN") if provider.country == "KZ" else c_("paper", "EDRPOU")


def consumer_code(provider: Provider, account: Account) -> str:
    """Return what a consumer's code is called."""
    if account.kind == "legal":
        return firm_code(provider)
    return c_("paper", "IIN") if provider.country == "KZ" else c_("paper", "RNOKPP")


def address(account: Account) -> str:
    """Return an account's address on one line: settlement, street, house with its letter, flat."""
    house = f"{account.house}{account.prefix}" if len(account.prefix) <= 1 else f"{account.house} {account.prefix}"
    parts = [account.settlement, account.street, house]
    if account.flat:
        parts.append(c_("paper", "flat {flat}").format(flat=account.flat))
    return ", ".join(part for part in parts if part)


def month_name(month: Month) -> str:
    """Return a month in words."""
    return formats.month(month.first)


def balance(minor: int, provider: Provider) -> str:
    """Return a balance as the provider writes it: with its sign, or with the name of its side."""
    if provider.debt_sign == "two_columns" and minor:
        side = c_("paper", "debt") if minor > 0 else c_("paper", "overpayment")
        return f"{formats.amount(abs(minor))} ({side})"
    return formats.amount(display_balance(minor, provider.debt_sign))


def furniture(title: str, number: str, made_at: datetime, views: Sequence[AccountView], copy: bool) -> Furniture:
    """Return what stands on every page of a paper made from ``views``; the oldest of them says how fresh it is."""
    zone = views[0].provider.zone
    oldest = min(views, key=lambda view: view.as_of)
    cut = " · ".join(f"{view.sequence}@{view.epoch[:8]}" for view in views)
    return Furniture(
        title=title,
        number=c_("paper", "No. {number}").format(number=number) if number else "",
        made=c_("paper", "made {moment}").format(moment=formats.moment(made_at, zone)),
        fresh=_("data as of {moment} (last sync), version {cut}").format(
            moment=formats.moment(oldest.as_of, oldest.provider.zone), cut=cut
        ),
        copy=copy,
    )
