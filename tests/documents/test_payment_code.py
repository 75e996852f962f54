from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.payment_code import Transfer, nbu_amount, nbu_link, provider_code
from models.domain.period import Month

IBAN = "UA393052990000026006060365696"
REFERENCE = (
    "https://bank.gov.ua/qr/QkNECjAwMgoxClVDVAoK0JrQnyDCq9Cc0ZbRgdGM0LrQstC-0LTQvtC60LDQvdCw0LvCuwpVQTM5MzA1Mjk5MDAwMDAy"
    "NjAwNjA2MDM2NTY5NgpVQUgxMjY0LjcwCjEyMzQ1Njc4CgoK0LfQsCDQv9C-0YHQu9GD0LPRgyDQktC-0LTQvtC_0L7RgdGC0LDRh9Cw0L3QvdGPINCx"
    "0LXQtyDQn9CU0JIg0J4v0KAgMTAxCg"
)


def transfer(**changes: object) -> Transfer:
    values: dict[str, object] = {
        "recipient": "КП «Міськводоканал»",
        "code": "12345678",
        "iban": IBAN,
        "amount_minor": 126470,
        "account": "О/Р 101",
        "period": "03.2023",
        "purpose": "за послугу Водопостачання без ПДВ",
    }
    return Transfer(**(values | changes))  # type: ignore[arg-type]


def payload(link: str) -> bytes:
    part = link.rsplit("/", 1)[1]
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def elements(link: str) -> list[str]:
    """Decode either dialect: LF between elements or after each of them."""
    data = payload(link)
    codec = {b"1": "utf-8", b"2": "cp1251"}[data.split(b"\n")[2]]
    found = data.decode(codec).split("\n")
    wanted = {"002": 13, "003": 17}[found[1]]
    return found[:wanted] if len(found) > wanted else found


def test_the_published_example_decodes_and_is_made_again_in_its_own_dialect() -> None:
    found = elements(REFERENCE)
    assert found == [
        "BCD",
        "002",
        "1",
        "UCT",
        "",
        "КП «Міськводоканал»",
        IBAN,
        "UAH1264.70",
        "12345678",
        "",
        "",
        "за послугу Водопостачання без ПДВ О/Р 101",
        "",
    ]
    again = base64.urlsafe_b64encode("\n".join(found).encode()).rstrip(b"=").decode()
    assert f"https://bank.gov.ua/qr/{again}" == REFERENCE


def test_a_link_says_everything_a_bank_needs_with_account_and_period_first() -> None:
    link = nbu_link(transfer()).text
    assert link.startswith("https://bank.gov.ua/qr/")
    assert "=" not in link
    assert elements(link)[5:12] == [
        "КП «Міськводоканал»",
        IBAN,
        "UAH1264.70",
        "12345678",
        "",
        "",
        "О/Р 101 03.2023, за послугу Водопостачання без ПДВ",
    ]
    assert payload(link).count(b"\n") == 13
    assert payload(link).endswith(b"\n\n")


def test_version_003_has_seventeen_elements_and_may_be_instant() -> None:
    link = nbu_link(transfer(), "003", instant=True).text
    found = elements(link)
    assert link.startswith("https://qr.bank.gov.ua/")
    assert len(found) == 17
    assert found[3] == "ICT"
    assert found[9:12] == ["SUPP/SUPP", "О/Р 101", "О/Р 101 03.2023, за послугу Водопостачання без ПДВ"]
    assert payload(link).count(b"\n") == 17


@pytest.mark.parametrize(
    ("minor", "text"),
    [(126470, "UAH1264.70"), (102100, "UAH1021"), (5, "UAH0.05"), (99_999_999_999, "UAH999999999.99")],
)
def test_an_amount_has_two_kopiyka_digits_or_none(minor: int, text: str) -> None:
    assert nbu_amount(minor) == text


def test_the_payer_may_be_left_to_type_the_amount() -> None:
    assert elements(nbu_link(transfer(amount_minor=None)).text)[7] == ""


def test_an_account_that_is_no_iban_gets_no_code() -> None:
    assert nbu_link(transfer(iban="26005060383123")).reason == "no-iban"
    assert nbu_link(transfer(iban="")).reason == "no-iban"
    assert nbu_link(transfer(iban="UA403052990000026006060365696")).reason == "no-iban"


def test_a_long_purpose_goes_to_windows_1251_before_it_is_shortened() -> None:
    purpose = "за послуги " + " ".join(["централізованого"] * 9)
    found = elements(nbu_link(transfer(purpose=purpose)).text)
    assert found[2] == "2"
    assert found[11] == f"О/Р 101 03.2023, {purpose}"


def test_a_longer_one_is_shortened_at_a_word_and_keeps_account_and_period() -> None:
    link = nbu_link(transfer(purpose=" ".join(f"слово{number}" for number in range(90)))).text
    purpose = elements(link)[11]
    assert purpose.startswith("О/Р 101 03.2023, слово0 слово1")
    assert purpose.rsplit(" ", 1)[1].startswith("слово")
    assert len(link.rsplit("/", 1)[1]) <= 475
    assert len(payload(link)) <= 507


def test_what_cannot_fit_is_not_made() -> None:
    assert nbu_link(transfer(recipient="Ж" * 141)).reason == "too-long"
    assert nbu_link(transfer(recipient="Ә" * 139, account="Қ" * 90)).reason == "too-long"
    assert nbu_link(transfer(amount_minor=100_000_000_000)).reason == "too-long"
    assert nbu_link(transfer(amount_minor=0)).reason == "nothing-to-pay"


@given(
    recipient=st.text(max_size=160),
    account=st.text(max_size=60),
    purpose=st.text(max_size=700),
    minor=st.integers(1, 99_999_999_999),
    version=st.sampled_from(["002", "003"]),
)
def test_no_text_can_add_an_element_or_break_a_limit(
    recipient: str, account: str, purpose: str, minor: int, version: str
) -> None:
    made = nbu_link(
        transfer(recipient=recipient, account=account, purpose=purpose, amount_minor=minor, period=""), version
    )
    if made.text:
        assert len(payload(made.text)) <= 507
        assert len(made.text.rsplit("/", 1)[1]) <= 475
        assert payload(made.text).count(b"\n") == (13 if version == "002" else 17)
        assert elements(made.text)[6] == IBAN


def code(kind: str, template: str, account: str = "123456") -> str:
    made = provider_code(kind, template, account=account, period=Month(2024, 1), amount_minor=112028)
    return made.text or made.reason


def test_elsewhere_the_provider_says_what_a_code_contains() -> None:
    assert code("text", "") == "123456;2024-01;1120.28"
    assert code("text", "{account}|{amount_tiyn}|{unknown}") == "123456|112028|{unknown}"
    assert code("url", "https://pay.example/?a={account}&s={amount_minor}") == "https://pay.example/?a=123456&s=112028"
    assert code("url", "https://pay.example/{account}", "12/&4") == "https://pay.example/12%2F%264"
    assert code("url", "") == "no-template"
    assert code("url", "javascript:alert({account})") == "no-template"
