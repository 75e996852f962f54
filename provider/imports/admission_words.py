"""Words of kindergarten registries, in Kazakh, Russian, Ukrainian and English, as codes of the cabinet.

Every function raises ValueError for a word that it does not know; a caller reports the row, the column and the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from models.contract.admission_records import Benefit
from models.domain.admissions.names import name_key
from models.domain.admissions.states import Mode, Programme
from provider.imports.values import EMPTY

_NUMBERS: Final = re.compile(r"(\d{1,2})(?:[.,]\d)?")

_LANGUAGES: Final = (
    ("kk", ("қаз", "каз", "kaz", "kk")),
    ("ru", ("орыс", "рус", "рос", "rus", "ru")),
    ("en", ("ағылшын", "англ", "eng", "en")),
    ("ug", ("ұйғыр", "уйгур", "uyg", "uig", "ug")),
    ("uz", ("өзбек", "узбек", "uzb", "uz")),
    ("tg", ("тәжік", "таджик", "tajik", "tg")),
)
_KINDS: Final = (
    ("sanatorium", ("санатор", "sanator")),
    ("special", ("арнайы", "специал", "спеціал", "special", "коррекц", "корекц", "түзету")),
    ("school-garden", ("мектеп-балабақша", "школа-", "школа-сад", "школа-дит", "school")),
    ("nursery-garden", ("бөбекжай-", "ясли-", "ясла-", "nursery-garden")),
    ("nursery", ("бөбекжай", "ясли", "ясла", "nursery")),
    ("kindergarten", ("балабақша", "детский", "дитячий", "садок", "сад", "kindergarten")),
)
_OWNERSHIP: Final = (
    ("private", ("жеке", "част", "приват", "private", "жшс", "тоо", "тов", "жм")),
    ("state", ("мемлекет", "госуд", "держав", "state", "коммунал", "комунал", "мкқк", "гккп", "public")),
)
_CORRECTIONS: Final = (
    ("speech", ("сөйлеу", "реч", "мовлен", "speech", "логопед")),
    ("vision", ("көру", "зрен", "зору", "зір", "vision", "sight")),
    ("hearing", ("есту", "слух", "hearing")),
    ("mental", ("психик", "ақыл", "ум", "псих", "інтелект", "розум", "mental")),
    ("motor", ("тірек", "опорн", "двигат", "рухов", "motor", "movement")),
    ("autism", ("аут", "autism")),
    ("tuberculosis", ("туберк", "tubercul", "фтиз")),
)
_MODES: Final = (
    (Mode.TEMPORARY, ("уақытша", "времен", "тимчас", "temporary")),
    (Mode.PERMANENT, ("жалпы", "тұрақты", "общ", "постоян", "загальн", "постійн", "general", "permanent", "generally")),
)
_STAYS: Final = (
    ("round-the-clock", ("тәулік", "круглосут", "цілодоб", "round")),
    ("short", ("қысқа", "кратк", "корот", "short")),
    ("day", ("күндіз", "дневн", "денн", "day")),
)
_QUEUES: Final = (
    (Programme.SPECIAL, ("арнайы", "специал", "спеціал", "special", "коррекц", "корекц")),
    (Programme.BULLETIN, ("бюллетен", "бюлетен", "жолдама", "направлен", "скеруван", "bulletin", "referral")),
    (Programme.GENERAL, ("жалпы", "общ", "загальн", "general")),
)
_NO_BENEFIT: Final = (
    "жеңілдіктер жоқ",
    "жеңілдік жоқ",
    "жалпы",
    "нет",
    "без ",
    "общ",
    "немає",
    "загальн",
    "no ",
    "none",
)
_BENEFITS: Final = (
    ("teacher", ("педагог", "учител", "вчител", "мұғалім", "teacher")),
    ("military", ("әскери", "арнаулы мемлекеттік", "военн", "військов", "military", "специальных государств")),
    ("large-family", ("көп балалы", "многодет", "багатод", "large famil")),
    ("orphan", ("жетім", "қамқорлығынсыз", "сирот", "без попечен", "без піклуван", "orphan", "parental care")),
    (
        "disabled-family",
        ("ата-анасының мүгедект", "отбасының", "родител", "семь", "семей", "батьк", "родин", "disabled parent"),
    ),
    (
        "special-needs",
        ("мүгедект", "ерекше білім", "инвалид", "особ", "інвалід", "disab", "special educational"),
    ),
)


def plain(text: str) -> str:
    """Return words as they are compared: lower case, е for ё, no signs but hyphens."""
    return name_key(text)


def language(text: str) -> str:
    """Return the code of a language of education: «қазақ» is kk."""
    return _beginning(_LANGUAGES, text)


@lru_cache(1024)
def languages(text: str) -> tuple[str, ...]:
    """Return the codes of several languages, in the order of the cabinet: «Қазақша, Орысша» is kk and ru."""
    found = {language(part) for part in re.split(r"[,;/+&]|\s(?:және|и|та|і|and)\s", text) if part.strip()}
    if not found:
        raise ValueError("no language")
    return tuple(code for code, _beginnings in _LANGUAGES if code in found)


def organisation_kind(text: str) -> str:
    """Return the kind of a kindergarten: «бөбекжай-бақша» is nursery-garden."""
    return _anywhere(_KINDS, text)


def ownership(text: str) -> str:
    """Return who owns a kindergarten: state or private."""
    return _anywhere(_OWNERSHIP, text)


def corrections(text: str) -> tuple[str, ...]:
    """Return kinds of correction, () for none: «көру, сөйлеу» is vision and speech."""
    if text in EMPTY:
        return ()
    return tuple(dict.fromkeys(_anywhere(_CORRECTIONS, part) for part in re.split(r"[,;/]", text) if part.strip()))


def mode(text: str) -> Mode:
    """Return on what terms places are given: «Уақытша болу» is temporary; nothing stated is permanent."""
    return Mode.PERMANENT if text in EMPTY else Mode(_anywhere(_MODES, text))


def stay(text: str) -> str:
    """Return how long the day of a group is; nothing stated is day."""
    return "day" if text in EMPTY else _anywhere(_STAYS, text)


@lru_cache(1024)
def queue(text: str) -> Programme:
    """Return the programme of a queue: «Арнайы бағыттағы» is special; nothing stated is general."""
    return Programme.GENERAL if text in EMPTY else Programme(_anywhere(_QUEUES, text))


def ages(text: str) -> tuple[int, int]:
    """Return the ages of a group in full years, ``[from, to)``: «2–3» and «2 жастан 3 жасқа дейін» are 2 and 3."""
    numbers = [int(found) for found in _NUMBERS.findall(text)]  # half years are whole ones in a group's name
    if len(numbers) == 1:
        numbers.append(numbers[0] + 1)
    if len(numbers) != 2 or not 0 <= numbers[0] < numbers[1] <= 8:
        raise ValueError(f"not an age group: {text!r}")
    return numbers[0], numbers[1]


class Benefits:
    """Understands the category words of a queue: names of the department's benefits, or words for them."""

    def __init__(self, known: Iterable[Benefit]) -> None:
        self._codes = frozenset(row.code for row in known)
        self._names: Mapping[str, str] = {plain(text): row.code for row in known for text in row.name.values()}
        self._found: dict[str, str] = {}

    def code(self, text: str) -> str:
        """Return the code of a benefit, "" for none; raises ValueError for words that mean none of them."""
        found = self._found.get(text)
        if found is None:
            found = self._found[text] = self._understood(text)
        return found

    def _understood(self, text: str) -> str:
        if text in EMPTY:
            return ""
        words = plain(text)
        for name, code in self._names.items():
            if words == name or words.startswith(name + " "):
                return code
        if words in self._codes:
            return words
        for code, beginnings in _BENEFITS:
            if code in self._codes and any(beginning in words for beginning in beginnings):
                return code
        if words.startswith(_NO_BENEFIT) or _only_age(words):
            return ""
        raise ValueError(f"no category: {text!r}")


def _only_age(words: str) -> bool:
    """Return whether a category names nothing but an age: «2-ден 5 жасқа дейінгі балалар»."""
    return any(sign.isdigit() for sign in words) and any(
        word in words for word in ("жас", "лет", "год", "рок", "рік", "year")
    )


def _beginning(table: Iterable[tuple[str, tuple[str, ...]]], text: str) -> str:
    words = plain(text)
    for code, beginnings in table:
        if words.startswith(beginnings):
            return code
    raise ValueError(f"unknown word: {text!r}")


def _anywhere(table: Iterable[tuple[str, tuple[str, ...]]], text: str) -> str:
    words = plain(text)
    for code, parts in table:
        for part in parts:
            if words.startswith(part) or f" {part}" in words:
                return code
    raise ValueError(f"unknown word: {text!r}")
