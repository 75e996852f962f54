"""Sentences for people: whole, translated, with formatted values, and never a crash."""

from __future__ import annotations

import pytest

import translations
from models.contract.sentences import DIRECT, FIELDS, SENTENCES, sentence
from models.domain.problems import Problem
from translations import LANGUAGES, using

SOMETHING: dict[str, str | int] = {"currency": "KZT", "retry_after": 61, "minimum": 8, "maximum": 64}


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_code_has_a_whole_sentence_in_every_language(code: str) -> None:
    texts = set()
    for language in LANGUAGES:
        with using(language):
            text = sentence(Problem(code, values=SOMETHING))
        assert text[-1] in ".?!", (language, text)
        assert text[0].isupper() or text[0] in "«“…", (language, text)
        assert "{" not in text, (language, text)
        texts.add(text)
    assert len(texts) == len(LANGUAGES), "a language repeats another one's sentence"


def test_an_unknown_code_says_honestly_that_there_is_no_explanation() -> None:
    with using("en"):
        text = sentence(Problem("moon-in-the-wrong-phase"))
    assert "moon-in-the-wrong-phase" in text
    assert "Nothing was lost" in text


def test_minutes_are_counted_by_the_rules_of_the_language() -> None:
    with using("uk"):
        assert "1 хвилину" in sentence(Problem("too-many-attempts", values={"retry_after": 5}))
        assert "3 хвилини" in sentence(Problem("too-many-attempts", values={"retry_after": 170}))
        assert "5 хвилин " in sentence(Problem("too-many-attempts", values={"retry_after": 300}))


def test_money_dates_and_months_are_shown_as_the_language_writes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SENTENCES, "sample", "{due_minor} until {day} for {month} and {number}.")
    values: dict[str, str | int] = {
        "due_minor": 126470,
        "currency": "KZT",
        "day": "2024-03-05",
        "month": "2024-03",
        "number": "00125,30",
    }
    with using("en"):
        text = sentence(Problem("sample", values=values))
    assert text == "1,264.70\u00a0₸ until 05.03.2024 for March 2024 and 00125,30."


def test_values_that_are_missing_or_strange_do_not_break_the_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SENTENCES, "sample", "{due_minor} until {day} by {who}.")
    with using("en"):
        assert sentence(Problem("sample")) == "… until … by …."
        text = sentence(Problem("sample", values={"due_minor": "many", "day": "2024-13-45", "who": "{due_minor}"}))
    assert text == "many until 2024-13-45 by {due_minor}."


def test_the_language_is_the_one_of_the_moment_of_reading() -> None:
    problem = Problem("wrong-password")
    with using("kk"):
        kazakh = sentence(problem)
    with using("uk"):
        ukrainian = sentence(problem)
    assert "құпия сөз" in kazakh
    assert "пароль" in ukrainian
    assert translations.current() in LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_waits_for_an_answer_is_not_told_that_something_will_be_sent_later(language: str) -> None:
    with using(language):
        for code in DIRECT:
            queued, direct = sentence(Problem(code)), sentence(Problem(code, "", {"direct": 1}))
            assert direct
            assert direct != queued


def test_a_code_belongs_to_one_field() -> None:
    assert len(SENTENCES) == sum(len(field.SENTENCES) for field in FIELDS)
