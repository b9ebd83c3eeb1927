"""Page, command line, export and metrics say the same of the same claims at the same moment."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest
from lifelines import KaplanMeierFitter
from lifelines.utils import qth_survival_times
from prometheus_client.parser import text_string_to_metric_families

from tests.cli.conftest import Shell, sign_in
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, running_world

WAY, SHARES = "report_to_paid", (0.5, 0.9, 0.95)
HOUR = timedelta(hours=1)


class Standing:
    """Real time, until it is made to stand still."""

    def __init__(self) -> None:
        self.at: datetime | None = None

    def __call__(self) -> datetime:
        return self.at or datetime.now(UTC)


@pytest.mark.filterwarnings("ignore")  # of lifelines' own
def test_metrics_commands_api_and_files_show_the_same_speed(tmp_path: Path) -> None:
    clock = Standing()
    with running_world(
        tmp_path / "server", clock=clock, session_length=48 * HOUR, session_idle=48 * HOUR
    ) as world:
        shell = Shell(tmp_path / "profiles", world.url)
        sign_in(world, shell, "insurer")
        for place in range(2):
            pay_one(world, place)
        world.wait(world.report(world.policy(place=2), [a_photo()]), "JOINT_REVIEW")
        clock.at = datetime.now(UTC) + HOUR

        api = world.officer("insurer").http.get("/insight").raise_for_status().json()
        command = shell.json("stats", "speed", profile="insurer")
        for name in ("claims.csv", "claims.parquet"):
            shell.ok("stats", "export", "--into", str(tmp_path / name), profile="insurer")
        metrics = httpx.get(f"{world.url}/metrics", trust_env=False).raise_for_status().text

    with (tmp_path / "claims.csv").open(newline="", encoding="utf-8") as file:
        from_csv = [
            (float(row[WAY]), bool(row["paid_at"]))
            for row in csv.DictReader(file)
            if row["ended_unpaid"] == "0"
        ]
    from_parquet = [
        (row[WAY], row["paid_at"] is not None)
        for row in pq.read_table(tmp_path / "claims.parquet").to_pylist()
        if not row["ended_unpaid"]
    ]
    said = speed(api)
    assert said["0.5"] < 900
    assert said["0.95"] == float("inf")
    assert said["share"] == pytest.approx(2 / 3, abs=0.0001)
    assert speed(command) == said
    assert scraped(metrics) == pytest.approx(said, abs=0.0001)
    assert worked_out(from_csv) == pytest.approx(said, abs=0.001)
    assert worked_out(from_parquet) == pytest.approx(said, abs=0.001)


def pay_one(world: World, place: int) -> None:
    policy = world.policy(place=place)
    claim = world.report(policy, [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    world.agree(claim, policy)
    world.pay(claim)


def speed(told: dict[str, Any]) -> dict[str, float]:
    """Of the whole way: quantiles in seconds, the share within 15 minutes, how many."""
    way = next(one for one in told["stages"] if one["stage"] == WAY)
    found = {str(share): way[f"p{share * 100:.0f}_seconds"] for share in SHARES}
    plain = {name: float("inf") if one is None else one for name, one in found.items()}
    return plain | {"share": told["paid_within_15_min"], "claims": way["count"]}


def scraped(text: str) -> dict[str, float]:
    samples = [one for family in text_string_to_metric_families(text) for one in family.samples]

    def of(name: str, **labels: str) -> float:
        return next(one.value for one in samples if one.name == name and one.labels == labels)

    return {
        str(share): of("flashclaim_stage_seconds", stage=WAY, quantile=str(share)) for share in SHARES
    } | {
        "share": of("flashclaim_paid_within_promise_ratio"),
        "claims": of("flashclaim_stage_claims", stage=WAY),
    }


def worked_out(rows: list[tuple[float, bool]]) -> dict[str, float]:
    """As a statistician would, from an export alone."""
    fitted = KaplanMeierFitter().fit([took for took, _ in rows], [is_paid for _, is_paid in rows])
    quantiles = {
        str(share): float(qth_survival_times(1 - share, fitted.survival_function_)) for share in SHARES
    }
    return quantiles | {"share": float(1 - fitted.predict(900)), "claims": len(rows)}
