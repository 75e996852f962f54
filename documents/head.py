"""What the papers about an account begin with: the provider, the panel, the consumer, the meters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from documents import labels
from documents.figures import MeterFigures
from documents.kit import fonts
from documents.kit.flow import LEFT, RIGHT, ROOM, Flow
from documents.kit.sheet import ACCENT, LINE, MUTED, TINT
from documents.kit.table import Column, Row, Table
from models.contract.records import AccountView, Provider
from translations import c_, formats, n_

SIDE: Final = 176.0
"""Width of the panel."""
HEAD_ROOM: Final = ROOM - SIDE - 18
"""Width beside the panel."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What stands out on the first page: what paper this is and its one figure."""

    title: str
    period: str
    lines: Sequence[str]
    label: str = ""
    note: str = ""
    amounts: Sequence[str] = field(default_factory=tuple)


def provider_facts(provider: Provider) -> list[str]:
    """Return lines about a provider: code and address; phone, hours; e-mail, site; the dispatcher's phone."""
    code = f"{labels.firm_code(provider)} {provider.registration_code}" if provider.registration_code else ""
    phone = c_("paper", "phone {phone}").format(phone=provider.phone) if provider.phone else ""
    dispatch = ""
    if provider.dispatch_phone:
        dispatch = c_("paper", "dispatcher, emergencies: {phone}").format(phone=provider.dispatch_phone)
    lines = [[code, provider.address], [phone, provider.hours], [provider.email, provider.site], [dispatch]]
    # The dot stays on the line of what it follows.
    return ["\u00a0· ".join(part for part in parts if part) for parts in lines if any(parts)]


def draw_head(flow: Flow, name: str, facts: Sequence[str], consumer: Sequence[tuple[str, str]], panel: Panel) -> None:
    """Write a paper's head: ``name`` with ``facts`` and the consumer's facts on the left, the panel on the right."""
    top = flow.y
    flow.y += 4
    flow.paragraph(name, 12, bold=True, room=HEAD_ROOM, lines=3)
    flow.y += 2
    for line in facts:
        flow.paragraph(line, 7, colour=MUTED, room=HEAD_ROOM, lines=3)
    flow.gap(8)
    for index, (label, value) in enumerate(consumer):
        size = 10.0 if not index else 8.0
        flow.y += 11.5
        first = flow.y
        for number, line in enumerate(fonts.wrap(label, 7, 62, False, 2)):
            flow.y = first + 8 * number
            flow.sheet.text(LEFT, flow.y, line, 7, colour=MUTED, room=62)
        values = fonts.wrap(value, size, HEAD_ROOM - 66, not index, 3)
        for number, line in enumerate(values):
            flow.sheet.text(LEFT + 66, first + 10 * number, line, size, bold=not index)
        flow.y = max(flow.y, first + 10 * (len(values) - 1))
    flow.y = max(flow.y, _draw_panel(flow, panel, top))
    flow.sheet.line(LEFT, top, RIGHT, top, colour=ACCENT, thick=1.6)


def consumer_facts(view: AccountView, *, masked: bool = False) -> list[tuple[str, str]]:
    """Return what a paper says about the consumer; ``masked`` leaves out who it is (no name, no code, no contract)."""
    account = view.account
    facts = [(c_("paper", "Account"), account.number)]
    if not masked:
        facts.append((c_("paper", "Consumer"), account.holder))
    facts.append((c_("paper", "Address"), labels.address(account)))
    if account.contract and not masked:
        facts.append((c_("paper", "Contract"), account.contract))
    if account.code_masked and not masked:
        facts.append((labels.consumer_code(view.provider, account), account.code_masked))
    charged = []
    if account.kind != "legal":
        charged.append(
            n_("{count} resident registered", "{count} residents registered", account.residents).format(
                count=account.residents
            )
        )
    if account.area:
        charged.append(c_("paper", "area {area} m²").format(area=formats.plain(account.area)))
    if charged:
        facts.append((c_("paper", "Charged by"), ", ".join(charged)))
    if account.privileges:
        facts.append((c_("paper", "Privileges"), ", ".join(account.privileges)))
    return facts


def _draw_panel(flow: Flow, panel: Panel, top: float) -> float:
    sheet, inner, room = flow.sheet, RIGHT - SIDE + 10, SIDE - 20
    titles = fonts.wrap(panel.title, 13, room, True, 3)
    high = 5 + 15 * len(titles) + 13 + 10 * len(panel.lines) + 6
    if panel.amounts:
        high += 16 + 24 * len(panel.amounts) + 2
    sheet.box(RIGHT - SIDE, top, SIDE, high, fill=TINT)
    y = top + 4
    for line in titles:
        y += 15
        sheet.text(inner, y, line, 13, bold=True)
    y += 14
    sheet.text(inner, y, panel.period, 9.6, room=room)
    y += 2
    for line in panel.lines:
        y += 10
        sheet.text(inner, y, line, 7, colour=MUTED, room=room)
    if panel.amounts:
        y += 8
        sheet.line(inner, y, RIGHT - 10, y, colour=LINE)
        y += 11
        wide = sheet.text(inner, y, panel.label, 8, colour=MUTED, room=room)
        sheet.text(RIGHT - 10, y, panel.note, 8, bold=True, align="right", room=room - wide - 6)
    for amount in panel.amounts:
        y += 23
        size = min(20.0, room / max(fonts.width(amount, 1, True), 0.1))
        sheet.text(RIGHT - 10, y, amount, size, bold=True, colour=ACCENT, align="right")
    return top + high


def meters_table(flow: Flow, view: AccountView, meters: Sequence[MeterFigures]) -> None:
    """Write a row a meter: seal and verification, previous and current reading with their days, source, volume."""
    if not meters:
        return
    names = {service.id: service for service in view.services}
    flow.heading(c_("paper", "Meters"))
    table = Table(
        flow,
        [
            Column(c_("paper", "Service, model"), 114),
            Column(c_("paper", "Meter No."), 60),
            Column(c_("paper", "Seal; verify until"), 68),
            Column(c_("paper", "Previous reading"), 68, "right"),
            Column(c_("paper", "Current reading"), 68, "right"),
            Column(c_("paper", "Source"), 76),
            Column(c_("paper", "Consumed"), 57.28, "right"),
        ],
    )
    table.begin()
    for line in meters:
        meter = line.meter
        service = names.get(meter.service_id)
        unit = labels.text(service.unit) if service else ""
        verified = formats.day(meter.verified_until) if meter.verified_until else ""
        cells = (
            labels.service(service) if service else "",
            meter.number,
            meter.seal or labels.DASH,
            line.register.format(line.previous) if line.previous is not None else labels.DASH,
            line.register.format(line.current) if line.current is not None else labels.DASH,
            labels.source(line.source) or c_("paper", "no reading"),
            labels.volume(line.difference, unit) if line.difference is not None else labels.DASH,
        )
        under = {
            2: verified,
            3: formats.day(line.previous_on) if line.previous_on else "",
            4: formats.day(line.current_on) if line.current_on else "",
        }
        table.add(Row(cells, notes=[", ".join(part for part in (meter.model, meter.place) if part)], under=under))
