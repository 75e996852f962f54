"""Which column of a file is what: the names that utilities, banks and old programs give their columns.

Names are compared in lower case without punctuation. A person may map columns by hand
(``ImportOptions.columns``: field → header), which wins over these tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from models.domain.problems import Problem
from provider.imports.admission_columns import ADMISSION_ALIASES, ADMISSION_REQUIRED
from provider.imports.tables import TableRefused

_ACCOUNT: Final = (
    "account", "ls", "lschet", "abcount", "or", "os_rah", "plat_code", "лицевой счет", "лицевой счёт", "л с", "лс",
    "о р", "особовий рахунок", "жеке шот", "дербес шот", "account number", "шот",
)  # fmt: skip
_METER: Final = (
    "meter_number", "nsch", "counter_no", "abcounter", "№ счетчика", "счетчик", "номер счетчика", "№ лічильника",
    "номер лічильника", "лічильник", "есептеуіш №", "есептеуіш", "meter", "meter no",
)  # fmt: skip
_SERVICE: Final = ("service", "name_plat", "услуга", "послуга", "қызмет", "назва", "code_plat")

ALIASES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "subscribers": {
        "account": _ACCOUNT,
        "holder": ("holder", "fio", "pib", "фио", "піб", "аты жөні", "name", "наименование", "абонент"),
        "street": ("street", "ulica", "vul", "улица", "вулиця", "көше"),
        "house": ("house", "dom", "bud", "дом", "будинок", "үй"),
        "prefix": ("prefix", "korp", "lit", "корпус", "литера", "літера", "префикс", "префикс дома"),
        "flat": ("flat", "kv", "кв", "квартира", "пәтер"),
        "code": ("code", "iin", "bin", "иин", "бин", "жсн", "бсн", "рнокпп", "єдрпоу", "едрпоу", "ipn"),
        "residents": ("residents", "kolzh", "people", "жильцов", "мешканців", "тұрғындар", "проживает", "кол жильцов"),
        "phone": ("phone", "tel", "tlf", "телефон"),
        "email": ("email", "e mail", "эл почта", "пошта"),
        "area": ("area", "pl_ob", "площадь", "площа", "площа м2", "площадь м2", "ауданы"),
        "balance": ("balance", "saldo", "сальдо", "isxdolg", "summ_dolg", "долг", "борг", "берешек"),
        "meter_number": _METER,
        "meter_model": ("model", "модель", "meter_model", "марка"),
        "reading": ("reading", "pok", "показание", "показання", "показания", "көрсеткіш", "old_value", "pre_value"),
        "read_on": ("read_on", "dpok", "дата показания", "дата показань", "дата снятия"),
        "verified_until": ("verified_until", "dpov", "дата поверки", "дата повірки", "поверка до"),
        "drainage": ("drainage", "kanal", "канализация", "водоотведение", "каналізація"),
        "service": _SERVICE,
        "contract": ("contract", "dogovor", "договор", "договір", "шарт", "шарт №"),
        "kind": ("kind", "тип", "вид потребителя", "группа", "група", "топ"),
    },
    "tariffs": {
        "service": _SERVICE,
        "unit": ("unit", "единица", "одиниця", "өлшем бірлігі", "ед изм"),
        "group": ("group", "группа", "група", "топ", "группа потребителей"),
        "price": ("price", "tarif", "тариф с ндс", "тариф з пдв", "тариф", "цена", "ціна"),
        "vat": ("vat", "ндс", "пдв", "ққс", "ндс %", "пдв %"),
        "norm": ("norm", "норма", "норма м3 чел", "норма м3 особу", "норматив"),
        "valid_from": ("valid_from", "действует с", "діє з", "басталуы", "с", "з"),
        "valid_to": ("valid_to", "действует по", "діє до", "діє по", "аяқталуы", "по", "до"),
        "subscription": ("subscription", "абон плата", "абонентская плата", "абонплата", "абоненттік төлем"),
        "tiers": ("tiers", "ступени", "ступені", "диапазоны"),
    },
    "readings": {
        "account": _ACCOUNT,
        "meter_number": _METER,
        "read_on": ("read_on", "дата снятия", "дата", "дата показания", "дата показань", "dpok", "күні"),
        "value": ("value", "показание", "показання", "показания", "pok", "new_value", "көрсеткіш", "reading"),
        "source": ("source", "источник", "джерело", "көзі"),
    },
    "payments": {
        "account": _ACCOUNT,
        "day": ("day", "date", "дата", "дата операции", "дата платежу", "дата платежа", "күні"),
        "payer": ("payer", "фио", "плательщик", "платник", "піб", "fio", "төлеуші"),
        "amount": ("amount", "summ_plat", "oplat", "сумма", "сума", "сомасы", "summa"),
        "purpose": ("purpose", "назначение", "призначення", "назначение платежа", "мақсаты"),
        "operation": (
            "operation", "number", "№ операции", "номер операции", "операция", "№ операції", "операция №",
        ),
        "service": _SERVICE,
    },
    "recipients": {
        "service": _SERVICE,
        "name": ("name", "отримувач", "получатель", "алушы"),
        "code": ("code", "єдрпоу", "едрпоу", "бин", "бсн", "edrpou", "bin"),
        "bank_account": ("account", "iban", "iban або р р", "р р", "рахунок", "счет", "iban или р с", "r_count"),
        "bank": ("bank", "банк", "name_banks"),
        "bank_code": ("bank_code", "мфо", "бик", "mfo", "бск"),
        "commission": ("commission", "комісія", "комиссия", "комісія %", "комиссия %"),
        "purpose": ("purpose", "призначення", "назначение", "мақсаты"),
    },
    "assertions": {
        "period": ("period", "період", "период", "кезең", "месяц", "місяць"),
        "account": _ACCOUNT,
        "service": _SERVICE,
        "tariff": ("tariff", "тариф", "tarif"),
        "charged": ("charged", "нараховано", "начислено", "есептелді", "summ_month", "narah"),
        "penalty": ("penalty", "пеня", "өсімпұл"),
        "correction": ("correction", "корекція", "корректировка", "коррекция", "түзету"),
        "subscription": ("subscription", "абон плата", "абонплата", "абоненттік төлем"),
        "paid": ("paid", "сплачено", "оплачено", "төленді", "oplat"),
        "closing": ("closing", "сальдо на кінець", "сальдо на конец", "сальдо", "кезең соңындағы сальдо"),
    },
    **ADMISSION_ALIASES,
}  # fmt: skip

REQUIRED: Final[dict[str, tuple[str, ...]]] = {
    "subscribers": ("account", "holder"),
    "tariffs": ("service", "price", "valid_from"),
    "readings": ("account", "value", "read_on"),
    "payments": ("account", "day", "amount"),
    "recipients": ("service", "name", "bank_account"),
    "assertions": ("period", "charged", "paid", "closing"),
    **ADMISSION_REQUIRED,
}

FOOTERS: Final = ("разом", "итого", "барлығы", "всього", "усього", "всего", "total", "жиыны")

_SALDO: Final = re.compile(r"\b(\d{1,2}\.\d{1,2}\.\d{4})\b")


def plain_header(text: str) -> str:
    """Return a header as it is compared: lower case, е for ё, words parted by one space, no signs but ``№ % _``."""
    return " ".join(re.sub(r"[^\w№%]+", " ", text.casefold().replace("ё", "е")).split())


def recognise(
    kind: str, header: Sequence[str], chosen: Mapping[str, str] | None = None, file: str = ""
) -> dict[str, int]:
    """Return at which place each known field stands. Raises TableRefused when one that is needed is missing."""
    plain = [plain_header(name) for name in header]
    without_dates = [plain_header(re.sub(r"\bна\b.*|,.*", "", _SALDO.sub("", name))) for name in header]
    places: dict[str, int] = {}
    for field, aliases in ALIASES[kind].items():
        wanted = (chosen or {}).get(field)
        if wanted is not None:
            if wanted not in header:
                raise TableRefused(Problem("import-missing-column", values={"file": file, "column": wanted}))
            places[field] = header.index(wanted)
            continue
        names = [plain_header(alias) for alias in aliases]
        for candidates in (plain, without_dates):
            # the order of aliases is the order of preference: «тариф с ндс» before «тариф»
            found = next((candidates.index(name) for name in names if name in candidates), None)
            if found is not None and found not in places.values():
                places[field] = found
                break
    for field in REQUIRED[kind]:
        if field not in places:
            name = next((alias for alias in ALIASES[kind][field] if not alias.isascii()), field)
            meant = {"kind": kind, "field": field}
            raise TableRefused(Problem("import-missing-column", values={"file": file, "column": name, **meant}))
    return places


def date_in_header(text: str) -> str:
    """Return the date that a header states («Сальдо на 01.01.2023, грн»), "" when it states none."""
    found = _SALDO.search(text)
    return found[1] if found else ""


def is_footer(cells: Sequence[str]) -> bool:
    """Return whether a row is a sum below the table: its first words say so."""
    first = next((cell for cell in cells if cell), "").casefold()
    return first.startswith(FOOTERS)


_KINDS: Final = (
    ("drainage", ("водоотвед", "канализ", "водовідвед", "каналіз", "су бұру", "drainage", "сточн")),
    ("water", ("водоснаб", "водопост", "вода", "сумен", "воду", "water", "холодн", "су")),
    ("refuse", ("мусор", "тбо", "отход", "відход", "смітт", "қоқыс", "refuse")),
    ("housing", ("обслуж", "обслуг", "житло", "жилищ", "үй", "housing", "содержан", "утриман")),
    ("heating", ("тепло", "отопл", "опален", "жылу", "heating")),
    ("electricity", ("электр", "електр", "жарық", "electric")),
)


_WHOLE: Final = frozenset({"су", "үй"})
"""Short words that begin many others, so they count only whole."""


def service_kinds(text: str) -> list[str]:
    """Return the kinds of service that a free text names, in the order of the table; [] when it names none.

    «вода и канализация» → drainage and water; «вода» → water.
    """
    plain = plain_header(text)
    found = []
    for kind, beginnings in _KINDS:
        named = False
        for beginning in beginnings:
            if " " in beginning and beginning in plain:
                plain = plain.replace(beginning, " ")  # «су бұру» is drainage and says nothing about «су»
                named = True
            elif beginning in _WHOLE:
                named = named or beginning in plain.split()
            else:
                named = named or any(word.startswith(beginning) for word in plain.split())
        if named:
            found.append(kind)
    return found
