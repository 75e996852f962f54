from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest

from documents import breakdown
from models.domain.period import Month
from tests.documents.reader import text
from tests.samples import WATER, entry, sample_view_kk, sample_view_uk

MADE = datetime(2024, 2, 5, 9, 0, tzinfo=UTC)
JANUARY = Month(2024, 1)
replace = msgspec.structs.replace

SENTENCES = {
    "kk": ["№ 04518237 есептеуіш: 125,30 көрсеткішінен 138,75 көрсеткішіне дейін.", "12 % ҚҚС қоса есептелген."],
    "ru": ["Счётчик № 04518237: показания с 125,30 до 138,75.", "Включая НДС 12 %."],
    "uk": ["Лічильник № 04518237: показання з 125,30 до 138,75.", "Включно з ПДВ 12 %."],
    "en": ["Meter No. 04518237 went from 125.30 to 138.75.", "VAT of 12 % is included."],
}


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en"])
def test_a_month_is_broken_down_to_the_last_digit(language: str) -> None:
    found = text(breakdown.build(sample_view_kk(), JANUARY, language, MADE))
    for sentence in SENTENCES[language]:
        assert sentence in found
    plain = found.replace("\u00a0", " ").replace("м³", "m³")
    if language == "en":
        plain = plain.replace(",", " ").replace(".", ",")
    for figure in ("854,90", "1 265,38", "1 000,00", "1 120,28", "135,58", "13,45 m³ × 50,40 = 677,88 ₸"):
        assert figure in plain, figure


def test_a_breakdown_made_without_signing_in_names_nobody() -> None:
    open_ = text(breakdown.build(sample_view_kk(), JANUARY, "kk", MADE))
    masked = text(breakdown.build(sample_view_kk(), JANUARY, "kk", MADE, masked=True))
    for secret in ("Серікбаева", "8501", "Д-123456"):
        assert secret in open_
        assert secret not in masked
    assert "1\u00a0120,28" in masked


def test_a_correction_stands_with_its_reason_month_and_what_it_reverses() -> None:
    view = sample_view_kk()
    back = entry(
        9100,
        view.account.id,
        WATER,
        "correction",
        -52920,
        date(2024, 1, 20),
        belongs_to=202312,
        document="9",
        reason="Қате көрсеткіш",
        reversal_of=1200 + 110 + WATER,
    )
    found = text(breakdown.build(replace(view, entries=[*view.entries, back]), JANUARY, "en", MADE))
    assert "Reversal No. 9" in found
    assert "December 2023" in found
    assert "Қате көрсеткіш; reverses No. 111 of" in found.replace("\u00a0", " ")
    assert "−529.20" in found


def test_what_the_program_corrected_says_why_in_the_papers_language() -> None:
    view = sample_view_kk()
    late = entry(9100, view.account.id, WATER, "correction", -52920, date(2024, 1, 20), belongs_to=202312,
                 reason="late-reading")  # fmt: skip
    view = replace(view, entries=[*view.entries, late])
    for language, said in (("kk", "Көрсеткіш кеш берілген немесе түзетілген"), ("ru", "Показание передано позже")):
        found = " ".join(text(breakdown.build(view, JANUARY, language, MADE)).split())
        assert said in found
        assert "late-reading" not in found


def test_what_the_source_only_states_is_said_to_be_stated() -> None:
    found = text(breakdown.build(sample_view_uk(), Month(2023, 2), "uk", MADE)).replace("\u00a0", " ")
    assert "200,20 грн за реєстром постачальника; тариф 30,40." in found
    assert "15,00 на місяць: 15,00 грн" in found
    assert "−3 298,80 грн" in found


def test_a_provider_that_writes_debts_negative_gets_them_so() -> None:
    found = text(breakdown.build(sample_view_uk(), Month(2023, 3), "uk", MADE)).replace("\u00a0", " ")
    assert "−3 154,97 грн" in found
    assert "−1 264,70" in found
    assert "У сальдо − означає борг" in found


def test_two_columns_name_the_side_instead_of_a_sign() -> None:
    view = sample_view_kk()
    view = replace(view, provider=replace(view.provider, debt_sign="two_columns"))
    found = text(breakdown.build(view, JANUARY, "en", MADE))
    assert "1,120.28 (debt)" in found


def test_the_same_input_gives_the_same_bytes() -> None:
    view = sample_view_kk()
    assert breakdown.build(view, JANUARY, "kk", MADE) == breakdown.build(view, JANUARY, "kk", MADE)
