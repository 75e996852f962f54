from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from msgspec.structs import replace as changed

from documents import contract
from documents.admission_views import ContractView
from models.contract.contracts import Signature
from models.domain.admissions.states import State
from tests.documents.reader import embedded_fonts, pages, text
from tests.samples import balabaqsha as family
from tests.samples.admission_papers import MADE, contract_view

LANGUAGES = ("kk", "ru", "uk", "en")
SIGNED = {
    "kk": [
        "Баланы балабақшада тәрбиелеу мен оқыту туралы шарт",
        "Балабақша міндеттенеді",
        "Ата-ана міндеттенеді",
        "мемлекеттік тапсырыс, В-2026-4001 ваучері",
        "бала мектепке баратын жылдың 31 тамызы",
        "бір реттік кодпен қол қойылды",
        "Шарт таңбасы: 3cf9 b6d2 cd3b 9d43",
        "Қазақша",
    ],
    "ru": [
        "Договор о воспитании и обучении ребёнка в детском саду",
        "Детский сад обязуется",
        "Родитель обязуется",
        "государственный заказ, ваучер В-2026-4001",
        "31 августа года, в котором ребёнок идёт в школу",
        "подписано одноразовым кодом",
        "Отпечаток договора: 3cf9 b6d2 cd3b 9d43",
        "Казахский",
    ],
    "uk": [
        "Договір про виховання та навчання дитини в дитячому садку",
        "Дитячий садок зобов’язується",
        "Батьки зобов’язуються",
        "державне замовлення, ваучер В-2026-4001",
        "31 серпня року, в якому дитина йде до школи",
        "підписано одноразовим кодом",
        "Відбиток договору: 3cf9 b6d2 cd3b 9d43",
        "Казахська",
    ],
    "en": [
        "Contract on a child's upbringing and education in a kindergarten",
        "The kindergarten undertakes",
        "The parent undertakes",
        "state order, voucher В-2026-4001",
        "31 August of the year in which the child goes to school",
        "signed with a one-time code",
        "Fingerprint of the contract: 3cf9 b6d2 cd3b 9d43",
        "Kazakh",
    ],
}
BLANK = "_" * 20


def said(view: ContractView, language: str = "ru") -> str:
    return text(contract.build(view, language, MADE)).replace("\u00a0", " ")


def telling(**facts: Any) -> ContractView:
    view = contract_view()
    return replace(view, facts=changed(view.facts, **facts))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_signed_contract_names_its_sides_the_place_and_how_and_when_each_signed(language: str) -> None:
    found = said(contract_view(State.ENROLLED), language)
    for words in SIGNED[language]:
        assert words in found, words
    for always in (
        "ОДО-2026-248", "Амина", "190640100004", "Әуезов к-сі, 14", "Дүйсенова Мөлдір Умарқызы", "Жұлдыз",
        "Сейтқали Айгүл Маратқызы", "940225401806", "Алыбай Алдияр Қуандықұлы", "220917500816", "17.09.2022",
        "09.04.2026 14:31:05 (UTC+05:00)", "09.04.2026 16:02:40 (UTC+05:00)",
    ):  # fmt: skip
        assert always in found, always


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_its_number_when_it_was_made_and_how_fresh_it_is(language: str) -> None:
    found = pages(contract.build(contract_view(), language, MADE))
    assert len(found) == 2
    for page in found:
        assert "ОДО-2026-248" in page
        assert "09.04.2026 14:40" in page
        assert "2041@6f1d7c1e" in page


@pytest.mark.parametrize(
    "fact", ["organisation_bin", "director", "basis_number", "group", "child_iin", "child_born", "language", "stay"]
)
def test_what_is_not_known_is_a_line_to_fill_in_by_hand(fact: str) -> None:
    full = contract_view()
    gap = telling(**{fact: ""} | ({"basis": ""} if fact == "basis_number" else {}))
    assert said(gap).count(BLANK) > said(full).count(BLANK)
    assert "None" not in said(gap)


def test_a_reader_of_the_file_meets_each_number_before_its_clause() -> None:
    found = said(contract_view(), "en")
    assert "4.4. to pay in time for what the state does not pay;" in found
    assert "6.3. The parent may end it at any time" in found


def test_before_anybody_signed_there_is_room_to_sign_by_hand() -> None:
    found = said(contract_view())
    assert found.count("фамилия, имя, отчество") == 2
    assert "одноразовым кодом" not in found


def test_one_signature_leaves_room_for_the_other() -> None:
    found = said(contract_view(State.CONTRACT_ORG_SIGN))
    assert "09.04.2026 14:31:05" in found
    assert "16:02:40" not in found
    assert "full name" in said(contract_view(State.CONTRACT_ORG_SIGN), "en")


def test_a_contract_that_was_not_sent_yet_is_a_draft() -> None:
    assert "ПРОЕКТ" in said(contract_view(State.CONTRACT_ORG))
    assert "ПРОЕКТ" not in said(contract_view())


def test_that_of_a_referral_is_signed_on_paper_by_the_parent() -> None:
    view = contract_view(State.REFERRAL_ISSUED)
    concluded = replace(view, organisation=Signature(family.at(9, 16), "Дүйсенова Мөлдір Умарқызы", "click"))
    found = said(concluded)
    assert "государственный заказ, направление Ж-2026-118" in found
    assert "подтверждено в кабинете" in found
    assert "подпись" in found


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", "Шарт 30.04.2026 дейін, осы күнді қоса, қолданылады."),
        ("ru", "Договор действует до 30.04.2026 включительно. Место ребёнка в очереди сохраняется."),
        ("uk", "Договір діє до 30.04.2026 включно."),
        ("en", "It counts until 30.04.2026 inclusive."),
    ],
)
def test_that_of_a_temporary_place_says_its_last_day(language: str, words: str) -> None:
    found = said(telling(mode="temporary", until="2026-04-30"), language)
    assert words in found
    assert "31 августа" not in found


def test_what_changed_since_the_parent_signed_stands_above_everything() -> None:
    found = said(contract_view(State.CONTRACT_ORG_SIGN, changed=("group", "director")))
    assert "С тех пор изменилось: название группы, кто представляет детский сад." in found


def test_a_paper_from_the_last_copy_is_marked() -> None:
    view = contract_view()
    assert "ДАННЫЕ НА" not in said(view)
    assert "ДАННЫЕ НА 09.04.2026 14:28" in said(replace(view, data=replace(view.data, offline=True)))


def test_without_a_digest_no_fingerprint_is_shown() -> None:
    assert "тпечаток" not in said(contract_view(digest=""))


def test_the_same_input_gives_the_same_bytes_and_fonts_are_inside() -> None:
    for language in LANGUAGES:
        assert contract.build(contract_view(), language, MADE) == contract.build(contract_view(), language, MADE)
    found = embedded_fonts(contract.build(contract_view(), "kk", MADE))
    assert found
    assert all(found.values())


def test_long_names_break_no_sheet() -> None:
    view = telling(
        organisation="Бөбекжай-бақшасы " * 20, address="көше " * 40, director="Аты-жөні " * 12, group="Топ " * 30
    )
    assert len(pages(contract.build(view, "kk", MADE))) <= 3
