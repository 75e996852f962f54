"""The referral to a kindergarten, and the one to a temporary place with the end it has and what follows.

Source of the wording: 004-27 to 004-30 and 003-28 to 003-31 of the seeds; R-DOC-7, R-ADM-21 in docs/rules.md.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Final

from documents import admission_parts as parts
from documents import labels
from documents.admission_views import ReferralView
from documents.head import Panel
from documents.kit import codes
from documents.kit.flow import LEFT, RIGHT, ROOM, Flow
from documents.kit.pdf import Page
from documents.kit.sheet import MUTED
from models.contract.admission_words import DOCUMENTS, PROGRAMMES, said, word
from models.domain.admissions.states import Mode
from translations import _, c_, formats, n_

_SIDE: Final = 30 * codes.MILLIMETRE


def build(view: ReferralView, language: str, made_at: datetime) -> bytes:
    """Return the referral as PDF; that of a temporary place says until when and what happens then.

    A referral that is void or used is marked as such. The same input gives the same bytes.
    """
    return parts.paper(partial(title, view), partial(pages, view, made_at), language, made_at)


def title(view: ReferralView) -> str:
    """Return what the paper is called, in the language in force."""
    if _temporary(view):
        return _("Referral to a temporary place in a kindergarten")
    return _("Referral to a kindergarten")


def check_text(view: ReferralView) -> str:
    """Return what the code on the paper says, for the kindergarten to find the referral by; no word names the child."""
    return f"KABINET-REFERRAL;{view.department.code};{view.referral.number};{last_day(view):%Y-%m-%d}"


def last_day(view: ReferralView) -> date:
    """Return the last day on which the referral, or the temporary place, counts."""
    return view.referral.valid_until


def pages(view: ReferralView, made_at: datetime) -> list[Page]:
    """Return the pages of a referral in the language in force."""
    referral = view.referral
    stamp = {"void": c_("paper", "VOID"), "used": c_("paper", "USED")}.get(referral.state, "")
    flow = Flow(parts.furniture(title(view), referral.number, made_at, view.department, view.data, stamp))
    _head(flow, view)
    parts.stale_notice(flow, made_at, view.department, view.data)
    if _temporary(view):
        _temporary_warning(flow, view)
    flow.heading(_("Where the child is sent"))
    parts.facts(flow, parts.where_facts(view.where, said(view.locality)), size=9.4)
    flow.heading(_("What to bring"))
    parts.boxes(flow, _needs(view), size=9.4)
    flow.together(partial(_consequences, flow, view))
    flow.together(partial(_end, flow, view))
    return flow.pages()


def _temporary(view: ReferralView) -> bool:
    return view.referral.mode == Mode.TEMPORARY


def _head(flow: Flow, view: ReferralView) -> None:
    zone = view.department.zone
    application, child = view.application, view.child
    facts = [
        (c_("paper", "Child"), child.name),
        (c_("paper", "IIN"), child.iin),
        (c_("paper", "Born"), formats.day(child.born)),
        (c_("paper", "Parent"), application.applicant),
        (
            c_("paper", "Application"),
            _("No. {number}, filed {moment}").format(
                number=application.number, moment=parts.exact_local(application.submitted_at, zone)
            ),
        ),
        (c_("paper", "Queue"), word(PROGRAMMES, application.programme)),
    ]
    temporary = _temporary(view)
    panel = Panel(
        title=title(view),
        period=c_("paper", "No. {number}").format(number=view.referral.number),
        lines=(_("issued {moment}").format(moment=formats.moment(view.referral.issued_at, zone)),),
        label=c_("paper", "Attendance until") if temporary else c_("paper", "Valid until"),
        note=c_("paper", "inclusive"),
        amounts=[formats.day(last_day(view))],
    )
    parts.head(flow, view.department, [fact for fact in facts if fact[1]], panel)


def _temporary_warning(flow: Flow, view: ReferralView) -> None:
    day = formats.day(last_day(view))
    parts.notice(
        flow,
        _(
            "The child may attend this kindergarten until {day}. On the next working day after it the child is taken "
            "off the list by itself and the temporary voucher becomes void. The place in the queue is kept: the child "
            "goes on waiting for a permanent place."
        ).format(day=day),
        _("Attention: this is a temporary place."),
        size=9,
    )


def _needs(view: ReferralView) -> list[str]:
    return [_("This referral") if kind == "referral" else word(DOCUMENTS, kind) for kind in view.rules.referral_needs]


def _consequences(flow: Flow, view: ReferralView) -> None:
    flow.heading(_("What to do, and until when"))
    day = formats.day(last_day(view))
    if _temporary(view):
        flow.paragraph(
            _("Come to the kindergarten with these documents on the first day. The place is kept for you until {day}.")
            .format(day=day),
            9.4,
        )  # fmt: skip
        flow.gap(4)
        flow.paragraph(
            n_(
                "The department or the kindergarten may move the last day: earlier with at least {count} working "
                "day’s notice, later not beyond the return of the child whose place it is. A message tells you.",
                "The department or the kindergarten may move the last day: earlier with at least {count} working "
                "days’ notice, later not beyond the return of the child whose place it is. A message tells you.",
                view.rules.notice_days,
            ).format(count=view.rules.notice_days),
            9.4,
        )
        return
    flow.paragraph(
        n_(
            "Come to the kindergarten with these documents by {day} and conclude the contract there. The referral is "
            "valid for {count} working day from the day after it was issued.",
            "Come to the kindergarten with these documents by {day} and conclude the contract there. The referral is "
            "valid for {count} working days from the day after it was issued.",
            view.rules.referral_days,
        ).format(day=day, count=view.rules.referral_days)
        if view.referral.state != "extended"
        else _("Come to the kindergarten with these documents by {day} and conclude the contract there.").format(
            day=day
        ),
        9.4,
    )
    flow.gap(4)
    stop = view.rules.referral_stop_days
    flow.paragraph(
        n_(
            "Otherwise the referral becomes void, the place goes to another child, and the application is on the stop "
            "list for {count} working day. Then it returns to the queue by itself, with its first date.",
            "Otherwise the referral becomes void, the place goes to another child, and the application is on the stop "
            "list for {count} working days. Then it returns to the queue by itself, with its first date.",
            stop,
        ).format(count=stop),
        9.4,
        bold=True,
    )
    flow.gap(4)
    if view.application.referral_extended or view.referral.state == "extended":
        flow.paragraph(_("The term was prolonged once already; it cannot be prolonged again."), 9.4)
        return
    high = view.rules.referral_extension_calendar_days
    flow.paragraph(
        n_(
            "If you cannot come in time, you may prolong the referral once, on its last day ({day}), by at most "
            "{count} calendar day. Attach documents that prove the reason.",
            "If you cannot come in time, you may prolong the referral once, on its last day ({day}), by at most "
            "{count} calendar days. Attach documents that prove the reason.",
            high,
        ).format(day=day, count=high),
        9.4,
    )


def _end(flow: Flow, view: ReferralView) -> None:
    flow.need(_SIDE + 26)
    flow.gap(14)
    top = flow.y
    sheet = flow.sheet
    side = codes.draw_qr(sheet, RIGHT - _SIDE, top, codes.qr(check_text(view)), _SIDE)
    room = ROOM - side - 14
    flow.paragraph(
        _("Issued electronically by {department} on {moment}.").format(
            department=labels.provider_name(view.department),
            moment=formats.moment(view.referral.issued_at, view.department.zone),
        ),
        8,
        room=room,
    )
    flow.paragraph(
        _("The kindergarten finds the referral in its list by the number {number}; the code holds the same.").format(
            number=view.referral.number
        ),
        8,
        colour=MUTED,
        room=room,
    )
    y = flow.y + 26
    half = room / 2 - 10
    for x, label in ((LEFT, _("Documents received (kindergarten)")), (LEFT + half + 20, c_("paper", "date"))):
        sheet.line(x, y, x + half, y, thick=0.5)
        sheet.text(x, y + 8, label, 6.6, colour=MUTED, room=half)
    flow.y = max(y + 10, top + side)
