"""The facts of a contract, their digest, and what is kept of its signatures."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace as changed

from models.contract import contracts
from models.contract.admission_records import Application, Referral
from models.contract.contracts import Facts, Signature
from models.contract.sentences import sentence
from models.contract.sentences.admissions import CONTRACT
from models.domain.admissions.states import Event, State
from models.domain.problems import Problem
from tests.samples import balabaqsha as family
from tests.samples.admission_papers import HOUSE_SIGNED, MOTHER_SIGNED, contract_facts, where
from translations import using

GROUP = 1012


def plain(**values: str) -> dict[str, Any]:
    return contracts.plain(changed(contract_facts(), **values))


def application(state: State = State.CONTRACT_PARENT, **columns: object) -> Application:
    return family.application(family.FIRST, family.SON, state, **columns)


def test_the_digest_is_that_of_the_facts_and_of_nothing_else() -> None:
    assert contracts.digest(plain()) == "3cf9b6d2cd3b9d43339dfc912841aa6235d07eadead1a2a51e2129340048b27a"
    assert contracts.digest(dict(reversed(plain().items()))) == contracts.digest(plain())
    for language in ("kk", "ru", "uk", "en"):
        with using(language):
            assert contracts.digest(contracts.plain(contract_facts())) == contracts.digest(plain())


@pytest.mark.parametrize("name", [name for name in Facts.__struct_fields__ if name not in ("form", "age_from")])
def test_whatever_the_contract_says_is_bound(name: str) -> None:
    other = {**plain(), name: "another"}
    assert contracts.digest(other) != contracts.digest(plain())
    assert contracts.changed(plain(), other) == [name]


def test_what_stands_on_the_paper_for_convenience_binds_nobody() -> None:
    before = application()
    after = changed(before, phone="+7 700 000 00 00", terms={}, state=State.CONTRACT_ORG_SIGN.value, version=9)
    assert facts(before) == facts(after)


def facts(one: object) -> Facts:
    place = where(GROUP)
    child = next(row for row in family.children() if row.id == family.SON)
    return contracts.facts_of(one, child, place.organisation, place.group, {}, ())  # type: ignore[arg-type]


def test_the_shown_fingerprint_is_the_first_sixteen_digits() -> None:
    assert contracts.fingerprint("0123456789abcdef" + "f" * 48) == "0123 4567 89ab cdef"


def test_both_signatures_are_kept_with_the_facts_that_were_signed() -> None:
    first = changed(application(), contract=contracts.with_signature(
        application(), GROUP, plain(), Event.SIGN_PARENT, MOTHER_SIGNED,
    ))  # fmt: skip
    kept = contracts.signed(first, GROUP)
    assert kept is not None
    assert (kept.parent, kept.organisation, kept.digest) == (MOTHER_SIGNED, None, contracts.digest(plain()))
    both = contracts.with_signature(first, GROUP, plain(), Event.SIGN_ORG, HOUSE_SIGNED)
    kept = contracts.signed(changed(first, contract=both), GROUP)
    assert kept is not None
    assert (kept.parent, kept.organisation, kept.facts) == (MOTHER_SIGNED, HOUSE_SIGNED, plain())


def test_a_contract_of_a_transfer_leaves_the_one_in_force_until_it_is_signed_by_both() -> None:
    old = changed(application(), contract=contracts.with_signature(
        application(), 1011, plain(), Event.SIGN_ORG, HOUSE_SIGNED,
    ))  # fmt: skip
    new = changed(old, contract=contracts.with_signature(old, GROUP, plain(), Event.SIGN_PARENT, MOTHER_SIGNED))
    assert set(new.contract or {}) == {"1011", "1012"}
    assert set(contracts.without(new, GROUP) or {}) == {"1011"}
    assert set(contracts.with_signature(new, GROUP, plain(), Event.SIGN_ORG, HOUSE_SIGNED)) == {"1012"}


def test_a_contract_stands_as_it_was_signed_whatever_changed_since() -> None:
    kept = contracts.with_signature(application(), GROUP, plain(), Event.SIGN_PARENT, MOTHER_SIGNED)
    signed = changed(application(State.CONTRACT_ORG_SIGN), contract=kept)
    now = changed(contract_facts(), group="Күн")
    standing = contracts.standing(signed, now)
    assert (standing.facts.group, standing.changed) == ("Жұлдыз", ("group",))
    done = changed(signed, contract=contracts.with_signature(signed, GROUP, plain(), Event.SIGN_ORG, HOUSE_SIGNED))
    assert contracts.standing(done, now).changed == ()


def test_what_is_not_known_leaves_gaps_and_no_fingerprint() -> None:
    child = next(row for row in family.children() if row.id == family.SON)
    facts = contracts.facts_of(application(), child, None, None, {}, ())  # type: ignore[arg-type]
    assert (facts.organisation, facts.group, facts.director) == ("", "", "")
    assert contracts.standing(application(), facts).digest == ""


def test_a_temporary_place_has_a_contract_until_its_last_day() -> None:
    one = application(State.QUEUED, temp="booked", temp_group_id=1011, temp_until=family.at(30).date())
    referrals = [
        Referral(1, one.id, "Ж-1", "temporary", 1011, family.at(8), family.at(30).date(), "void"),
        Referral(2, one.id, "Ж-2", "temporary", 1011, family.at(8), family.at(30).date(), "valid"),
    ]
    assert contracts.group_of(one) == 1011
    place = where(1011)
    child = next(row for row in family.children() if row.id == family.SON)
    facts = contracts.facts_of(one, child, place.organisation, place.group, {}, referrals)  # type: ignore[arg-type]
    assert (facts.mode, facts.until, facts.basis, facts.basis_number) == ("temporary", "2026-04-30", "referral", "Ж-2")


def test_an_application_without_a_place_has_no_contract() -> None:
    for state in (State.QUEUED, State.VOUCHER_ACTIVE, State.PLACE_OFFERED, State.ARCHIVED):
        assert not contracts.has_contract(application(state))


def test_every_fact_has_a_name_for_the_sentence_that_it_changed() -> None:
    assert set(CONTRACT) >= set(Facts.__struct_fields__) - {"application", "programme"}
    with using("en"):
        said = sentence(Problem("contract-changed", values={"facts": "locality, address, group"}))
    assert "Changed since then: the address of the kindergarten, the name of the group." in said


def test_a_signature_travels_as_plain_values() -> None:
    kept = contracts.with_signature(
        application(), GROUP, plain(), Event.SIGN_PARENT, Signature(family.at(9), "A", "code")
    )
    assert isinstance(kept["1012"]["parent"]["at"], str)
