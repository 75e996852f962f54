"""Columns of rounds and of a plan's lines."""

from __future__ import annotations

from models.contract.admission_records import Iteration, IterationLine
from models.contract.sentences import sentence
from models.domain.problems import Problem
from translations import _, formats
from ui.department import words
from ui.department.plan_columns import in_line, issued_column, state_column
from ui.department.rounds.view_model import RoundsModel
from ui.family import words as family
from ui.kit import Column, TableModel


def scope_words(model: RoundsModel, one: Iteration, *, short: bool = False) -> str:
    """Return whom a round is for; ``short`` names the queue in one word, for a table."""
    parts = [family.word(family.QUEUES if short else family.PROGRAMMES, one.programme)]
    if one.locality_id is not None:
        parts.append(family.place_name(model.department, one.locality_id))
    if one.birth_year is not None:
        parts.append(_("born in {year}").format(year=one.birth_year))
    if one.correction:
        parts.append(family.word(family.CORRECTIONS, one.correction))
    if one.language:
        parts.append(family.word(family.LANGUAGES, one.language))
    return " · ".join(parts)


def rounds_model(model: RoundsModel) -> TableModel[Iteration]:
    """Return the model of the history."""
    zone = model.desk.zone

    return TableModel(
        (
            Column("number", lambda: _("Number"), lambda row: row.number),
            state_column(words.ROUNDS),
            Column(
                "scope",
                lambda: _("For whom"),
                lambda row: scope_words(model, row, short=True),
                stretch=True,
                least=60,
                wraps=True,
            ),
            Column(
                "vouchers",
                lambda: _("Vouchers"),
                lambda row: formats.number(row.planned),
                figures=True,
                sort=lambda row: row.planned,
            ),
            Column(
                "planned",
                lambda: _("Planned"),
                lambda row: formats.moment(row.planned_at, zone),
                sort=lambda row: row.planned_at,
            ),
            Column("by", lambda: _("Planned by"), lambda row: words.short_person(row.planned_by), spare=1),
            issued_column(spare=2),
        ),
        model.rounds,
    )


def line_columns(zone: str) -> tuple[Column[IterationLine], ...]:
    """Return the columns of a plan."""
    return (
        *in_line(),
        Column("date", lambda: _("Date of the turn"), lambda row: family.exact(row.rank_date, zone)),
        Column(
            "result",
            lambda: _("Result"),
            lambda row: skipped_words(row.skipped) if row.skipped else _("Voucher"),
            tone=lambda row: "warning" if row.skipped else "positive",
            icon=lambda row: "minus" if row.skipped else "check",
        ),
    )


def skipped_words(code: str) -> str:
    """Return why somebody was passed over."""
    known = {
        "child-too-young": _("Passed over: too young"),
        "voucher-already": _("Passed over: has a voucher already"),
        "twins-need-more": _("Passed over: twins need more vouchers"),
    }
    return known.get(code) or sentence(Problem(code))
