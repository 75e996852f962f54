"""What choosing a place for a twin brings the others that are served together with it."""

from __future__ import annotations

from collections.abc import Iterable

from models.cache.queries.admissions import ApplicationView
from models.domain.admissions.states import State
from translations import _
from ui.family import words


def twin_words(view: ApplicationView, applications: Iterable[ApplicationView]) -> list[tuple[str, str]]:
    """Return sentences with their tones; nothing for a child that is served alone. Source: D-23."""
    bundle = view.application.bundle_id
    twins = [one for one in applications if bundle and one.application.bundle_id == bundle and one.id != view.id]
    found = []
    if with_it := _names(twins, State.VOUCHER_ACTIVE):
        text = _("{children}: a place in the same kindergarten is taken as well. If there is none, nothing is taken.")
        found.append((text.format(children=with_it), "accent"))
    if without := _names(twins, State.VOUCHER_ISSUED):
        text = _(
            "{children}: the voucher is not confirmed yet, so this takes a place for {child} alone. Confirm it first "
            "to get places in one kindergarten."
        )
        found.append((text.format(children=without, child=words.short_name(view.child)), "warning"))
    return found


def _names(twins: Iterable[ApplicationView], state: State) -> str:
    return ", ".join(words.short_name(one.child) for one in twins if one.case.state is state)
