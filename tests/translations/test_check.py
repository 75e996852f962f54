"""The check sees every text that a person may read, wherever it stands in the code."""

from __future__ import annotations

from pathlib import Path

from translations.check import APOSTROPHE, complaints, texts


def test_texts_inside_other_texts_are_seen(tmp_path: Path) -> None:
    file = tmp_path / "screen.py"
    file.write_text(
        'a = f"{_("Plain")}: {value}"\n'.replace('"Plain"', "'Plain'")
        + 'b = n_("{count} day", "{count} days", 2)\n'
        + 'c = c_("month", "May")\n'
        + 'd = N_("Two "\n    "lines")\n'
        + "e = _(name)\n",
        "utf-8",
    )
    assert {(text.ids, text.context) for text in texts([file])} == {
        (("Plain",), ""),
        (("{count} day", "{count} days"), ""),
        (("May",), "month"),
        (("Two lines",), ""),
    }


def test_a_text_without_a_translation_is_a_complaint(tmp_path: Path) -> None:
    file = tmp_path / "screen.py"
    file.write_text("print(f\"{_('Nobody says this')}!\")\n", "utf-8")
    assert len(complaints([file])) == 3


def test_a_ukrainian_word_has_one_apostrophe() -> None:
    assert APOSTROPHE.search("Немає зв'язку")
    assert not APOSTROPHE.search("Немає зв’язку")
    assert not APOSTROPHE.search("Садок 'Амина' працює")
