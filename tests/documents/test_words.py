from __future__ import annotations

import pytest

from documents.words import amount_in_words


@pytest.mark.parametrize(
    ("minor", "currency", "language", "words"),
    [
        (126470, "UAH", "uk", "Одна тисяча двісті шістдесят чотири гривні 70 копійок"),
        (200121, "UAH", "uk", "Дві тисячі одна гривня 21 копійка"),
        (5, "UAH", "uk", "Нуль гривень 05 копійок"),
        (1111, "UAH", "uk", "Одинадцять гривень 11 копійок"),
        (11202, "UAH", "uk", "Сто дванадцять гривень 02 копійки"),
        (126538, "KZT", "kk", "Бір мың екі жүз алпыс бес теңге 38 тиын"),
        (2513333, "KZT", "ru", "Двадцать пять тысяч сто тридцать три тенге 33 тиына"),
        (126470, "UAH", "en", "One thousand two hundred sixty-four hryvnias 70 kopiykas"),
        (100, "UAH", "en", "One hryvnia 00 kopiykas"),
        (101, "UAH", "en", "One hryvnia 01 kopiyka"),
        (112028, "KZT", "en", "One thousand one hundred twenty tenge 28 tiyn"),
        (100, "KZT", "ru", "Один тенге 00 тиынов"),
        (200, "UAH", "ru", "Две гривны 00 копеек"),
        (2100, "KZT", "uk", "Двадцять один тенге 00 тиїнів"),
        (126500, "UAH", "uk", "Одна тисяча двісті шістдесят п’ять гривень 00 копійок"),
        (100_000_000, "UAH", "uk", "Один мільйон гривень 00 копійок"),
        (200_000_100, "UAH", "ru", "Два миллиона одна гривна 00 копеек"),
        (315497, "UAH", "kk", "Үш мың жүз елу төрт гривна 97 копейка"),
        (0, "KZT", "kk", "Нөл теңге 00 тиын"),
        (-126470, "UAH", "uk", "Мінус одна тисяча двісті шістдесят чотири гривні 70 копійок"),
    ],
)
def test_an_amount_is_written_as_a_bookkeeper_would(minor: int, currency: str, language: str, words: str) -> None:
    assert amount_in_words(minor, currency, language) == words
