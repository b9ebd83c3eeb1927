"""The regulator's page: the API's table, marks for what is hidden, and no other page for a regulator."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import httpx
import pytest
from sqlalchemy import update

from backend.api.insurer_pages.navigation import PLACES
from backend.domain.policy import policy_day
from backend.store import tables
from backend.store.engine import Transaction
from backend.store.pack_tables import unpacked_claims
from tests.backend.web.browsing import a_browser, a_link, form_token, signed_in, texts
from tests.databases import a_database
from tests.journeys.papers import OfficerClient
from tests.journeys.pictures import a_photo
from tests.journeys.regulators import a_regulator
from tests.journeys.world import World, running_world

Supervised = tuple[World, OfficerClient]


@pytest.fixture(scope="module")
def supervised(dialect: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supervised]:
    folder = tmp_path_factory.mktemp("supervised")
    with (
        a_database(dialect, folder, is_migrated=True) as url,
        running_world(folder, farms=2, database_url=url) as world,
        a_regulator(world) as regulator,
    ):
        world.report(world.policy(), [a_photo()])
        yield world, regulator


@pytest.fixture
def at_regulator(supervised: Supervised) -> Iterator[httpx.Client]:
    world, regulator = supervised
    with a_browser(world) as browser:
        entered = browser.get(a_link(regulator))
        assert (entered.status_code, entered.headers["location"]) == (303, "/i/regulator")
        yield browser


def test_a_regulator_comes_in_at_its_own_page_and_is_led_to_no_other(at_regulator: httpx.Client) -> None:
    shown = at_regulator.get("/i/regulator")

    assert shown.status_code == 200
    assert {place.address for place in PLACES if f'href="{place.address}"' in shown.text} == {"/i/regulator"}
    assert "no sum gives it away" in texts(shown)
    assert "sum(weight * points) / sum(weight)" in texts(shown)


def test_every_other_page_refuses_a_regulator_kindly(at_regulator: httpx.Client) -> None:
    others = [place.address for place in PLACES if place.address != "/i/regulator"]

    answers = [at_regulator.get(address) for address in others]

    assert {one.status_code for one in answers} == {403}
    assert all("Your office does not use this page." in texts(one) for one in answers)


def test_a_handful_of_claims_is_hidden_and_the_mark_is_explained(
    supervised: Supervised, at_regulator: httpx.Client
) -> None:
    world, regulator = supervised
    month = a_month_ago(world)
    api = regulator.http.get("/insight/regulator", params={"month": month}).json()

    shown = at_regulator.get("/i/regulator", params={"month": month})

    assert api["total"]["suppressed"] is True
    figures = len(api["total"]) - 1
    assert shown.text.count("<abbr ") == figures * (len(api["groups"]) + 1)
    assert "a count of 1 to 4 is not shown" in texts(shown)


def test_a_regulator_chooses_a_language_and_leaves(at_regulator: httpx.Client) -> None:
    token = form_token(at_regulator.get("/i/regulator"))
    sent = {"form_token": token, "back": "/i/regulator", "language": "zh"}

    chosen = at_regulator.post("/i/reading", data=sent)
    in_chinese = at_regulator.get("/i/regulator")
    left = at_regulator.post("/i/leave", data={"form_token": token})

    assert (chosen.status_code, left.status_code) == (303, 303)
    assert "监管" in texts(in_chinese)
    assert at_regulator.get("/i/regulator").status_code == 401


def test_a_month_that_is_none_is_named_and_an_older_one_can_be_asked_for(at_regulator: httpx.Client) -> None:
    wrong = [at_regulator.get("/i/regulator", params={"month": one}) for one in ("moon", "2999-01")]
    old = at_regulator.get("/i/regulator", params={"month": "2019-03"})

    assert {one.status_code for one in wrong} == {400}
    assert "Month of the report: is not a month that is over, such as 2026-10 (moon)" in texts(wrong[0])
    assert (old.status_code, "No claim was reported in this month." in texts(old)) == (200, True)


def test_the_insurer_sees_the_page_and_other_offices_do_not(supervised: Supervised) -> None:
    world, _ = supervised
    with signed_in(world) as insurer, signed_in(world, "veterinary") as vet:
        seen, refused = insurer.get("/i/regulator"), vet.get("/i/regulator")

    assert (seen.status_code, refused.status_code) == (200, 403)
    assert 'aria-current="page">Regulator' in seen.text


def a_month_ago(world: World) -> str:
    """Every claim was reported last month; which month that is."""
    day = policy_day(world.parts.clock()).replace(day=1) - timedelta(days=10)
    then = datetime.combine(day, time(4), UTC)

    def move(connection: Transaction) -> None:
        connection.execute(update(tables.claims).values(reported_at=then))
        connection.execute(update(unpacked_claims).values(day=day))

    world.parts.store.submit(move).result()
    return f"{day:%Y-%m}"
