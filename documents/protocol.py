"""What the protocols of a department's plans have in common: one officer has a plan made, another issues it.

Source: R-DOC-8 in docs/rules.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from documents import admission_parts as parts
from documents import labels
from documents.admission_views import DataState
from documents.kit.flow import Flow
from models.contract.admission_records import Category, Iteration, IterationLine
from models.contract.admission_words import exact
from models.contract.collection_records import Forming, FormingLine
from models.contract.records import Provider
from translations import _, c_

Plan = Iteration | Forming
Line = IterationLine | FormingLine


def begin(title: str, plan: Plan, made_at: datetime, department: Provider, data: DataState) -> Flow:
    """Return the flow of the paper; what is not issued is marked as a draft, what never will be as void."""
    stamp = {"planned": c_("paper", "DRAFT"), "issued": ""}.get(plan.state, c_("paper", "VOID"))
    return Flow(parts.furniture(title, plan.number, made_at, department, data, stamp))


def officers(planned: str, plan: Plan, zone: str) -> list[tuple[str, str]]:
    """Return who planned and who issued, and when; ``planned`` says what the first of them did."""
    facts = [(planned, f"{plan.planned_by}, {exact(plan.planned_at, zone)}")]
    if plan.issued_at:
        facts.append((c_("paper", "Issued"), f"{plan.issued_by}, {exact(plan.issued_at, zone)}"))
    return facts


def categories(flow: Flow, found: Sequence[Category], lines: Sequence[Line]) -> None:
    """Name the categories that the lines have by their ranks, once instead of in every line."""
    names = parts.category_names(found)
    ranks = sorted({line.category_rank for line in lines} & names.keys())
    if ranks:
        flow.heading(_("Categories by rank"))
        parts.facts(flow, [(str(rank), names[rank]) for rank in ranks])


def place_in_line(line: Line, zone: str) -> tuple[str, ...]:
    """Return the cells by which a line stands where it stands: position, application, child, category, date."""
    return (
        str(line.position),
        line.number,
        line.child,
        str(line.category_rank),
        parts.exact_local(line.rank_date, zone),
    )


def end(flow: Flow, text: str, planned_by: str, plan: Plan) -> None:
    """Say how two people look at every plan, and leave room for both to sign."""

    def write() -> None:
        flow.gap(8)
        flow.paragraph(text, 8.2)
        parts.signatures(
            flow, [(planned_by, plan.planned_by or labels.DASH), (c_("paper", "Issued by"), plan.issued_by)]
        )

    flow.together(write)
