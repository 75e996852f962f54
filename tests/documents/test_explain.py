from __future__ import annotations

from datetime import date

from documents.explain import explain
from models.domain.billing import ChargeRequest, Part, PriceList, charge
from models.domain.period import Month
from tests.samples import DRAINAGE, WATER, sample_view_kk, tariffs_kk
from translations import using


def test_a_metered_charge_tells_readings_volume_price_and_vat() -> None:
    [water] = [one for one in sample_view_kk().entries if one.kind == "charge" and one.id == 1411]
    with using("en"):
        assert explain(water.detail, "m³", "KZT") == [
            "Meter No. 04518237 went from 125.30 to 138.75.",
            "01.01.2024–31.01.2024: 13.45\u00a0m³ × 50.40 = 677.88\u00a0₸.",
            "VAT of 12 % is included.",
        ]


def test_what_billing_computes_is_told_by_norm_and_by_average() -> None:
    prices = PriceList(tariffs_kk())
    january = Month(2024, 1)
    [norm] = charge(
        ChargeRequest(service_id=WATER, period=january, prices=prices, group="population", basis="norm", residents=3)
    )
    average = Part("average", 134500, date(2024, 1, 1), date(2024, 1, 31))
    [drained] = charge(
        ChargeRequest(
            service_id=DRAINAGE, period=january, prices=prices, group="population", basis="average", parts=(average,)
        )
    )
    with using("ru"):
        told = explain(norm.detail.plain(), "м³", "KZT")
        assert told[0] == "По нормативу: 3 человека × 7,6042 × 31 из 31 дней = 22,8126\u00a0м³."
        assert told[1] == "01.01.2024–31.01.2024: 22,8126\u00a0м³ × 50,40 = 1\u00a0149,76\u00a0₸."
        assert explain(drained.detail.plain())[0] == "Показаний не было: среднее за 31 день — 13,4500."


def test_nothing_recorded_tells_nothing_and_odd_records_do_not_break() -> None:
    with using("kk"):
        assert explain(None) == []
        assert explain({}) == []
        assert explain({"segments": [None, {}], "days": "x"}) == ["–: 0,00."]
