"""The result of the yearly forming of groups as a page to print, in the language in force. Every text is escaped."""

from __future__ import annotations

from html import escape
from typing import Final

from models.contract.sentences import sentence
from provider.services.admissions.forming import Formed, FormedLine
from translations import _, c_, current, formats, n_

_STYLE: Final = (
    "body{font:11pt/1.35 system-ui,sans-serif;margin:1.5cm}table{border-collapse:collapse;width:100%;margin:1em 0}"
    "th,td{border:1px solid #57606a;padding:.25em .5em;text-align:left;vertical-align:top}"
    "thead{display:table-header-group}tr{break-inside:avoid}td.n{text-align:right}small{color:#57606a;word-break:break-all}"
)


def protocol(made: Formed) -> str:
    """Return an HTML page: what was given to whom by which wish, how full groups are, and what the result means."""
    head = (
        c_("paper", "No."), c_("paper", "Application"), c_("paper", "Child"), c_("paper", "Category"),
        _("Date of the application"), _("Kindergarten"), c_("paper", "Group"), _("Wish"), _("Remarks"),
    )  # fmt: skip
    lines = "".join(_row(_cells(line, made.zone)) for line in made.lines)
    groups = "".join(_row((row.organisation, row.group, str(row.free), str(row.given))) for row in made.groups)
    places = (_("Kindergarten"), c_("paper", "Group"), _("Free places"), _("Given"))
    title = escape(_("Forming of groups: protocol"))
    stable = (
        _("No family would rather have a place that was given to somebody who stands behind it.")
        if made.stable
        else _("Twins are placed together, so a family may stand before somebody who got a place that it wants.")
    )
    unread = "".join(f"<li>{escape(sentence(problem))}</li>" for problem in made.unread)
    placed = n_("{count} child gets a place.", "{count} children get places.", made.placed).format(count=made.placed)
    parts = (
        f'<!DOCTYPE html><html lang="{current()}"><head><meta charset="utf-8"><title>{title}</title>',
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1>",
        f"<p>{escape(f'{made.department}. {formats.moment(made.at, made.zone)}. {placed} {stable}')}</p>",
        _table(head, lines),
        _table(places, groups),
        f"<ul>{unread}</ul>" if unread else "",
        f"<p><small>{escape(made.fingerprint)}</small></p></body></html>",
    )
    return "".join(parts)


def _cells(line: FormedLine, zone: str) -> tuple[str, ...]:
    remarks = [_("A brother or sister is in the house.")] if line.sibling else []
    remarks += [f"{problem.field}: {sentence(problem)}" for problem in line.problems]
    return (
        str(line.position), line.application, line.child, str(line.category_rank), formats.moment(line.rank_date, zone),
        line.organisation or "—", line.group or "—", str(line.wish) if line.wish else "—", " ".join(remarks),
    )  # fmt: skip


def _table(head: tuple[str, ...], rows: str) -> str:
    return f"<table><thead>{_row(head, 'th')}</thead><tbody>{rows}</tbody></table>"


def _row(cells: tuple[str, ...], tag: str = "td") -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"
