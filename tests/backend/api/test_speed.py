"""Payout speed: open claims are counted as what they are, unfinished observations."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.journeys.pictures import a_photo
from tests.journeys.world import World, running_world


def test_an_open_claim_raises_the_figures_that_a_list_of_paid_ones_would_flatter(tmp_path: Path) -> None:
    hours_later: list[timedelta] = [timedelta(0)]
    with running_world(
        tmp_path,
        farms=2,
        clock=lambda: datetime.now(UTC) + hours_later[0],
        session_length=timedelta(days=2),
        session_idle=timedelta(days=2),
    ) as world:
        empty = figures(world)
        paid = pay_one(world)
        quick = figures(world)
        waiting = world.report(world.policy(), [a_photo()])
        world.wait(waiting, "JOINT_REVIEW")
        hours_later[0] = timedelta(hours=20)
        slow = figures(world)

    assert (empty["claims"], empty["paid_within_15_min"]) == (0, None)
    assert (quick["claims"], quick["open"], quick["paid_within_15_min"]) == (1, 0, 1.0)
    assert stage(quick, "report_to_paid")["p95_seconds"] == paid["seconds_to_paid"]
    assert (slow["claims"], slow["open"], slow["paid_within_15_min"]) == (2, 1, 0.5)
    assert stage(slow, "report_to_paid")["p95_seconds"] is None
    assert stage(slow, "joint_review")["open"] == 1
    assert stage(slow, "joint_review")["p95_seconds"] is None


def figures(world: World) -> dict[str, Any]:
    return dict(world.officer("veterinary").http.get("/insight").raise_for_status().json())


def stage(figures: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in figures["stages"] if one["stage"] == name)


def pay_one(world: World) -> dict[str, Any]:
    policy = world.policy()
    claim = world.report(policy, [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    world.agree(claim, policy)
    world.pay(claim)
    return world.timeline(claim)
