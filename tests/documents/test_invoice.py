from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from documents import invoice
from documents.figures import invoice_figures
from documents.kit.codes import MILLIMETRE, draw_qr, qr
from documents.kit.sheet import Sheet
from models.contract.records import AccountService, AccountView, Service
from models.domain import statements
from models.domain.period import Month
from tests.documents.reader import codes, embedded_fonts, pages, text
from tests.documents.test_payment_code import elements
from tests.samples import UK_HOUSING, entry, sample_view_kk, sample_view_legal, sample_view_uk

MADE = datetime(2024, 2, 5, 9, 0, tzinfo=UTC)
JANUARY = Month(2024, 1)
MARCH = Month(2023, 3)
replace = msgspec.structs.replace


def build(*views: AccountView, period: Month = JANUARY, language: str = "kk", **options: Any) -> bytes:
    return invoice.build(views or [sample_view_kk()], period, language, MADE, "2024-01/123456", **options)


def holder(view: AccountView, name: str) -> AccountView:
    return replace(view, account=replace(view.account, holder=name))


WORDS = {
    "kk": ["Шот-түбіртек", "2024\u00a0ж. қаңтар", "Сумен жабдықтау", "Су бұру", "Барлығы", "оның ішінде ҚҚС 12 %"],
    "ru": ["Счёт-квитанция", "январь 2024", "Водоснабжение", "Водоотведение", "Итого", "в том числе НДС 12 %"],
    "uk": ["Рахунок-квитанція", "січень 2024", "Водопостачання", "Водовідведення", "Разом", "у тому числі ПДВ 12 %"],
    "en": ["Payment invoice", "January 2024", "Water supply", "Drainage", "Total", "of which VAT 12 %"],
}
IN_WORDS = {
    "kk": "Бір мың жүз жиырма теңге 28 тиын",
    "ru": "Одна тысяча сто двадцать тенге 28 тиынов",
    "uk": "Одна тисяча сто двадцять тенге 28 тиїнів",
    "en": "One thousand one hundred twenty tenge 28 tiyn",
}
FIGURES = [
    *("383,25", "677,88", "471,65", "587,50", "616,75", "442,40", "854,90"),
    *("1\u00a0265,38", "135,58", "1\u00a0000,00", "1\u00a0120,28\u00a0₸", "50,40", "43,68", "13,45\u00a0м³"),
]


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en"])
def test_the_worked_example_stands_to_the_last_digit(language: str) -> None:
    found = text(build(language=language))
    figures = FIGURES
    if language == "en":
        figures = [figure.replace("\u00a0", " ").replace(",", ".").replace("1 ", "1,") for figure in FIGURES]
        figures = [figure.replace(" ", "\u00a0").replace("м³", "m³") for figure in figures]
    for figure in figures:
        assert figure in found, figure
    for words in [*WORDS[language], IN_WORDS[language]]:
        assert words in found, words
    for always in ["123456", "00125,30", "00138,75", "04518237", "20.01.2024", "25.02.2024", "8501******24", "KZ16"]:
        assert always in found, always


def test_every_page_says_its_number_when_it_was_made_and_how_fresh_it_is() -> None:
    for page in pages(build(sample_view_uk(), period=MARCH, language="uk")):
        assert "№ 2024-01/123456" in page
        assert "складено 05.02.2024 11:00" in page
        assert "дані на 14.03.2023 09:05 (остання синхронізація), версія 977@6f1d7c1e" in page
    assert "стор. 2 з 2" in pages(build(sample_view_uk(), period=MARCH, language="uk"))[1]


def test_the_same_input_gives_the_same_bytes() -> None:
    for language in ("kk", "ru", "uk", "en"):
        assert build(language=language) == build(language=language)
    assert build() != build(sample_view_legal())


def test_fonts_are_inside_the_file() -> None:
    found = embedded_fonts(build())
    assert len(found) == 2
    assert all(found.values())
    assert all("IBMPlexSans" in name for name in found)


def test_four_services_four_recipients_one_code() -> None:
    pdf = build(sample_view_uk(), period=MARCH, language="uk")
    found = text(pdf)
    for figure in ("1\u00a0264,70\u00a0грн", "869,27\u00a0грн", "1\u00a0021,00\u00a0грн", "3\u00a0154,97\u00a0грн"):
        assert figure in found
    assert "Три тисячі сто п’ятдесят чотири гривні 97 копійок" in found
    assert "Без ПДВ" in found
    for account in ("26005060383123", "26004300092595", "26007707224620"):
        assert account in found
    assert "UA39\u00a03052\u00a09900\u00a00002\u00a06006\u00a00603\u00a06569\u00a06" in found
    assert found.count("QR не створено: рахунок отримувача не є IBAN") == 2  # nothing is due for refuse
    [(kind, link)] = codes(pdf)
    assert "QR" in kind
    assert elements(link)[5:12] == [
        "КП «Міськводоканал»",
        "UA393052990000026006060365696",
        "UAH1021",
        "12345678",
        "",
        "",
        "О/Р 101 03.2023, за послугу Обслуговування будинків без ПДВ",
    ]


@pytest.mark.parametrize("dots_per_inch", [110, 150, 300])
def test_a_code_with_the_hryvnia_sign_in_it_still_reads(dots_per_inch: int) -> None:
    assert codes(build(sample_view_uk(), period=MARCH, language="en"), dots_per_inch)


def test_a_module_of_a_code_is_never_smaller_than_half_a_millimetre() -> None:
    sheet = Sheet()
    for text_, strong in (("123456;2024-01;1120.28", False), ("https://bank.gov.ua/qr/" + "Qk" * 230, True)):
        matrix = qr(text_, smallest_version=10, largest_version=20, strong=True) if strong else qr(text_)
        side = draw_qr(sheet, 0, 0, matrix, 10, "₴" if strong else "")
        assert side / (matrix.columns + 8) >= 0.5 * MILLIMETRE - 1e-9
        if strong:
            assert 10 <= (matrix.columns - 17) // 4 <= 20


def test_the_longest_link_still_reads_under_the_sign() -> None:
    view = sample_view_uk()
    recipients = [replace(one, purpose="оплата послуг " + "будинку " * 60) for one in view.recipients]
    [(_kind, link)] = codes(build(replace(view, recipients=recipients), period=MARCH, language="en"), 150)
    assert len(link) > 470
    assert elements(link)[11].startswith("О/Р 101 03.2023, оплата послуг будинку")


def test_in_kazakhstan_the_codes_say_account_period_and_amount() -> None:
    found = {kind.replace(" ", ""): said for kind, said in codes(build())}
    assert found["QRCode"] == "123456;2024-01;1120.28"
    assert found["Code128"] == "123456"


def test_without_codes_none_is_drawn() -> None:
    view = sample_view_kk()
    pdf = build(replace(view, provider=replace(view.provider, qr="none", tear_off=False)), language="en")
    assert codes(pdf) == []
    assert "QR not made" not in text(pdf)


def test_a_provider_without_a_link_form_says_so_instead_of_a_code() -> None:
    view = sample_view_kk()
    provider = replace(view.provider, qr="url", qr_template="")
    assert "QR not made: the provider has not given" in text(build(replace(view, provider=provider), language="en"))


def test_two_providers_of_one_cabinet_keep_their_own_money() -> None:
    pdf = build(sample_view_kk(), sample_view_uk(), language="en")
    found = text(pdf)
    assert "One invoice of your cabinet" in found
    for words in ("1,120.28\u00a0₸", "3,154.97\u00a0₴", "Account 123456", "Account 101", "Without VAT"):
        assert words in found
    assert len(codes(pdf)) == 3


def test_an_overpayment_lowers_nothing_else_and_is_shown() -> None:
    view = sample_view_uk()
    extra = entry(9001, view.account.id, UK_HOUSING, "payment", -110000, date(2023, 3, 20), method="card")
    view = replace(view, entries=[*view.entries, extra])
    figures = invoice_figures(view, MARCH)
    assert figures.to_pay == 126470 + 86927 == statements.due_total(view.entries, MARCH.last)
    found = text(build(view, period=MARCH, language="en"))
    assert "overpaid 79.00" in found
    assert "2,133.97\u00a0₴" in found


def test_what_is_to_pay_is_what_the_ledger_says() -> None:
    for view, month in ((sample_view_kk(), JANUARY), (sample_view_uk(), MARCH), (sample_view_legal(), MARCH)):
        assert invoice_figures(view, month).to_pay == statements.due_total(view.entries, month.last)


def test_records_not_yet_confirmed_are_named_and_not_counted() -> None:
    view = replace(sample_view_kk(), waiting=[{"kind": "submit-reading"}, {"kind": "send-document"}])
    found = text(build(view, language="en"))
    assert "1 record of yours is not yet confirmed by the provider" in found
    assert "1,120.28\u00a0₸" in found


def test_a_reprint_is_marked() -> None:
    assert "КӨШІРМЕ" in text(build(copy=True))
    assert "КӨШІРМЕ" not in text(build())


@pytest.mark.parametrize(
    "name",
    [
        '<img src="/etc/passwd"/><b>Айгүл</b>',
        "(Ә) Tj ET endstream endobj",
        "Ұзақ" * 400,
        "אבגד \u202eлүгйА\u202c Айгүл",
        "Ай\u0000гүл\r\nМаратқызы",
        "💧 Айгүл \ud800",
        "Айгүл " * 300,
        "",
    ],
)
def test_a_name_is_only_text(name: str) -> None:
    pdf = build(holder(sample_view_kk(), name))
    found = text(pdf)
    assert "1\u00a0120,28\u00a0₸" in found
    assert "\u202e" not in found
    if name.startswith("<img"):
        assert '<img src="/etc/passwd"/><b>Айгүл</b>' in found
    if "гүл\r\nМ" in name:
        assert "Айгүл Маратқызы" in found


def test_forty_services_go_on_over_pages_under_the_same_head() -> None:
    view = sample_view_kk()
    first = view.services[0]
    services = [
        replace(first, id=1000 + number, code=f"s{number}", name={"kk": f"Қызмет {number:02d}"}, priority=number)
        for number in range(40)
    ]
    assert all(isinstance(service, Service) for service in services)
    entries = [
        entry(7000 + number, view.account.id, 1000 + number, "charge", 10000 + number, JANUARY.last)
        for number in range(40)
    ]
    view = replace(
        view,
        services=services,
        entries=entries,
        account_services=[
            AccountService(8000 + number, view.account.id, 1000 + number, "fixed", 10000 + number, True)
            for number in range(40)
        ],
    )
    found = pages(build(view))
    assert len(found) >= 2
    whole = " ".join(found)
    assert all(f"Қызмет {number:02d}" in whole for number in range(40))
    assert "4\u00a0007,80\u00a0₸" in whole
    assert "Есептелді" in found[1]
    assert f"1-бет, барлығы {len(found)}" in found[0]


def test_a_month_before_everything_makes_an_empty_invoice() -> None:
    found = text(build(period=Month(2020, 5), language="en"))
    assert "0.00\u00a0₸" in found
    assert "Zero tenge 00 tiyn" in found


def test_no_account_is_refused() -> None:
    with pytest.raises(ValueError, match="needs an account"):
        invoice.build([], JANUARY, "kk", MADE, "1")


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en"])
def test_how_to_pay_stands_on_one_sheet_with_its_slip(language: str) -> None:
    details = {"kk": "Төлем деректемелері", "ru": "Реквизиты для оплаты", "uk": "Реквізити для оплати"}
    slip = {"kk": "Хабарлама", "ru": "Извещение", "uk": "Повідомлення", "en": "Notice"}[language]
    first, second = pages(build(sample_view_uk(), period=MARCH, language=language))
    heading = details.get(language, "Payment details")
    assert heading not in first
    assert slip not in first
    assert heading in second
    assert slip in second
