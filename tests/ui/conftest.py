"""What holds for every test of the window: Qt has nothing to complain about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

COMPLAINTS = {"QtWarningMsg", "QtCriticalMsg", "QtFatalMsg"}
OF_THE_PLATFORM = ("This plugin does not support",)
"""What the offscreen platform says of itself whatever a program does."""


@pytest.fixture(autouse=True)
def qt_is_content(qtlog: Any) -> Iterator[None]:
    """Fail a test during which Qt warned: a wrong parent, a widget that is not in its stack, a signal of nobody."""
    yield
    said = [record.message for record in qtlog.records if record.type_name in COMPLAINTS]
    assert [text for text in said if not text.startswith(OF_THE_PLATFORM)] == []
