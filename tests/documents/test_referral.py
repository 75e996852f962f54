from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from msgspec.structs import replace as changed

from documents import referral
from documents.admission_views import ReferralView
from tests.documents.reader import codes, embedded_fonts, pages, text
from tests.samples.admission_papers import MADE, referral_view, temporary_view

WORDS = {
    "kk": [
        "Балабақшаға жолдама",
        "Жарамды мерзімі",
        "5 жұмыс күніне жарамды",
        "өтініш 10 жұмыс күніне тоқтату парағына түседі",
        "бір рет, 30 күнтізбелік күнге дейін ұзарта аласыз",
        "027/у нысанындағы анықтама",
        "Орысша",
    ],
    "ru": [
        "Направление в детский сад",
        "Действительно до",
        "в стоп-лист на 10 рабочих дней",
        "не более чем на 30 календарных дней",
        "Справка по форме 027/у",
        "Русский",
    ],
    "uk": [
        "Направлення до дитячого садка",
        "Дійсне до",
        "до стоп-листа на 10 робочих днів",
        "щонайбільше на 30 календарних днів",
        "Довідка за формою 027/у",
        "Російська",
    ],
    "en": [
        "Referral to a kindergarten",
        "Valid until",
        "on the stop list for 10 working days",
        "by at most 30 calendar days",
        "Medical certificate 027/u",
        "Russian",
    ],
}
TEMPORARY = {
    "kk": [
        "Назар аударыңыз: бұл уақытша орын.",
        "Бала осы балабақшада 30.04.2026 дейін бара алады.",
        "келесі жұмыс күні бала автоматты түрде шығарылады",
        "Кезек сақталады",
    ],
    "ru": ["Внимание: это временное место.", "до 30.04.2026", "отчисляется автоматически", "Очередь сохраняется"],
    "uk": ["Увага: це тимчасове місце.", "до 30.04.2026", "відраховують автоматично", "Черга зберігається"],
    "en": [
        "Attention: this is a temporary place.",
        "until 30.04.2026",
        "taken off the list by itself",
        "The place in the queue is kept",
    ],
}


def said(view: ReferralView, language: str = "ru") -> str:
    return text(referral.build(view, language, MADE)).replace("\u00a0", " ")


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en"])
def test_a_referral_says_whose_where_until_when_and_what_otherwise(language: str) -> None:
    found = said(referral_view(), language)
    for words in WORDS[language]:
        assert words in found, words
    for always in ("Ж-2026-118", "09.04.2026", "Алыбай Алдияр Қуандықұлы", "220917500816", "Амина", "Солнце"):
        assert always in found, always
    assert "Әуезов к-сі, 14" in found


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en"])
def test_that_of_a_temporary_place_says_when_it_ends_and_what_then(language: str) -> None:
    found = said(temporary_view(), language)
    for words in [*TEMPORARY[language], "Ж-2026-119", "30.04.2026"]:
        assert words in found, words
    assert not any(words in found for words in WORDS[language][:1])


def test_the_code_holds_the_number_and_the_last_day_and_nobodys_name() -> None:
    [(kind, held)] = codes(referral.build(referral_view(), "kk", MADE))
    assert "QR" in kind
    assert held == "KABINET-REFERRAL;kokshetau-edu;Ж-2026-118;2026-04-09"


def test_a_moved_last_day_of_a_temporary_place_stands_on_the_paper() -> None:
    view = temporary_view()
    day = date(2026, 5, 15)
    moved = replace(view, referral=changed(view.referral, valid_until=day))
    assert "дейін 15.05.2026" in said(moved, "kk") or "15.05.2026 дейін" in said(moved, "kk")
    assert "30.04.2026" not in said(moved, "kk")


def test_a_prolonged_referral_offers_no_second_time() -> None:
    found = said(referral_view(state="extended", valid_until=date(2026, 5, 8)))
    assert "Срок уже был один раз продлён" in found
    assert "можно продлить один раз" not in found
    assert "Действительно до включительно 08.05.2026" in found


@pytest.mark.parametrize(("state", "word"), [("void", "НЕДЕЙСТВИТЕЛЬНО"), ("used", "ИСПОЛЬЗОВАНО"), ("valid", "")])
def test_a_referral_that_does_not_count_is_marked(state: str, word: str) -> None:
    found = said(referral_view(state=state))
    assert (word or "НЕДЕЙСТВИТЕЛЬНО") in found if word else "НЕДЕЙСТВИТЕЛЬНО" not in found


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en"])
def test_every_page_says_its_number_when_it_was_made_and_how_fresh_it_is(language: str) -> None:
    for page in pages(referral.build(referral_view(), language, MADE)):
        assert "Ж-2026-118" in page
        assert "09.04.2026 14:40" in page
        assert "09.04.2026 14:28" in page
        assert "2041@6f1d7c1e" in page


def test_a_paper_from_the_last_copy_is_marked_with_the_time_of_the_copy() -> None:
    fresh, view = said(referral_view()), referral_view()
    assert "ДАННЫЕ НА" not in fresh
    assert "последней копии" not in fresh
    cut = said(replace(view, data=replace(view.data, offline=True)))
    assert "ДАННЫЕ НА 09.04.2026 14:28" in cut
    assert "Составлено по последней копии данных на этом компьютере от 09.04.2026 14:28." in cut
    old = said(replace(view, data=replace(view.data, as_of=MADE - timedelta(days=3))))
    assert "ДАННЫЕ НА 06.04.2026 14:40" in old


def test_the_same_input_gives_the_same_bytes_and_fonts_are_inside() -> None:
    for language in ("kk", "ru", "uk", "en"):
        assert referral.build(referral_view(), language, MADE) == referral.build(referral_view(), language, MADE)
    found = embedded_fonts(referral.build(referral_view(), "kk", MADE))
    assert found
    assert all(found.values())


def test_long_names_break_no_sheet() -> None:
    view = referral_view()
    organisation = changed(view.where.organisation, name="Бөбекжай-бақшасы " * 30, address="көше " * 60)
    long = replace(view, where=replace(view.where, organisation=organisation))
    assert len(pages(referral.build(long, "kk", MADE))) <= 2
    assert "Бөбекжай-бақшасы" in said(long, "kk")


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "действует 1 рабочий день"), (2, "действует 2 рабочих дня"), (5, "действует 5 рабочих дней")],
)
def test_days_are_counted_as_the_language_counts(days: int, words: str) -> None:
    view = referral_view()
    assert words in said(replace(view, rules=replace(view.rules, referral_days=days)))


def test_the_name_of_an_organisation_is_never_cut_in_its_own_paper() -> None:
    name = "«Ақмола облысы білім басқармасының Көкшетау қаласы бойынша білім бөлімі» мемлекеттік мекемесі"
    view = referral_view()
    place = replace(view.where, organisation=changed(view.where.organisation, name=name + " «Солнышко» балабақшасы"))
    for language in ("kk", "ru", "uk", "en"):
        found = " ".join(
            said(replace(view, department=changed(view.department, name=name), where=place), language).split()
        )
        head = found[: found.index("Ж-2026-118")]
        assert "…" not in head
        assert name + " «Солнышко» балабақшасы" in found
