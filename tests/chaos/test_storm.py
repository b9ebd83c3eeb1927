"""A short storm over each database; ``make chaos`` raises the long ones."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.chaos.cluster import programs
from tests.chaos.killer import Kill, schedule
from tests.chaos.storm import Plan, weather
from tests.databases import DIALECTS

KILLS = 6


@pytest.mark.slow
@pytest.mark.timeout(400)  # a minute on a machine that does nothing else
@pytest.mark.parametrize("kind", DIALECTS)
def test_a_storm_breaks_no_promise(kind: str, tmp_path: Path) -> None:
    if kind == "postgresql" and programs() is None:
        pytest.skip("PostgreSQL's own programs are not installed here: no server that may be killed")
    plan = Plan(
        kind,
        KILLS,
        seed="short",
        most_claims=8,
        pause_s=(0.2, 0.8),
        quiet_within_s=120.0,
        # Longer than looking takes: no timer fires between the last look and the stop.
        timers=timedelta(seconds=10),
    )

    found = weather(plan, tmp_path)

    assert found.violations == []
    assert sum(found.kills.values()) == KILLS
    assert found.reported == found.paid > 0


@pytest.mark.parametrize("kind", DIALECTS)
def test_the_same_seed_gives_the_same_schedule(kind: str) -> None:
    first, again, other = (
        list(schedule(kind, seed, 50, pause_s=(0.1, 1.0))) for seed in ("one", "one", "two")
    )

    assert first == again != other
    assert sum(isinstance(trouble, Kill) for _, trouble in first) == 50
