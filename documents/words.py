"""Amounts in words: the whole units in words with a capital, the minor unit in two figures, both in the right form.

The words of numbers come from num2words; the forms of the units are here, because it lacks some currencies in every
language, spells the minor unit out, and does not agree «один» and «два» with a feminine unit.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from num2words import num2words

_NUMBER_LANGUAGES: Final = {"kk": "kz", "ru": "ru", "uk": "uk", "en": "en"}

# (major, minor) by language and currency: one form for kk, one-other for en, one-few-many for ru and uk.
_UNITS: Final[dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]]] = {
    ("kk", "KZT"): (("теңге",), ("тиын",)),
    ("kk", "UAH"): (("гривна",), ("копейка",)),
    ("ru", "KZT"): (("тенге", "тенге", "тенге"), ("тиын", "тиына", "тиынов")),
    ("ru", "UAH"): (("гривна", "гривны", "гривен"), ("копейка", "копейки", "копеек")),
    ("uk", "KZT"): (("тенге", "тенге", "тенге"), ("тиїн", "тиїни", "тиїнів")),
    ("uk", "UAH"): (("гривня", "гривні", "гривень"), ("копійка", "копійки", "копійок")),
    ("en", "KZT"): (("tenge", "tenge"), ("tiyn", "tiyn")),
    ("en", "UAH"): (("hryvnia", "hryvnias"), ("kopiyka", "kopiykas")),
}
_FEMININE: Final = {("uk", "UAH"): {"один": "одна", "два": "дві"}, ("ru", "UAH"): {"один": "одна", "два": "две"}}
_MINUS: Final = {"kk": "минус", "ru": "минус", "uk": "мінус", "en": "minus"}


def amount_in_words(minor: int, currency: str, language: str) -> str:
    """Return minor units in words: «Одна тисяча двісті шістдесят чотири гривні 70 копійок».

    A negative amount begins with the word for minus. Raises KeyError for a currency other than KZT and UAH; an unknown
    language is written in English.
    """
    language = language if language in _NUMBER_LANGUAGES else "en"
    major, rest = divmod(abs(minor), 100)
    major_forms, minor_forms = _UNITS[language, currency]
    text = f"{_cardinal(major, currency, language)} {_form(major_forms, major)}"
    if minor < 0:
        text = f"{_MINUS[language]} {text}"
    return f"{text[0].upper()}{text[1:]} {rest:02d} {_form(minor_forms, rest)}"


@lru_cache(maxsize=65536)
def _cardinal(number: int, currency: str, language: str) -> str:
    text = str(num2words(number, lang=_NUMBER_LANGUAGES[language]))
    if language == "en":
        return text.replace(",", "").replace(" and ", " ")
    if language == "uk":
        text = text.replace("'", "’")
    head, space, last = text.rpartition(" ")
    return head + space + _FEMININE.get((language, currency), {}).get(last, last)


def _form(forms: tuple[str, ...], number: int) -> str:
    if len(forms) == 3:
        if number % 10 == 1 and number % 100 != 11:
            return forms[0]
        return forms[1] if 2 <= number % 10 <= 4 and not 12 <= number % 100 <= 14 else forms[2]
    return forms[0] if number == 1 else forms[-1]
