"""Each rule of a programme in readable words, with its unit and the seed it comes from."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Final

from models.domain.admissions.rules import DEFAULTS, OFFERED_SIGNATURES, Rules
from models.domain.admissions.states import Programme
from translations import N_, _, formats, n_
from ui.department.words import PAPERS
from ui.family.words import word


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name, in what it is counted (wd, cd, months, years, count, places, flag, time, choice, papers),
    where it comes from, and in which programmes it means anything."""

    key: str
    name: str
    unit: str
    source: str
    programmes: frozenset[str]
    zero: str = ""
    """What 0 means, where it is allowed."""


_V: Final = frozenset({"general", "special"})
_B: Final = frozenset({"bulletin"})
_T: Final = frozenset({"temporary"})
_Q: Final = _V | _B
RULES: Final[tuple[Rule, ...]] = (
    Rule("docs_review", N_("A doctor confirms the documents first"), "flag", "002-57", _V),
    Rule("interest_days", N_("Term to confirm interest"), "wd", "002-70, 003-12", _V),
    Rule("interest_end", N_("The term to confirm interest ends"), "choice", "002-67", _V),
    Rule("signature_interest", N_("Interest is confirmed with"), "choice", "002-73, 003-13", _V),
    Rule("contract_days", N_("Term to choose and to sign the contract"), "wd", "002-74, 003-14", _V),
    Rule("contract_end", N_("The term of the contract ends"), "choice", "002-68", _V),
    Rule("signature_contract", N_("The contract is signed with"), "choice", "002-83", _V),
    Rule("contract_needs", N_("Papers needed for the contract"), "papers", "002-85", _V),
    Rule("extension_days", N_("The voucher may be prolonged by"), "wd", "002-75", _V, N_("not at all")),
    Rule("restore_calendar_days", N_("Term to restore the place in the queue"), "cd", "003-12", _V),
    Rule("restore_limit", N_("How often it may be restored"), "count", "003-12", _V, N_("never")),
    Rule("offer_days", N_("Term to answer an offered place"), "wd", "D-09", _V),
    Rule("waitlist_entries", N_("Waiting lists at once"), "count", "D-09", _V),
    Rule("organisation_days", N_("Term of the kindergarten to act"), "wd", "D-10", _V),
    Rule("fix_days", N_("Least term after the kindergarten returned something"), "wd", "D-11", _V),
    Rule("activation_days", N_("Term of the kindergarten to activate"), "wd", "D-10", _B),
    Rule("referral_days", N_("Term of a referral"), "wd", "004-28", _B),
    Rule("referral_extension_calendar_days", N_("A referral may be prolonged by at most"), "cd", "004-30", _B),
    Rule("referral_stop_days", N_("Stop list after a missed referral"), "wd", "004-29", _B),
    Rule("referral_needs", N_("Papers needed with a referral"), "papers", "004-32", _B),
    Rule("decline_limit", N_("Declined referrals before the stop list"), "count", "D-12", _B, N_("never")),
    Rule("bulletin_opens", N_("Published places open at"), "time", "004-22", _B),
    Rule("priority_window_days", N_("First only for the queue, during"), "wd", "004-25", _B),
    Rule("visible_numbers", N_("Numbers of the queue that see a place, for each free one"), "count", "004-25", _B,
         N_("all")),
    Rule("order", N_("Order of the queue"), "choice", "D-03", _Q),
    Rule("interleave_first", N_("Of the first priority in turn"), "count", "004", _Q),
    Rule("interleave_ordinary", N_("Then of the ordinary in turn"), "count", "004", _Q),
    Rule("min_age_months", N_("Least age for a voucher"), "months", "D-07", _Q),
    Rule("youngest_age_months", N_("Least age when all older ones are served"), "months", "003-19", _Q),
    Rule("max_age_years", N_("Out of the queue at, on 1 September"), "years", "D-07", _Q),
    Rule("recategorise", N_("The category follows the age"), "choice", "D-08", _Q),
    Rule("bundle_days", N_("Born at most so many days apart: twins"), "count", "D-23", _Q),
    Rule("preferences", N_("Groups a parent may rank"), "count", "D-20", _V),
    Rule("roll_calendar", N_("A term of calendar days never ends on a day off"), "flag", "D-02", _Q),
    Rule("notice_days", N_("Notice before a temporary place is shortened"), "wd", "D-15", _T),
    Rule("signature_temporary", N_("A temporary place is taken with"), "choice", "003-30", _T),
    Rule("temporary_requires_contract", N_("A temporary place needs a contract"), "flag", "003-29", _T),
)  # fmt: skip
CHOICES: Final = {
    "click": N_("a click"),
    "code": N_("a one-time code"),
    "eds": N_("an electronic signature (EDS)"),
    "eod": N_("with the end of the day"),
    "exact": N_("at the same time of day"),
    "strict": N_("strictly by category and date"),
    "interleave": N_("by turns of the priorities"),
    "annual": N_("once a year"),
    "daily": N_("every day"),
}
OPTIONS: Final[dict[str, tuple[str, ...]]] = {
    "interest_end": ("eod", "exact"),
    "contract_end": ("eod", "exact"),
    "signature_interest": OFFERED_SIGNATURES,
    "signature_contract": OFFERED_SIGNATURES,
    "signature_temporary": OFFERED_SIGNATURES,
    "order": ("strict", "interleave"),
    "recategorise": ("annual", "daily"),
}


def rules_for(programme: str) -> list[Rule]:
    """Return the rules that mean something in a programme."""
    return [rule for rule in RULES if programme in rule.programmes]


def name(rule: Rule) -> str:
    """Return a rule's name."""
    return _(rule.name)


def unit(rule: Rule) -> str:
    """Return in what a rule is counted, for beside its field."""
    return {
        "wd": _("working days"),
        "cd": _("calendar days"),
        "months": _("months"),
        "years": _("years"),
        "time": _("hours and minutes"),
    }.get(rule.unit, "")


def shown(rule: Rule, value: Any) -> str:
    """Return a value in words with its unit: «2 working days»."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if rule.unit == "papers":
        return ", ".join(word(PAPERS, str(one)) for one in value)
    if rule.unit == "choice":
        return _(CHOICES[value]) if value in CHOICES else str(value)
    if value == 0 and rule.zero:
        return _(rule.zero)
    if not isinstance(value, int):
        return str(value)
    count = formats.number(value)
    match rule.unit:
        case "wd":
            return n_("{count} working day", "{count} working days", value).format(count=count)
        case "cd":
            return n_("{count} calendar day", "{count} calendar days", value).format(count=count)
        case "months":
            return n_("{count} month", "{count} months", value).format(count=count)
        case "years":
            return n_("{count} year", "{count} years", value).format(count=count)
    return count


def changed(before: Rules, after: Rules) -> frozenset[str]:
    """Return the keys in which two sets of rules differ."""
    fields = dataclasses.fields(Rules)
    return frozenset(one.name for one in fields if getattr(before, one.name) != getattr(after, one.name))


def settings_of(programme: str, rules: Rules) -> dict[str, Any]:
    """Return what an edition stores: the rules that are not the programme's defaults."""
    base = DEFAULTS[Programme(programme)]
    found: dict[str, Any] = {}
    for one in dataclasses.fields(Rules):
        value = getattr(rules, one.name)
        if value != getattr(base, one.name):
            found[one.name] = list(value) if isinstance(value, tuple) else value
    return found
