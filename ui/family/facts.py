"""What decides whether a child fits a group or published places, from the rows of the cache."""

from __future__ import annotations

from datetime import datetime

from models.cache.queries.admissions import ApplicationView, Department, Item, Offer
from models.domain.admissions.eligibility import (
    ChildFacts,
    GroupFacts,
    ItemFacts,
    fit_group,
    fit_item,
    surroundings,
)
from models.domain.problems import Problem


def child_facts(view: ApplicationView) -> ChildFacts:
    """Return what of a child and its application decides about a place."""
    one = view.application
    return ChildFacts(view.child.born, view.case.programme, frozenset(one.languages), one.locality_id, one.correction)


def group_facts(offer: Offer) -> GroupFacts:
    """Return what of a group decides who may come into it."""
    group = offer.group
    return GroupFacts(
        group.age_from,
        group.age_to,
        group.language,
        group.correction,
        group.valid_from,
        group.valid_to,
        offer.organisation.opened,
    )


def fits_group(view: ApplicationView, offer: Offer, department: Department, now: datetime) -> tuple[Problem, ...]:
    """Return why the child may not come into a group today; empty when it may."""
    return fit_group(child_facts(view), group_facts(offer), department.calendar.local_day(now))


def fits_item(view: ApplicationView, item: Item, department: Department, now: datetime) -> tuple[Problem, ...]:
    """Return why an application may not be sent to published places now; empty when it may."""
    row = item.item
    parents = {one.id: one.parent_id for one in department.localities.values()}
    facts = ItemFacts(
        state=row.state,
        birth_years=frozenset(row.birth_years),
        language=row.language,
        localities=surroundings(row.locality_id, parents),
        open_at=row.open_at,
        open_to_all_at=row.open_to_all_at,
        places=row.places,
    )
    number = view.position.number if view.position is not None else None
    rules = department.rules(view.case.programme, now)
    return fit_item(child_facts(view), facts, now, today=department.calendar.local_day(now), number=number, rules=rules)
