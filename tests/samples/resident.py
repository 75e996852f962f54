"""What belongs to the sample resident: who it is, messages, requests, and what waits to be sent at ``NOW``."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from models.contract.commands import RequestDataCorrection, SendDocument, SubmitReading
from models.contract.records import Message, Person, Request
from models.domain.problems import Problem
from sync.status import WaitingItem
from tests.samples.oskemen import METER_KK

NOW = datetime(2024, 2, 20, 9, 2, tzinfo=UTC)


def person() -> Person:
    """Return the demo resident."""
    return Person(7, "123456", "Ахметова Айгүл", "aigul@example.kz", "", "+7 701 000 00 07", "kk", ["resident"])


def messages() -> list[Message]:
    """Return an announcement, a notification and a bill."""

    def texts(kk: str, ru: str, uk: str, en: str) -> dict[str, str]:
        return {"kk": kk, "ru": ru, "uk": uk, "en": en}

    return [
        Message(
            1,
            1,
            None,
            "announcement",
            texts(
                "22 ақпанда Қазақстан көшесінде су тоқтатылады",
                "22 февраля на улице Қазақстан отключат воду",
                "22 лютого на вулиці Қазақстан вимкнуть воду",
                "No water in Qazaqstan street on 22 February",
            ),
            texts(
                "Құбырды ауыстыруға байланысты су 9:00-ден 17:00-ге дейін болмайды. Алдын ала су жинап алыңыз.",
                "Из-за замены трубы воды не будет с 9:00 до 17:00. Сделайте запас заранее.",
                "Через заміну труби води не буде з 9:00 до 17:00. Зробіть запас заздалегідь.",
                "A pipe is replaced, so there will be no water from 9:00 to 17:00. Please store some in advance.",
            ),
            NOW - timedelta(hours=3),
        ),
        Message(
            2,
            1,
            123456,
            "notification",
            texts(
                "Көрсеткіштерді 25 ақпанға дейін беріңіз",
                "Передайте показания до 25 февраля",
                "Передайте показники до 25 лютого",
                "Give your readings by 25 February",
            ),
            texts(
                "Көрсеткіш берілмесе, есептеу орташа тұтыну бойынша жүргізіледі.",
                "Без показаний начисление будет по среднему.",
                "Без показників нарахування буде за середнім.",
                "Without a reading the charge is made by the average.",
            ),
            NOW - timedelta(days=5),
            "readings",
        ),
        Message(
            3,
            1,
            123456,
            "invoice",
            texts(
                "Қаңтар айының шоты дайын",
                "Счёт за январь готов",
                "Рахунок за січень готовий",
                "The bill for January is ready",
            ),
            texts(
                "Төлеу мерзімі — 25 ақпан.", "Оплатить до 25 февраля.", "Сплатити до 25 лютого.", "Due on 25 February."
            ),
            NOW - timedelta(days=12),
            "invoice",
        ),
    ]


def requests(account_id: int) -> list[Request]:
    """Return a request that was answered."""
    return [
        Request(
            1,
            account_id,
            "Ө-2023/118",
            "data_correction",
            "Тұрғындар саны: 3. Қызым оқуға кетті",
            "done",
            "Қарашадан бастап түзетілді.",
            NOW - timedelta(days=90),
            "c-old",
        )
    ]


def waiting_items(account_id: int = 123456) -> list[WaitingItem]:
    """Return what waits and what was refused."""
    return [
        WaitingItem(
            "018d-1",
            "submit-reading",
            SubmitReading(account_id, METER_KK, 12210, date(2024, 2, 20)),
            NOW - timedelta(minutes=40),
            "refused",
            (Problem("reading-went-down", "value", {"last": "00125,30", "on": "2024-01-20"}),),
            1,
        ),
        WaitingItem(
            "018d-2",
            "request-data-correction",
            RequestDataCorrection(account_id, "residents", "4", "Бала туды, куәлігі бар"),
            NOW - timedelta(minutes=25),
            "waiting",
            attempts=2,
            last_error=Problem("offline"),
            next_attempt=NOW + timedelta(minutes=5),
        ),
        WaitingItem(
            "018d-3",
            "send-document",
            SendDocument(account_id, "invoice", "kk", 202401),
            NOW - timedelta(minutes=2),
            "waiting",
        ),
    ]
