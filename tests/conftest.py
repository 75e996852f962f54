"""Fixtures of every room are plugins, so a test asks for them by name."""

import gc
import os
import sys
from collections.abc import Iterator

import pytest

import translations

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")

pytest_plugins = [
    "tests.fixtures.provider",
    "tests.fixtures.client",
    "tests.fixtures.window",
    "tests.fixtures.family",
    "tests.fixtures.department",
    "tests.fixtures.screens",
]


@pytest.fixture(autouse=True)
def language_of_the_process() -> Iterator[None]:
    """Give the language of the process back as it was: it is the one thing that tests could leave to each other."""
    before = translations.current()
    yield
    translations.use(before)


@pytest.fixture(autouse=True)
def garbage_of_the_window() -> Iterator[None]:
    """Collect on this thread only while Qt is loaded, as the program does (ui/collector.py)."""
    if "PySide6.QtCore" not in sys.modules:
        yield
        return
    gc.disable()
    yield
    if gc.get_count()[0] > 20_000:
        gc.collect()
