"""What a packaged program tries of itself: languages, cache, papers, window, keyring. Prints a line for each."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import translations


def self_test() -> int:
    """Try every part that a package can lack and return 0 when all of them work."""
    tests: tuple[Callable[[], str], ...] = (_languages, _cache, _paper, _window, _keyring)
    failed = 0
    for test in tests:
        name = test.__name__.strip("_")
        try:
            sys.stdout.write(f"{name}: {test()}\n")
        except Exception as error:  # noqa: BLE001 - the point is to find whatever is wrong
            failed += 1
            sys.stderr.write(f"{name}: FAILED: {type(error).__name__}: {error}\n")
    return 1 if failed else 0


def _languages() -> str:
    from models.contract.sentences import sentence
    from models.domain.problems import Problem

    said = set()
    for language in translations.LANGUAGES:
        with translations.using(language):
            said.add(sentence(Problem("offline")))
    assert len(said) == len(translations.LANGUAGES), "a language is missing"
    return ", ".join(translations.LANGUAGES)


def _cache() -> str:
    from models.cache.store import CacheStore

    with tempfile.TemporaryDirectory() as folder:
        store = CacheStore.open(Path(folder) / "cache.db", os.urandom(32))
        version = store.read(lambda c: c.execute("PRAGMA cipher_version").fetchone()[0])
        store.close()
    return f"SQLCipher {version}"


def _paper() -> str:
    from documents.kit.pdf import PdfWriter  # noqa: F401 - fonts and reportlab load here
    from documents.words import amount_in_words

    return amount_in_words(126470, "UAH", "uk")


def _window() -> str:
    from PySide6.QtWidgets import QApplication, QLabel

    from ui import theme

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.load_fonts()
    theme.apply(app)
    label = QLabel("ӘҒҚҢӨҰҮҺІ ҐЄІЇ ₸ ₴")
    label.show()
    assert not label.grab().isNull()
    return app.platformName()


def _keyring() -> str:
    from desktop.credentials import SystemKeyring

    return "usable" if SystemKeyring().available() else "none here; the password will be asked for"
