"""What everybody may see of a queue without a name in it, one's own number, statistics, and the forming of groups."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import URL, text

from models.domain.admissions.forecast import expected_days
from models.domain.admissions.states import Event
from provider.services import limits
from provider.services.admissions import interest
from provider.services.admissions.estimates import refresh_statistics
from provider.services.admissions.public_queue import mask_number
from provider.services.admissions.yearly import run_nightly
from provider.services.refusals import Refusal
from provider.settings import Settings
from provider.store.database import Database
from tests.fixtures.provider import ProviderServer
from tests.provider.admissions_world import Admissions, Family, make_admissions
from tests.provider.sync_world import Device

QUEUE = "/api/v1/admissions/queue"
BATCH = "/api/v1/admissions/batch"


@pytest.fixture
def town(database: Database, request: pytest.FixtureRequest) -> Admissions:
    return make_admissions(database, **getattr(request, "param", {}))


@pytest.fixture
def provider_settings(tmp_path: Path, database_url: URL, town: Admissions) -> Settings:
    url = database_url.render_as_string(hide_password=False)
    return Settings(data_dir=tmp_path / "provider", database_url=url, durable=False, clock=lambda: town.now)


@pytest.fixture
def line(provider_server: ProviderServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=provider_server.url, timeout=30) as client:
        yield client


def ask(line: httpx.Client, path: str = QUEUE, device: Device | None = None, **values: Any) -> httpx.Response:
    headers = {} if device is None else {"Authorization": f"Bearer {device.token}"}
    return line.get(path, params=values, headers=headers)


def queue(town: Admissions, count: int, **values: Any) -> list[Family]:
    found = []
    for _ in range(count):
        town.later(seconds=61)
        found.append(town.file(town.family(), **values))
    return found


def test_of_a_short_number_only_its_figures_are_shown() -> None:
    assert [mask_number(one) for one in ("ОДО-2026-85", "ОДО-2026-16247", "77")] == ["•••85", "•••247", "•••77"]


def test_the_public_queue_tells_numbers_dates_and_categories_and_nobody(town: Admissions, line: httpx.Client) -> None:
    families = queue(town, 3, phone="+7 701 555 77 99")
    answer = ask(line, department=town.tenant)
    assert answer.status_code == 200
    page = answer.json()
    assert [row["number"] for row in page["rows"]] == [1, 2, 3]
    assert (page["total"], page["queued"], page["pages"]) == (3, 3, 1)
    number = town.row(families[0].application).number
    assert page["rows"][0]["application"] == "•••" + number[-3:]
    assert page["rows"][0]["languages"] == ["kk"]
    assert set(page["rows"][0]) == {"number", "application", "category", "at", "languages"}
    assert set(page["rows"][0]["category"]) == {"kk", "ru", "uk", "en"}


def test_no_name_code_phone_or_address_of_anybody_leaks_into_what_is_public(
    town: Admissions, line: httpx.Client
) -> None:
    families = queue(town, 4, phone="+7 701 555 77 99")
    refresh_statistics(town.database, town.tenant, town.now)
    bodies = "".join(
        ask(line, path, department=town.tenant, size=100).text for path in (QUEUE, "/api/v1/admissions/statistics")
    ).casefold()
    rows = town.all(
        "SELECT c.iin, c.surname, c.given_name, a.applicant, a.phone, a.number, p.email, p.login, p.phone AS own "
        "FROM application a JOIN child c ON c.id = a.child_id JOIN person p ON p.id = a.applicant_id"
    )
    assert len(rows) == len(families)
    for row in rows:
        for secret in (value for value in row if value):
            assert str(secret).casefold() not in bodies
            for part in str(secret).split():
                assert len(part) < 4 or part.casefold() not in bodies


def test_pages_of_the_public_queue_have_the_sizes_that_are_offered(town: Admissions, line: httpx.Client) -> None:
    queue(town, 12)
    first = ask(line, department="edu", size=10).json()
    second = ask(line, department="edu", size=10, page=2).json()
    assert [row["number"] for row in first["rows"] + second["rows"]] == list(range(1, 13))
    assert first["pages"] == 2
    for wrong in ({"size": 11}, {"size": 1000}, {"page": 100_001}, {"programme": "nothing"}, {"language": "xx"}):
        assert ask(line, department=town.tenant, **wrong).status_code == 422
    for nonsense in ("-1", "0", "٣", "1e3", "9" * 30):
        assert ask(line, department=town.tenant, page=nonsense).status_code == 422
        assert ask(line, department=town.tenant, size=nonsense).status_code == 422
    for missing in ({"department": 99}, {"department": "no"}, {"department": town.tenant, "locality": 999}):
        assert ask(line, **missing).status_code == 404


def test_a_birth_year_leaves_rows_out_and_numbers_as_they_are(town: Admissions, line: httpx.Client) -> None:
    queue(town, 2)
    town.later(seconds=61)
    town.file(town.family(date(2023, 1, 5)))
    town.later(seconds=61)
    town.file(town.family(date(2022, 6, 1)))
    page = ask(line, department=town.tenant, birth_year=2022).json()
    assert [row["number"] for row in page["rows"]] == [4]
    assert (page["total"], page["queued"]) == (1, 4)


def test_the_public_number_is_ones_own_number(town: Admissions, line: httpx.Client) -> None:
    families = queue(town, 3, benefit="large") + queue(town, 5)
    for family in families[:2]:
        town.verify(family)
    listed = [row["application"] for row in ask(line, department=town.tenant, language="kk").json()["rows"]]
    for family in families:
        own = ask(line, f"/api/v1/admissions/position/{family.application}", family.device).json()
        assert own["total"] == 8
        assert listed[own["number"] - 1] == mask_number(town.row(family.application).number)


@pytest.mark.parametrize("town", [{"general": {"order": "interleave"}}], indirect=True)
def test_in_the_interleaving_order_the_public_number_is_ones_own_number_too(
    town: Admissions, line: httpx.Client
) -> None:
    families = queue(town, 3, benefit="orphan") + queue(town, 4, benefit="large") + queue(town, 8)
    for family in families[:7]:
        town.verify(family)
    page = ask(line, department=town.tenant, language="kk", size=30).json()
    assert [row["number"] for row in page["rows"]] == list(range(1, 16))
    for family in families:
        own = ask(line, f"/api/v1/admissions/position/{family.application}", family.device).json()
        assert page["rows"][own["number"] - 1]["application"] == mask_number(town.row(family.application).number)


def test_somebody_elses_number_is_not_told(town: Admissions, line: httpx.Client) -> None:
    family, stranger = town.file(town.family()), town.family()
    path = f"/api/v1/admissions/position/{family.application}"
    assert ask(line, path).status_code == 401
    for device in (stranger.device, town.doctor(), town.kindergarten("Amina")):
        answer = ask(line, path, device)
        assert (answer.status_code, answer.json()["problem"]["code"]) == (404, "not-found")
    assert ask(line, path, town.officer()).json()["number"] == 1
    assert ask(line, "/api/v1/admissions/position/999999", family.device).status_code == 404
    town.act(family, Event.LEAVE_QUEUE)
    assert ask(line, path, family.device).json()["number"] == 0


def test_the_public_queue_is_limited(town: Admissions, line: httpx.Client) -> None:
    answers = [ask(line, department=town.tenant).status_code for _ in range(70)]
    assert answers[0] == 200
    assert answers[-1] == 429
    assert {ask(line, "/api/v1/admissions/statistics", department=1).status_code for _ in range(40)} == {200, 429}


def statistic(town: Admissions, year: int = 2023) -> Any:
    return town.all(
        "SELECT queued, admitted_year, free_now, forecast FROM queue_statistic WHERE locality_id = :city "
        "AND birth_year = :year AND language = 'kk'",
        city=town.city,
        year=year,
    )[0]


def test_statistics_count_who_waits_who_came_and_what_becomes_free(town: Admissions, line: httpx.Client) -> None:
    queue(town, 3)
    leaving = town.enrolled(town.family(), "star", town.kindergarten("Amina"))
    with town.database.change() as unit:
        row_id = unit.connection.execute(
            text("UPDATE placement SET ends_on = '2026-10-15' WHERE application_id = :id RETURNING id"),
            {"id": leaving.application},
        ).scalar_one()
        unit.changes.live(town.tenant, f"child:{leaving.child}", "placement", row_id)
    assert refresh_statistics(town.database, town.tenant, town.now) > 0
    row = statistic(town)
    assert (row.queued, row.admitted_year, row.free_now) == (3, 1, 3)
    assert row.forecast["2026-10-01"] == 3
    assert row.forecast["2026-11-01"] == 4
    assert refresh_statistics(town.database, town.tenant, town.now + timedelta(hours=1)) == 0
    told = ask(line, "/api/v1/admissions/statistics", department=town.tenant).json()
    assert told["estimate"] is True
    assert len(told["rows"]) == town.scalar("SELECT count(*) FROM queue_statistic")


def test_statistics_are_public_and_counted_every_night_once(town: Admissions) -> None:
    family = queue(town, 1)[0]
    run_nightly(town.database, town.now)
    family.device.pull_all()
    assert [key for key in family.device.rows if key[2] == "queue_statistic"]
    at = town.scalar("SELECT max(at) FROM queue_statistic")
    town.act(family, Event.LEAVE_QUEUE)
    run_nightly(town.database, town.now + timedelta(hours=1))
    assert town.scalar("SELECT max(at) FROM queue_statistic") == at
    run_nightly(town.database, town.now + timedelta(days=1))
    assert statistic(town).queued == 0


def test_the_days_that_are_estimated_are_firsts_of_months_and_of_the_school_year() -> None:
    days = expected_days(date(2026, 11, 30))
    assert days[0] == date(2026, 12, 1)
    assert days[-1] == date(2027, 9, 1)
    assert len(days) == 7


def wishes(town: Admissions, *given: tuple[Family, list[str]], **values: Any) -> dict[str, Any]:
    return {
        "department": town.tenant,
        "wishes": [{"application": town.row(family.application).number, "groups": groups} for family, groups in given],
        **values,
    }


def test_groups_are_formed_from_ranked_wishes_and_nothing_is_written(town: Admissions, line: httpx.Client) -> None:
    first, second, third = queue(town, 3)
    sun, star = str(town.groups["sun"]), str(town.groups["star"])
    officer = town.officer()
    body = wishes(town, (third, [sun]), (second, [sun, "amina / STAR"]), (first, [sun, star]))
    body["wishes"].append({"application": "2020-000000", "groups": []})
    answer = line.post(BATCH, json=body, headers={"Authorization": f"Bearer {officer.token}"})
    assert answer.status_code == 200, answer.text
    made = answer.json()
    assert [(row["group"], row["wish"]) for row in made["lines"]] == [("sun", 1), ("star", 2), ("", 0)]
    assert (made["placed"], made["stable"]) == (2, True)
    assert [problem["code"] for problem in made["unread"]] == ["wish-not-in-queue"]
    assert town.counts("sun") == (0, 0)
    assert {town.state(family) for family in (first, second, third)} == {"queued"}


def test_a_brother_in_the_house_goes_first(town: Admissions, line: httpx.Client) -> None:
    house = town.kindergarten("Amina")
    owner = town.enrolled(town.family(), "star", house)
    first = queue(town, 1)[0]
    sibling = town.file(town.family(date(2023, 8, 1), user=owner.user))
    sun = str(town.groups["sun"])
    body = wishes(town, (first, [sun]), (sibling, [sun]))
    made = line.post(BATCH, json=body, headers={"Authorization": f"Bearer {town.officer().token}"}).json()
    assert [(row["wish"], row["sibling"]) for row in made["lines"]] == [(0, False), (1, True)]


def test_wishes_come_from_a_table_and_the_result_is_printed(town: Admissions, line: httpx.Client) -> None:
    first, second = queue(town, 2)
    numbers = [town.row(family.application).number for family in (first, second)]
    table = f"Өтініш;1;2\n{numbers[0]};Amina / sun;Amina / star\n{numbers[1]};Amina / sun;Nowhere <b>\n".encode()
    headers = {"Authorization": f"Bearer {town.officer().token}", "Content-Type": "text/csv"}
    address = f"{BATCH}?department={town.tenant}&printed=1&language=en"
    answer = line.post(address, content=table, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Amina" in answer.text
    assert "&lt;b&gt;" in answer.text
    assert "<b>" not in answer.text
    book = io.BytesIO()
    import xlsxwriter

    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet()
        for at, row in enumerate((["Number", "First"], [numbers[0], "Amina / sun"])):
            sheet.write_row(at, 0, row)
    headers["Content-Type"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    made = line.post(f"{BATCH}?department={town.tenant}", content=book.getvalue(), headers=headers).json()
    assert [row["group"] for row in made["lines"]] == ["sun"]
    broken = line.post(f"{BATCH}?department={town.tenant}", content=b"\x00\x01PK", headers=headers)
    assert broken.status_code == 422


def test_only_officers_form_groups(town: Admissions, line: httpx.Client) -> None:
    family = queue(town, 1)[0]
    body = wishes(town, (family, [str(town.groups["sun"])]))
    assert line.post(BATCH, json=body).status_code == 401
    for device in (family.device, town.doctor(), town.kindergarten("Amina")):
        answer = line.post(BATCH, json=body, headers={"Authorization": f"Bearer {device.token}"})
        assert answer.status_code == 403
    officer = {"Authorization": f"Bearer {town.officer().token}"}
    assert line.post(BATCH, json={**body, "wishes": []}, headers=officer).status_code == 422
    assert line.post(BATCH, json={**body, "department": 99}, headers=officer).status_code == 404
    assert line.post(BATCH, json={**body, "extra": 1}, headers=officer).status_code == 422


def test_every_route_is_described_with_its_parameters(line: httpx.Client) -> None:
    paths = line.get("/openapi.json").json()["paths"]
    described = {parameter["name"] for parameter in paths[QUEUE]["get"]["parameters"]}
    assert described == {
        "department", "programme", "locality", "birth_year", "language", "correction", "page", "size",
    }  # fmt: skip
    assert paths["/api/v1/admissions/position/{application_id}"]["get"]["security"]
    assert "requestBody" in paths[BATCH]["post"]


def test_it_is_told_how_many_wait_for_a_kindergarten_and_few_are_not(town: Admissions, line: httpx.Client) -> None:
    wanted, other = town.organisation("Wanted"), town.organisation("Other")
    groups = [town.group("Sun", wanted), town.group("Moon", wanted), town.group("Star", other)]

    def wait(family: Family, group: int) -> None:
        town.public(
            "waiting_entry",
            application_id=family.application,
            group_id=group,
            state="waiting",
            joined_at=town.now,
            position=1,
        )

    families = queue(town, 9)
    for family in families[:5]:
        wait(family, groups[0])
    wait(families[0], groups[1])  # in two lists of a kindergarten, counted once
    for family in families[5:]:
        wait(family, groups[2])
    told = ask(line, "/api/v1/admissions/statistics", department=town.tenant).json()
    assert told["kindergartens"] == [{"organisation_id": wanted, "waiting": 5}]


@pytest.mark.parametrize("town", [{}, {"general": {"order": "interleave"}}], indirect=True)
def test_the_rows_of_a_birth_year_have_the_places_of_the_whole_order(town: Admissions, line: httpx.Client) -> None:
    for number in range(12):
        benefit = ("", "large", "orphan")[number % 3]
        family = town.file(town.family(born=date(2022 + number % 2, 6, 2)), benefit=benefit)
        if benefit:
            town.verify(family)
        town.later(seconds=1)
    whole = ask(line, department=town.tenant, size=100).json()["rows"]
    assert len(whole) == 12
    found = [ask(line, department=town.tenant, birth_year=year, size=100).json()["rows"] for year in (2022, 2023)]
    assert [len(rows) for rows in found] == [6, 6]
    assert sorted((row for rows in found for row in rows), key=lambda row: row["number"]) == whole
    second = ask(line, department=town.tenant, birth_year=2023, size=10, page=1).json()
    assert second["rows"] == found[1]


def test_one_address_cannot_keep_others_from_the_queue(town: Admissions) -> None:
    for _number in range(limits.QUEUE_YEAR_SOURCE.burst + 5):
        with suppress(Refusal):
            limits.take(town.database, town.now, (limits.QUEUE_YEAR_SOURCE, "10.0.0.1"))
    with pytest.raises(Refusal):
        limits.take(town.database, town.now, (limits.QUEUE_YEAR_SOURCE, "10.0.0.1"))
    limits.take(town.database, town.now, (limits.QUEUE_YEAR_SOURCE, "10.0.0.2"))


def test_how_many_wait_for_a_kindergarten_is_counted_every_hour(town: Admissions) -> None:
    group = town.group("Sun", town.organisation("Wanted"))
    house = town.organisations["Wanted"]
    assert interest.refresh(town.database, town.tenant, town.now) == 0
    for family in queue(town, 5):
        town.public(
            "waiting_entry", application_id=family.application, group_id=group, state="waiting", joined_at=town.now,
            position=1,
        )  # fmt: skip
    assert interest.refresh(town.database, town.tenant, town.now) == 1
    town.public("waiting_entry", application_id=queue(town, 1)[0].application, group_id=group, state="waiting",
                joined_at=town.now, position=1)  # fmt: skip
    with town.database.read() as connection:
        assert interest.interest(connection, town.tenant) == [interest.Interest(house, 5)], "as it was counted"
    town.later(hours=1)
    run_nightly(town.database, town.now)
    with town.database.read() as connection:
        assert interest.interest(connection, town.tenant) == [interest.Interest(house, 6)]
