"""Rows of information about an application that a family and those who work on it read alike."""

from __future__ import annotations

from collections.abc import Mapping

from models.cache.queries.admissions import Department
from models.contract.admission_records import Application, Child, Organisation
from translations import _
from ui.family import words

Rows = list[tuple[str, str]]


def filed(one: Application, zone: str) -> Rows:
    """Return the number, and when it was filed."""
    return [
        (_("Number"), one.number),
        (_("Filed"), words.exact(one.submitted_at, zone) if one.submitted_at else ""),
    ]


def applied_for(one: Application, department: Department) -> Rows:
    """Return where and in which languages, and with which right."""
    category = department.categories.get(one.category_id or 0)
    return [
        (_("Locality"), words.place_name(department, one.locality_id)),
        (_("Language of education"), words.languages(one.languages)),
        (_("Priority category"), words.said(category.name) if category is not None else ""),
    ]


def benefit_name(one: Application, department: Department) -> str:
    """Return the name of the benefit that is claimed, "" for none."""
    return next((words.said(known.name) for known in department.benefits if known.code == one.benefit), "")


def benefit(one: Application, department: Department) -> str:
    """Return the benefit that is claimed with how it stands, or that there is none."""
    name = benefit_name(one, department)
    if not name:
        return _("No benefits")
    return {
        "verified": _("{benefit}: confirmed").format(benefit=name),
        "refused": _("{benefit}: not confirmed, the general category counts").format(benefit=name),
    }.get(one.benefit_state, _("{benefit}: being checked, until then the general category counts").format(benefit=name))


def wanted(one: Application, organisations: Mapping[int, Organisation]) -> Rows:
    """Return the kindergarten that the family named, and its voucher."""
    house = organisations.get(one.organisation_id or 0)
    return [
        (_("Kindergarten wanted"), house.name if house is not None else ""),
        (_("Voucher"), one.voucher_number),
    ]


def people(one: Application, child: Child, born: str) -> Rows:
    """Return the child and who applied for it; ``born`` in words."""
    return [
        (_("Child"), child.name),
        (_("IIN"), child.iin),
        (_("Born"), born),
        (_("Applicant"), one.applicant),
        (_("Telephone"), words.telephone(one.phone)),
    ]
