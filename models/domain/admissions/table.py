"""The transition table of kindergarten admissions, literally. Source: R-ADM-3 in docs/rules.md (rows T01 to T82)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from models.domain.admissions import choices as where
from models.domain.admissions import effects as do
from models.domain.admissions import guards as must
from models.domain.admissions import lent_places as lend
from models.domain.admissions import referrals as paper
from models.domain.admissions.choices import Choice
from models.domain.admissions.draft import Change
from models.domain.admissions.guards import Guard
from models.domain.admissions.states import (
    CONTRACTING,
    LIVE,
    WITH_VOUCHER,
    Actor,
    ArchiveReason,
    Event,
    Programme,
    State,
    StopKind,
)

PAR, KG, DOC, OFF, CLK, SYS = (
    Actor.PARENT,
    Actor.KINDERGARTEN,
    Actor.DOCTOR,
    Actor.OFFICER,
    Actor.CLOCK,
    Actor.SYSTEM,
)
VOUCHER: Final = frozenset({Programme.GENERAL, Programme.SPECIAL})
BULLETIN: Final = frozenset({Programme.BULLETIN})
ANY: Final = frozenset({Programme.GENERAL, Programme.SPECIAL, Programme.BULLETIN})
_S = State
_E = Event


@dataclass(frozen=True, slots=True)
class Tell:
    """A message of a step: which template, to whom, whether the phone rings too, and if only sometimes, when."""

    code: str
    to: Actor = PAR
    sms: bool = False
    when: Choice | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """A row: from where, by what, by whom; which row is meant (``when``), what must hold, where it leads, what it does.

    ``to`` is ``None`` when the state stays. ``source`` names where the row comes from.
    """

    id: str
    sources: frozenset[State]
    event: Event
    actors: tuple[Actor, ...]
    to: State | None
    source: str
    when: tuple[Choice, ...] = ()
    guards: tuple[Guard, ...] = ()
    changes: tuple[Change, ...] = ()
    tell: tuple[Tell, ...] = ()
    programmes: frozenset[Programme] = ANY
    archive: ArchiveReason | None = None
    stop: StopKind | None = None


def _row(id: str, sources: State | set[State] | frozenset[State], event: Event, actors: Actor | tuple[Actor, ...],
         to: State | None, source: str, **rest: object) -> Transition:  # fmt: skip
    return Transition(
        id,
        frozenset({sources} if isinstance(sources, State) else sources),
        event,
        (actors,) if isinstance(actors, Actor) else actors,
        to,
        source,
        **rest,  # type: ignore[arg-type]
    )


def _to(*codes: str, sms: bool = False) -> tuple[Tell, ...]:
    return tuple(Tell(code, sms=sms) for code in codes)


_SURE = (must.sure,)
_CONTRACTING = {_S.CONTRACT_ORG, _S.CONTRACT_PARENT}
_CLOSABLE = {_S.DOCS_REVIEW, _S.QUEUED, _S.STOP_LIST}
_ATTENDED = CONTRACTING | {_S.ENROLLED}
_REFUSABLE = WITH_VOUCHER - {_S.CONTRACT_ORG_SIGN}

TRANSITIONS: Final[tuple[Transition, ...]] = (
    # Filing and the queue
    _row("T01", _S.DRAFT, _E.SUBMIT, PAR, _S.QUEUED, "002-66, 004-10", when=(where.not_reviewed,),
         guards=(must.complete, must.only_one), changes=(do.take_number,),
         tell=_to("application-accepted", sms=True)),
    _row("T02", _S.DRAFT, _E.SUBMIT, PAR, _S.DOCS_REVIEW, "002-57, D-05", when=(where.reviewed_first,),
         guards=(must.complete, must.only_one), changes=(do.take_number,), tell=_to("documents-in-review")),
    _row("T03", _S.DOCS_REVIEW, _E.DOC_CONFIRM, DOC, _S.QUEUED, "002-58", tell=_to("documents-confirmed", sms=True)),
    _row("T04", _S.DOCS_REVIEW, _E.DOC_REJECT, DOC, _S.ARCHIVED, "002-59", guards=(must.reason_given,),
         changes=(do.stop_everything,), tell=_to("documents-rejected", sms=True), archive=ArchiveReason.DOCS_REJECTED),
    _row("T05", {_S.QUEUED, _S.DOCS_REVIEW}, _E.EDIT, (PAR, OFF), None, "D-06", changes=(do.recategorise,),
         tell=_to("application-changed")),
    _row("T05b", LIVE - {_S.QUEUED, _S.DOCS_REVIEW}, _E.EDIT, (PAR, OFF), None, "own", when=(where.contact_only,),
         tell=_to("contact-changed")),
    _row("T06", _S.QUEUED, _E.ISSUE_VOUCHER, (CLK, OFF), _S.VOUCHER_ISSUED, "002-69", programmes=VOUCHER,
         guards=(must.in_line, must.old_enough, must.no_voucher), changes=(do.issue_voucher,),
         tell=_to("voucher-issued", sms=True)),
    _row("T07", _S.VOUCHER_ISSUED, _E.CONFIRM_INTEREST, PAR, _S.VOUCHER_ACTIVE, "002-70, 003-13", programmes=VOUCHER,
         guards=(must.WITHIN_INTEREST, must.signed_interest), changes=(do.activate_voucher,),
         tell=_to("interest-confirmed")),
    _row("T08", _REFUSABLE, _E.REFUSE_VOUCHER, PAR, _S.ARCHIVED, "002-72, 003-15", programmes=VOUCHER,
         when=(where.not_transferring,), guards=_SURE,
         changes=(do.contract_cancelled, do.release_place, do.cancel_entries, do.void_voucher, do.stop_everything),
         tell=_to("voucher-refused"), archive=ArchiveReason.VOUCHER_REFUSED),
    _row("T09", {_S.QUEUED, _S.DOCS_REVIEW, _S.VOUCHER_ISSUED, _S.STOP_LIST}, _E.LEAVE_QUEUE, PAR, _S.ARCHIVED,
         "003-16, 004-11", guards=_SURE, changes=(do.void_voucher, do.stop_everything), tell=_to("queue-left"),
         archive=ArchiveReason.LEFT_QUEUE),
    _row("T10", _S.VOUCHER_ISSUED, _E.INTEREST_EXPIRES, CLK, _S.STOP_LIST, "002-71, 003-12", programmes=VOUCHER,
         when=(where.restore_left,), changes=(do.void_voucher, do.stop_for_interest),
         tell=_to("interest-missed", sms=True), stop=StopKind.INTEREST),
    _row("T11", _S.VOUCHER_ISSUED, _E.INTEREST_EXPIRES, CLK, _S.ARCHIVED, "D-04", programmes=VOUCHER,
         when=(where.no_restore_left,), changes=(do.void_voucher, do.stop_everything),
         tell=_to("interest-missed-again", sms=True), archive=ArchiveReason.RESTORE_LIMIT),
    _row("T12", _S.STOP_LIST, _E.RESTORE, PAR, _S.QUEUED, "003-12, D-03", programmes=VOUCHER,
         when=(where.stopped_for_interest,), guards=(must.WITHIN_RESTORE,),
         changes=(do.use_restore, do.stop_everything), tell=_to("queue-restored")),
    _row("T13", _S.STOP_LIST, _E.RESTORE_EXPIRES, CLK, _S.ARCHIVED, "D-04", programmes=VOUCHER,
         when=(where.stopped_for_interest,), changes=(do.stop_everything,),
         tell=_to("restore-missed", sms=True), archive=ArchiveReason.STOPLIST_EXPIRED),
    # Choosing a kindergarten with a voucher
    _row("T14", _S.VOUCHER_ACTIVE, _E.CHOOSE_PLACE, PAR, _S.CONTRACT_ORG, "002-80, 002-81", programmes=VOUCHER,
         guards=(must.WITHIN_CONTRACT, must.group_named, must.not_placed, must.fits, must.free),
         changes=(do.hold_place, do.await_organisation),
         tell=(Tell("place-chosen"), Tell("place-chosen-at-yours", KG))),
    _row("T14b", _S.QUEUED, _E.FORM_GROUP, SYS, _S.CONTRACT_ORG, "R-ADM-34", programmes=VOUCHER,
         guards=(must.old_enough, must.no_voucher, must.group_named, must.not_placed, must.fits, must.free),
         changes=(do.issue_voucher, do.activate_voucher, do.hold_place, do.await_organisation),
         tell=(Tell("group-formed", sms=True), Tell("place-chosen-at-yours", KG))),
    _row("T14c", {_S.VOUCHER_ACTIVE, _S.VOUCHER_WAITLISTED}, _E.FORM_GROUP, SYS, _S.CONTRACT_ORG, "R-ADM-34",
         programmes=VOUCHER, guards=(must.group_named, must.not_placed, must.fits, must.free),
         changes=(do.cancel_entries, do.hold_place, do.fresh_contract, do.await_organisation),
         tell=(Tell("group-formed", sms=True), Tell("place-chosen-at-yours", KG))),
    _row("T16", {_S.VOUCHER_ACTIVE, _S.VOUCHER_WAITLISTED}, _E.JOIN_WAITLIST, PAR, _S.VOUCHER_WAITLISTED, "D-09",
         programmes=VOUCHER, guards=(must.WITHIN_CONTRACT, must.group_named, must.fits, must.full, must.list_room),
         changes=(do.pause_contract, do.join_list), tell=_to("list-joined")),
    _row("T17", _S.VOUCHER_WAITLISTED, _E.PLACE_FREED, SYS, _S.PLACE_OFFERED, "R-ADM-3", programmes=VOUCHER,
         guards=(must.listed, must.in_line, must.free), changes=(do.hold_place, do.offer_place),
         tell=_to("place-offered", sms=True)),
    _row("T18", _S.PLACE_OFFERED, _E.ACCEPT_OFFER, PAR, _S.CONTRACT_ORG, "D-09", programmes=VOUCHER,
         guards=(must.WITHIN_OFFER,), changes=(do.take_offer, do.fresh_contract, do.await_organisation),
         tell=(Tell("offer-accepted"), Tell("place-chosen-at-yours", KG))),
    _row("T19", _S.PLACE_OFFERED, _E.DECLINE_OFFER, PAR, _S.VOUCHER_WAITLISTED, "D-09", programmes=VOUCHER,
         when=(where.other_entries,), changes=(do.drop_offer, do.release_place), tell=_to("offer-declined")),
    _row("T19b", _S.PLACE_OFFERED, _E.DECLINE_OFFER, PAR, _S.VOUCHER_ACTIVE, "D-09", programmes=VOUCHER,
         when=(where.last_entry,), changes=(do.drop_offer, do.release_place, do.resume_contract),
         tell=_to("offer-declined")),
    _row("T19c", _S.PLACE_OFFERED, _E.OFFER_EXPIRES, CLK, _S.VOUCHER_WAITLISTED, "D-09", programmes=VOUCHER,
         when=(where.other_entries,), changes=(do.drop_offer, do.release_place), tell=_to("offer-missed", sms=True)),
    _row("T19d", _S.PLACE_OFFERED, _E.OFFER_EXPIRES, CLK, _S.VOUCHER_ACTIVE, "D-09", programmes=VOUCHER,
         when=(where.last_entry,), changes=(do.drop_offer, do.release_place, do.resume_contract),
         tell=_to("offer-missed", sms=True)),
    _row("T20", _S.VOUCHER_WAITLISTED, _E.LEAVE_WAITLIST, PAR, _S.VOUCHER_ACTIVE, "D-09", programmes=VOUCHER,
         when=(where.last_entry,), guards=(must.listed,), changes=(do.leave_list, do.resume_contract),
         tell=_to("list-left")),
    _row("T20b", _S.VOUCHER_WAITLISTED, _E.LEAVE_WAITLIST, PAR, None, "D-09", programmes=VOUCHER,
         when=(where.other_entries,), guards=(must.listed,), changes=(do.leave_list,), tell=_to("list-left")),
    _row("T21", {_S.VOUCHER_ACTIVE, *_CONTRACTING}, _E.EXTEND, PAR, None, "002-75, D-01", programmes=VOUCHER,
         guards=(must.extension_offered, must.not_extended, must.WITHIN_CONTRACT, must.LAST_DAY_OF_CONTRACT),
         changes=(do.extend_contract,), tell=_to("voucher-extended")),
    _row("T22", {_S.VOUCHER_ACTIVE, _S.CONTRACT_PARENT}, _E.CONTRACT_EXPIRES, CLK, _S.ARCHIVED, "002-76, 003-14",
         programmes=VOUCHER, when=(where.not_transferring,),
         changes=(do.contract_cancelled, do.release_place, do.cancel_entries, do.void_voucher, do.stop_everything),
         tell=(Tell("voucher-expired", sms=True), Tell("contract-missed-at-yours", KG, when=where.holds_place)),
         archive=ArchiveReason.VOUCHER_EXPIRED),
    _row("T22b", _S.CONTRACT_PARENT, _E.CONTRACT_EXPIRES, CLK, _S.ENROLLED, "D-17", programmes=VOUCHER,
         when=(where.transferring,), changes=(do.contract_cancelled, do.release_place, do.stop_transfer),
         tell=(Tell("transfer-expired", sms=True), Tell("contract-missed-at-yours", KG))),
    # The contract
    _row("T23", _S.CONTRACT_ORG, _E.CONTRACT_EXPIRES, CLK, None, "D-10", programmes=VOUCHER,
         changes=(do.stop_contract, do.late_organisation),
         tell=(Tell("organisation-late"), Tell("organisation-late-officer", OFF))),
    _row("T24", _S.CONTRACT_ORG, _E.SEND_CONTRACT, (KG, OFF), _S.CONTRACT_PARENT, "002-82", programmes=VOUCHER,
         guards=(must.officer_steps_in,), changes=(do.at_least_fix_days, do.settle_flags, do.contract_sent),
         tell=_to("contract-sent", sms=True)),
    _row("T25", _S.CONTRACT_ORG, _E.REJECT, (KG, OFF), _S.VOUCHER_ACTIVE, "D-11", programmes=VOUCHER,
         when=(where.not_transferring,), guards=(must.officer_steps_in, must.reason_given),
         changes=(do.contract_cancelled, do.release_place, do.at_least_fix_days, do.settle_flags),
         tell=_to("place-refused", sms=True)),
    _row("T25b", {_S.CONTRACT_ORG, _S.CONTRACT_ORG_SIGN}, _E.REJECT, (KG, OFF), _S.ENROLLED, "D-17",
         programmes=VOUCHER, when=(where.transferring,), guards=(must.officer_steps_in, must.reason_given),
         changes=(do.contract_cancelled, do.release_place, do.settle_flags, do.stop_transfer),
         tell=_to("transfer-refused", sms=True)),
    _row("T26", _S.CONTRACT_PARENT, _E.SIGN_PARENT, PAR, _S.CONTRACT_ORG_SIGN, "002-83", programmes=VOUCHER,
         guards=(must.WITHIN_CONTRACT, must.contract_as_read, must.contract_documents, must.signed_contract),
         changes=(do.pause_contract, do.await_organisation, do.contract_signed_by_parent),
         tell=(Tell("contract-signed-by-you"), Tell("contract-to-sign", KG))),
    _row("T27", _CONTRACTING, _E.CHANGE_CHOICE, PAR, _S.VOUCHER_ACTIVE, "R-ADM-3", programmes=VOUCHER,
         when=(where.not_transferring,), guards=(must.WITHIN_CONTRACT,),
         changes=(do.contract_cancelled, do.release_place, do.run_contract, do.settle_flags),
         tell=_to("choice-changed")),
    _row("T27b", _CONTRACTING, _E.CHANGE_CHOICE, PAR, _S.ENROLLED, "D-17", programmes=VOUCHER,
         when=(where.transferring,),
         changes=(do.contract_cancelled, do.release_place, do.settle_flags, do.stop_transfer),
         tell=_to("transfer-cancelled")),
    _row("T28", _S.CONTRACT_ORG_SIGN, _E.SIGN_ORG, KG, _S.ENROLLED, "002-84, 004-33, D-16", programmes=VOUCHER,
         guards=(must.not_placed, must.contract_as_signed, must.contract_as_read, must.signed_contract),
         changes=(do.contract_signed, do.enrol, do.use_voucher, do.cancel_entries, do.settle_flags,
                  do.stop_everything),
         tell=_to("enrolled", sms=True)),
    _row("T29", _S.CONTRACT_ORG_SIGN, _E.RETURN_FOR_FIX, (KG, OFF), _S.CONTRACT_PARENT, "D-11", programmes=VOUCHER,
         guards=(must.officer_steps_in, must.reason_given),
         changes=(do.contract_returned, do.resume_contract_to_fix, do.settle_flags),
         tell=_to("contract-returned", sms=True)),
    _row("T30", _S.CONTRACT_ORG_SIGN, _E.REJECT, (KG, OFF), _S.VOUCHER_ACTIVE, "D-11", programmes=VOUCHER,
         when=(where.not_transferring,), guards=(must.officer_steps_in, must.reason_given),
         changes=(do.contract_cancelled, do.release_place, do.fresh_contract, do.settle_flags),
         tell=(Tell("place-refused", sms=True), Tell("place-refused-officer", OFF))),
    _row("T31", {_S.CONTRACT_ORG, _S.CONTRACT_ORG_SIGN}, _E.ORG_SLA_EXPIRES, CLK, None, "D-10", programmes=VOUCHER,
         changes=(do.escalate,), tell=(Tell("organisation-silent", OFF),)),
    # The temporary place
    _row("T40", _S.VOUCHER_ACTIVE, _E.CHOOSE_TEMPORARY, PAR, _S.QUEUED, "003-28, 003-29, 003-30", programmes=VOUCHER,
         guards=(must.WITHIN_CONTRACT, must.group_named, must.no_temporary, must.fits, must.from_tomorrow, must.sure,
                 must.signed_temporary, must.free),
         changes=(lend.book_temporary, do.stop_contract), tell=_to("temporary-booked", sms=True)),
    _row("T41", LIVE | {_S.ARCHIVED}, _E.TEMP_ATTEND, KG, None, "R-ADM-3", programmes=VOUCHER,
         guards=(must.has_temporary, must.not_attending, must.temporary_started, must.temporary_contract),
         changes=(lend.attend_temporary,)),
    _row("T42", LIVE | {_S.ARCHIVED}, _E.TEMP_END_EXPIRES, CLK, None, "003-31", programmes=VOUCHER,
         guards=(must.has_temporary,), changes=(lend.expel_temporary,), tell=_to("temporary-ended", sms=True)),
    _row("T43", LIVE | {_S.ARCHIVED}, _E.TEMP_LEAVE, PAR, None, "R-ADM-3", programmes=VOUCHER,
         guards=(must.has_temporary, must.sure), changes=(lend.leave_temporary,), tell=_to("temporary-left")),
    _row("T44", LIVE | {_S.ARCHIVED}, _E.TEMP_SET_UNTIL, (OFF, KG), None, "D-15", programmes=VOUCHER,
         guards=(must.has_temporary, must.new_end_fits), changes=(lend.set_temporary_end,),
         tell=_to("temporary-moved", sms=True)),
    _row("T45", LIVE | {_S.ARCHIVED}, _E.TEMP_PROMOTE, SYS, None, "D-16", programmes=VOUCHER,
         guards=(must.has_temporary,), changes=(lend.promote_temporary,), tell=_to("temporary-promoted")),
    # Bulletin and referral
    _row("T50", _S.QUEUED, _E.APPLY_BULLETIN, PAR, _S.BUL_APPLIED, "004-25, D-19", programmes=BULLETIN,
         guards=(must.group_named, must.not_placed, must.fits, must.free),
         changes=(do.hold_place, paper.await_activation),
         tell=(Tell("bulletin-applied"), Tell("to-activate", KG))),
    _row("T51", _S.BUL_APPLIED, _E.ACTIVATE, (KG, OFF), _S.REFERRAL_ISSUED, "004-26, 004-27", programmes=BULLETIN,
         guards=(must.officer_steps_in,), changes=(do.settle_flags, paper.issue_referral),
         tell=_to("referral-issued", sms=True)),
    _row("T52", _S.BUL_APPLIED, _E.REJECT, (KG, OFF), _S.QUEUED, "R-ADM-3", programmes=BULLETIN,
         guards=(must.officer_steps_in, must.reason_given), changes=(do.settle_flags, do.release_place),
         tell=_to("bulletin-refused", sms=True)),
    _row("T52b", _S.BUL_APPLIED, _E.CANCEL_BULLETIN, PAR, _S.QUEUED, "R-ADM-3", programmes=BULLETIN,
         changes=(do.settle_flags, do.release_place), tell=_to("bulletin-cancelled")),
    _row("T53", _S.BUL_APPLIED, _E.ACTIVATE_SLA_EXPIRES, CLK, None, "D-10", programmes=BULLETIN,
         changes=(do.escalate,), tell=(Tell("organisation-silent", OFF),)),
    _row("T54", _S.REFERRAL_ISSUED, _E.EXTEND_REFERRAL, PAR, None, "004-30, D-01", programmes=BULLETIN,
         guards=(must.referral_not_extended, must.WITHIN_REFERRAL, must.LAST_DAY_OF_REFERRAL, must.extension_fits),
         changes=(paper.extend_referral,), tell=(Tell("referral-extended"), Tell("referral-extended-at-yours", KG))),
    _row("T55", _S.REFERRAL_ISSUED, _E.SIGN_CONTRACT, KG, _S.ENROLLED, "004-32", programmes=BULLETIN,
         guards=(must.WITHIN_REFERRAL, must.not_placed, must.contract_as_read, must.paper_documents),
         changes=(paper.use_referral, do.enrol, do.settle_flags, do.stop_everything), tell=_to("enrolled", sms=True)),
    _row("T56", _S.REFERRAL_ISSUED, _E.RETURN_DOCUMENTS, KG, None, "R-ADM-3", programmes=BULLETIN,
         guards=(must.reason_given,), tell=_to("documents-returned", sms=True)),
    _row("T57", _S.REFERRAL_ISSUED, _E.REFERRAL_EXPIRES, CLK, _S.STOP_LIST, "004-29", programmes=BULLETIN,
         changes=(paper.stop_for_referral, paper.void_referral, do.release_place), stop=StopKind.REFERRAL,
         tell=(Tell("referral-missed", sms=True), Tell("referral-missed-at-yours", KG))),
    _row("T58", _S.STOP_LIST, _E.UNBLOCK_EXPIRES, CLK, _S.QUEUED, "004-29", programmes=BULLETIN,
         when=(where.stopped_for_referral,), changes=(do.stop_everything,), tell=_to("queue-returned", sms=True)),
    _row("T59", _S.REFERRAL_ISSUED, _E.DECLINE_REFERRAL, PAR, _S.QUEUED, "D-12", programmes=BULLETIN,
         when=(where.may_decline,), guards=_SURE,
         changes=(paper.void_referral, do.release_place, paper.count_decline), tell=_to("referral-declined")),
    _row("T59b", _S.REFERRAL_ISSUED, _E.DECLINE_REFERRAL, PAR, _S.STOP_LIST, "D-12", programmes=BULLETIN,
         when=(where.declined_too_often,), guards=_SURE,
         changes=(paper.stop_for_referral, paper.void_referral, do.release_place, paper.count_decline),
         tell=_to("referral-declined-too-often", sms=True), stop=StopKind.REFERRAL),
    _row("T60", {_S.BUL_APPLIED, _S.REFERRAL_ISSUED}, _E.WITHDRAW_ITEM, (KG, OFF), _S.QUEUED, "R-ADM-3",
         programmes=BULLETIN, guards=(must.reason_given,),
         changes=(paper.void_referral, do.settle_flags, do.release_place), tell=_to("item-withdrawn", sms=True)),
    # After enrolment
    _row("T70", _S.ENROLLED, _E.TRANSFER, PAR, _S.CONTRACT_ORG, "D-17", programmes=VOUCHER,
         guards=(must.is_permanent, must.group_named, must.new_group, must.fits, must.free),
         changes=(do.hold_place, do.begin_transfer, do.await_organisation),
         tell=(Tell("transfer-begun"), Tell("place-chosen-at-yours", KG))),
    _row("T71", _S.ENROLLED, _E.SANATORIUM_LEAVE, KG, None, "003-02",
         guards=(must.is_permanent, must.not_on_leave, must.until_given), changes=(lend.lend_place,),
         tell=_to("leave-noted")),
    _row("T71b", _ATTENDED, _E.LEAVE_EXPIRES, CLK, None, "003-02", changes=(lend.end_leave,), tell=_to("leave-ended")),
    _row("T71c", _ATTENDED, _E.RETURN_FROM_LEAVE, KG, None, "003-02", guards=(must.on_leave,),
         changes=(lend.end_leave,), tell=_to("leave-ended")),
    _row("T72", _S.ENROLLED, _E.EXPEL, KG, _S.ARCHIVED, "D-18", when=(where.fault_of_parent,),
         guards=(must.reason_given,), changes=(do.end_placement, do.void_voucher, do.stop_everything),
         tell=_to("expelled", sms=True), archive=ArchiveReason.LEFT_KG),
    _row("T72b", _S.ENROLLED, _E.EXPEL, KG, _S.VOUCHER_ACTIVE, "D-18", programmes=VOUCHER, when=(where.no_fault,),
         guards=(must.reason_given,), changes=(do.end_placement, do.return_voucher, do.fresh_contract),
         tell=_to("voucher-returned", sms=True)),
    _row("T72c", _S.ENROLLED, _E.EXPEL, KG, _S.QUEUED, "D-18", programmes=BULLETIN, when=(where.no_fault,),
         guards=(must.reason_given,), changes=(do.end_placement, do.stop_everything),
         tell=_to("place-lost", sms=True)),
    _row("T72d", CONTRACTING, _E.EXPEL, KG, _S.ARCHIVED, "D-18", programmes=VOUCHER,
         when=(where.transferring, where.fault_of_parent), guards=(must.reason_given,),
         changes=(do.contract_cancelled, do.release_place, do.end_placement, do.void_voucher, do.settle_flags,
                  do.stop_everything),
         tell=_to("expelled", sms=True), archive=ArchiveReason.LEFT_KG),
    _row("T72e", CONTRACTING, _E.EXPEL, KG, None, "D-18", programmes=VOUCHER,
         when=(where.transferring, where.no_fault), guards=(must.reason_given,),
         changes=(do.end_placement, do.return_voucher), tell=_to("place-lost-in-transfer", sms=True)),
    _row("T73", _S.ENROLLED, _E.GROUP_CLOSE, (KG, OFF), None, "D-22", when=(where.has_new_group,),
         guards=(must.new_group, must.free), changes=(do.move,), tell=_to("group-changed", sms=True)),
    _row("T73b", _S.ENROLLED, _E.GROUP_CLOSE, (KG, OFF), _S.VOUCHER_ACTIVE, "D-22", programmes=VOUCHER,
         when=(where.no_new_group,),
         changes=(do.end_placement, do.return_voucher, do.fresh_contract, do.mark_place_lost),
         tell=_to("voucher-returned", sms=True)),
    _row("T73c", _S.ENROLLED, _E.GROUP_CLOSE, (KG, OFF), _S.QUEUED, "D-22", programmes=BULLETIN,
         when=(where.no_new_group,), changes=(do.end_placement, do.stop_everything), tell=_to("place-lost", sms=True)),
    _row("T73d", CONTRACTING, _E.GROUP_CLOSE, (KG, OFF), None, "D-22", programmes=VOUCHER,
         when=(where.closes_attended, where.has_new_group), guards=(must.new_group, must.free), changes=(do.move,),
         tell=_to("group-changed", sms=True)),
    _row("T73e", CONTRACTING, _E.GROUP_CLOSE, (KG, OFF), None, "D-22", programmes=VOUCHER,
         when=(where.closes_attended, where.no_new_group), changes=(do.end_placement, do.return_voucher),
         tell=_to("place-lost-in-transfer", sms=True)),
    _row("T73f", CONTRACTING, _E.GROUP_CLOSE, (KG, OFF), _S.ENROLLED, "D-22", programmes=VOUCHER,
         when=(where.closes_held, where.transferring),
         changes=(do.contract_cancelled, do.release_place, do.settle_flags, do.stop_transfer),
         tell=_to("transfer-refused", sms=True)),
    _row("T73g", CONTRACTING, _E.GROUP_CLOSE, (KG, OFF), _S.VOUCHER_ACTIVE, "D-22", programmes=VOUCHER,
         when=(where.closes_held, where.not_transferring),
         changes=(do.contract_cancelled, do.release_place, do.fresh_contract, do.settle_flags, do.mark_place_lost),
         tell=_to("chosen-group-closed", sms=True)),
    _row("T73h", _S.PLACE_OFFERED, _E.GROUP_CLOSE, (KG, OFF), _S.VOUCHER_WAITLISTED, "D-22", programmes=VOUCHER,
         when=(where.other_entries,), changes=(do.drop_offer, do.release_place, do.mark_place_lost),
         tell=_to("listed-group-closed", sms=True)),
    _row("T73i", _S.PLACE_OFFERED, _E.GROUP_CLOSE, (KG, OFF), _S.VOUCHER_ACTIVE, "D-22", programmes=VOUCHER,
         when=(where.last_entry,),
         changes=(do.drop_offer, do.release_place, do.fresh_contract, do.mark_place_lost),
         tell=_to("chosen-group-closed", sms=True)),
    _row("T73j", _S.VOUCHER_WAITLISTED, _E.GROUP_CLOSE, (KG, OFF), None, "D-22", programmes=VOUCHER,
         when=(where.other_entries,), guards=(must.listed,), changes=(do.leave_list,),
         tell=_to("listed-group-closed", sms=True)),
    _row("T73k", _S.VOUCHER_WAITLISTED, _E.GROUP_CLOSE, (KG, OFF), _S.VOUCHER_ACTIVE, "D-22", programmes=VOUCHER,
         when=(where.last_entry,), guards=(must.listed,), changes=(do.leave_list, do.fresh_contract),
         tell=_to("chosen-group-closed", sms=True)),
    _row("T74", WITH_VOUCHER, _E.REVOKE_VOUCHER, OFF, _S.ARCHIVED, "D-18", programmes=VOUCHER,
         guards=(must.reason_given, must.document_given),
         changes=(do.contract_cancelled, do.release_place, do.end_placement_with_month, do.cancel_entries,
                  do.void_voucher, do.stop_everything),
         tell=_to("voucher-revoked", sms=True), archive=ArchiveReason.VOUCHER_REVOKED),
    _row("T74b", _S.ENROLLED, _E.REVOKE_VOUCHER, OFF, _S.ARCHIVED, "D-18", programmes=VOUCHER,
         guards=(must.reason_given, must.document_given),
         changes=(do.end_placement_with_month, do.void_voucher, do.stop_everything),
         tell=_to("voucher-revoked", sms=True), archive=ArchiveReason.VOUCHER_REVOKED),
    _row("T75", _S.ENROLLED, _E.LEAVE, PAR, _S.ARCHIVED, "R-ADM-3", guards=_SURE,
         changes=(do.end_placement, do.void_voucher, do.stop_everything), tell=_to("left-kindergarten"),
         archive=ArchiveReason.LEFT_KG),
    _row("T76", _S.ENROLLED, _E.SCHOOL_YEAR_END, CLK, _S.ARCHIVED, "D-07", when=(where.ages_out,),
         changes=(do.end_with_school_year, do.void_voucher, do.stop_everything), tell=_to("graduated"),
         archive=ArchiveReason.GRADUATED),
    _row("T76b", CONTRACTING, _E.SCHOOL_YEAR_END, CLK, _S.ARCHIVED, "D-07", programmes=VOUCHER,
         when=(where.ages_out, where.transferring),
         changes=(do.contract_cancelled, do.release_place, do.end_with_school_year, do.void_voucher, do.settle_flags,
                  do.stop_everything),
         tell=_to("graduated"), archive=ArchiveReason.GRADUATED),
    _row("T76c", LIVE - {_S.ENROLLED}, _E.SCHOOL_YEAR_END, CLK, _S.ARCHIVED, "D-07",
         when=(where.ages_out, where.not_transferring),
         changes=(do.contract_cancelled, paper.void_referral, do.release_place, do.cancel_entries, do.void_voucher,
                  do.settle_flags, do.stop_everything),
         tell=_to("aged-out"), archive=ArchiveReason.AGED_OUT),
    _row("T80", {_S.QUEUED, _S.STOP_LIST, _S.DOCS_REVIEW}, _E.ANNUAL_REFRESH, CLK, _S.ARCHIVED, "D-07",
         when=(where.ages_out,),
         changes=(do.stop_everything,), tell=_to("aged-out"), archive=ArchiveReason.AGED_OUT),
    _row("T80b", _S.QUEUED, _E.ANNUAL_REFRESH, CLK, None, "D-08", when=(where.stays_young,),
         changes=(do.recategorise,), tell=_to("queue-refreshed")),
    _row("T80c", LIVE - {_S.ENROLLED, _S.QUEUED}, _E.ANNUAL_REFRESH, CLK, None, "D-08",
         changes=(do.recategorise,)),
    _row("T80d", _S.QUEUED, _E.DAILY_REFRESH, CLK, None, "D-08", when=(where.daily,), changes=(do.recategorise,),
         tell=_to("category-changed")),
    _row("T82", {_S.ARCHIVED, _S.STOP_LIST}, _E.REINSTATE, OFF, _S.QUEUED, "R-ADM-3",
         guards=(must.not_graduated, must.only_one, must.reason_given, must.document_given),
         changes=(do.stop_everything,), tell=_to("reinstated", sms=True)),
    _row("T83", _CLOSABLE, _E.ARCHIVE, OFF, _S.ARCHIVED, "R-ADM-3", when=(where.closed_as(ArchiveReason.OFFICER),),
         guards=(must.reason_given, must.document_given), changes=(do.stop_everything,),
         tell=_to("archived-by-officer", sms=True), archive=ArchiveReason.OFFICER),
    _row("T83b", _CLOSABLE, _E.ARCHIVE, OFF, _S.ARCHIVED, "R-ADM-3", when=(where.closed_as(ArchiveReason.DUPLICATE),),
         guards=(must.reason_given, must.document_given), changes=(do.stop_everything,),
         tell=_to("archived-by-officer", sms=True), archive=ArchiveReason.DUPLICATE),
    _row("T83c", _CLOSABLE, _E.ARCHIVE, OFF, _S.ARCHIVED, "R-ADM-3", when=(where.closed_as(ArchiveReason.MOVED),),
         guards=(must.reason_given, must.document_given), changes=(do.stop_everything,),
         tell=_to("archived-by-officer", sms=True), archive=ArchiveReason.MOVED),
    _row("T83d", _CLOSABLE, _E.ARCHIVE, OFF, _S.ARCHIVED, "R-ADM-3", when=(where.closed_as(ArchiveReason.WITHDRAWN),),
         guards=(must.reason_given, must.document_given), changes=(do.stop_everything,),
         tell=_to("archived-by-officer", sms=True), archive=ArchiveReason.WITHDRAWN),
)  # fmt: skip
"""Rows in the order in which they are tried. T15 is the refusal ``no-free-place`` of T14, T81 a new application. T45
follows T28 and T55, in whichever application of the child the temporary place is."""
