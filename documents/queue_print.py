"""The queue without names: application numbers in order, as it was computed at an instant."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from documents import admission_parts as parts
from documents import labels
from documents.admission_views import QueueView
from documents.head import Panel
from documents.kit.flow import Flow
from documents.kit.pdf import Page
from documents.kit.table import Column, Row, Table
from models.contract.admission_words import CORRECTIONS, LANGUAGES, PROGRAMMES, languages, said, word
from translations import _, c_, formats


def build(view: QueueView, language: str, made_at: datetime) -> bytes:
    """Return the queue as PDF, without names. The same input gives the same bytes."""
    return parts.paper(partial(title, view), partial(pages, view, made_at), language, made_at)


def title(view: QueueView) -> str:
    """Return what the paper is called, in the language in force."""
    return _("Queue to kindergartens: {place}").format(place=said(view.locality) or view.department.settlement)


def pages(view: QueueView, made_at: datetime) -> list[Page]:
    """Return the pages of a queue in the language in force."""
    flow = Flow(parts.furniture(title(view), "", made_at, view.department, view.data))
    facts = [
        (c_("paper", "Queue"), word(PROGRAMMES, view.programme)),
        (c_("paper", "Locality"), said(view.locality) or c_("paper", "the whole department")),
        (c_("paper", "Year of birth"), str(view.birth_year) if view.birth_year else ""),
        (c_("paper", "Language"), word(LANGUAGES, view.language) if view.language else ""),
        (c_("paper", "Kind of correction"), word(CORRECTIONS, view.correction) if view.correction else ""),
    ]
    panel = Panel(
        title=_("Queue to kindergartens"),
        period=c_("paper", "without names"),
        lines=(_("computed {moment}").format(moment=parts.exact_local(view.at, view.department.zone)),),
        label=c_("paper", "Stand in the queue"),
        amounts=[formats.number(view.total)],
    )
    parts.head(flow, view.department, [fact for fact in facts if fact[1]], panel)
    parts.stale_notice(flow, made_at, view.department, view.data)
    _lines(flow, view)
    flow.gap(6)
    if view.lines and len(view.lines) < view.total:
        flow.paragraph(
            _("Shown: numbers {first} to {last} of {total}.").format(
                first=formats.number(view.lines[0].position),
                last=formats.number(view.lines[-1].position),
                total=formats.number(view.total),
            ),
            8.2,
        )
    flow.paragraph(
        _(
            "A number is computed, not kept: it changes when others leave the queue, return to it or prove a benefit. "
            "Numbers stand by category, then by date and time of the application."
        ),
        8.2,
    )
    return flow.pages()


def _lines(flow: Flow, view: QueueView) -> None:
    zone = view.department.zone
    flow.heading(c_("paper", "In order"), keep=60)
    years = any(line.birth_year for line in view.lines)  # a provider need not tell them
    columns = [
        Column(c_("paper", "No."), 40, "right"),
        Column(c_("paper", "Application"), 84),
        *([Column(c_("paper", "Year of birth"), 48)] if years else []),
        Column(c_("paper", "Category"), 136 if years else 184),
        Column(_("Date and time of the application"), 122),
        Column(c_("paper", "Languages of education"), 81.28),
    ]
    table = Table(flow, columns, size=7.4)
    table.begin()
    for line in view.lines:
        own = bool(line.number) and line.number in view.own
        table.add(
            Row(
                (
                    f"→ {line.position}" if own else str(line.position),
                    line.number or labels.DASH,
                    *([str(line.birth_year) if line.birth_year else labels.DASH] if years else []),
                    said(line.category) or labels.DASH,
                    parts.exact_local(line.submitted_at, zone),
                    languages(list(line.languages)),
                ),
                kind="total" if own else "plain",
            )
        )
