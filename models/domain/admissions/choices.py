"""Which row of the table is meant: each choice says whether a row is for an application as it is now."""

from __future__ import annotations

from collections.abc import Callable

from models.domain.admissions.case import Moment
from models.domain.admissions.states import ArchiveReason, StopKind

Choice = Callable[[Moment], bool]


def restore_left(moment: Moment) -> bool:
    """Whether the application may still be restored once. Source: D-04."""
    return moment.case.restore_used < moment.rules.restore_limit


def no_restore_left(moment: Moment) -> bool:
    """Whether the right to restore is used up."""
    return not restore_left(moment)


def transferring(moment: Moment) -> bool:
    """Whether the child already attends another group."""
    return moment.case.transferring


def not_transferring(moment: Moment) -> bool:
    """Whether the child attends no group yet."""
    return not moment.case.transferring


def holds_place(moment: Moment) -> bool:
    """Whether a place of a kindergarten is held for the child."""
    return moment.case.group_id is not None


def has_place(moment: Moment) -> bool:
    """Whether the chosen group has a free place at this commit. Source: D-20."""
    return moment.world.free > 0


def no_place(moment: Moment) -> bool:
    """Whether the chosen group is full."""
    return moment.world.free <= 0


def other_entries(moment: Moment) -> bool:
    """Whether the application waits for other groups too."""
    return moment.world.entries > 1


def last_entry(moment: Moment) -> bool:
    """Whether the application waits for no other group."""
    return moment.world.entries <= 1


def stopped_for_interest(moment: Moment) -> bool:
    """Whether the application is on the stop list because interest was not confirmed."""
    return moment.case.stop is StopKind.INTEREST


def stopped_for_referral(moment: Moment) -> bool:
    """Whether the application is on the stop list because the referral was not used."""
    return moment.case.stop is StopKind.REFERRAL


def closes_attended(moment: Moment) -> bool:
    """Whether, during a transfer, it is the attended group that closes. Source: D-22."""
    closing = moment.act.closing_group_id
    return moment.case.transferring and closing in (None, moment.case.placement_group_id)


def daily(moment: Moment) -> bool:
    """Whether categories follow the age from day to day. Source: D-08."""
    return moment.rules.recategorise == "daily"


def closed_as(reason: ArchiveReason) -> Choice:
    """Return the choice whether an officer closes an application for a reason; the officer's own if none is said."""

    def choice(moment: Moment) -> bool:
        return (moment.act.reason_code or ArchiveReason.OFFICER) == reason

    return choice


def contact_only(moment: Moment) -> bool:
    """Whether nothing changes but how the parent is reached."""
    return moment.act.contact_only


def closes_held(moment: Moment) -> bool:
    """Whether it is the group of the held place that closes. Source: D-22."""
    return not closes_attended(moment)


def reviewed_first(moment: Moment) -> bool:
    """Whether a doctor reviews documents before the queue."""
    return moment.rules.docs_review


def not_reviewed(moment: Moment) -> bool:
    """Whether the application goes straight into the queue."""
    return not moment.rules.docs_review


def fault_of_parent(moment: Moment) -> bool:
    """Whether the child is expelled for what the parent did."""
    return moment.act.fault_of_parent


def no_fault(moment: Moment) -> bool:
    """Whether the parent is not to blame."""
    return not moment.act.fault_of_parent


def has_new_group(moment: Moment) -> bool:
    """Whether another group was found for the child."""
    return moment.act.group_id is not None


def no_new_group(moment: Moment) -> bool:
    """Whether no other group was found for the child."""
    return moment.act.group_id is None


def declined_too_often(moment: Moment) -> bool:
    """Whether one more declined referral leads to the stop list. Source: D-12."""
    return 0 < moment.rules.decline_limit <= moment.case.declines + 1


def may_decline(moment: Moment) -> bool:
    """Whether a referral may be declined without consequence."""
    return not declined_too_often(moment)


def ages_out(moment: Moment) -> bool:
    """Whether the child is too old for the queue on 1 September. Source: D-07."""
    return moment.world.ages_out


def stays_young(moment: Moment) -> bool:
    """Whether the child may stay in the queue."""
    return not moment.world.ages_out
