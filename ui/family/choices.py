"""What a department lets one choose, ready for a field: localities and benefits by name, languages as ticks."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from models.cache.queries.admissions import Department
from translations import _
from ui.family import words
from ui.flow import flowing
from ui.kit import Check


def localities(department: Department) -> list[tuple[int, str]]:
    """Return ids and names, by name."""
    found = sorted(department.localities.values(), key=lambda one: words.said(one.name))
    return [(one.id, words.said(one.name)) for one in found]


def benefits(department: Department) -> list[tuple[str, str]]:
    """Return codes and names, none first."""
    return [("", _("No benefits")), *((one.code, words.said(one.name)) for one in department.benefits)]


def languages(model: Any, chosen: Any) -> QWidget:
    """Return a tick for each language of education; the model's ``toggle_language`` hears of them."""
    holder, flow = flowing(4)
    for code in words.LANGUAGES:
        box = Check(words.word(words.LANGUAGES, code))
        box.setChecked(code in chosen)
        box.toggled.connect(lambda on, code=code: model.toggle_language(code, on))
        flow.addWidget(box)
    return holder
