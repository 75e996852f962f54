"""Who helps: the support service of the education department, in the user's menu."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QGuiApplication

from translations import _
from ui import icons
from ui.context import Context

ROLES = frozenset({"parent", "officer", "doctor", "kindergarten"})


def actions(context: Context, owner: QObject, role: str) -> Sequence[QAction | None]:
    """Return the acts that reach the support service of the department shown; none before its data are here."""
    if role not in ROLES or context.inside is None:
        return []
    from ui.family.model import family_of

    department = family_of(context).department
    if department is None:
        return []
    provider = department.provider
    found: list[QAction | None] = []
    if provider.support_phone:
        words = _("Support service: {phone}").format(phone=provider.support_phone)
        call = QAction(icons.icon("phone"), words, owner)
        call.triggered.connect(partial(_copy, context, provider.support_phone))
        found.append(call)
    if provider.support_chat:
        chat = QAction(icons.icon("message-square"), _("Write to the support service"), owner)
        chat.triggered.connect(partial(_open, context, provider.support_chat))
        found.append(chat)
    return [None, *found] if found else []


def _copy(context: Context, number: str, _checked: bool = False) -> None:
    QGuiApplication.clipboard().setText(number)
    context.toast(_("The number {phone} is copied.").format(phone=number))


def _open(context: Context, address: str, _checked: bool = False) -> None:
    context.open_link(address)
