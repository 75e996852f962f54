"""Every refusal of the admission rules has a sentence that says what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from models.contract.sentences import SENTENCES, sentence
from models.domain.admissions.rules import SIGNATURES
from models.domain.problems import Problem
from translations import LANGUAGES, using

ROOT = Path(__file__).parents[2]
RAISED = re.compile(r'Problem\(\s*"([a-z0-9-]+)"')


def raised() -> set[str]:
    """Return the codes that the rules give, signatures by their kinds."""
    files = [*(ROOT / "models/domain/admissions").glob("*.py"), ROOT / "models/domain/identity.py"]
    found = {code for file in files for code in RAISED.findall(file.read_text(encoding="utf-8"))}
    return found | {f"signature-{kind}" for kind in SIGNATURES} | {"late", "late-offline", "year-not-loaded"}


def test_every_refusal_has_a_sentence() -> None:
    assert raised() - set(SENTENCES) == set()


SAID_BY_THE_SCREEN = {"bulletin-application-missing", "voucher-missing"}
"""Codes for which a screen has its own words, with a button."""


def test_every_refusal_of_a_screen_has_a_sentence() -> None:
    codes = {code for file in (ROOT / "ui").rglob("*.py") for code in RAISED.findall(file.read_text(encoding="utf-8"))}
    assert codes - set(SENTENCES) == SAID_BY_THE_SCREEN


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_late_click_names_the_last_second(language: str) -> None:
    with using(language):
        assert "07.10.2024 15:37:26" in sentence(Problem("late", values={"due": "2024-10-07T15:37:26+05:00"}))
        text = sentence(Problem("late-offline", values={"due": "2024-10-02T23:59:59+05:00"}))
        assert "02.10.2024 23:59" in text
        assert "23:59:59" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_missing_documents_are_named(language: str) -> None:
    with using(language):
        text = sentence(Problem("documents-missing", "documents", {"kinds": "027, birth-certificate, x-ray"}))
        assert "027/" in text
        assert "birth-certificate" not in text
        assert "x-ray" in text, "a kind that is not known yet is shown as it is"
        assert ":" not in sentence(Problem("documents-missing", "documents"))
