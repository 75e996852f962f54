"""What papers of admissions have in common: furniture with the mark of old data, facts, notices, signatures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Final
from zoneinfo import ZoneInfo

from documents import labels
from documents.admission_views import DataState, Where
from documents.head import Panel, draw_head, provider_facts
from documents.kit import fonts
from documents.kit.flow import LEFT, RIGHT, ROOM, Flow, Furniture
from documents.kit.pdf import Page, PdfWriter
from documents.kit.sheet import ACCENT, INK, LINE, MUTED, TINT
from models.contract.admission_records import Category
from models.contract.admission_words import CORRECTIONS, LANGUAGES, said, word
from models.contract.records import Provider
from models.domain.telephones import written
from translations import N_, _, c_, formats, using

STAYS: Final = {"day": N_("Day group"), "short": N_("Short stay"), "round-the-clock": N_("Round the clock")}
_LABEL: Final = 128.0


def paper(title: Callable[[], str], pages: Callable[[], Sequence[Page]], language: str, made_at: datetime) -> bytes:
    """Return a paper's file: ``title`` and ``pages`` are asked in its language."""
    buffer = BytesIO()
    with using(language):
        writer = PdfWriter(buffer.write, title=title(), language=language, made_at=made_at)
        for page in pages():
            writer.add(page)
        writer.close()
    return buffer.getvalue()


def furniture(
    title: str, number: str, made_at: datetime, department: Provider, data: DataState, stamp: str = ""
) -> Furniture:
    """Return what stands on every page; ``stamp`` goes before the mark of old data."""
    zone = department.zone
    old = ""
    if data.is_stale(made_at):
        old = c_("paper", "DATA AS OF {moment}").format(moment=formats.moment(data.as_of, zone))
    as_of = formats.moment(data.as_of, zone)
    fresh = c_("paper", "data as of {moment}").format(moment=as_of)
    if data.epoch:
        cut = f"{data.sequence}@{data.epoch[:8]}"
        fresh = _("data as of {moment} (last sync), version {cut}").format(moment=as_of, cut=cut)
    return Furniture(
        title=title,
        number=c_("paper", "No. {number}").format(number=number) if number else "",
        made=c_("paper", "made {moment}").format(moment=formats.moment(made_at, zone)),
        fresh=fresh,
        stamp=stamp or old,
    )


def head(flow: Flow, department: Provider, facts: Sequence[tuple[str, str]], panel: Panel) -> None:
    """Write the department, the facts that identify the paper's subject, and the panel."""
    draw_head(flow, labels.provider_name(department), provider_facts(department), facts, panel)


def stale_notice(flow: Flow, made_at: datetime, department: Provider, data: DataState) -> None:
    """Say above everything that the paper was made from the last copy, if it was."""
    if data.is_stale(made_at):
        notice(
            flow,
            _(
                "Made from the last copy of the data on this computer, of {moment}. The education department may know "
                "more since; what counts is what the department has."
            ).format(moment=formats.moment(data.as_of, department.zone)),
        )


def notice(flow: Flow, text: str, title: str = "", *, size: float = 8.4) -> None:
    """Write a text in a box that stands out, whole on one sheet."""
    inner = ROOM - 20
    lines = fonts.wrap(text, size, inner, False, 12)
    heads = fonts.wrap(title, size + 0.6, inner, True, 3) if title else ()
    step = size * 1.4
    high = 10 + (len(lines) + len(heads)) * step
    flow.need(high + 10)
    flow.gap(8)
    flow.sheet.box(LEFT, flow.y, ROOM, high, fill=TINT)
    flow.sheet.box(LEFT, flow.y, 3, high, fill=ACCENT)
    y = flow.y + 4
    for line in heads:
        y += step
        flow.sheet.text(LEFT + 12, y, line, size + 0.6, bold=True)
    for line in lines:
        y += step
        flow.sheet.text(LEFT + 12, y, line, size)
    flow.y += high + 2


def facts(flow: Flow, rows: Sequence[tuple[str, str]], *, size: float = 8.6, room: float = ROOM) -> None:
    """Write names and values in two columns; a row without a value is left out."""
    for name, value in rows:
        if not value:
            continue
        lines = fonts.wrap(value, size, room - _LABEL - 6, False, 6)
        names = fonts.wrap(name, size - 1, _LABEL - 4, False, 3)
        step = size * 1.36
        high = max(len(lines), len(names)) * step + 5
        flow.need(high)
        for number, line in enumerate(names):
            flow.sheet.text(LEFT, flow.y + 3 + size + number * step, line, size - 1, colour=MUTED)
        for number, line in enumerate(lines):
            flow.sheet.text(LEFT + _LABEL, flow.y + 3 + size + number * step, line, size)
        flow.y += high
        flow.sheet.line(LEFT, flow.y, LEFT + room, flow.y, colour=LINE, thick=0.35)


def boxes(flow: Flow, lines: Sequence[str], *, size: float = 8.6) -> None:
    """Write a list with an empty box before each line, to tick by hand."""
    for text in lines:
        wrapped = fonts.wrap(text, size, ROOM - 18, False, 4)
        step = size * 1.38
        flow.need(len(wrapped) * step + 4)
        flow.gap(3)
        flow.sheet.box(LEFT + 1, flow.y + size * 0.3, 7.5, 7.5, line=INK, thick=0.6)
        for line in wrapped:
            flow.y += step
            flow.sheet.text(LEFT + 16, flow.y - 1, line, size)


def signatures(flow: Flow, parties: Sequence[tuple[str, str]]) -> None:
    """Leave room to sign: one column a party with its name, if it is known."""
    flow.need(74)
    flow.gap(16)
    wide = ROOM / 2 - 14
    for index, (party, name) in enumerate(parties):
        x = LEFT if not index % 2 else LEFT + ROOM / 2 + 14
        if index and not index % 2:
            flow.y += 62
            flow.need(62)
        y = flow.y + 10
        for number, line in enumerate(fonts.wrap(party, 8.2, wide, True, 2)):
            flow.sheet.text(x, y + number * 10.5, line, 8.2, bold=True)
        y += 34
        flow.sheet.line(x, y, x + wide * 0.42, y, colour=INK, thick=0.5)
        flow.sheet.line(x + wide * 0.48, y, x + wide, y, colour=INK, thick=0.5)
        flow.sheet.text(x + wide * 0.48, y - 3, name, 8, room=wide * 0.52)
        flow.sheet.text(x, y + 8, c_("paper", "signature"), 6.4, colour=MUTED)
        flow.sheet.text(x + wide * 0.48, y + 8, c_("paper", "full name"), 6.4, colour=MUTED)
    flow.y += 62


def where_facts(where: Where, locality: str) -> list[tuple[str, str]]:
    """Return what a paper says about a kindergarten and its group."""
    organisation, group = where.organisation, where.group
    return [
        (c_("paper", "Kindergarten"), organisation.name),
        (c_("paper", "Address"), ", ".join(part for part in (locality, organisation.address) if part)),
        (c_("paper", "Phone"), written(organisation.phone)),
        (c_("paper", "Group"), group_text(where)),
        (c_("paper", "Language of education"), word(LANGUAGES, group.language)),
        (c_("paper", "Kind of correction"), word(CORRECTIONS, group.correction) if group.correction else ""),
        (c_("paper", "Responsible person"), group.responsible),
    ]


def group_text(where: Where) -> str:
    """Return a group with its ages and how long its day is: «Солнце», 2–3, day group."""
    group = where.group
    ages = _("from {low} to {high} years").format(low=group.age_from, high=group.age_to)
    return f"«{group.name}» · {ages} · {word(STAYS, group.kind)}"


def category_names(categories: Sequence[Category]) -> dict[int, str]:
    """Return the names of categories by rank, in the language in force."""
    return {category.rank: said(category.name) for category in categories}


def exact_local(instant: datetime | None, zone: str) -> str:
    """Return an instant with its microseconds: the order of a queue is decided by them."""
    if instant is None:
        return labels.DASH
    local = instant.astimezone(ZoneInfo(zone))
    fraction = f".{local.microsecond:06d}" if local.microsecond else ""
    return f"{formats.day(local.date())} {local:%H:%M:%S}{fraction}"


def local_day(instant: datetime, zone: str) -> date:
    """Return the local date of an instant."""
    return instant.astimezone(ZoneInfo(zone)).date()


def rule(flow: Flow) -> None:
    """Draw a line across the sheet."""
    flow.sheet.line(LEFT, flow.y, RIGHT, flow.y, colour=LINE, thick=0.4)
