"""What an officer may set about a programme: terms, limits, signatures, the order of the queue.

Every number of the seeds is here and nowhere else. Source: R-ADM-2 in docs/rules.md.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from models.domain.admissions.states import Programme
from models.domain.problems import Problem
from models.domain.working_days import TermEnd


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one programme while an edition of them is valid. Terms are working days unless named otherwise."""

    docs_review: bool = False
    interest_days: int = 2
    interest_end: str = TermEnd.END_OF_DAY
    contract_days: int = 5
    contract_end: str = TermEnd.EXACT
    extension_days: int = 2
    restore_calendar_days: int = 28
    restore_limit: int = 1
    offer_days: int = 2
    organisation_days: int = 2  # for the kindergarten to act; then the officer is told
    fix_days: int = 2  # the least that a parent has after the kindergarten sent or returned something
    waitlist_entries: int = 3
    activation_days: int = 2
    referral_days: int = 5
    referral_stop_days: int = 10
    referral_extension_calendar_days: int = 30
    decline_limit: int = 0  # declined referrals before the stop list; 0 = never
    notice_days: int = 2  # before a temporary place is shortened
    roll_calendar: bool = True
    bulletin_opens: str = "18:00"
    priority_window_days: int = 3
    visible_numbers: int = 0  # how many numbers of the queue see an item in its priority window per free place; 0 = all
    min_age_months: int = 24
    max_age_years: int = 6  # reached on 1 September: out of the queue
    order: str = "strict"  # strict | interleave
    interleave_first: int = 1
    interleave_ordinary: int = 3
    youngest_age_months: int = 18  # who gets a voucher when everybody of the least age has one
    recategorise: str = "annual"  # annual | daily
    bundle_days: int = 31  # birth dates at most this far apart make twins
    preferences: int = 12  # groups a parent may rank in the batch mode
    signature_interest: str = "click"  # click | code | eds: the least that is accepted
    signature_temporary: str = "code"
    signature_contract: str = "code"  # as strong as this program can take; eds once it is offered
    temporary_requires_contract: bool = False
    contract_needs: tuple[str, ...] = ("027", "birth-certificate", "parent-id", "052-2", "065")
    referral_needs: tuple[str, ...] = ("parent-id", "birth-certificate", "027", "referral")


DEFAULTS: Final[dict[Programme, Rules]] = {
    Programme.GENERAL: Rules(),
    Programme.SPECIAL: Rules(docs_review=True),
    Programme.TEMPORARY: Rules(),
    Programme.BULLETIN: Rules(interest_days=0, contract_days=0, extension_days=0, order="interleave"),
}

SIGNATURES: Final = ("click", "code", "eds")
"""From the weakest to the strongest."""
OFFERED_SIGNATURES: Final = ("click", "code")
"""Those that can be given today: a rule that demands a stronger one would leave everybody without a way to sign."""
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "order": ("strict", "interleave"),
    "recategorise": ("annual", "daily"),
    "interest_end": tuple(TermEnd),
    "contract_end": tuple(TermEnd),
    "signature_interest": SIGNATURES,
    "signature_temporary": SIGNATURES,
    "signature_contract": SIGNATURES,
}
_MAY_BE_NONE: Final = frozenset({"extension_days", "decline_limit", "visible_numbers", "restore_limit"})
_OF_TEMPORARY: Final = ("notice_days", "signature_temporary", "temporary_requires_contract")
_LIMIT: Final = 400


def parse(programme: Programme, values: Mapping[str, Any]) -> Rules | list[Problem]:
    """Return a programme's rules with ``values`` set over the defaults, or what is wrong with them, by field.

    Problems: ``rule-unknown``, ``rule-not-a-number``, ``rule-out-of-range`` (values ``low``, ``high``),
    ``rule-not-offered``, ``rule-not-a-time``.
    """
    base = DEFAULTS[programme]
    known = {field.name: getattr(base, field.name) for field in dataclasses.fields(Rules)}
    problems: list[Problem] = []
    given: dict[str, Any] = {}
    for name, value in values.items():
        problem = _wrong(name, value, known)
        if problem is not None:
            problems.append(problem)
        else:
            given[name] = tuple(value) if isinstance(known[name], tuple) else value
    if problems:
        return problems
    rules = dataclasses.replace(base, **given)
    if rules.youngest_age_months > rules.min_age_months:
        return [Problem("rule-out-of-range", "youngest_age_months", {"low": 1, "high": rules.min_age_months})]
    return rules


def with_temporary(own: Rules, temporary: Rules) -> Rules:
    """Return an application's own rules with what the programme of temporary places says about those.

    An application of the general or special queue takes a temporary place, so both programmes' rules meet in it.
    """
    return dataclasses.replace(own, **{name: getattr(temporary, name) for name in _OF_TEMPORARY})


def plain(rules: Rules) -> dict[str, Any]:
    """Return rules as plain values for a record: numbers, booleans, texts and lists."""
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in dataclasses.asdict(rules).items()
    }


def _wrong(name: str, value: Any, known: Mapping[str, Any]) -> Problem | None:
    if name not in known:
        return Problem("rule-unknown", name, {"name": name})
    default = known[name]
    if isinstance(default, bool):
        return None if isinstance(value, bool) else Problem("rule-not-offered", name)
    if isinstance(default, int):
        if not isinstance(value, int) or isinstance(value, bool):
            return Problem("rule-not-a-number", name)
        low = 0 if name in _MAY_BE_NONE or default == 0 else 1
        if not low <= value <= _LIMIT:
            return Problem("rule-out-of-range", name, {"low": low, "high": _LIMIT})
        return None
    if isinstance(default, tuple):
        good = isinstance(value, list | tuple) and all(isinstance(item, str) and item for item in value)
        return None if good else Problem("rule-not-offered", name)
    if name in _CHOICES:
        return None if value in _CHOICES[name] else Problem("rule-not-offered", name)
    return None if _is_time(value) else Problem("rule-not-a-time", name)


def _is_time(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    hour, colon, minute = value.partition(":")
    digits = len(hour) == len(minute) == 2 and (hour + minute).isascii() and (hour + minute).isdigit()
    return bool(colon) and digits and int(hour) < 24 and int(minute) < 60
