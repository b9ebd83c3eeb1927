"""What is stuck: with whom, since when, why, and what runs out within the hour."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from backend.domain import commands as c
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.decisions.facts import Clocks
from backend.domain.words import HoldKind, Lane
from backend.insight.stuck import stuck
from backend.insight.wanted import Wanted
from backend.products.load import products
from backend.store import tables
from backend.store.run import Store
from backend.timetables.load import timetable
from tests.backend.store.county import County, opened_county
from tests.builders import a_hold, decision

MINUTE = timedelta(minutes=1)


@pytest.fixture
def county(lasting_database: str) -> Iterator[County]:
    """With the clocks that come with flashclaim: 15 minutes from report to money."""
    with opened_county(lasting_database) as county:
        county.store = Store(county.store.engine, products(), Clocks(timetable=timetable()))
        yield county


def told(county: County, *, most: int = 50, **wanted: Any) -> dict[str, Any]:
    return county.store.engine.read(
        lambda connection: stuck(connection, Wanted(**wanted), county.clock(), most), EVERYWHERE
    )


def test_a_claim_is_at_risk_at_three_quarters_of_its_promise_and_says_with_whom(county: County) -> None:
    county.report()
    claim = county.verify()
    county.give(decision(claim, Lane.INSURER))
    fresh = told(county)
    county.clock.now = claim.reported_at + 12 * MINUTE

    [row] = told(county)["claims"]

    assert fresh["claims"] == []
    assert fresh["forecast"]["breaches"][0]["claims"] == 1
    assert (row["clock"], row["late"], row["seconds_left"]) == ("payout", False, 180)
    assert (row["stage"], row["held_by"]) == ("joint_review", "veterinary+inspection")
    assert {one["holder"]: one["at_risk"] for one in told(county)["by_holder"]} == {
        "veterinary": 1,
        "inspection": 1,
    }


def test_a_late_claim_says_why_it_waits(county: County) -> None:
    county.report()
    claim = county.verify()
    county.give(a_hold(HoldKind.SIGNALS))
    county.clock.now = claim.reported_at + 40 * MINUTE

    [row] = told(county)["claims"]

    assert (row["late"], row["seconds_left"], row["age_seconds"]) == (True, -1500, 2400)
    assert row["reason"] == "SIGNALS: let me call the farm"
    assert row["held_by"] == "insurer"


def test_a_claim_whose_effect_died_says_so(county: County) -> None:
    claim = county.report()
    county.clock.now = claim.reported_at + 13 * MINUTE
    effects = tables.effects
    dead = update(effects).where(effects.c.kind == "verify").values(state="dead", last_error="no network")
    county.store.submit(lambda connection: connection.execute(dead)).result()

    [row] = told(county)["claims"]

    assert row["failure"] == "verify: no network"


def test_filters_leave_out_what_is_not_wanted(county: County) -> None:
    claim = county.report()
    county.clock.now = claim.reported_at + 13 * MINUTE

    assert told(county, species="pig")["claims"]
    assert told(county, species="cattle") | {"filter": None} == {
        **told(county, within=frozenset()),
        "filter": None,
    }
    assert told(county, species="cattle")["by_holder"] == []
    assert told(county, most=1)["claims"]


def test_a_withdrawn_claim_is_stuck_with_nobody(county: County) -> None:
    claim = county.report()
    county.give(c.Withdraw(by=claim.reported_by))
    county.clock.now = claim.reported_at + 40 * MINUTE

    assert told(county)["claims"] == []
