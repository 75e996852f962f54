"""Properties of amounts: splits are exact, payments are divided whole, VAT adds up, what is shown can be read back."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from models.domain.ledger import Posting, check_balanced, reversing
from models.domain.money import (
    Rounding,
    round_cash,
    round_minor,
    round_ratio,
    scaled,
    split_by_weight,
    vat_included,
)
from models.domain.payments import Due, Strategy, allocate
from translations import LANGUAGES, formats, using

minor = st.integers(-(10**11), 10**11)
rates = st.sampled_from(["0", "7", "12", "16", "20", "12.5"])


@given(minor, st.lists(st.integers(0, 10**9), min_size=1, max_size=20).filter(any))
def test_a_split_sums_to_the_whole_and_every_part_is_within_one_minor_unit(whole: int, weights: list[int]) -> None:
    parts = split_by_weight(whole, weights)
    assert sum(parts) == whole
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(whole * weight, sum(weights))) < 1
        assert weight or not part


@given(st.integers(-(10**15), 10**15), st.sampled_from(list(Rounding)), st.integers(3, 8))
def test_both_ways_of_rounding_agree_and_mirror_at_zero(number: int, mode: Rounding, places: int) -> None:
    exact = Decimal(number).scaleb(-places)
    rounded = round_ratio(number, 10 ** (places - 2), mode)
    assert rounded == round_minor(exact, mode)
    assert round_ratio(-number, 10 ** (places - 2), mode) == -rounded


@given(st.lists(minor, min_size=1, max_size=20), rates)
def test_vat_of_a_document_is_that_of_its_lines_and_net_plus_vat_is_gross(lines: list[int], rate: str) -> None:
    percent, places = scaled(rate)
    for gross in lines:
        vat = vat_included(gross, rate)
        net = gross - vat
        rounded = Fraction(1, 2) * (1 + Fraction(percent, 100 * 10**places))
        assert abs(Fraction(net * percent, 100 * 10**places) - vat) <= rounded
        assert vat_included(-gross, rate) == -vat
    exact = sum(lines) * Fraction(percent, 100 * 10**places + percent)
    assert abs(sum(vat_included(gross, rate) for gross in lines) - exact) <= Fraction(len(lines), 2)


@given(st.integers(0, 10**9), st.sampled_from([1, 10, 50, 100]))
def test_coins_cost_at_most_half_a_step(due: int, step: int) -> None:
    handed, difference = round_cash(due, step)
    assert handed % step == 0
    assert handed - due == difference
    assert abs(difference) * 2 <= step


dues = st.builds(
    Due,
    service_id=st.integers(1, 4),
    period=st.sampled_from([202311, 202312, 202401]),
    amount_minor=st.integers(-500, 5_000),
    priority=st.integers(1, 3),
    penalty=st.booleans(),
)


@given(
    st.integers(1, 50_000),
    st.lists(dues, min_size=1, max_size=10),
    st.sampled_from(list(Strategy)),
    st.one_of(st.none(), st.integers(1, 4)),
    st.randoms(),
)
def test_a_payment_is_divided_whole_and_pays_no_debt_twice(
    amount: int, owed: list[Due], strategy: Strategy, named: int | None, random: object
) -> None:
    priorities = {due.service_id: due.service_id for due in owed}
    parts = allocate(amount, owed, strategy=strategy, named_service=named, priorities=priorities)
    assert sum(part.amount_minor for part in parts) == amount
    assert all(part.amount_minor > 0 for part in parts)
    assert len({part.service_id for part in parts}) == len(parts)
    debts: dict[int, int] = {}
    for due in owed:
        debts[due.service_id] = debts.get(due.service_id, 0) + max(0, due.amount_minor)
    over = [part for part in parts if part.amount_minor > debts.get(part.service_id, 0)]
    if amount <= sum(debts.values()):
        assert over == []
    else:
        # All is paid: only the one service that keeps the overpayment gets more than it was owed.
        assert [part.service_id for part in over] == [named if named is not None else min(priorities)]
    shuffled = list(owed)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = allocate(amount, shuffled, strategy=strategy, named_service=named, priorities=priorities)
    assert {part.service_id: part.amount_minor for part in again} == {
        part.service_id: part.amount_minor for part in parts
    }


@given(st.lists(st.tuples(st.sampled_from(["receivable:1:1", "income:1", "vat", "cash:K02"]), minor), max_size=8))
def test_a_transaction_and_its_reversal_leave_nothing_on_any_account(lines: list[tuple[str, int]]) -> None:
    postings = [Posting(account, amount) for account, amount in lines]
    rest = sum(amount for _, amount in lines)
    postings.append(Posting("rounding", -rest))
    assert check_balanced(postings) is None
    assert (check_balanced(postings[:-1]) is None) == (rest == 0)
    sums: dict[str, int] = {}
    for posting in (*postings, *reversing(postings)):
        sums[posting.account] = sums.get(posting.account, 0) + posting.amount
    assert not any(sums.values())


@given(minor, st.sampled_from(LANGUAGES))
def test_an_amount_shown_in_any_language_is_read_back_as_it_was(amount: int, language: str) -> None:
    with using(language):
        assert formats.parse_amount(formats.amount(amount)) == amount
