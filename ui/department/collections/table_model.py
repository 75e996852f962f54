"""Columns of collections of wishes, of their groups, and of computed results."""

from __future__ import annotations

from collections.abc import Mapping

from models.cache.queries.admissions import Offer
from models.contract.collection_records import Collection, Forming, FormingLine
from models.domain.admissions.states import Mode
from translations import N_, _, formats
from ui.department import words
from ui.department.collections.view_model import CollectionsModel
from ui.department.plan_columns import in_line, issued_column, state_column
from ui.family import words as family
from ui.kit import Column

STATES: dict[str, tuple[str, str]] = {
    "collecting": (N_("Wishes are collected"), "positive"),
    "closed": (N_("Ended: no result given yet"), "warning"),
    "issued": (N_("Places given"), "muted"),
    "cancelled": (N_("Given up"), "muted"),
}

RESULTS: dict[str, tuple[str, str]] = {
    "planned": (N_("Computed: no place is given yet"), "warning"),
    "issued": (N_("Places given"), "positive"),
    "cancelled": (N_("Cancelled"), "muted"),
    "stale": (N_("Out of date: queue, wishes or places have changed since"), "danger"),
}


def standing(model: CollectionsModel, one: Collection) -> str:
    """Return how a collection stands: it has ended at its end, and not when the provider's clock next goes."""
    over = one.state == "collecting" and model.desk.server_now() > one.closes_at
    return "closed" if over else one.state


def collection_columns(model: CollectionsModel) -> tuple[Column[Collection], ...]:
    """Return the columns of the list of collections."""
    zone = model.desk.zone
    return (
        Column("number", lambda: _("Number"), lambda row: row.number),
        state_column(STATES, lambda row: standing(model, row)),
        Column(
            "programme", lambda: _("Kind of queue"), lambda row: family.word(family.PROGRAMMES, row.programme),
            stretch=True,
        ),
        Column("groups", lambda: _("Groups"), lambda row: formats.number(len(row.group_ids)), figures=True),
        Column(
            "ends", lambda: _("End"), lambda row: formats.moment(row.closes_at, zone), sort=lambda row: row.closes_at
        ),
        Column(
            "starts", lambda: _("First day"), lambda row: formats.day(row.starts_on), sort=lambda row: row.starts_on
        ),
    )  # fmt: skip


def group_columns(model: CollectionsModel) -> tuple[Column[Offer], ...]:
    """Return the columns of the groups of a new collection."""
    return (
        Column(
            "in",
            lambda: _("In the collection"),
            lambda row: _("Left out") if row.group.id in model.left_out else _("In it"),
            icon=lambda row: "minus" if row.group.id in model.left_out else "check",
            tone=lambda row: "muted" if row.group.id in model.left_out else "positive",
        ),
        Column("organisation", lambda: _("Kindergarten"), lambda row: row.organisation.name, stretch=True),
        Column("group", lambda: _("Group"), lambda row: row.group.name),
        Column("language", lambda: _("Language"), lambda row: family.word(family.LANGUAGES, row.group.language)),
        Column("ages", lambda: _("Ages"), lambda row: family.ages(row.group.age_from, row.group.age_to)),
        Column("free", lambda: _("Free places"), lambda row: formats.number(row.free(Mode.PERMANENT)), figures=True),
    )


def forming_columns(model: CollectionsModel) -> tuple[Column[Forming], ...]:
    """Return the columns of the computed results."""
    zone = model.desk.zone
    return (
        Column("number", lambda: _("Number"), lambda row: row.number),
        state_column(RESULTS),
        Column("placed", lambda: _("Places"), lambda row: formats.number(row.placed), figures=True),
        Column("lists", lambda: _("Lists filed"), lambda row: formats.number(row.lists), figures=True),
        Column("at", lambda: _("Computed"), lambda row: formats.moment(row.planned_at, zone), stretch=True),
        Column("by", lambda: _("Computed by"), lambda row: words.short_person(row.planned_by)),
        issued_column(),
    )  # fmt: skip


def line_columns(names: Mapping[int, tuple[str, str]], zone: str) -> tuple[Column[FormingLine], ...]:
    """Return the columns of a result: who gets what, and why."""
    from documents.forming_protocol import remarks, verdict

    return (
        *in_line(),
        Column("date", lambda: _("Date of the turn"), lambda row: family.exact(row.rank_date, zone), spare=1),
        Column(
            "result",
            lambda: _("Result"),
            lambda row: verdict(row, names),
            tone=lambda row: "positive" if row.group_id is not None else "warning",
            icon=lambda row: "check" if row.group_id is not None else "minus",
            stretch=True,
            least=60,
            wraps=True,
        ),
        Column(
            "wish", lambda: _("Wish"), lambda row: f"{row.wish}/{len(row.wishes)}" if row.wish else "—", figures=True
        ),
        Column("remarks", lambda: _("Remarks"), lambda row: remarks(row, names), stretch=True, spare=2, wraps=True),
    )


def full_columns(names: Mapping[int, tuple[str, str]]) -> tuple[Column[tuple[int, ...]], ...]:
    """Return the columns of how full groups are: group, free, given."""
    return (
        Column("organisation", lambda: _("Kindergarten"), lambda row: names.get(row[0], ("—", ""))[0], stretch=True),
        Column("group", lambda: _("Group"), lambda row: names.get(row[0], ("", "—"))[1]),
        Column("free", lambda: _("Free places"), lambda row: formats.number(row[1]), figures=True),
        Column("given", lambda: _("Given"), lambda row: formats.number(row[2]), figures=True),
    )
