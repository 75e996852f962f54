"""A reason from a list with one's own words beside it or instead, as every question of the office asks for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from models.contract import reasons as contract
from models.domain.admissions.reasons import LONGEST, Reason
from models.domain.problems import Problem
from translations import _
from ui import theme
from ui.kit import Field, Form, Radio

OTHER: Final = "other"
"""What is chosen where only one's own words say why; no code travels for it."""


def reason_of(code: str, words: str) -> Reason:
    """Return what was chosen and written as the reason that travels."""
    return Reason("" if code == OTHER else code, words.strip())


def written(model: Any, key: str) -> Reason:
    """Return the reason in the draft of a screen: its own words stand under ``key``."""
    return reason_of(model.draft.get(_code(key), ""), model.typed(key))


def forget(model: Any, key: str) -> None:
    """Begin a reason anew."""
    model.draft[key] = model.draft[_code(key)] = ""


def recall(model: Any, key: str, payload: Any) -> None:
    """Begin a reason with the one of a refused try."""
    model.draft[key] = payload.reason
    model.draft[_code(key)] = payload.reason_code or (OTHER if payload.reason else "")


def missing(reason: Reason, key: str, codes: Collection[str] = ()) -> list[Problem]:
    """Return that no reason was given, a longer one than is kept, or one that is not among the ``codes`` of what is
    decided."""
    if not reason:
        return [Problem("reason-missing", key)]
    if len(reason.words) > LONGEST:
        return [Problem("text-too-long", key, {"maximum": LONGEST})]
    return [Problem("reason-does-not-fit", key)] if codes and reason.code and reason.code not in codes else []


def _code(key: str) -> str:
    return f"{key}-code"


class ReasonList(QWidget):
    """The reasons of a list and "another reason" as radio buttons; ``radios`` has them by their codes."""

    def __init__(self, codes: Iterable[str], chosen: str, choose: Any) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.grid(1))
        self.radios: dict[str, Radio] = {}
        for code in (*codes, OTHER):
            radio = Radio(contract.said(code))
            radio.setChecked(chosen == code)
            radio.toggled.connect(partial(self._toggled, choose, code))
            self.radios[code] = radio
            column.addWidget(radio)

    @staticmethod
    def _toggled(choose: Any, code: str, on: bool) -> None:
        if on:
            choose(code)


def ask(form: Form, model: Any, key: str, codes: Iterable[str], *, note: str, span: int = 1) -> ReasonList:
    """Add a list of reasons and a field for one's own words to a form; both are kept in the screen's draft."""
    listed = ReasonList(codes, model.draft.get(_code(key), ""), partial(model.type, _code(key)))
    form.add(f"{key}-list", _("Reason"), listed, span=span)
    field = Field(model.draft.get(key, ""))
    field.textEdited.connect(partial(model.type, key))
    form.add(key, _("In your own &words"), field, note=note, span=span)
    return listed
