from __future__ import annotations

from dataclasses import replace

import pytest

from documents import iteration_protocol
from documents.admission_views import ProtocolView
from models.domain.admissions.rules import Rules
from tests.documents.reader import embedded_fonts, pages, text
from tests.samples.admission_papers import MADE, protocol_view
from tests.samples.admission_papers import replace as changed

WORDS = {
    "kk": ["Ваучер беру хаттамасы", "Жоспарлаған", "ең төменгі жасқа толмаған", "егіздерге қалған ваучерден көп"],
    "ru": ["Протокол выдачи ваучеров", "Запланировал", "младше наименьшего возраста", "ваучер уже есть"],
    "uk": ["Протокол видачі ваучерів", "Запланував", "молодша за найменший вік", "ваучер уже є"],
    "en": ["Protocol of a round of vouchers", "Planned by", "younger than the least age", "has a voucher already"],
}


def said(view: ProtocolView, language: str = "ru") -> str:
    return text(iteration_protocol.build(view, language, MADE)).replace("\u00a0", " ")


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en"])
def test_a_protocol_has_every_line_whom_it_passed_over_and_both_officers(language: str) -> None:
    found = said(protocol_view(), language)
    for words in [*WORDS[language], "Бекова Сәуле", "Омаров Дәулет", "И-2026-7", "5b1f0c77d2a94e33"]:
        assert words in found, words
    for number in range(201, 291):
        assert f"ОДО-2026-{number}" in found
    assert "12.01.2026 09:07:00.441901" in found


def test_the_head_of_the_table_stands_on_every_sheet_of_it() -> None:
    sheets = [page.replace("\u00a0", " ") for page in pages(iteration_protocol.build(protocol_view(400), "ru", MADE))]
    assert len(sheets) > 5
    for number, sheet in enumerate(sheets, 1):
        assert f"стр. {number} из {len(sheets)}" in sheet
        if "ОДО-2026-" in sheet:
            assert "Дата и время заявления" in sheet
    assert "подпись" in sheets[-1]
    assert sum("подпись" in sheet for sheet in sheets) == 1


def test_totals_agree_with_the_lines() -> None:
    view = protocol_view()
    given = sum(not line.skipped for line in view.lines)
    assert f"Итого 90 {given}" in said(view)
    assert given == 87


@pytest.mark.parametrize(
    ("state", "mark"), [("planned", "ПРОЕКТ"), ("stale", "НЕДЕЙСТВИТЕЛЬНО"), ("cancelled", "НЕДЕЙСТВИТЕЛЬНО")]
)
def test_what_was_not_issued_is_marked_on_every_sheet(state: str, mark: str) -> None:
    for sheet in pages(iteration_protocol.build(protocol_view(state=state), "ru", MADE)):
        assert mark in sheet
    assert mark not in said(protocol_view())


def test_the_interleaving_order_is_named_with_its_proportion() -> None:
    found = said(protocol_view(rules=Rules(order="interleave")))
    assert "по очереди: 1 первоочередных, затем 3 обычных" in found
    assert "по очереди" not in said(protocol_view())


def test_a_round_that_gives_nothing_and_names_of_any_length_have_a_protocol() -> None:
    view = protocol_view()
    assert "№ И-2026-7" in said(replace(view, lines=[]))
    long = [changed(line, child="Әбдірахманова-Сейітжапарқызы " * 12) for line in view.lines]
    assert "ОДО-2026-290" in said(replace(view, lines=long))


def test_the_same_input_gives_the_same_bytes() -> None:
    for language in ("kk", "ru", "uk", "en"):
        first = iteration_protocol.build(protocol_view(), language, MADE)
        assert first == iteration_protocol.build(protocol_view(), language, MADE)
        assert all(embedded_fonts(first).values())
