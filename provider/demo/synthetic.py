"""Any number of invented accounts like those of «Өскемен Водоканал», for measuring."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_STREETS: Final = (
    "Абая", "Бажова", "Бурова", "Добролюбова", "Казахстан", "Космическая", "Крылова", "Ломоносова", "Протозанова",
    "Солнечная", "Тәуелсіздік", "Өтепов", "Виноградова", "Ушанова", "Сәтбаев", "Назарбаев",
)  # fmt: skip
_SURNAMES: Final = (
    "Ахметов", "Әбілқасымов", "Бондарь", "Есимов", "Жұмабаев", "Ким", "Мусин", "Нұрланов", "Петренко", "Попов",
    "Серікбаев", "Сулейменов", "Токарев", "Шевченко", "Қалиев", "Омаров",
)  # fmt: skip
_NAMES: Final = ("Айгүл", "Асель", "Данияр", "Динара", "Елена", "Ерлан", "Иван", "Мария", "Олег", "Салтанат")
_HEADER: Final = (
    "account", "holder", "street", "house", "prefix", "flat", "code", "residents", "area", "balance", "meter_number",
    "reading", "read_on", "verified_until", "drainage",
)  # fmt: skip


def write_registry(path: Path, count: int, *, first: int = 1_000_001, seed: int = 20240101) -> None:
    """Write a registry of ``count`` accounts, the same for the same seed; balances are of 1 January 2024."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(_HEADER)
        writer.writerows(rows(count, first=first, seed=seed))


def rows(count: int, *, first: int, seed: int) -> Iterator[tuple[str, ...]]:
    """Yield rows of a registry in the order of its header."""
    chance = random.Random(seed)  # noqa: S311  # sample data, not a secret
    for number in range(first, first + count):
        metered = chance.random() < 0.86
        balance = chance.randint(-300_000, 600_000)
        sign = "-" if balance < 0 else ""
        value = chance.randint(0, 9_000_00)
        yield (
            f"{number:07d}",
            f"{chance.choice(_SURNAMES)} {chance.choice(_NAMES)}",
            chance.choice(_STREETS),
            str(chance.randint(1, 160)),
            chance.choice(("", "", "", "А", "/1")),
            str(chance.randint(1, 120)),
            iin(chance),
            str(chance.randint(0, 7)),
            f"{chance.randint(28, 110)},{chance.randint(0, 9)}",
            f"{sign}{abs(balance) // 100},{abs(balance) % 100:02d}",
            f"{chance.randint(0, 99_999_999):08d}" if metered else "",
            f"{value // 100},{value % 100:02d}" if metered else "",
            f"{chance.randint(18, 25)}.12.2023" if metered else "",
            f"{chance.randint(10, 28)}.{chance.randint(1, 12):02d}.{chance.randint(2024, 2029)}" if metered else "",
            "1" if chance.random() < 0.9 else "0",
        )


def iin(chance: random.Random) -> str:
    """Return an invented individual identification number with a valid check digit."""
    while True:
        digits = [
            int(sign)
            for sign in f"{chance.randint(50, 99)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
            f"{chance.choice('34')}{chance.randint(0, 9999):04d}"
        ]
        rest = sum(weight * digit for weight, digit in zip(range(1, 12), digits, strict=True)) % 11
        if rest == 10:
            weights = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
            rest = sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11
        if rest < 10:
            return "".join(map(str, digits)) + str(rest)
