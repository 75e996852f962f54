"""The file of an education department for ``organisation add``: read, checked, added."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec import Struct

from models.domain.identity import check_bin
from provider.services.catalogue import provider_codes
from provider.services.departments import (
    NewLocality,
    create_department,
    department_provider,
    locality_problem,
    rules_problem,
)
from provider.store.database import Database

TEMPLATE: Final = """\
# An education department, for `kabinet-provider organisation add FILE`. Every value is an example.
kind = "department"
code = "bilim"                     # short Latin name, used on the command line
name = "Алатау қалалық білім бөлімі"
legal_form = "ММ"
registration_code = "990340004512" # BIN
zone = "Asia/Almaty"               # whose clock decides about terms
settlement = "Алатау қ."
address = "Мысал к-сі, 1"
phone = "+7 (727) 000-00-00"
email = "bilim@example.org"
site = "bilim.example"
hours = "Дс–Жм 9:00–18:00"
support_phone = "8 (727) 000-00-01"
support_chat = "https://wa.me/77000000001"

# Every locality after the one around it. kind: region, city, district or village.
[[localities]]
code = "10"
kind = "city"
name = {kk = "Алатау қ.", ru = "г. Алатау", uk = "м. Алатау", en = "Alatau"}

[[localities]]
code = "1001"
kind = "district"
parent = "10"
name = {kk = "Орталық аудан", ru = "Центральный район", uk = "Центральний район", en = "Central district"}

# Rules that differ from the usual ones, by programme: general, special, bulletin, temporary. Until a digital signature
# service is connected a contract is signed with a code that comes by telephone.
[rules.general]
signature_contract = "code"        # click, code or eds: the least that is accepted

[rules.special]
signature_contract = "code"

# The working calendar, the rules of the programmes, benefits and categories are there from the beginning;
# officers change them in the cabinet. Import kindergartens, groups and the existing queue next.
"""


class DepartmentFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The file: who the department is and the localities that it serves; ``rules`` that differ from the usual."""

    kind: str
    code: str
    name: str
    registration_code: str
    settlement: str
    localities: list[NewLocality]
    zone: str = "Asia/Almaty"
    legal_form: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    site: str = ""
    hours: str = ""
    support_phone: str = ""
    support_chat: str = ""
    rules: dict[str, dict[str, Any]] = {}


def understand(values: dict[str, Any]) -> DepartmentFile:
    """Return what a parsed file says; raises ValueError with what is wrong in words."""
    from zoneinfo import available_timezones

    try:
        found = msgspec.convert(values, DepartmentFile)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error
    if not found.code.replace("-", "").replace("_", "").isalnum() or not found.code.isascii():
        raise ValueError("`code` has to be Latin letters, digits, - and _")
    if found.zone not in available_timezones():
        raise ValueError(f"there is no time zone {found.zone}")
    if check_bin(found.registration_code) is not None:
        raise ValueError("`registration_code` has wrong digits: its check digit does not fit")
    problem = locality_problem(found.localities) or rules_problem(found.rules)
    if problem:
        raise ValueError(problem)
    return found


def add(database: Database, found: DepartmentFile) -> str:
    """Return what a person is told once the department is added; raises ValueError when its code is taken."""
    with database.change() as unit:
        if found.code in provider_codes(unit.connection):
            raise ValueError(f"there is already an organisation with the code {found.code}")
        values = msgspec.structs.asdict(found)
        localities = values.pop("localities")
        values.pop("kind")
        rules = values.pop("rules")
        create_department(unit, department_provider(**values), localities, rules)
    return f"{found.name} is added as {found.code}. Import its kindergartens, groups and queue next."
