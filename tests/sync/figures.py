"""Measures the client against the real provider: ``python -m tests.sync.figures [ACCOUNTS] [SEARCHED]``; prints JSON.

Figures: an entry until it is durable, a small delta from asking to applied, the first load, search as one types.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import sqlcipher3.dbapi2 as driver

from models.cache.apply import index_search
from models.cache.queries.accounts import account_view
from models.cache.queries.search import search
from models.cache.store import CacheStore
from models.cache.tables import layout
from models.cache.vault import Hardness
from models.contract.commands import RequestDataCorrection
from models.contract.records import Account, AccountService, Provider, Service
from sync.client import SyncClient
from sync.profile import Profile
from sync.transport import Transport
from tests.cache.rows import add_scope
from tests.samples import sample_view_kk
from tests.sync.world import PASSWORD, World, build_world

STEMS = (
    "Әбді Алма Бекм Воло Ғаби Дүйс Ержа Жұма Зайц Іван Їжак Қасы Ломо Мұха Нұрл Омар Петр Рахи Сейі Туле Ұзақ Федо Шевч"
)
MIDDLES = "ба ге ди жо ку ла ме ни по ра си та ұл ке бек хан бай дар мұр сей жан мар тай рад"
ENDINGS = "ов ова ев ева ин ина енко ұлы қызы ський ська ко"
FIRST_NAMES = "Айгүл Асқар Олена Іван Сергей Гүлнар Наталья Тарас Нұрлан Мария Ержан Оксана Петро Динара Руслан"
STREETS = "Абая Қабанбай Шевченка Гагарина Сәтпаев Космическая Бажова Утепова Протозанова Виноградова"
PEOPLE = [stem + one + two for stem in STEMS.split(" ") for one in MIDDLES.split(" ") for two in ENDINGS.split(" ")]
NAMES = FIRST_NAMES.split(" ")
PLACES = STREETS.split(" ")

CPU: list[float] = []
"""Processor time of what was measured, which other programs on the machine disturb less."""


def spread(seconds: list[float]) -> dict[str, float]:
    """Return median, 95th and 99th percentile in milliseconds."""
    ordered = sorted(seconds)
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 for share in (0.5, 0.95, 0.99)]
    return {"p50_ms": round(at[0], 2), "p95_ms": round(at[1], 2), "p99_ms": round(at[2], 2)}


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds ``work`` took."""
    start = (time.perf_counter(), time.thread_time())
    work()
    CPU.append(time.thread_time() - start[1])
    return time.perf_counter() - start[0]


def searched(folder: Path, count: int) -> dict[str, object]:
    """Measure search over ``count`` accounts with invented names."""
    dice = random.Random(1)
    view = sample_view_kk()
    store = CacheStore.open(folder / "search.db", b"k" * 32)
    template = [getattr(view.account, name) for name in layout(Account).columns]
    at = {name: position for position, name in enumerate(layout(Account).columns)}

    def row(number: int) -> tuple[object, ...]:
        values = list(template)
        values[at["privileges"]] = "[]"
        values[at["id"]], values[at["number"]] = number, str(100_000 + number)
        values[at["holder"]] = f"{dice.choice(PEOPLE)} {dice.choice(NAMES)} {dice.choice(PEOPLE)[:5]}ович"
        values[at["street"]], values[at["house"]] = f"{dice.choice(PLACES)} көшесі", str(dice.randrange(1, 200))
        values[at["flat"]] = str(dice.randrange(1, 100))
        return (*values, number, 1)

    with store.write() as connection:
        add_scope(connection)
    load = 0.0
    for start in range(1, count + 1, 50_000):
        rows = [row(number) for number in range(start, min(start + 50_000, count + 1))]
        begin = time.perf_counter()
        with store.write() as connection:
            connection.executemany(layout(Account).upsert, rows)
        load += time.perf_counter() - begin
    begin = time.perf_counter()
    after: int | None = 0
    while after is not None:
        with store.write() as connection:
            after = index_search(connection, after)
    index = time.perf_counter() - begin
    for record, rows in ((Provider, [view.provider]), (Service, view.services)):
        own = layout(record)
        with store.write() as connection:
            for one in rows:
                values = [getattr(one, name) for name in own.columns]
                stored = [json.dumps(v) if isinstance(v, dict | list) else v for v in values]
                connection.execute(own.upsert, (*stored, 1, 1))
    with store.write() as connection:
        connection.executemany(
            layout(AccountService).upsert,
            ((n, n, view.services[0].id, "norm", n, 1, n, 1) for n in range(1, count + 1)),
        )
    kinds: dict[str, Callable[[], str]] = {
        "surname 2": lambda: dice.choice(PEOPLE)[:2],
        "surname 3": lambda: dice.choice(PEOPLE)[:3],
        "surname 6": lambda: dice.choice(PEOPLE)[:6],
        "surname whole": lambda: dice.choice(PEOPLE),
        "first name": lambda: dice.choice(NAMES),
        "name and street": lambda: f"{dice.choice(PEOPLE)[:4]} {dice.choice(PLACES)[:4]}",
        "street and house": lambda: f"{dice.choice(PLACES)[:5]} {dice.randrange(1, 200)}",
        "street, house, flat": lambda: f"{dice.choice(PLACES)[:5]} {dice.randrange(1, 200)} {dice.randrange(1, 100)}",
        "number prefix": lambda: str(100_000 + dice.randrange(1, count))[:5],
        "number": lambda: str(100_000 + dice.randrange(1, count)),
        "nothing": lambda: "ъъъ" + dice.choice(PLACES),
    }
    everything: list[float] = []
    CPU.clear()
    found: dict[str, object] = {}
    for name, make in kinds.items():
        times = []
        for _time in range(60):
            text = make()
            times.append(timed(lambda text=text: store.read(lambda c: search(c, text, 50))))  # type: ignore[misc]
        everything += times
        found[name] = spread(times)
    store.close()
    size = sum(file.stat().st_size for file in folder.glob("search.db*"))
    return {
        "accounts": count,
        "insert_rows_per_s": round(count / load),
        "index_s": round(index, 2),
        "file_mb": round(size / 1e6),
        "all": spread(everything),
        "all_cpu": spread(CPU),
        "kinds": found,
    }


def floor(folder: Path) -> dict[str, float]:
    """Return what a bare durable commit costs here: one row, WAL, synchronous=FULL."""
    connection = driver.connect(str(folder / "floor.db"), isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE t (a)")
    return spread([timed(lambda: connection.execute("INSERT INTO t VALUES (1)")) for _ in range(300)])


def against_provider(folder: Path, url: str, world: World) -> dict[str, object]:
    """Measure entry, delta and first load."""
    profile = Profile.create(folder / "clerk", url, password="p", hardness=Hardness(64, 1, 1))
    desk = SyncClient(profile, Transport(url))
    desk.sign_in(world.clerk, PASSWORD, "desk")
    searchable: list[float] = []
    begin = time.perf_counter()

    def listen(topics: frozenset[str]) -> None:
        if "account" in topics and not searchable:
            searchable.append(time.perf_counter() - begin)

    desk.subscribe(listen)
    report = desk.sync()
    load = time.perf_counter() - begin
    assert report.complete, report
    rows = desk.store.peek(lambda c: c.execute("SELECT sum(count) FROM digest").fetchone()[0])
    cache = (folder / "clerk" / "cache.db").stat().st_size
    result: dict[str, object] = {
        "first_load": {
            "rows": rows,
            "seconds": round(load, 2),
            "rows_per_s": round(rows / load),
            "accounts_searchable_s": round(searchable[0], 2),
            "bytes_per_row": round(cache / rows),
        }
    }
    entries = [
        timed(lambda n=n: desk.submit(RequestDataCorrection(world.account, "residents", "4", f"number {n}")))  # type: ignore[misc]
        for n in range(500)
    ]
    result["entry"] = spread(entries)
    begin = time.perf_counter()
    desk.sync()
    result["drain"] = {"commands": 500, "per_s": round(500 / (time.perf_counter() - begin))}
    for changed in (0, 1, 100):
        times = []
        for turn in range(41):
            with world.database.change() as unit:
                ids = list(range(1_000_001, 1_000_001 + changed))
                if ids:
                    unit.connection.exec_driver_sql(
                        "UPDATE account SET holder = %(holder)s WHERE id = ANY(%(ids)s)",
                        {"holder": f"Жаңа {turn}", "ids": ids},
                    )
                    unit.changes.live_many(world.tenant, "account", [(f"account:{i}", i) for i in ids])
            times.append(timed(desk.sync))
        result[f"delta_{changed}"] = spread(times)
    views = [timed(lambda: desk.store.read(lambda c: account_view(c, world.account))) for _ in range(100)]
    result["account_view"] = spread(views)
    result["status"] = spread([timed(desk.status) for _ in range(100)])
    profile.close()
    result["open_again_s"] = round(timed(lambda: Profile.open(folder / "clerk", password="p").close()), 3)
    return result


def main(accounts: int = 100_000, searched_over: int = 1_000_000) -> None:
    """Start a provider, fill it, measure, print."""
    import uvicorn

    from provider.app import create_app
    from provider.settings import Settings
    from provider.store.cluster import Cluster
    from provider.store.database import Database, ensure_database
    from provider.store.migrate import upgrade

    with tempfile.TemporaryDirectory(prefix="kabinet-figures-") as name:
        folder = Path(name)
        result: dict[str, object] = {"bare_commit": floor(folder)}
        if searched_over:
            result["search"] = searched(folder, searched_over)
        if accounts:
            from sqlalchemy import make_url

            cluster = Cluster(folder / "cluster", durable=True)
            url = make_url(cluster.url("figures"))
            ensure_database(url)
            database = Database(url, pool_size=12)
            upgrade(database, folder)
            world = build_world(database, range(1_000_001, 1_000_001 + accounts))
            settings = Settings(
                data_dir=folder / "provider", database_url=url.render_as_string(hide_password=False), port=18_873
            )
            server = uvicorn.Server(uvicorn.Config(create_app(database, settings), port=18_873, log_level="warning"))
            threading.Thread(target=server.run, daemon=True).start()
            while not server.started:
                time.sleep(0.05)
            result |= against_provider(folder, "http://127.0.0.1:18873", world)
            server.should_exit = True
            time.sleep(1)
            database.close()
            cluster.release()
        result["load_of_machine"] = statistics.mean(__import__("os").getloadavg()[:1])
        print(json.dumps(result, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
