"""The contract of a child's place: what it says, the digest that binds it, and what is kept of who signed it.

The facts are the same whatever the language of the paper and the version of the program, so both computers of a
contract and the provider come to one digest. Source: 002-82 to 002-84, 002-90, 004-32 of the seeds; R-DOC-11 and
R-DOC-12 in docs/rules.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import msgspec

from models.contract.admission_records import Application, Child, Group, Organisation, Referral
from models.contract.record import Texts
from models.domain.admissions.states import CONTRACTING, TEMP_LIVE, Event, Mode, State

FORM: Final = 1
"""Number of the form: the wording of a contract changes only together with it."""
SIGNING: Final = frozenset({Event.SIGN_PARENT, Event.SIGN_ORG, Event.SIGN_CONTRACT})
"""Events that sign a contract; the last one concludes it at the counter, where the parent signs the paper."""
_SHOWN: Final = 16


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a contract says about its parties, the child and the place. Unknown facts are ""; days are ISO dates."""

    form: int = FORM
    application: str
    programme: str
    basis: str  # voucher | referral
    basis_number: str
    mode: str  # permanent | temporary
    until: str  # the last day of a temporary place
    child: str
    child_iin: str
    child_born: str
    parent: str
    organisation: str
    organisation_bin: str
    locality: Texts
    address: str
    director: str
    group: str
    language: str
    stay: str  # day | short | round-the-clock
    correction: str
    age_from: int
    age_to: int


class Signature(msgspec.Struct, frozen=True):
    """When a side signed, who it was, and how: click | code."""

    at: datetime
    name: str
    kind: str


class Signed(msgspec.Struct, frozen=True):
    """What is kept of a contract from its first signature on: the facts as they were signed, and their digest."""

    facts: dict[str, Any]
    digest: str
    parent: Signature | None = None
    organisation: Signature | None = None


def group_of(application: Application) -> int | None:
    """Return the group that an application's contract is about, None when there is no contract to be read."""
    state = State(application.state)
    if state in CONTRACTING or state is State.REFERRAL_ISSUED:
        return application.group_id
    if state is State.ENROLLED:
        return application.placement_group_id
    return application.temp_group_id if application.temp in TEMP_LIVE else None


def has_contract(application: Application) -> bool:
    """Return whether an application has a contract to be read: one that is prepared, signed, or in force."""
    return group_of(application) is not None


def facts_of(
    application: Application,
    child: Child,
    organisation: Organisation | None,
    group: Group | None,
    locality: Texts,
    referrals: Sequence[Referral],
) -> Facts:
    """Return what the contract of an application would say now; an unknown kindergarten or group leaves gaps."""
    temporary = application.temp in TEMP_LIVE and State(application.state) not in _PERMANENT
    by_voucher = bool(application.voucher_number) and not temporary
    wanted = application.temp_group_id if temporary else group_of(application)
    fitting = [one for one in referrals if one.group_id == wanted and one.state != "void" and not by_voucher]
    referral = max(fitting, key=lambda one: (one.issued_at, one.id), default=None)
    mode = Mode.TEMPORARY if temporary or (referral is not None and referral.mode == Mode.TEMPORARY) else Mode.PERMANENT
    day = application.temp_until if temporary else referral.valid_until if mode is Mode.TEMPORARY and referral else None
    return Facts(
        application=application.number,
        programme=application.programme,
        basis="voucher" if by_voucher else "referral" if referral is not None else "",
        basis_number=application.voucher_number if by_voucher else referral.number if referral is not None else "",
        mode=mode.value,
        until=day.isoformat() if day is not None else "",
        child=child.name,
        child_iin=child.iin,
        child_born=child.born.isoformat(),
        parent=application.applicant,
        organisation=organisation.name if organisation is not None else "",
        organisation_bin=organisation.bin if organisation is not None else "",
        locality=dict(locality),
        address=organisation.address if organisation is not None else "",
        director=organisation.director if organisation is not None else "",
        group=group.name if group is not None else "",
        language=group.language if group is not None else "",
        stay=group.kind if group is not None else "",
        correction=group.correction if group is not None else "",
        age_from=group.age_from if group is not None else 0,
        age_to=group.age_to if group is not None else 0,
    )


_PERMANENT: Final = frozenset({*CONTRACTING, State.ENROLLED, State.REFERRAL_ISSUED})


def plain(facts: Facts) -> dict[str, Any]:
    """Return facts as plain values, as they are kept."""
    found: dict[str, Any] = msgspec.to_builtins(facts)
    return found


def digest(facts: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a contract's plain facts in canonical JSON: sorted keys, no spaces, UTF-8. Hexadecimal."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def fingerprint(whole: str) -> str:
    """Return what a paper shows of a digest: its first 16 digits in groups of four."""
    return " ".join(whole[at : at + 4] for at in range(0, min(len(whole), _SHOWN), 4))


def signed(application: Application, group_id: int | None) -> Signed | None:
    """Return what is kept of the contract about a group, None before anybody signed it."""
    kept = (application.contract or {}).get(str(group_id))
    return msgspec.convert(kept, Signed) if kept is not None else None


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the names of the facts that are not the same, in the order of the contract."""
    return [name for name in Facts.__struct_fields__ if before.get(name) != after.get(name)]


@dataclass(frozen=True, slots=True)
class Standing:
    """A contract as a paper shows it: as it was signed, or as it would be signed now.

    ``digest`` is "" while something that binds is not known here; ``changed`` names the facts that are no longer as
    the parent signed them, while the kindergarten has not signed.
    """

    facts: Facts
    digest: str
    parent: Signature | None = None
    organisation: Signature | None = None
    changed: tuple[str, ...] = ()


def standing(application: Application, now: Facts) -> Standing:
    """Return how the contract of an application stands, if it says ``now`` what it does."""
    kept = signed(application, group_of(application))
    if kept is None:
        return Standing(now, digest(plain(now)) if now.organisation and now.group else "")
    bound = kept.parent is not None and kept.organisation is None
    names = changed(kept.facts, plain(now)) if bound else []
    return Standing(msgspec.convert(kept.facts, Facts), kept.digest, kept.parent, kept.organisation, tuple(names))


def with_signature(
    application: Application, group_id: int, facts: Mapping[str, Any], event: Event, signature: Signature
) -> dict[str, Any]:
    """Return what to keep after a signature; the parent's binds the facts anew, the kindergarten's adds to it.

    Once the kindergarten signed, contracts about other groups are over: only this one is kept.
    """
    if event is Event.SIGN_PARENT:
        made = Signed(dict(facts), digest(facts), parent=signature)
        return {**(application.contract or {}), str(group_id): _builtins(made)}
    before = signed(application, group_id) or Signed(dict(facts), digest(facts))
    return {str(group_id): _builtins(msgspec.structs.replace(before, organisation=signature))}


def without(application: Application, group_id: int | None) -> dict[str, Any] | None:
    """Return what to keep when a contract about a group is begun anew, sent back or given up."""
    rest = {key: value for key, value in (application.contract or {}).items() if key != str(group_id)}
    return rest or None


def _builtins(made: Signed) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(made)
    return found
