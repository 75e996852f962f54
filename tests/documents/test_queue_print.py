from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from documents import queue_print
from documents.admission_views import DataState
from tests.documents.reader import embedded_fonts, pages, text
from tests.samples.admission_papers import MADE, queue_view

WORDS = {
    "kk": ["Балабақшаларға кезек", "аты-жөнсіз", "Кезекте тұр", "612 ішінен 1–120 нөмірлер"],
    "ru": ["Очередь в детские сады", "без имён", "Стоят в очереди", "Показаны номера с 1 по 120 из 612"],
    "uk": ["Черга до садків", "без імен", "Стоять у черзі", "Показано номери з 1 по 120 із 612"],
    "en": ["Queue to kindergartens", "without names", "Stand in the queue", "numbers 1 to 120 of 612"],
}


def said(language: str = "ru", **values: Any) -> str:
    return text(queue_print.build(queue_view(**values), language, MADE)).replace("\u00a0", " ")


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en"])
def test_the_queue_stands_in_order_with_its_instant_and_nobodys_name(language: str) -> None:
    found = said(language)
    for words in [*WORDS[language], "09.04.2026 14:20:00", "612", "ОДО-2026-201", "12.01.2026 09:07:00.441901"]:
        assert words in found, words
    at = [found.index(f"ОДО-2026-{number}") for number in range(201, 321)]
    assert at == sorted(at)
    for name in ("Алыбай", "Каменова", "Сейтқали"):
        assert name not in found


def test_an_own_number_stands_out() -> None:
    assert "→ 48 ОДО-2026-248" in said()
    assert "→" not in said(own=frozenset())


def test_the_head_of_the_table_and_the_number_of_the_page_stand_on_every_sheet() -> None:
    sheets = [page.replace("\u00a0", " ") for page in pages(queue_print.build(queue_view(300), "kk", MADE))]
    assert len(sheets) > 3
    for number, sheet in enumerate(sheets, 1):
        assert f"{number}-бет, барлығы {len(sheets)}" in sheet
        assert "Өтініштің күні мен уақыты" in sheet


def test_years_of_birth_stand_where_the_provider_tells_them() -> None:
    told, view = queue_view(), queue_view()
    untold = replace(view, birth_year=None, lines=[replace(line, birth_year=0) for line in view.lines])
    assert "Год рождения" in text(queue_print.build(told, "ru", MADE))
    assert "Год рождения" not in text(queue_print.build(untold, "ru", MADE))
    assert "Дата рождения" not in text(queue_print.build(told, "ru", MADE))  # a queue without names tells no days


def test_a_page_that_was_fetched_has_its_instant_and_no_version_of_a_copy() -> None:
    view = queue_view()
    fetched = replace(view, data=DataState(view.at))
    assert "данные на 09.04.2026 14:20" in text(queue_print.build(fetched, "ru", MADE)).replace("\u00a0", " ")
    assert "версия" not in text(queue_print.build(fetched, "ru", MADE))


def test_a_whole_queue_and_an_empty_one_have_their_paper() -> None:
    assert "Показаны номера" not in said(total=120)
    assert "Стоят в очереди 0" in said(lines=0, total=0)


def test_old_data_are_marked_and_the_same_input_gives_the_same_bytes() -> None:
    view = queue_view()
    offline = replace(view, data=replace(view.data, offline=True))
    for sheet in pages(queue_print.build(offline, "ru", MADE)):
        assert "ДАННЫЕ НА 09.04.2026 14:28" in sheet
    for language in ("kk", "ru", "uk", "en"):
        made = queue_print.build(view, language, MADE)
        assert made == queue_print.build(view, language, MADE)
        assert all(embedded_fonts(made).values())


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en"])
def test_an_instant_stands_on_one_line(language: str) -> None:
    found = text(queue_print.build(queue_view(8), language, MADE)).replace("\u00a0", " ")
    assert "12.01.2026 09:07:00.441901" in found
    assert len(pages(queue_print.build(queue_view(8), language, MADE))) == 1
