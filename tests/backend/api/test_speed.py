"""Payout speed: open claims are counted as what they are, unfinished observations."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.insight.speed import Observed
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, running_world


@dataclass(frozen=True)
class Duration:
    seconds: float
    is_over: bool


def quantile(durations: list[Duration], share: float) -> float | None:
    """As the product answers it, in any order of observations."""
    over = [one.seconds for one in durations if one.is_over]
    lasting = [one.seconds for one in durations if not one.is_over]
    return Observed.of(over, lasting).quantile(share)


SHARES = st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9, 0.95])
OBSERVED = st.lists(
    st.builds(Duration, st.integers(0, 12).map(float), st.booleans()), min_size=1, max_size=12
)


def kaplan_meier(durations: list[Duration], share: float) -> float | None:
    """The textbook's estimate: S(t) is the product over ends up to t of 1 - ended/at risk."""
    survival = 1.0
    for time in sorted({one.seconds for one in durations if one.is_over}):
        at_risk = sum(one.seconds >= time for one in durations)
        ended = sum(one.seconds == time and one.is_over for one in durations)
        survival *= 1 - ended / at_risk
        if survival <= 1 - share + 1e-9:
            return time
    return None


@given(OBSERVED, SHARES)
def test_a_quantile_is_the_product_limit_estimate(durations: list[Duration], share: float) -> None:
    assert quantile(durations, share) == kaplan_meier(durations, share)


@given(OBSERVED.map(lambda all_: [Duration(one.seconds, is_over=True) for one in all_]), SHARES)
def test_without_open_ones_a_quantile_is_the_plain_one(durations: list[Duration], share: float) -> None:
    found = quantile(durations, share)

    through = sorted(one.seconds for one in durations)
    assert found == next(
        seconds for place, seconds in enumerate(through, start=1) if place / len(through) >= share - 1e-9
    )


@given(OBSERVED, SHARES)
def test_an_open_stage_never_lowers_a_quantile(durations: list[Duration], share: float) -> None:
    before = quantile(durations, share)
    longest = max(one.seconds for one in durations)

    after = quantile([*durations, Duration(longest + 1, is_over=False)], share)

    assert after is None or (before is not None and after >= before)


@given(OBSERVED)
def test_quantiles_rise_with_their_share(durations: list[Duration]) -> None:
    found = [quantile(durations, share) for share in (0.5, 0.9, 0.95)]

    said = [one for one in found if one is not None]
    assert said == sorted(said)
    assert found == said + [None] * (3 - len(said))


def test_an_open_claim_raises_the_figures_that_a_list_of_paid_ones_would_flatter(tmp_path: Path) -> None:
    hours_later: list[timedelta] = [timedelta(0)]
    with running_world(
        tmp_path, farms=2, clock=lambda: datetime.now(UTC) + hours_later[0], session_length=timedelta(days=2)
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
    return dict(world.officer("veterinary").http.get("/speed").raise_for_status().json())


def stage(figures: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in figures["stages"] if one["stage"] == name)


def pay_one(world: World) -> dict[str, Any]:
    policy = world.policy()
    claim = world.report(policy, [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    world.agree(claim, policy)
    world.pay(claim)
    return world.timeline(claim)
