"""Commands about the organisations of an installation: ``organisation template``, ``add FILE``, ``list``."""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct, field

from models.contract.records import Provider, Service, Texts
from models.domain.identity import check_bin, check_edrpou
from provider import commands_department
from provider.services.catalogue import Rules, create_provider, create_service, provider_codes
from provider.settings import Settings
from provider.store.database import Database
from translations import LANGUAGES

_CHECKS: Final = {"KZ": check_bin, "UA": check_edrpou}

TEMPLATE: Final = """\
# A utility, for `kabinet-provider organisation add FILE`. Every value is an example; lines behind # may stay out.
code = "vodokanal"                 # short Latin name, used on the command line
name = "«Қала Су Арнасы»"
legal_form = "ЖШС"
registration_code = "120740001205" # BIN (KZ) or EDRPOU (UA)
country = "KZ"                     # KZ or UA
currency = "KZT"
zone = "Asia/Almaty"
settlement = "Өскемен қ."
address = "Мысал к-сі, 1"
phone = "+7 (7232) 00-00-00"
email = "abonent@example.org"
site = "example.org"
hours = "Дс–Жм 8:00–17:00"
dispatch_phone = "+7 (7232) 00-01-09"
debt_sign = "debt_positive"        # how balances are shown: debt_positive, debt_negative or two_columns
due_day = 25                       # of the month after the billed one
window_from = 15                   # days of the month on which readings are taken
window_to = 25
# grace_days = 3
# qr = "text"                      # none, url, text (KZ), nbu002, nbu003 (UA)
# qr_template = "{account};{period};{amount}"
# pay_link = "https://pay.example.org/?account={account}&amount={amount}"

[[services]]
code = "water"
kind = "water"                     # water, drainage, refuse, housing, heating, electricity or other
unit = {kk = "м³", ru = "м³", uk = "м³", en = "m³"}
name = {kk = "Сумен жабдықтау", ru = "Водоснабжение", uk = "Водопостачання", en = "Water supply"}

[[services]]
code = "drainage"
kind = "drainage"
volume_from = "water"              # takes its volume from this service
unit = {kk = "м³", ru = "м³", uk = "м³", en = "m³"}
name = {kk = "Су бұру", ru = "Водоотведение", uk = "Водовідведення", en = "Drainage"}
"""


class ServiceFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A service in the file."""

    code: str
    kind: str
    name: Texts
    unit: Texts = field(default_factory=lambda: dict.fromkeys(LANGUAGES, ""))
    volume_from: str = ""


class OrganisationFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The file: a provider's own fields and its services in the order of lines and of paying off debts."""

    code: str
    name: str
    registration_code: str
    country: str
    currency: str
    zone: str
    settlement: str
    services: list[ServiceFile]
    legal_form: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    site: str = ""
    hours: str = ""
    dispatch_phone: str = ""
    debt_sign: str = "debt_positive"
    due_day: int = 25
    window_from: int = 1
    window_to: int = 31
    grace_days: int = 3
    unusual_factor: int = 3
    unusual_minimum: int = 20
    qr: str = "none"
    qr_template: str = ""
    pay_link: str = ""
    notice: Texts = field(default_factory=lambda: dict.fromkeys(LANGUAGES, ""))
    tear_off: bool = True
    partial_payment: bool = True
    vat_payer: bool = True
    rules: Rules = Rules()


def register(subparsers: Any) -> None:
    """Add the commands."""
    actions = subparsers.add_parser(
        "organisation", help="the utilities and education departments of this installation"
    ).add_subparsers(dest="action", required=True, metavar="ACTION")
    template = actions.add_parser("template", help="print an example of the file that `add` reads")
    template.add_argument(
        "kind", nargs="?", choices=("utility", "department"), default="utility", help="of what; a utility by default"
    )
    template.set_defaults(run=run_template)
    add = actions.add_parser("add", help="add a utility with its services, or a department, from a TOML file")
    add.add_argument("file", type=Path, metavar="FILE")
    add.set_defaults(run=run_add)
    actions.add_parser("list", help="list codes and numbers of the organisations").set_defaults(run=run_list)


def run_template(arguments: argparse.Namespace, _settings: Settings) -> int:
    """Print the example."""
    print(commands_department.TEMPLATE if arguments.kind == "department" else TEMPLATE, end="")
    return 0


def run_list(_arguments: argparse.Namespace, settings: Settings) -> int:
    """List the organisations."""
    database = Database.open(settings)
    try:
        with database.read() as connection:
            for code, tenant in sorted(provider_codes(connection).items()):
                print(f"{code}\t{tenant}")
    finally:
        database.close()
    return 0


def run_add(arguments: argparse.Namespace, settings: Settings) -> int:
    """Add the organisation; nothing is added when anything in the file is wrong."""
    try:
        values = _parsed(arguments.file)
        if values.get("kind") == "department":
            return _add_department(values, settings)
        found = understand(values)
    except ValueError as wrong:
        print(f"{arguments.file}: {wrong}. Nothing was added.", file=sys.stderr)
        return 1
    database = Database.open(settings)
    try:
        with database.change() as unit:
            if found.code in provider_codes(unit.connection):
                print(f"There is already a utility with the code {found.code}. Nothing was added.", file=sys.stderr)
                return 1
            values = msgspec.structs.asdict(found)
            services, rules = values.pop("services"), values.pop("rules")
            tenant = create_provider(unit, Provider(id=0, **values), rules)
            numbers: dict[str, int] = {}
            for priority, one in enumerate(services, 1):
                numbers[one.code] = create_service(
                    unit,
                    tenant,
                    Service(
                        id=0,
                        provider_id=tenant,
                        code=one.code,
                        kind=one.kind,
                        name=one.name,
                        unit=one.unit,
                        priority=priority,
                        recipient_id=None,
                        volume_from=numbers.get(one.volume_from),
                    ),
                ).id
    finally:
        database.close()
    print(f"{found.name} is added as {found.code}. Import its tariffs and subscribers next.")
    return 0


def _add_department(values: dict[str, Any], settings: Settings) -> int:
    found = commands_department.understand(values)
    database = Database.open(settings)
    try:
        print(commands_department.add(database, found))
    finally:
        database.close()
    return 0


def read(path: Path) -> OrganisationFile:
    """Return what the file of a utility says; raises ValueError with what is wrong in words."""
    return understand(_parsed(path))


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ValueError("is not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"is not TOML: {error}") from error


def understand(values: dict[str, Any]) -> OrganisationFile:
    """Return what the parsed file of a utility says; raises ValueError with what is wrong in words."""
    try:
        found = msgspec.convert(values, OrganisationFile)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error
    _check(found)
    return found


def _check(found: OrganisationFile) -> None:
    from zoneinfo import available_timezones

    codes = [one.code for one in found.services]
    wrong = {
        "`code` has to be Latin letters, digits, - and _": not found.code.replace("-", "").replace("_", "").isalnum()
        or not found.code.isascii(),
        "`country` has to be KZ or UA": found.country not in _CHECKS,
        "`currency` has to be KZT or UAH": found.currency not in {"KZT", "UAH"},
        f"there is no time zone {found.zone}": found.zone not in available_timezones(),
        "at least one service is needed": not codes,
        "two services have the same code": len(set(codes)) != len(codes),
        "`volume_from` has to name a service that stands before": any(
            one.volume_from and one.volume_from not in codes[:place] for place, one in enumerate(found.services)
        ),
        "`window_from` and `window_to` have to be days of a month in order": not 1
        <= found.window_from
        <= found.window_to
        <= 31,
        "`due_day` has to be a day of a month": not 1 <= found.due_day <= 31,
        "`debt_sign` has to be debt_positive, debt_negative or two_columns": found.debt_sign
        not in {"debt_positive", "debt_negative", "two_columns"},
        "`qr` has to be none, url, text, nbu002 or nbu003": found.qr not in {"none", "url", "text", "nbu002", "nbu003"},
    }
    for sentence, is_so in wrong.items():
        if is_so:
            raise ValueError(sentence)
    if _CHECKS[found.country](found.registration_code) is not None:
        raise ValueError("`registration_code` has wrong digits: its check digit does not fit")
