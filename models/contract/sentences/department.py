"""Sentences for what is refused to officers and kindergartens: rounds, rules, days, places, the bulletin, decisions."""

from __future__ import annotations

from typing import Final

from models.contract.sentences.values import Sentence, Values, counted
from translations import N_, _, formats, n_

_ROUNDS: Final[dict[str, str]] = {
    "issued": N_("The vouchers of this round have been issued already. Nothing was changed."),
    "cancelled": N_("This round was cancelled, so its vouchers were not issued. Plan a new one."),
    "stale": N_("The queue has changed since this round was planned, so it gives nothing. Plan a new one."),
}


def _round_decided(values: Values) -> str:
    """Return what became of a round before."""
    return _(_ROUNDS.get(str(values.get("state")), _ROUNDS["stale"]))


def _round_gives_nothing(values: Values) -> str:
    """Return that a round would give no voucher, and why those who wait get none."""
    text = _(
        "Nobody in the queue that you chose may get a voucher now, so no round was planned. Choose other conditions."
    )
    if values.get("waiting") == 0:
        return _("Nobody waits in the queue that you chose, so no round was planned. Choose other conditions.")
    known = (
        ("holding", N_("with a voucher of another queue already: {count}")),
        ("young", N_("too young: {count}")),
        ("twins", N_("twins who need more vouchers: {count}")),
    )
    passed = [(said, counted(values, key, 0)) for key, said in known]
    why = "; ".join(_(said).format(count=formats.number(count)) for said, count in passed if count)
    return _("{refusal} Who waits there: {why}.").format(refusal=text, why=why) if why else text


def _places_below_taken(values: Values) -> str:
    """Return how many places are taken or held."""
    count = counted(values, "count")
    return n_(
        "The number cannot be lower than the {count} place that is taken or held. Nothing was changed.",
        "The number cannot be lower than the {count} places that are taken or held. Nothing was changed.",
        count,
    ).format(count=count)


def _places_published(values: Values) -> str:
    """Return how many places are offered in the bulletin, and below which number they would not be there."""
    count = counted(values, "count")
    return n_(
        "The bulletin offers {count} place of this group, so the number cannot be lower than {least}. Nothing was "
        "changed; first lower or withdraw the publication.",
        "The bulletin offers {count} places of this group, so the number cannot be lower than {least}. Nothing was "
        "changed; first lower or withdraw the publication.",
        count,
    ).format(count=count, least=values.get("least", count))


def _more_than_free(values: Values) -> str:
    """Return how many places may still be published."""
    free = counted(values, "free")
    if free == 0:
        return _(
            "The group has no free place that is not published already, so nothing was published. Add places or wait "
            "until one is free."
        )
    return n_(
        "Only {count} place is free and not published already, so nothing was published. Enter no more than that.",
        "Only {count} places are free and not published already, so nothing was published. Enter no more than that.",
        free,
    ).format(count=free)


SENTENCES: Final[dict[str, Sentence]] = {
    # Four eyes
    "needs-another-officer": N_(
        "You prepared this yourself, and a second officer has to decide about it. Nothing was changed; ask a colleague."
    ),
    "change-decided": N_("This change was decided already. Nothing was changed."),
    "benefit-proved": N_(
        "Two officers found this benefit proved, so it is not exchanged for another one here. Nothing was changed; two "
        "officers can take it away where it was decided."
    ),
    "change-not-valid": N_(
        "These rules do not hold in this version of the program, so they were not confirmed. Prepare them anew."
    ),
    # Rounds of vouchers
    "round-stale": N_(
        "The queue has changed since round {number} was planned, so no voucher was issued: it would not give what you "
        "read any more. Plan the round again and have it issued."
    ),
    "round-decided": _round_decided,
    "round-gives-nothing": _round_gives_nothing,
    "programme-unknown": N_("There is no such programme here. Nothing was changed; choose one from the list."),
    "number-out-of-range": N_("Enter a number from {low} to {high}. Nothing was changed."),
    # Rules, categories, the calendar
    "valid-from-passed": N_(
        "A change holds from a day that lies ahead, so that everybody can see it before. Nothing was changed; choose a "
        "day after {day}."
    ),
    "rank-of-another-line": N_(
        "Category {category} has this rank with another kind of priority. Nothing was changed; choose another rank or "
        "the same kind."
    ),
    "category-exists": N_(
        "There is a category with the code {code} already. Nothing was changed; choose another code, or change that"
        " one."
    ),
    "ages-reversed": N_("The first age must be below the second one. Nothing was changed; correct the ages."),
    "day-passed": N_("This day is over. Nothing was changed; choose {day} or a later one."),
    "calendar-year-missing": N_(
        "The calendar of {year} is not complete yet, and a term would end in it. Nothing was changed; first complete "
        "that year."
    ),
    "calendar-year-passed": N_("The year {year} is over. Nothing was changed; complete this year or a later one."),
    "calendar-year-complete": N_("The calendar of {year} is complete already. Nothing was changed."),
    "calendar-year-skipped": N_(
        "Years are completed one after another, and {first} is not complete yet. Nothing was changed; complete {first} "
        "before {year}."
    ),
    "calendar-year-not-kept": N_(
        "This version of the program does not bring the calendar of {year}. Nothing was changed; an officer enters its "
        "days in the cabinet, or the program is updated."
    ),
    "calendar-year-empty": N_(
        "No day off is entered for {year}. Nothing was changed; enter the days off first, or confirm that only "
        "Saturdays and Sundays are off."
    ),
    "nothing-to-change": N_("This is so already. Nothing was changed."),
    # Kindergartens, groups, the bulletin
    "places-below-taken": _places_below_taken,
    "places-published": _places_published,
    "kindergarten-named-so": N_(
        "Another kindergarten, at {address}, has this name already. Nothing was saved; add to the name what tells the "
        "two apart, such as a number or the street."
    ),
    "group-named-so": N_(
        "Another group of the kindergarten has this name already. Nothing was saved; give the group a name of its own."
    ),
    "group-not-empty": N_(
        "The group cannot be closed yet: places taken: {occupied}, held: {held}. Nothing was changed; move each child "
        "to another group or give the voucher back, then close it."
    ),
    "more-than-free": _more_than_free,
    "free-from-passed": N_(
        "The day from which the places are free is over. Nothing was published; choose {day} or a later one."
    ),
    "opening-passed": N_(
        "Places published for that day would have opened at {at}, which is over, so nothing was published. Choose a "
        "later day of publication."
    ),
    "birth-years-do-not-fit": N_(
        "These birth years do not fit the ages of the group, so nothing was published. Those that fit: {years}."
    ),
    # Decisions
    "no-benefit": N_("The application claims no benefit, so there is nothing to decide. Nothing was changed."),
    "own-child": N_("This concerns your own family, so a colleague has to decide about it. Nothing was changed."),
    "document-decided": N_(
        "{by} decided about this document before you. That stays, and nothing of yours was added; what was decided "
        "stands beside the document."
    ),
    "appeal-decided": N_(
        "{by} decided about this late act of application {number} before you. That stays, and nothing of yours was "
        "added."
    ),
    "appeal-moot": N_(
        "Application {number} has gone on since, so there is nothing to give back. Nothing was changed; refuse the "
        "appeal with the reason."
    ),
    "review-not-yours": N_(
        "Only families whose child attends or attended this kindergarten write about it. Your text was not sent."
    ),
    # Letters
    "letter-answered": N_(
        "{by} answered this letter before you. That answer stays, and nothing of yours was added; read it under the "
        "letter, and write again if something is missing."
    ),
    "letter-closed": N_(
        "{by} closed this letter without an answer before you. Nothing of yours was added; read the reason under the "
        "letter, and answer it if an answer is needed."
    ),
    "letter-goes-on": N_(
        "The author of the letter has written on since, so it was not closed. Nothing was changed; read it first."
    ),
    # The forming of groups
    "wish-not-in-queue": N_("Application {number} is not in this queue; its wishes were left out."),
    "wish-unknown": N_("There is no such group, or two have this name; this wish was left out."),
}
