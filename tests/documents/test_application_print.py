from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from documents import application_print
from documents.admission_views import ApplicationPrintView
from models.domain.admissions.states import State
from tests.documents.reader import embedded_fonts, pages, text
from tests.samples import balabaqsha as family
from tests.samples.admission_papers import MADE, application_view
from tests.samples.admission_papers import replace as changed

WORDS = {
    "kk": ["Ваучер берілді: қызығушылықты растаңыз", "Кезек", "МДҰ таңдау", "Орындалды", "Ағымдағы", "Өтініш берілді"],
    "ru": ["Ваучер выдан: подтвердите заинтересованность", "Очередь", "Выбор детского сада", "Выполнено", "Сейчас"],
    "uk": ["Ваучер видано: підтвердьте зацікавленість", "Черга", "Вибір садка", "Виконано", "Зараз", "Заяву подано"],
    "en": ["Voucher issued: confirm your interest", "Queue", "Choice of kindergarten", "Done", "Now"],
}


def said(view: ApplicationPrintView, language: str = "ru") -> str:
    return text(application_print.build(view, language, MADE)).replace("\u00a0", " ")


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en"])
def test_an_application_says_where_it_stands_and_until_when(language: str) -> None:
    found = said(application_view(), language)
    for words in WORDS[language]:
        assert words in found, words
    for always in (
        "ОДО-2026-248",
        "12.01.2026 11:21:08",
        "10.04.2026 23:59:59",
        "Сейтқали Айгүл Маратқызы",
        "027у.jpg",
    ):
        assert always in found, always


def test_the_number_in_the_queue_stands_with_its_instant() -> None:
    found = said(application_view(family.SECOND), "kk")
    assert "391" in found
    assert "барлығы 1 204" in found
    assert "нөмір есептелді 09.04.2026 14:28" in found
    assert "Бюллетеньге өтініш жіберу" in found


def test_history_goes_from_the_first_step_on_with_who_and_why() -> None:
    found = said(application_view(first=State.VOUCHER_ACTIVE))
    at = [found.index(words) for words in ("Заявление подано", "Ваучер выдан 08", "Заинтересованность подтверждена")
          if words in found]  # fmt: skip
    assert at == sorted(at)
    assert "Бекова Сәуле · Отдел образования" in found
    assert "08.04.2026 15:37:26" in found


@pytest.mark.parametrize(
    ("language", "history", "document"),
    [
        ("kk", "Себебі: Топ жабық. Жазда ашылады.", "Құжатты оқу мүмкін емес."),
        ("ru", "Причина: Группа закрыта. Жазда ашылады.", "Документ не читается."),
    ],
)
def test_a_reason_of_a_list_is_printed_in_the_papers_language(language: str, history: str, document: str) -> None:
    view = application_view()
    entries = [changed(entry, reason="Жазда ашылады.", reason_code="group-closed") for entry in view.history]
    papers = [changed(paper, reason="", reason_code="document-unreadable") for paper in view.attachments]
    found = " ".join(said(replace(view, history=tuple(entries), attachments=tuple(papers)), language).split())
    assert history in found
    assert document in found


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_its_paper(state: State) -> None:
    if state in (State.DRAFT, State.ARCHIVED):
        view = application_view(family.OLD)
        assert "Остановлено" in said(view)
        assert "Договор не был подписан в срок, поэтому ваучер аннулирован." in said(view)
        return
    assert len(pages(application_print.build(application_view(first=state), "kk", MADE))) == 1


def test_a_stopped_application_shows_where_it_was_stopped_and_until_when_it_may_be_restored() -> None:
    found = said(application_view(first=State.STOP_LIST))
    assert "Остановлено" in found
    assert "Восстановить очередь" in found
    assert "04.05.2026 23:59:59" in found


def test_a_temporary_place_stands_beside_the_state() -> None:
    view = application_view(family.FOURTH)
    until = family.at(30).date()
    application = changed(view.application, temp="attending", temp_group_id=1021, temp_until=until)
    found = said(replace(view, application=application))
    assert "Временное место" in found
    assert "до 30.04.2026" in found
    assert "Лист ожидания" in found
    assert "номер 3" in found


def test_a_long_history_goes_on_under_its_head_with_page_numbers() -> None:
    view = application_view()
    entry = view.history[0]
    many = [changed(entry, id=number, at=entry.at + timedelta(hours=number)) for number in range(120)]
    made = application_print.build(replace(view, history=many), "ru", MADE)
    sheets = pages(made)
    assert len(sheets) > 2
    for number, sheet in enumerate(sheets, 1):
        assert f"стр. {number} из {len(sheets)}" in sheet.replace("\u00a0", " ")
        assert "№ ОДО-2026-248" in sheet.replace("\u00a0", " ")
        assert "Что произошло" in sheet


def test_the_same_input_gives_the_same_bytes_and_old_data_are_marked() -> None:
    view = application_view()
    for language in ("kk", "ru", "uk", "en"):
        assert application_print.build(view, language, MADE) == application_print.build(view, language, MADE)
    assert all(embedded_fonts(application_print.build(view, "kk", MADE)).values())
    assert "ДАННЫЕ НА" not in said(view)
    assert "ДАННЫЕ НА 09.04.2026 14:28" in said(replace(view, data=replace(view.data, offline=True)))


def test_a_telephone_of_bare_digits_is_printed_as_people_write_it() -> None:
    view = application_view()
    found = said(replace(view, application=changed(view.application, phone="+77055550319")))
    assert "+7 (705) 555-03-19" in found
    assert "+77055550319" not in found


def test_an_application_of_an_old_registry_says_where_it_comes_from() -> None:
    view = application_view()
    first, *later = sorted(view.history, key=lambda entry: entry.at)
    taken = changed(first, event="submit", detail={"imported": "kezek.csv"})
    found = " ".join(said(replace(view, history=(taken, *later)), "uk").split())
    assert "Заяву перенесено з реєстру «kezek.csv»" in found
    assert "Заяву подано" not in found
