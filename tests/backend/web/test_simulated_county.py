"""Over a simulated county: page, API, export and metrics say the same, and nothing odd makes a page say nonsense."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.api.insurer_pages.shown import writers
from backend.domain.words import State
from backend.store import tables
from backend.texts.load import Language
from tests.backend.web.simulated import PLAN, Simulated, a_simulated_county
from tests.databases import a_database

SAID = writers(Language.EN)
PAGES = (
    "/i",
    "/i?by=county",
    "/i?species=pig",
    "/i/stuck",
    "/i/quality",
    "/i/claims",
    "/i/flags",
    "/i/money",
)
FIGURES = (*PAGES, "/i/model", "/i/regulator")
NONSENSE = re.compile(r"\b(NaN|nan|[Ii]nf|Infinity|None|Undefined|built-in)\b")
MANY_YEARS = timedelta(days=4_000)


@pytest.fixture(scope="module")
def county(dialect: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    folder = tmp_path_factory.mktemp("simulated")
    with a_database(dialect, folder) as url, a_simulated_county(folder, url) as simulated:
        yield simulated


@pytest.fixture(autouse=True)
def _time_as_it_was(county: Simulated) -> None:
    county.clock.now = PLAN.ends_at


def exported(county: Simulated, **query: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(county.api("/insight/claims", format="csv", **query).text)))


def tile(shown: str, name: str) -> str:
    found = re.search(rf'id="{name}">([^<]*)', shown)
    assert found, name
    return found[1].strip()


def paid_by(rows: Sequence[dict[str, str]], seconds: float) -> float:
    """Kaplan and Meier by the book, from the rows of the export: open claims have waited at least as long."""
    left = 1.0
    times = sorted((float(row["report_to_paid"]), not row["paid_at"]) for row in rows)
    for place, (took, is_open) in enumerate(times):
        if took > seconds:
            break
        if not is_open:
            left *= 1 - 1 / (len(times) - place)
    return 1 - left


def test_page_api_export_and_metrics_say_the_same(county: Simulated) -> None:
    told = county.api("/insight").json()
    rows = [row for row in exported(county) if row["ended_unpaid"] == "0"]
    shown, gauges = county.page("/i").text, county.metrics()

    way = told["stages"][0]
    is_open = sum(not row["paid_at"] for row in rows)
    assert (told["claims"], told["open"], told["claims"] > 200) == (len(rows), is_open, True)
    assert told["paid_within_15_min"] == pytest.approx(paid_by(rows, 900), abs=0.0001)
    for name, share in (("p50", 0.5), ("p90", 0.9), ("p95", 0.95)):
        seconds = way[f"{name}_seconds"]
        assert paid_by(rows, seconds - 0.001) < share <= paid_by(rows, seconds) + 1e-9
        assert tile(shown, name) == SAID["long"](seconds)
        assert f'flashclaim_stage_seconds{{quantile="{share}",stage="report_to_paid"}} {seconds}' in gauges
    assert tile(shown, "claims") == SAID["count"](len(rows))
    assert tile(shown, "open") == SAID["count"](is_open)
    assert tile(shown, "within-15") == SAID["percent"](told["paid_within_15_min"])
    assert f"flashclaim_paid_within_promise_ratio {told['paid_within_15_min']}" in gauges
    for holder in told["minutes"]["holders"]:
        from_rows = sum(float(row[f"held.{holder['holder']}"]) for row in exported(county))
        assert from_rows == pytest.approx(holder["seconds"], abs=0.5)


@pytest.mark.parametrize("page", FIGURES)
def test_a_whole_county_makes_sense_on_every_page(county: Simulated, page: str) -> None:
    makes_sense(county, page)


def test_a_day_with_one_claim_makes_sense(county: Simulated) -> None:
    days = [datetime.fromisoformat(row["reported_at"]).astimezone().date() for row in exported(county)]
    day = min(days)

    for page in ("/i", "/i/quality", "/i/stuck"):
        makes_sense(county, page, **{"from": str(day), "to": str(day)})


@pytest.mark.parametrize(
    "asked",
    [{"county": "999999"}, {"from": "2019-01-01", "to": "2019-01-31"}, {"product": "no-such"}],
)
def test_nothing_at_all_makes_sense(county: Simulated, asked: dict[str, str]) -> None:
    for page in ("/i", "/i/quality", "/i/stuck", "/i/model"):
        makes_sense(county, page, **asked)


@pytest.mark.parametrize("jump", [-MANY_YEARS, -timedelta(days=20), MANY_YEARS])
def test_a_clock_that_jumped_makes_sense(county: Simulated, jump: timedelta) -> None:
    county.clock.move(jump)

    for page in FIGURES:
        makes_sense(county, page)


@pytest.mark.parametrize("what", ["all open", "paid before they were reported", "reported at one moment"])
def test_claims_that_cannot_be_make_sense_all_the_same(county: Simulated, what: str) -> None:
    reported = tables.claims.c.reported_at
    changes: dict[str, dict[str, Any]] = {
        "all open": {"paid_at": None, "state": State.JOINT_REVIEW},
        "paid before they were reported": {"paid_at": PLAN.ends_at - MANY_YEARS, "state": State.PAID},
        "reported at one moment": {"reported_at": PLAN.ends_at, "paid_at": reported, "state": State.PAID},
    }

    with ExitStack() as stack:
        stack.enter_context(county.altered(**changes[what]))
        for page in ("/i", "/i?by=species", "/i/quality", "/i/stuck"):
            makes_sense(county, page)
        told = county.api("/insight").json()

    assert (told["open"] == told["claims"]) is (what == "all open")
    assert all(row["seconds"] >= 0 for row in told["minutes"]["holders"])


def makes_sense(county: Simulated, page: str, /, **asked: str) -> None:
    """The page is there, and no figure on it is none."""
    answer = county.page(page, **asked)
    assert answer.status_code == 200, f"{page} {asked}: {answer.text}"
    nonsense = NONSENSE.search(answer.text)
    assert nonsense is None, answer.text[max(0, nonsense.start() - 200) : nonsense.end() + 50]
