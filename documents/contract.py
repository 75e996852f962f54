"""The contract between a kindergarten and a child's parent, to be read before it is signed and kept afterwards.

Source: 002-82 to 002-84, 002-90 and 004-32 of the seeds; R-DOC-11, R-DOC-12 in docs/rules.md. The wording is our own:
a change of it needs a new number of ``models.contract.contracts.FORM``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from documents import admission_parts as parts
from documents.admission_views import ContractView
from documents.head import Panel, draw_head
from documents.kit import fonts
from documents.kit.flow import LEFT, ROOM, Flow
from documents.kit.pdf import Page
from documents.kit.sheet import INK, MUTED
from models.contract.admission_words import CORRECTIONS, LANGUAGES, said, word
from models.contract.contracts import Signature, fingerprint
from models.contract.sentences import sentence
from models.domain.admissions.states import Mode
from models.domain.problems import Problem
from models.domain.telephones import written
from translations import N_, _, c_, formats

_SIZE: Final = 8.8
_BLANK: Final = "_" * 30
_COLUMN: Final = ROOM / 2 - 14
_KINDS: Final = {
    "code": N_("signed with a one-time code"),
    "click": N_("confirmed in the cabinet"),
    "eds": N_("signed with an electronic signature"),
}


def build(view: ContractView, language: str, made_at: datetime) -> bytes:
    """Return the contract as PDF; what is not known is a line to fill in by hand. The same input gives the same bytes.

    Before it is sent it is marked as a draft.
    """
    return parts.paper(partial(title, view), partial(pages, view, made_at), language, made_at)


def title(_view: ContractView) -> str:
    """Return what the paper is called, in the language in force."""
    return _("Contract on a child's upbringing and education in a kindergarten")


def pages(view: ContractView, made_at: datetime) -> list[Page]:
    """Return the pages of a contract in the language in force."""
    stamp = c_("paper", "DRAFT") if view.draft else ""
    flow = Flow(parts.furniture(title(view), view.facts.application, made_at, view.department, view.data, stamp))
    _head(flow, view)
    parts.stale_notice(flow, made_at, view.department, view.data)
    if view.changed:
        parts.notice(flow, sentence(Problem("contract-changed", values={"facts": ", ".join(view.changed)})))
    flow.gap(8)
    flow.paragraph(title(view), 12, bold=True)
    flow.gap(2)
    flow.paragraph(
        _(
            "This contract governs the relations between the kindergarten and the child's parent or other legal "
            "representative while the child attends the kindergarten, and says what each side owes the other."
        ),
        _SIZE,
    )
    _parties(flow, view)
    _subject(flow, view)
    _clauses(flow, 3, _("The kindergarten undertakes"), _kindergarten())
    _clauses(flow, 4, _("The parent undertakes"), _parent())
    _clauses(flow, 5, _("What is paid"), _payment(view))
    _clauses(flow, 6, _("From when, until when, and how it ends"), _term(view))
    flow.together(partial(_signatures, flow, view))
    return flow.pages()


def _head(flow: Flow, view: ContractView) -> None:
    facts = view.facts
    lines = [one for one in (_grounds(view, _BASIS), _fingerprint(view)) if one]
    panel = Panel(c_("paper", "Contract"), c_("paper", "No. {number}").format(number=facts.application), lines)
    code = f"{c_('paper', 'BIN')} {facts.organisation_bin}" if facts.organisation_bin else ""
    about = [
        (c_("paper", "Child"), facts.child),
        (c_("paper", "Parent"), facts.parent),
        (c_("paper", "Group"), facts.group),
    ]
    own = [one for one in (code, _address(view)) if one]
    draw_head(flow, facts.organisation or c_("paper", "Kindergarten"), own, [one for one in about if one[1]], panel)


def _address(view: ContractView) -> str:
    return ", ".join(part for part in (said(view.facts.locality), view.facts.address) if part)


_BASIS: Final = {"voucher": N_("by voucher {number}"), "referral": N_("by referral {number}")}
_FINANCING: Final = {
    "voucher": N_("state order, voucher {number}"),
    "referral": N_("state order, referral {number}"),
}


def _grounds(view: ContractView, texts: Mapping[str, str]) -> str:
    """Return on what the place rests, in the words of a part of the contract; "" where it rests on neither."""
    text = texts.get(view.facts.basis, "")
    return _(text).format(number=view.facts.basis_number) if text else ""


def _fingerprint(view: ContractView) -> str:
    return _("fingerprint of the contract {digits}").format(digits=fingerprint(view.digest)) if view.digest else ""


def _filled(rows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value or _BLANK) for name, value in rows]


def _parties(flow: Flow, view: ContractView) -> None:
    facts = view.facts
    flow.heading(_numbered(1, _("Parties and child")))
    parts.facts(
        flow,
        _filled([
            (c_("paper", "Kindergarten"), facts.organisation),
            (c_("paper", "BIN"), facts.organisation_bin),
            (c_("paper", "Address"), _address(view)),
            (_("Represented by"), facts.director),
            (c_("paper", "Parent"), facts.parent),
            (_("IIN of the parent"), view.parent_code),
            (c_("paper", "Child"), facts.child),
            (_("IIN of the child"), facts.child_iin),
            (c_("paper", "Born"), _day(facts.child_born)),
        ]),
        size=_SIZE,
    )  # fmt: skip


def _subject(flow: Flow, view: ContractView) -> None:
    facts = view.facts
    flow.heading(_numbered(2, _("What the contract is about")))
    _clause(
        flow,
        "2.1.",
        _(
            "The kindergarten takes the child into the group named here, brings it up, teaches it and looks after it. "
            "The parent sees to the child's upbringing together with the kindergarten."
        ),
    )
    flow.gap(4)
    ages = _("from {low} to {high} years").format(low=facts.age_from, high=facts.age_to)
    rows = [
        (c_("paper", "Group"), f"«{facts.group}» · {ages}" if facts.group else ""),
        (c_("paper", "Language of education"), word(LANGUAGES, facts.language) if facts.language else ""),
        (_("Length of the day"), word(parts.STAYS, facts.stay) if facts.stay else ""),
        (_("Financing"), _grounds(view, _FINANCING)),
        (_("First day"), formats.day(view.starts) if view.starts is not None else ""),
        (_("Last day"), _last_day(view)),
    ]
    if facts.correction:
        rows.insert(3, (c_("paper", "Kind of correction"), word(CORRECTIONS, facts.correction)))
    parts.facts(flow, _filled(rows), size=_SIZE)


def _last_day(view: ContractView) -> str:
    if view.facts.mode == Mode.TEMPORARY:
        day = _day(view.facts.until)
        return _("{day}, a temporary place").format(day=day) if day else ""
    return _("31 August of the year in which the child goes to school")


def _kindergarten() -> list[str]:
    return [
        _("to keep the child safe and well, and to tell the parent at once if anything happens to it;"),
        _(
            "to bring the child up and teach it by the state programme, in the language named here and with regard to "
            "its age and health;"
        ),
        _("to feed the child and to keep the routine of a day that suits its age;"),
        _("to keep the place while the child is away for a good reason of which the kindergarten was told;"),
        _("to tell the parent how the child is doing, and in good time of what changes in the group;"),
        _("to protect the personal data of the child and the parent and to use them for this contract only."),
    ]


def _parent() -> list[str]:
    return [
        _("to bring the child in good health, and to fetch it in person or through an adult named in writing;"),
        _("to say on the first day why the child is away, and to bring a medical certificate after an illness;"),
        _("to hand in the documents that admission needs, and to tell of a new address or telephone without delay;"),
        _("to pay in time for what the state does not pay;"),
        _("to keep the rules of the kindergarten and to respect its staff and the other children."),
    ]


def _payment(view: ContractView) -> list[str]:
    financing = _grounds(view, _FINANCING)
    return [
        _("The state pays for upbringing and education ({financing}).").format(financing=financing or _BLANK),
        _("For meals and for what goes beyond the state order the parent pays {amount} a month.").format(
            amount=_BLANK[:20]
        ),
    ]


def _term(view: ContractView) -> list[str]:
    if view.facts.mode == Mode.TEMPORARY:
        until = _("It counts until {day} inclusive. The child's place in the queue is kept.").format(
            day=_day(view.facts.until) or _BLANK
        )
    else:
        until = _("It counts until 31 August of the year in which the child goes to school.")
    return [
        _("The contract counts from the moment at which both sides have signed it."),
        until,
        _("The parent may end it at any time, in the cabinet or in writing."),
        _(
            "The kindergarten may end it only for a reason that the law or the rules of admission name, and tells the "
            "parent the reason in writing."
        ),
        _("Whatever changes what is written here needs a new contract, signed by both sides."),
        _("The sides settle disputes by talks; where that fails, the education department and the court decide."),
    ]


def _clauses(flow: Flow, number: int, heading: str, clauses: Sequence[str]) -> None:
    flow.heading(_numbered(number, heading))
    for index, text in enumerate(clauses, 1):
        _clause(flow, f"{number}.{index}.", text)


def _clause(flow: Flow, number: str, text: str) -> None:
    flow.need(_SIZE * 1.38 + 2)
    flow.gap(2)
    flow.sheet.text(LEFT, flow.y + _SIZE * 1.38, number, _SIZE, colour=MUTED)
    flow.paragraph(text, _SIZE, x=LEFT + 24, room=ROOM - 24)


def _numbered(number: int, text: str) -> str:
    return f"{number}. {text}"


def _signatures(flow: Flow, view: ContractView) -> None:
    facts = view.facts
    flow.heading(_numbered(7, _("Details and signatures of the sides")), keep=150)
    flow.gap(6)
    right = LEFT + ROOM - _COLUMN
    own = [
        ("", facts.organisation),
        (c_("paper", "BIN"), facts.organisation_bin),
        (c_("paper", "Address"), _address(view)),
        (c_("paper", "Phone"), written(view.phone)),
    ]
    theirs = [
        ("", facts.parent),
        (c_("paper", "IIN"), view.parent_code),
        (c_("paper", "Address"), view.parent_address),
        (c_("paper", "Phone"), written(view.parent_phone)),
    ]
    _side_by_side(
        flow,
        partial(_column, flow, LEFT, c_("paper", "Kindergarten"), own),
        partial(_column, flow, right, c_("paper", "Parent"), theirs),
    )
    zone = view.department.zone
    _side_by_side(
        flow,
        partial(_signature, flow, LEFT, view.organisation, facts.director, zone),
        partial(_signature, flow, right, view.parent, facts.parent, zone),
    )
    if view.digest:
        flow.paragraph(
            _("Fingerprint of the contract: {digits}").format(digits=fingerprint(view.digest)), _SIZE, bold=True
        )
        flow.paragraph(
            _(
                "It is computed from what the contract says, whatever the language and the look of the paper: where "
                "the fingerprint is the same, the contract is the same. It is kept with each signature."
            ),
            7.4,
            colour=MUTED,
        )


def _side_by_side(flow: Flow, left: Callable[[], None], right: Callable[[], None]) -> None:
    """Let two columns begin at the same height and go on under the longer one."""
    top = flow.y
    left()
    bottom, flow.y = flow.y, top
    right()
    flow.y = max(bottom, flow.y) + 6


def _column(flow: Flow, x: float, heading: str, rows: Sequence[tuple[str, str]]) -> None:
    flow.paragraph(heading, 9, bold=True, x=x, room=_COLUMN)
    for name, value in rows:
        text = value or _BLANK
        flow.paragraph(f"{name}: {text}" if name else text, 8.2, x=x, room=_COLUMN)


def _signature(flow: Flow, x: float, signature: Signature | None, name: str, zone: str) -> None:
    if signature is not None:
        flow.paragraph(signature.name or name, 8.6, bold=True, x=x, room=_COLUMN)
        flow.paragraph(word(_KINDS, signature.kind), 8.2, x=x, room=_COLUMN)
        flow.paragraph(_moment(signature.at, zone), 8.2, x=x, room=_COLUMN)
        return
    sheet, y = flow.sheet, flow.y + 26
    sheet.line(x, y, x + _COLUMN * 0.42, y, colour=INK, thick=0.5)
    sheet.line(x + _COLUMN * 0.48, y, x + _COLUMN, y, colour=INK, thick=0.5)
    sheet.text(x, y + 8, c_("paper", "signature"), 6.4, colour=MUTED)
    sheet.text(x + _COLUMN * 0.48, y + 8, c_("paper", "full name"), 6.4, colour=MUTED)
    for line in fonts.wrap(name, 7.4, _COLUMN * 0.52, False, 1):
        sheet.text(x + _COLUMN * 0.48, y - 3, line, 7.4)
    flow.y = y + 10


def _moment(instant: datetime, zone: str) -> str:
    """Return an instant of the department's zone to the second, with the zone's distance from UTC."""
    local = instant.astimezone(ZoneInfo(zone))
    offset = local.strftime("%z")
    hours = f"{offset[:3]}:{offset[3:]}"
    return f"{formats.day(local.date())} {local:%H:%M:%S} (UTC{hours})"


def _day(iso: str) -> str:
    return formats.day(date.fromisoformat(iso)) if iso else ""
