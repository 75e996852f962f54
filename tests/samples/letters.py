"""Letters to the department of Kökşetau: those of the parent of ``balabaqsha``, and of others that its office reads."""

from __future__ import annotations

from typing import Final

from models.contract.letter_records import Letter, LetterEntry
from models.contract.record import Record
from tests.samples.kokshetau import DEPARTMENT, at

ANSWERED, CLOSED, NEW, OLDER, LATER = 8201, 8202, 8203, 8204, 8205
"""Letters of the parent, the first three by how they stand, and two of others that wait."""
PARENT: Final = 7
AUTHOR: Final = "Сейтқали Айгүл Маратқызы"
OFFICER: Final = "Бекова Сәуле Тимурқызы"
COLLEAGUE: Final = "Жақсылықов Нұрлан Әлібекұлы"


def own_letters() -> list[Record]:
    """Return what the parent has written, with the department's answers."""
    reached = ("+7 (701) 555-01-07", "aigul@example.kz")
    return [
        Letter(ANSWERED, DEPARTMENT, PARENT, AUTHOR, "Тілдік топ ауыстыру", "answered", at(2, 10),
               at(3, 11, 40), *reached),
        LetterEntry(8301, ANSWERED, "question", "Балам қазақ тобының кезегінде тұр. Аралас топқа ауыстыруға бола ма, "
                    "кезектегі күні сақтала ма?", AUTHOR, at(2, 10)),
        LetterEntry(8302, ANSWERED, "answer", "Иә, болады: өтініштегі тілді өзгертіңіз. Кезекке тұрған күн сақталады.",
                    COLLEAGUE, at(3, 11, 40)),
        Letter(CLOSED, DEPARTMENT, PARENT, AUTHOR, "Тағы да тіл туралы", "closed", at(2, 10, 20),
               at(3, 11, 45), *reached),
        LetterEntry(8303, CLOSED, "question", "Кезектегі күн сақтала ма?", AUTHOR, at(2, 10, 20)),
        LetterEntry(8304, CLOSED, "closing", "", COLLEAGUE, at(3, 11, 45), "letter-repeated"),
        Letter(NEW, DEPARTMENT, PARENT, AUTHOR, "Ваучердің мерзімі", "new", at(8, 16), at(8, 16), *reached),
        LetterEntry(8305, NEW, "question", "Ваучер мерзімі мереке күндеріне түссе, ол ұзартыла ма?", AUTHOR, at(8, 16)),
    ]  # fmt: skip


def letters_of_others() -> list[Record]:
    """Return letters of other families that wait in the office."""
    return [
        Letter(OLDER, DEPARTMENT, 9107, "Иванова Марина Сергеевна", "Справка 027/у", "new", at(6, 9, 15), at(8, 12, 5),
               "+7 (702) 555-33-21"),
        LetterEntry(8306, OLDER, "question", "Какой срок действия у справки 027/у?", "Иванова Марина Сергеевна",
                    at(6, 9, 15)),
        LetterEntry(8307, OLDER, "answer", "Три дня со дня выдачи.", OFFICER, at(7, 10)),
        LetterEntry(8308, OLDER, "question", "А если эти дни выпадают на праздники?\n\nПоликлиника тогда закрыта.",
                    "Иванова Марина Сергеевна", at(8, 12, 5)),
        Letter(LATER, DEPARTMENT, 9108, "Қайратов Санжар Ерланұлы", "Электрондық кезектегі дерек қатесі: баланың туған "
               "күні дұрыс емес, оны қалай түзетуге болады", "new", at(9, 8, 30), at(9, 8, 30), "+7 (705) 555-77-10",
               "sanzhar@example.kz"),
        LetterEntry(8309, LATER, "question", "Баламның туған күні бір күнге қате көрсетілген.",
                    "Қайратов Санжар Ерланұлы", at(9, 8, 30)),
    ]  # fmt: skip
