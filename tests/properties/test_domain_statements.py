"""Properties of statements: order does not matter, acts fit each other, what was reversed is gone."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.contract.records import Entry
from models.domain import statements
from models.domain.money import vat_included
from models.domain.period import Month
from tests.domain.movements import entry

SERVICES = (1, 2, 3)
FIRST, LAST = date(2023, 11, 1), date(2024, 4, 30)
DEBITS = ("charge", "subscription", "penalty")

days = st.dates(FIRST, LAST)
amounts = st.integers(0, 10_000_000)


@st.composite
def movements(draw: st.DrawFn) -> list[Entry]:
    """Charges, payments, corrections, transfers, and reversals of some of them."""
    made: list[Entry] = []
    for _ in range(draw(st.integers(0, 12))):
        kind = draw(st.sampled_from((*DEBITS, "payment", "correction", "transfer", "refund", "opening")))
        amount = draw(amounts)
        if kind == "payment" or (kind in ("correction", "transfer", "opening") and draw(st.booleans())):
            amount = -amount
        day = draw(days)
        vat = 0 if kind == "payment" else vat_included(amount, "12")
        one = entry(kind, amount, day.isoformat(), service=draw(st.sampled_from(SERVICES)), vat_minor=vat)
        made.append(one)
        if kind != "opening" and draw(st.booleans()):
            made.append(reversal(one, draw(st.dates(day, LAST))))
    return made


def reversal(of: Entry, day: date) -> Entry:
    """Return the exact opposite of a movement, as the provider posts it."""
    kind = {"payment": "payment_reversal", "charge": "correction", "subscription": "correction"}.get(of.kind, of.kind)
    return entry(
        kind,
        -of.amount_minor,
        day.isoformat(),
        service=of.service_id,
        vat_minor=-of.vat_minor,
        belongs_to=of.belongs_to,
        reversal_of=of.id,
        detail=of.detail,
    )


@given(movements(), st.randoms())
def test_the_order_of_arrival_does_not_matter(made: list[Entry], random: object) -> None:
    shuffled = list(made)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    month = Month(2024, 2)
    assert statements.balance(shuffled) == statements.balance(made)
    assert statements.due_total(shuffled) == statements.due_total(made)
    assert statements.breakdown(shuffled, month, SERVICES) == statements.breakdown(made, month, SERVICES)
    assert statements.reconciliation(shuffled, FIRST, LAST) == statements.reconciliation(made, FIRST, LAST)
    assert statements.year_chart(shuffled, 2024, 1) == statements.year_chart(made, 2024, 1)
    assert statements.charged_rows(shuffled) == statements.charged_rows(made)
    assert statements.payment_rows(shuffled) == statements.payment_rows(made)
    for service in SERVICES:
        assert statements.state_rows(shuffled, service) == statements.state_rows(made, service)


@given(movements(), days, days, days, st.sampled_from((None, *SERVICES)))
def test_acts_of_adjoining_days_fit_and_their_turnovers_add_up(
    made: list[Entry], one: date, two: date, three: date, service: int | None
) -> None:
    begin, middle, end = sorted((one, two, three))
    whole = statements.reconciliation(made, begin, end, service)
    first = statements.reconciliation(made, begin, middle, service)
    second = statements.reconciliation(made, middle + timedelta(days=1), end, service)
    assert second.opening == first.closing
    assert (first.opening, second.closing) == (whole.opening, whole.closing)
    assert first.debit + second.debit == whole.debit
    assert first.credit + second.credit == whole.credit
    assert first.rows + second.rows == whole.rows


@given(movements(), days, days)
def test_an_act_of_all_services_is_the_sum_of_their_acts(made: list[Entry], one: date, two: date) -> None:
    begin, end = sorted((one, two))
    whole = statements.reconciliation(made, begin, end)
    parts = [statements.reconciliation(made, begin, end, service) for service in SERVICES]
    assert whole.opening == sum(part.opening for part in parts)
    assert whole.debit == sum(part.debit for part in parts)
    assert whole.credit == sum(part.credit for part in parts)
    assert whole.closing == sum(part.closing for part in parts) == statements.balance(made, until=end)


@given(movements(), days, days)
def test_the_residents_act_ends_as_the_act_by_documents_does(made: list[Entry], one: date, two: date) -> None:
    begin, end = sorted((one, two))
    act = statements.reconciliation(made, begin, end)
    rows = statements.monthly_reconciliation(made, begin, end)
    assert sum(row.charged for row in rows) == act.debit
    assert sum(row.paid for row in rows) == act.credit
    assert rows[-1].closing == act.closing


@given(movements())
def test_what_was_reversed_leaves_no_trace_in_turnovers(made: list[Entry]) -> None:
    undone = {one.reversal_of for one in made if one.reversal_of is not None}
    standing = [one for one in made if one.reversal_of is None and one.id not in undone]
    everything = statements.reconciliation(made, FIRST, LAST)
    remaining = statements.reconciliation(standing, FIRST, LAST)
    assert (everything.debit, everything.credit) == (remaining.debit, remaining.credit)
    assert everything.closing == remaining.closing
    assert sum(one.vat_minor for one in made) == sum(one.vat_minor for one in standing)


@given(movements(), amounts, days)
def test_correcting_to_the_same_value_changes_no_balance(made: list[Entry], amount: int, day: date) -> None:
    detail = {"basis": "meter", "volume": "13.45", "segments": []}
    charged = entry("charge", amount, day.isoformat(), detail=detail)
    before = [*made, charged]
    anew = entry("correction", amount, LAST.isoformat(), belongs_to=charged.belongs_to, detail=detail)
    after = [*before, reversal(charged, LAST), anew]
    assert statements.balance(after) == statements.balance(before)
    year = charged.belongs_to // 100
    volumes = [month.volume for month in statements.year_chart(before, year, 1)]
    assert [month.volume for month in statements.year_chart(after, year, 1)] == volumes


@given(movements(), st.sampled_from([Month(2023, 12), Month(2024, 1), Month(2024, 2)]))
def test_a_breakdown_balances_and_its_total_is_the_sum_of_its_services(made: list[Entry], month: Month) -> None:
    shown = statements.breakdown(made, month, SERVICES)
    for row in (*shown.services, shown.total):
        turnover = row.charged + row.subscription + row.correction + row.penalty - row.paid
        assert row.closing == row.opening + turnover
    for name in ("opening", "charged", "subscription", "correction", "penalty", "vat", "paid", "closing"):
        assert getattr(shown.total, name) == sum(getattr(row, name) for row in shown.services)
    assert shown.total.closing == sum(one.amount_minor for one in made if one.period <= month.number)
    for service in SERVICES:
        rows = {row.month: row for row in statements.state_rows(made, service)}
        if month in rows:
            assert rows[month].closing == shown.services[service - 1].closing
