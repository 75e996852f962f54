"""Every notice of the machine and every reminder has a whole text in each language."""

from __future__ import annotations

import re

import pytest

from models.contract import department_texts
from models.contract.admission_texts import TEXTS, text
from models.domain.admissions.states import TimerKind
from models.domain.admissions.table import TRANSITIONS
from translations import using

CODES = sorted(TEXTS.keys() - department_texts.TEXTS.keys())
DUE = {f"{kind.value}_due": "2024-10-07T15:37:26+05:00" for kind in TimerKind}
VALUES: dict[str, str | int] = {
    **DUE,
    "number": "2026-000248",
    "child": "Алыбай Смар",
    "organisation": "Амина",
    "group": "Күн",
    "position": 391,
    "reason": "анықтама жоқ",
    "employee": "Дүйсенова М. У.",
    "until": "2026-04-30",
    "due": "2024-10-07T15:37:26+05:00",
    "count": 2,
}


def test_the_table_tells_nothing_without_a_text() -> None:
    assert {tell.code for row in TRANSITIONS for tell in row.tell} - TEXTS.keys() == set()


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en"])
@pytest.mark.parametrize("code", CODES)
def test_a_text_is_whole_and_in_its_language(code: str, language: str) -> None:
    with using("en"):
        english = text(code, VALUES)
    with using(language):
        subject, body = text(code, VALUES)
    for written in (subject, body):
        assert not re.search(r"[{}—]|  ", written)
    assert body[-1] in ".!?"
    if language != "en":
        assert (subject, body) != english
        assert not re.search(r"\b(the|your|is|application)\b", body)


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en"])
def test_a_day_is_shown_as_a_day_and_an_instant_to_the_second(language: str) -> None:
    with using(language):
        assert "07.10.2024" in text("voucher-issued", VALUES)[1]
        assert "15:37" not in text("voucher-issued", VALUES)[1]
        assert "07.10.2024 15:37:26" in text("interest-confirmed", VALUES)[1]
        assert "30.04.2026" in text("temporary-booked", VALUES)[1]


def test_the_seeds_words_are_kept_where_they_are_right() -> None:
    with using("kk"):
        assert text("documents-confirmed", VALUES)[1].endswith("расталды. Кезектегі орныңыз: 391.")
        assert (
            "қызметкер тарапынан қабылданбады: Дүйсенова М. У. Себебі: анықтама жоқ."
            in text("documents-rejected", VALUES)[1]
        )
        assert "қызығушылық танытқаныңызды растадыңыз" in text("interest-confirmed", VALUES)[1]
        everything = " ".join(part for code in TEXTS for part in text(code, VALUES))
    assert "тоқтатым" not in everything
    assert "тоқтау" not in everything
    assert "тоқтату парағы" in everything


def test_a_value_that_nobody_gave_leaves_a_dash_and_the_message_goes_out() -> None:
    with using("en"):
        assert text("enrolled", {"child": "A"})[1].count("—") == 2
