"""Which of a person's roles is shown, how it is switched, and what a parent's role adds to the window."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from translations import _
from ui import icons
from ui.context import Context, Inside
from ui.shell.palette import Found
from ui.shell.screens import ROLES, UTILITY, role_words, screens_for

if TYPE_CHECKING:
    from ui.family.model import FamilyModel

Switch = Callable[[str], object]


def distinct(roles: Iterable[str]) -> list[str]:
    """Return the roles, one of those that show the same screens."""
    kept: dict[tuple[str, ...], str] = {}
    for role in roles:
        kept.setdefault(tuple(spec.key for spec in screens_for((role,))), role)
    return list(kept.values())


def with_screen(roles: Iterable[str], key: str) -> str:
    """Return the first of the roles that has a screen, "" when none has."""
    return next((role for role in roles if key in {spec.key for spec in screens_for((role,))}), "")


def actions(roles: Sequence[str], current: str, switch: Switch, owner: QObject) -> list[QAction | None]:
    """Return what the user's menu offers to somebody with several roles; nothing to anybody else."""
    if len(roles) < 2:
        return []
    found: list[QAction | None] = [None]
    for role in roles:
        action = QAction(icons.icon("refresh-cw"), _("Show as: {role}").format(role=role_words(role)), owner)
        action.setCheckable(True)
        action.setChecked(role == current)
        action.triggered.connect(lambda _checked=False, role=role: switch(role))
        found.append(action)
    return found


def joining(context: Context, go: Callable[[str, dict[str, Any]], object], owner: QObject) -> list[QAction | None]:
    """Return what the user's menu offers to somebody who has utilities only: kindergarten beside them."""
    inside = context.inside
    if inside is None or inside.families is None or not set(inside.roles) <= UTILITY:
        return []
    action = QAction(icons.icon("plus"), _("Add kindergarten to my cabinet"), owner)
    action.triggered.connect(lambda _checked=False: go("settings", {"part": "join"}))
    return [None, action]


def widened(inside: Inside, person: Any) -> Inside | None:
    """Return the signed-in person with roles that came with the data, None when there are no new ones."""
    fresh = [role for role in getattr(person, "roles", ()) if role in ROLES and role not in inside.roles]
    return replace(inside, roles=(*inside.roles, *fresh)) if fresh else None


def findable(roles: Sequence[str], current: str, switch: Switch) -> list[Found]:
    """Return the other roles for the search."""
    return [
        Found(_("Show as: {role}").format(role=role_words(role)), _("Action"), "refresh-cw", partial(switch, role))
        for role in roles
        if role != current
    ]


def family(context: Context) -> FamilyModel | None:
    """Return the family of a parent, None for anybody else."""
    if context.inside is None or "parent" not in context.inside.roles:
        return None
    from ui.family.model import family_of

    return family_of(context)


def applications(model: FamilyModel, go: Callable[[str, dict[str, Any]], object]) -> list[Found]:
    """Return the applications of a parent's children for the search, by child, number and IIN."""
    from ui.family import words

    return [
        Found(
            f"{words.short_name(view.child)} · {view.application.number}",
            words.state_words(view),
            "file-text",
            partial(go, "application", {"application_id": view.id}),
            view.child.iin,
        )
        for view in model.family.applications
    ]
