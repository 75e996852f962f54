"""An application on paper: where it stands, its number in the queue with its instant, terms, documents, history."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from documents import admission_parts as parts
from documents import labels
from documents.admission_views import ApplicationPrintView
from documents.head import Panel
from documents.kit import fonts
from documents.kit.flow import LEFT, ROOM, Flow
from documents.kit.pdf import Page
from documents.kit.sheet import ACCENT, INK, LINE, MUTED, PAPER
from documents.kit.table import Column, Row, Table
from models.contract.admission_tracker import MARKS, marks
from models.contract.admission_words import (
    ACTORS,
    ARCHIVE,
    CHECKED,
    CORRECTIONS,
    DOCUMENTS,
    ENTRIES,
    PROGRAMMES,
    STATES,
    exact,
    happened,
    languages,
    said,
    word,
)
from models.contract.admissions import deadlines
from models.contract.reasons import reason_of
from models.domain.admissions.states import TEMP_LIVE, TempState, TimerKind
from models.domain.telephones import written
from translations import N_, _, c_, formats

_RADIUS: Final = 8.5
_ALARM: Final = "0.70 0.15 0.12"
_TERMS: Final = {
    TimerKind.INTEREST: N_("To confirm your interest"),
    TimerKind.CONTRACT: N_("To choose and sign the contract"),
    TimerKind.RESTORE: N_("To restore the place in the queue"),
    TimerKind.OFFER: N_("To answer the offer"),
    TimerKind.ORG_SLA: N_("For the kindergarten to act"),
    TimerKind.ACTIVATE_SLA: N_("For the kindergarten to act"),
    TimerKind.REFERRAL: N_("The referral is valid"),
    TimerKind.UNBLOCK: N_("In the stop list"),
    TimerKind.TEMP_END: N_("Temporary place"),
    TimerKind.LEAVE: N_("Away in a sanatorium kindergarten"),
}
_BENEFITS: Final = {
    "claimed": N_("claimed, not checked yet: it does not count so far"),
    "verified": N_("proved"),
    "refused": N_("not confirmed: it does not count"),
}


def build(view: ApplicationPrintView, language: str, made_at: datetime) -> bytes:
    """Return the application as PDF. The same input gives the same bytes."""
    return parts.paper(partial(title, view), partial(pages, view, made_at), language, made_at)


def title(view: ApplicationPrintView) -> str:
    """Return what the paper is called, in the language in force."""
    return _("Application {number}").format(number=view.application.number)


def pages(view: ApplicationPrintView, made_at: datetime) -> list[Page]:
    """Return the pages of an application in the language in force."""
    number = view.application.number
    flow = Flow(parts.furniture(title(view), number, made_at, view.department, view.data))
    _head(flow, view)
    parts.stale_notice(flow, made_at, view.department, view.data)
    flow.together(partial(_tracker, flow, view))
    _terms(flow, view)
    _asked(flow, view)
    _places(flow, view)
    _documents(flow, view)
    _history(flow, view)
    return flow.pages()


def _head(flow: Flow, view: ApplicationPrintView) -> None:
    application, child, zone = view.application, view.child, view.department.zone
    facts = [
        (c_("paper", "Child"), child.name),
        (c_("paper", "IIN"), child.iin),
        (c_("paper", "Born"), formats.day(child.born)),
        (c_("paper", "Parent"), application.applicant),
        (c_("paper", "Phone"), written(application.phone)),
        (c_("paper", "Queue"), word(PROGRAMMES, application.programme)),
    ]
    lines = [_("filed {moment}").format(moment=parts.exact_local(application.submitted_at, zone))]
    position = view.position
    if position is None:
        panel = Panel(c_("paper", "Application"), _number(view), lines)
    else:
        lines.append(_("number computed {moment}").format(moment=formats.moment(position.at, zone)))
        panel = Panel(
            c_("paper", "Application"),
            _number(view),
            lines,
            label=c_("paper", "Number in the queue"),
            note=c_("paper", "of {count}").format(count=formats.number(position.total)),
            amounts=[formats.number(position.number)],
        )
    parts.head(flow, view.department, [fact for fact in facts if fact[1]], panel)


def _number(view: ApplicationPrintView) -> str:
    return c_("paper", "No. {number}").format(number=view.application.number)


def _tracker(flow: Flow, view: ApplicationPrintView) -> None:
    """Draw the steps as numbered circles on a line, each with its name and how it stands."""
    application = view.application
    steps = marks(application.programme, application.state, application.step_before_stop)
    flow.heading(word(STATES, application.state), keep=70)
    sheet, wide = flow.sheet, ROOM / len(steps)
    y = flow.y + 16
    for index in range(len(steps) - 1):
        x = LEFT + wide * (index + 0.5)
        done = steps[index].mark == "done"
        sheet.line(x + _RADIUS, y, x + wide - _RADIUS, y, colour=ACCENT if done else LINE, thick=1.4 if done else 0.8)
    deepest = y
    for index, step in enumerate(steps):
        x = LEFT + wide * (index + 0.5)
        colour = {"done": ACCENT, "current": ACCENT, "stopped": _ALARM}.get(step.mark, LINE)
        sheet.disc(x, y, _RADIUS, fill=colour)
        filled = step.mark in ("done", "stopped")
        if not filled:
            sheet.disc(x, y, _RADIUS - 1.3)
        sign = {"done": "✓", "stopped": "×"}.get(step.mark, str(index + 1))
        ink = PAPER if filled else ACCENT if step.mark == "current" else MUTED
        sheet.text(x, y + 3, sign, 8.4, bold=True, colour=ink, align="centre")
        at = y + _RADIUS + 3
        for line in fonts.wrap(_(step.title), 7.6, wide - 8, step.mark == "current", 3):
            at += 9.6
            sheet.text(x, at, line, 7.6, bold=step.mark == "current", colour=INK, align="centre")
        mark = MARKS[step.mark]
        if mark:
            at += 9
            sheet.text(x, at, _(mark), 6.8, colour=_ALARM if step.mark == "stopped" else MUTED, align="centre")
        deepest = max(deepest, at)
    flow.y = deepest + 4
    if application.archive:
        flow.paragraph(word(ARCHIVE, application.archive), 8.6, bold=True)


def _terms(flow: Flow, view: ApplicationPrintView) -> None:
    zone = view.department.zone
    rows = [
        (_(_TERMS[kind]), c_("paper", "until {due}").format(due=exact(term.shown(ZoneInfo(zone)), zone)))
        for kind, term in sorted(deadlines(view.application).items(), key=lambda item: item[1].at)
    ]
    application = view.application
    if application.temp in TEMP_LIVE and application.temp_until is not None:
        where = view.places.get(application.temp_group_id or 0)
        place = f"{where.organisation.name}, {parts.group_text(where)}, " if where else ""
        until = c_("paper", "until {due}").format(due=formats.day(application.temp_until))
        rows = [row for row in rows if row[0] != _(_TERMS[TimerKind.TEMP_END])]
        rows.append((c_("paper", "Temporary place"), place + until))
    elif application.temp == TempState.ENDED and application.temp_until is not None:
        rows.append(
            (c_("paper", "Temporary place"), c_("paper", "ended {day}").format(day=formats.day(application.temp_until)))
        )
    if application.contract_left:
        rows.append((_("Working days left to sign the contract"), formats.number(application.contract_left)))
    if rows:
        flow.heading(c_("paper", "Terms"))
        parts.facts(flow, rows)


def _asked(flow: Flow, view: ApplicationPrintView) -> None:
    application = view.application
    benefit = said(view.benefit) or application.benefit
    if benefit and application.benefit_state in _BENEFITS:
        benefit = f"{benefit} ({_(_BENEFITS[application.benefit_state])})"
    correction = word(CORRECTIONS, application.correction) if application.correction else ""
    rows = [
        (c_("paper", "Place of living"), said(view.locality)),
        (c_("paper", "Languages of education"), languages(application.languages)),
        (c_("paper", "Category"), _category(view)),
        (c_("paper", "Benefit"), benefit or c_("paper", "none")),
        (c_("paper", "Kind of correction"), correction),
        (c_("paper", "Kindergarten wished for"), view.wanted.name if view.wanted else ""),
        (c_("paper", "Voucher"), _voucher(view)),
    ]
    flow.heading(_("What was applied for"))
    parts.facts(flow, rows)


def _category(view: ApplicationPrintView) -> str:
    name = said(view.category)
    rank = c_("paper", "rank {rank}").format(rank=view.application.category_rank)
    return f"{name} ({rank})" if name else ""


def _voucher(view: ApplicationPrintView) -> str:
    state = {
        "issued": c_("paper", "issued"),
        "active": c_("paper", "active"),
        "bound": c_("paper", "given for a place"),
        "in-use": c_("paper", "in use"),
        "void": c_("paper", "void"),
    }.get(view.application.voucher, view.application.voucher)
    if not view.application.voucher_number:
        return ""
    return f"{c_('paper', 'No. {number}').format(number=view.application.voucher_number)}, {state}"


def _places(flow: Flow, view: ApplicationPrintView) -> None:
    rows = []
    chosen = view.places.get(view.application.group_id or 0)
    if chosen is not None:
        rows.append((c_("paper", "Chosen kindergarten"), f"{chosen.organisation.name}, {parts.group_text(chosen)}"))
    for entry in view.entries:
        where = view.places.get(entry.group_id)
        if where is not None:
            name = f"{where.organisation.name}, {parts.group_text(where)}"
            state = word(ENTRIES, entry.state)
            number = c_("paper", "number {number}").format(number=entry.position)
            rows.append((c_("paper", "Waiting list"), f"{name} – {state}, {number}"))
    for referral in view.referrals:
        number = c_("paper", "No. {number}").format(number=referral.number)
        until = c_("paper", "until {due}").format(due=formats.day(referral.valid_until))
        rows.append((c_("paper", "Referral"), f"{number}, {until}"))
    for placement in view.placements:
        where = view.places.get(placement.group_id)
        name = f"{where.organisation.name}, {parts.group_text(where)}, " if where else ""
        begins = c_("paper", "from {day}").format(day=formats.day(placement.begins_on))
        ends = f" {c_('paper', 'until {due}').format(due=formats.day(placement.ends_on))}" if placement.ends_on else ""
        rows.append((c_("paper", "In the kindergarten"), f"{name}{begins}{ends}"))
    if rows:
        flow.heading(c_("paper", "Kindergartens"))
        parts.facts(flow, rows)


def _documents(flow: Flow, view: ApplicationPrintView) -> None:
    if not view.attachments:
        return
    flow.heading(c_("paper", "Documents"))
    table = Table(
        flow,
        [
            Column(c_("paper", "Document"), 170),
            Column(c_("paper", "File"), 140),
            Column(c_("paper", "Received"), 80),
            Column(c_("paper", "Checked"), 121.28),
        ],
    )
    table.begin()
    for paper in view.attachments:
        state = _(CHECKED[paper.state][0]) if paper.state in CHECKED else paper.state
        if paper.checked_by:
            state = f"{state}: {paper.checked_by}"
        why = reason_of(paper)
        table.add(
            Row(
                (
                    word(DOCUMENTS, paper.kind),
                    paper.name,
                    formats.moment(paper.at, view.department.zone),
                    f"{state} – {why}" if why else state,
                )
            )
        )


def _history(flow: Flow, view: ApplicationPrintView) -> None:
    flow.heading(c_("paper", "History"))
    table = Table(
        flow,
        [
            Column(c_("paper", "Date and time"), 88),
            Column(c_("paper", "What happened"), 172),
            Column(c_("paper", "Who"), 126),
            Column(c_("paper", "State afterwards"), 125.28),
        ],
    )
    table.begin()
    for entry in sorted(view.history, key=lambda row: (row.at, row.id)):
        who = word(ACTORS, entry.actor)
        what = happened(entry)
        why = reason_of(entry)
        if why:
            what = f"{what}. {c_('admission', 'Reason: {reason}').format(reason=why)}"
        if entry.offline:
            what = f"{what} ({_('entered without a connection')})"
        table.add(
            Row(
                (
                    exact(entry.at, view.department.zone),
                    what,
                    f"{entry.actor_name} · {who}" if entry.actor_name else who,
                    word(STATES, entry.to_state) if entry.to_state else labels.DASH,
                )
            )
        )
