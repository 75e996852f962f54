from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from documents import reconciliation
from models.contract.records import AccountView
from tests.documents.reader import pages, text
from tests.samples import WATER, entry, sample_view_kk, sample_view_legal, sample_view_uk

MADE = datetime(2024, 4, 2, 9, 0, tzinfo=UTC)
replace = msgspec.structs.replace


def act(view: AccountView, language: str = "ru", form: int = 1, **options: Any) -> bytes:
    return reconciliation.build(view, date(2024, 1, 1), date(2024, 3, 31), form, language, MADE, **options)


@pytest.mark.parametrize("language", ["kk", "ru", "uk"])
def test_the_worked_act_stands_to_the_last_digit(language: str) -> None:
    found = text(act(sample_view_legal(), language)).replace("\u00a0", " ")
    for figure in (
        *("12 450,00", "18 720,55", "31 170,55", "17 004,10", "−1 204,10", "10 000,00", "19 333,33"),
        *("53 853,88", "41 170,55", "25 133,33 ₸"),
    ):
        assert figure in found, figure
    for document in ("№118", "№45", "№241", "№12", "№77", "№377"):
        assert document in found


def test_the_conclusion_has_three_branches() -> None:
    owed = sample_view_legal()
    found = text(act(owed)).replace("\u00a0", " ")
    assert (
        "По данным МКК «Өскемен Водоканал», на 31.03.2024 задолженность в пользу МКК «Өскемен Водоканал» составляет "
        "25 133,33 ₸ (Двадцать пять тысяч сто тридцать три тенге 33 тиына)." in found
    )
    paid = entry(6001, owed.account.id, WATER, "payment", -2513333, date(2024, 3, 31), document="80", method="bank")
    even = replace(owed, entries=[*owed.entries, paid])
    assert "на 31.03.2024 задолженность отсутствует" in text(act(even))
    more = entry(6002, owed.account.id, WATER, "payment", -100, date(2024, 3, 31), document="81", method="bank")
    over = text(act(replace(even, entries=[*even.entries, more]))).replace("\u00a0", " ")
    assert "задолженность в пользу «Алтай Сауда» ЖШС составляет 1,00 ₸ (Один тенге 00 тиынов)" in over


def test_a_reversal_names_the_act_it_reverses() -> None:
    assert "Сторно №12 к акту №241" in text(act(sample_view_legal()))
    assert "№241 актіге №12 сторно" in text(act(sample_view_legal(), "kk"))


def test_the_consumers_side_is_empty_or_mirrored() -> None:
    empty, mirrored = text(act(sample_view_legal())), text(act(sample_view_legal(), mirror=True))
    assert empty.count("53\u00a0853,88") == 1
    assert mirrored.count("53\u00a0853,88") == 2
    assert mirrored.count("Оплата №45") == 2


def test_adjoining_acts_fit_each_other() -> None:
    view = sample_view_legal()
    found = text(reconciliation.build(view, date(2024, 4, 1), date(2024, 4, 30), 1, "ru", MADE))
    assert found.count("25\u00a0133,33") == 3  # opening, closing, conclusion


def test_residents_get_their_months() -> None:
    view = sample_view_kk()
    found = text(reconciliation.build(view, date(2023, 1, 1), date(2024, 1, 31), 2, "kk", MADE)).replace("\u00a0", " ")
    for words in ("2023 жыл", "2024 жыл", "2024 ж. қаңтар", "1 265,38", "1 000,00", "1 120,28", "854,90"):
        assert words in found, words
    assert "Серікбаева Айгүл Маратқызы" in found
    assert "Бір мың жүз жиырма теңге 28 тиын" in found


def test_one_service_may_be_reconciled_alone() -> None:
    view = sample_view_kk()
    pdf = reconciliation.build(view, date(2024, 1, 1), date(2024, 1, 31), 1, "en", MADE, WATER)
    found = text(pdf)
    assert "service “Water supply”" in found
    assert "677.88" in found
    assert "587.50" not in found


def test_an_e_mailed_act_says_that_it_is_not_signed() -> None:
    assert "Отправлен по электронной почте без подписей" in text(act(sample_view_legal(), emailed=True))


def test_a_long_act_goes_on_under_the_same_head() -> None:
    view = sample_view_legal()
    entries = [
        entry(10000 + number, view.account.id, WATER, "charge", 100, date(2024, 2, 1), document=str(10000 + number))
        for number in range(150)
    ]
    found = pages(act(replace(view, entries=[*view.entries, *entries])))
    assert len(found) >= 3
    assert all("Дебет" in page and f"из {len(found)}" in page for page in found[:2])
    assert sum(page.count("Акт №101") for page in found) >= 10


def test_a_name_of_any_length_leaves_the_figures_in_place() -> None:
    view = sample_view_legal()
    view = replace(view, account=replace(view.account, holder="«<b>Алтай</b> Сауда» " * 200))
    for form in (1, 2):
        found = text(act(view, form=form)).replace("\u00a0", " ")
        assert "составляет 25 133,33 ₸ (Двадцать пять тысяч" in found
        assert "<b>Алтай</b>" in found


def test_a_wrong_form_and_days_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="no such form"):
        act(sample_view_legal(), form=3)
    with pytest.raises(ValueError, match="cannot end before"):
        reconciliation.build(sample_view_kk(), date(2024, 2, 1), date(2024, 1, 1), 2, "kk", MADE)


def test_the_same_input_gives_the_same_bytes() -> None:
    assert act(sample_view_legal(), "kk") == act(sample_view_legal(), "kk")


def test_no_sheet_holds_signatures_without_the_sentence_they_stand_under() -> None:
    found = pages(
        reconciliation.build(sample_view_uk(), date(2022, 7, 1), date(2024, 1, 31), reconciliation.MONTHLY, "uk", MADE)
    )
    assert len(found) == 2
    assert "підпис" in found[1]
    assert "заборгованість на користь" in found[1]


def test_a_number_is_written_as_the_language_writes_it() -> None:
    assert "Payment No. 45" in text(act(sample_view_legal(), "en"))
    assert "Оплата №45" in text(act(sample_view_legal(), "ru"))


def test_no_day_breaks_in_either_half_of_a_mirrored_act() -> None:
    assert text(act(sample_view_legal(), mirror=True)).count("10.02.2024") == 2
