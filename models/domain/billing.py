"""What a service costs an account in a month, and everything that leads to its volume.

Each stretch at one price is multiplied and rounded once; lines are sums of rounded stretches. Whole numbers throughout:
the provider charges thousands of accounts a second with this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from models.domain.charges import (
    ChargeDetail,
    ChargeLine,
    ChargeRequest,
    Part,
    ResidentsSince,
    Segment,
    metered,
)
from models.domain.meters import Register
from models.domain.money import Rounding, round_ratio, scaled, split_by_weight, vat_included
from models.domain.period import Month
from models.domain.problems import Problem
from models.domain.tariffs import (
    VOLUME_DIGITS,
    CannotCharge,
    PriceList,
    Span,
    TariffRow,
    volume_text,
    volume_units,
)

__all__ = [
    "CannotCharge",
    "ChargeDetail",
    "ChargeLine",
    "ChargeRequest",
    "Part",
    "PriceList",
    "ResidentsSince",
    "Segment",
    "charge",
    "drained",
    "estimate",
    "metered",
    "one_off",
    "share_house_difference",
]

_ONE_UNIT: Final = 10**VOLUME_DIGITS
_HUNDRED: Final = 100
_RULES: Final = {"meter": "R-BILL-1", "norm": "R-BILL-3", "average": "R-BILL-4", "fixed": "R-BILL-10"}


def charge(request: ChargeRequest) -> tuple[ChargeLine, ...]:
    """Return the lines of a service for a month: one a VAT rate, then the subscription fee.

    Raises :class:`CannotCharge` where a price or a norm is missing, ValueError for a negative volume.

    Source: R-BILL-1 to R-BILL-8 and R-BILL-10 in docs/rules.md.
    """
    first = request.date_from or request.period.first
    last = request.date_to or request.period.last
    spans = request.prices.spans(request.service_id, request.group, first, last)
    if request.basis == "fixed":
        segments = [(_fixed(request, span), span) for span in spans]
    elif request.basis == "norm":
        segments = _by_norm(request, spans)
    else:
        segments = _by_volume(request, spans)
    lines = []
    if segments:
        rates = dict.fromkeys(spans[-1].vat_rate if request.vat_on_last_day else span.vat_rate for _, span in segments)
        if len(rates) == 1:
            lines.append(_line(request, [segment for segment, _ in segments], next(iter(rates))))
        else:
            lines = [
                _line(request, [segment for segment, span in segments if span.vat_rate == rate], rate) for rate in rates
            ]
    if request.with_subscription and any(span.subscription_minor for span in spans):
        lines.extend(_subscription(request, spans))
    return tuple(lines)


def estimate(volume: int, register: Register, tariffs: Iterable[TariffRow], group: str, period: Month) -> int | None:
    """Return what ``volume`` (in the register's last digit) would cost in ``period``, without the subscription fee.

    ``tariffs`` are the rows of the services charged for that volume; ``None`` when one of them has no price then.
    """
    prices = PriceList(tariffs)
    part = metered(register, "", 0, volume, period.first, period.last) if volume < register.capacity else None
    if part is None:
        return None
    total = 0
    try:
        for service_id in prices.services():
            request = ChargeRequest(
                service_id=service_id,
                period=period,
                prices=prices,
                group=group,
                basis="meter",
                parts=(part,),
                with_subscription=False,
            )
            total += sum(line.amount_minor for line in charge(request))
    except CannotCharge:
        return None
    return total


def drained(parts: Iterable[Part], coefficient: str = "1") -> tuple[Part, ...]:
    """Return the volumes of drainage: those of the water of the same month, times ``coefficient``.

    Volumes that water took from its norm are left out: drainage has a norm of its own. Source: R-BILL-5.
    """
    factor, places = scaled(coefficient)
    return tuple(
        Part(
            part.basis,
            part.volume if coefficient == "1" else round_ratio(part.volume * factor, 10**places),
            part.date_from,
            part.date_to,
            part.digits,
            part.meter_number,
            part.previous,
            part.current,
        )
        for part in parts
        if part.basis != "norm"
    )


def share_house_difference(volume: int, weights: Sequence[int]) -> list[int]:
    """Return each flat's share of what the house's meter counted above its flats, in ten-thousandths.

    In proportion to ``weights`` (own volumes, areas or people); shares sum exactly. Source: R-BILL-7.
    """
    return split_by_weight(volume, weights)


def one_off(
    service_id: int, quantity: str, price: str, vat_rate: str, day: date, rounding: Rounding = Rounding.HALF_UP
) -> ChargeLine:
    """Return the line of a paid service outside the tariff: ``quantity`` times ``price``. Source: R-BILL-9."""
    number, places = scaled(price)
    amount = round_ratio(volume_units(quantity) * number * _HUNDRED, _ONE_UNIT * 10**places, rounding)
    segment = Segment(day, day, "fixed", "", None, None, quantity, price, None, None, None, 1, 1, amount)
    detail = ChargeDetail("fixed", VOLUME_DIGITS, quantity, (segment,), vat_rate, "R-BILL-9")
    return ChargeLine("charge", service_id, amount, vat_included(amount, vat_rate, rounding), detail)


def _line(request: ChargeRequest, segments: Sequence[Segment], vat_rate: str) -> ChargeLine:
    amount = sum([segment.amount_minor for segment in segments])
    basis = segments[0].basis
    digits = max([part.digits for part in request.parts], default=VOLUME_DIGITS)
    if basis == "fixed":
        volume, digits = "", 0
    elif len(segments) == 1:
        volume = segments[0].volume
    else:
        volume = volume_text(sum(volume_units(segment.volume) for segment in segments), digits)
    rule = "R-BILL-2" if any(segment.tier for segment in segments) else _RULES[basis]
    return ChargeLine(
        "charge",
        request.service_id,
        amount,
        vat_included(amount, vat_rate, request.rounding),
        ChargeDetail(basis, digits, volume, tuple(segments), vat_rate, rule),
    )


def _by_volume(request: ChargeRequest, spans: Sequence[Span]) -> list[tuple[Segment, Span]]:
    used = 0
    segments = []
    for part in request.parts:
        if part.volume < 0:
            raise ValueError(f"a charge for {part.volume} ten-thousandths: only a correction may be negative")
    for span, part, volume, date_from, date_to in _pieces(request.parts, spans):
        for tier, price, rated in _tiers(request, span, used, volume):
            segments.append((_rated(request, part, rated, price, tier, date_from, date_to), span))
        used += volume
    return segments


def _rated(
    request: ChargeRequest, part: Part, volume: int, price: str, tier: int | None, date_from: date, date_to: date
) -> Segment:
    number, places = scaled(price)
    return Segment(
        date_from,
        date_to,
        part.basis,
        part.meter_number,
        part.previous,
        part.current,
        volume_text(volume, part.digits),
        price,
        tier,
        _residents_on(request, date_to),
        None,
        (date_to - date_from).days + 1,
        request.period.days,
        round_ratio(volume * number * _HUNDRED, _ONE_UNIT * 10**places, request.rounding),
    )


def _pieces(parts: Sequence[Part], spans: Sequence[Span]) -> Iterator[tuple[Span, Part, int, date, date]]:
    """Yield the parts cut at changes of price, in the order of days, so that tiers fill up as the month goes by."""
    if len(spans) == 1:
        for part in parts:
            yield spans[0], part, part.volume, part.date_from, part.date_to
        return
    pieces: list[tuple[Span, Part, int, date, date]] = []
    for part in parts:
        inside = []
        for span in spans:
            begin = max(part.date_from, span.date_from)
            end = min(part.date_to, span.date_to)
            if begin <= end:
                inside.append((span, begin, end))
        if not inside:
            # Readings of days outside the month are charged at the price that the month began with.
            inside = [(spans[0], spans[0].date_from, spans[0].date_to)]
        volumes = split_by_weight(part.volume, [(end - begin).days + 1 for _, begin, end in inside])
        pieces.extend(
            (span, part, volume, begin, end) for (span, begin, end), volume in zip(inside, volumes, strict=True)
        )
    pieces.sort(key=lambda piece: piece[3])
    yield from pieces


def _tiers(request: ChargeRequest, span: Span, used: int, volume: int) -> Iterator[tuple[int | None, str, int]]:
    """Yield (tier, price, volume) for what comes after ``used`` of the period; a limit belongs to the tier below."""
    if not span.tiers:
        yield None, span.price, volume
        return
    below, upto = used, used + volume
    for index, tier in enumerate(span.tiers):
        limit = upto if tier.limit is None else min(upto, tier.limit * request.tier_scale)
        if limit > below:
            yield index + 1, tier.price, limit - below
            below = limit
    if volume == 0:
        yield 1, span.tiers[0].price, 0


def _by_norm(request: ChargeRequest, spans: Sequence[Span]) -> list[tuple[Segment, Span]]:
    segments = []
    used = 0
    month_days = request.period.days
    for span, begin, end, residents in _resident_spans(request, spans):
        if span.norm is None:
            raise CannotCharge(
                Problem("norm-missing", "", {"service_id": request.service_id, "day": begin.isoformat()})
            )
        days = (end - begin).days + 1
        volume = round_ratio(residents * span.norm * days, month_days)
        for tier, price, rated in _tiers(request, span, used, volume):
            number, places = scaled(price)
            amount = round_ratio(rated * number * _HUNDRED, _ONE_UNIT * 10**places, request.rounding)
            segments.append(
                (
                    Segment(
                        begin,
                        end,
                        "norm",
                        "",
                        None,
                        None,
                        volume_text(rated),
                        price,
                        tier,
                        residents,
                        volume_text(span.norm),
                        days,
                        month_days,
                        amount,
                    ),
                    span,
                )
            )
        used += volume
    return segments


def _resident_spans(request: ChargeRequest, spans: Sequence[Span]) -> Iterator[tuple[Span, date, date, int]]:
    """Yield stretches in which neither the price nor the number of people changes."""
    for span in spans:
        begin = span.date_from
        inside = sorted(change.day for change in request.changes if span.date_from < change.day <= span.date_to)
        for day in inside:
            yield span, begin, day - timedelta(days=1), _residents_on(request, begin)
            begin = day
        yield span, begin, span.date_to, _residents_on(request, begin)


def _residents_on(request: ChargeRequest, day: date) -> int:
    if not request.changes:
        return request.residents
    known = [change for change in request.changes if change.day <= day]
    return max(known, key=lambda change: change.day).residents if known else request.residents


def _fixed(request: ChargeRequest, span: Span) -> Segment:
    number, places = scaled(span.price)
    days, month_days = span.days, request.period.days
    amount = round_ratio(
        volume_units(request.quantity) * number * _HUNDRED * days,
        _ONE_UNIT * 10**places * month_days,
        request.rounding,
    )
    return Segment(
        span.date_from,
        span.date_to,
        "fixed",
        "",
        None,
        None,
        "" if request.quantity == "1" else request.quantity,
        span.price,
        None,
        request.residents or None,
        None,
        days,
        month_days,
        amount,
    )


def _subscription(request: ChargeRequest, spans: Sequence[Span]) -> Iterator[ChargeLine]:
    """Yield the fee of the month, by days where it changes or the account was open for a part of it."""
    month_days = request.period.days
    stretches: list[tuple[date, date, int, str]] = []
    for span in spans:
        rate = spans[-1].vat_rate if request.vat_on_last_day else span.vat_rate
        if stretches and stretches[-1][2:] == (span.subscription_minor, rate):
            stretches[-1] = (stretches[-1][0], span.date_to, span.subscription_minor, rate)
        else:
            stretches.append((span.date_from, span.date_to, span.subscription_minor, rate))
    for begin, end, fee, rate in stretches:
        if not fee:
            continue
        days = (end - begin).days + 1
        amount = round_ratio(fee * days, month_days, request.rounding)
        price = f"{fee // _HUNDRED}.{fee % _HUNDRED:02d}"
        segment = Segment(begin, end, "fixed", "", None, None, "", price, None, None, None, days, month_days, amount)
        yield ChargeLine(
            "subscription",
            request.service_id,
            amount,
            vat_included(amount, rate, request.rounding),
            ChargeDetail("fixed", 0, "", (segment,), rate, "R-BILL-6"),
        )
