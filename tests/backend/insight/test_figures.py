"""Where the minutes go: packed days say what the claims' rows say, and every reader reads the same."""

import csv
import io
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import delete, update

from backend.domain import commands as c
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.words import HoldKind, Lane
from backend.insight.export import ExportFormat, write_export
from backend.insight.figures import insight
from backend.insight.metrics import stage_durations
from backend.insight.wanted import By, Wanted
from backend.store.day_pack import HOLDERS, WHOLE_WAY, encode, pack
from backend.store.pack_tables import day_packs, unpacked_claims
from backend.store.packing import PackedMeanwhile, keep, make, unpacked
from backend.store.replay import replay
from backend.workflows.packing import Packer
from tests.backend.store.county import County
from tests.builders import CLAIM_ID, FARMER, a_hold, decision

MINUTE = timedelta(minutes=1)


def figures(installation: County, *, at: datetime | None = None, **wanted: Any) -> dict[str, Any]:
    now = at or installation.clock()
    return installation.store.engine.read(
        lambda connection: insight(connection, Wanted(**wanted), now), EVERYWHERE
    )


def quiet(_what: str, _count: int) -> None:
    """Nobody watches."""


def packer(county: County) -> Packer:
    return Packer(county.store, MINUTE)


def exported(county: County, kind: ExportFormat, **wanted: Any) -> bytes:
    pieces: list[bytes] = []
    county.store.engine.read(
        lambda connection: write_export(connection, Wanted(**wanted), county.clock(), kind, pieces.append),
        EVERYWHERE,
    )
    return b"".join(pieces)


def stage(told: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in told["stages"] if one["stage"] == name)


def minutes(told: dict[str, Any]) -> dict[str, float]:
    held = {one["holder"]: one["seconds"] for one in told["minutes"]["holders"]}
    return held | {one["because"]: one["seconds"] for one in told["minutes"]["paused"]}


def test_packed_days_say_what_rows_say(busy: County) -> None:
    later = busy.clock() + timedelta(days=3, seconds=0.5)
    before = [figures(busy, at=later), figures(busy, at=later, by=By.PATH)]

    packed = packer(busy).pack_changed()

    assert packed == len(busy.rows(day_packs)) > 0
    assert busy.rows(unpacked_claims) == []
    assert [figures(busy, at=later), figures(busy, at=later, by=By.PATH)] == before
    assert before[0]["claims"] > 5


def test_replay_makes_packs_again_and_finds_one_that_was_changed(busy: County) -> None:
    packer(busy).pack_changed()
    honest = busy.store.engine.read(lambda connection: replay(connection, quiet), EVERYWHERE)
    forged = update(day_packs).values(content=encode(pack([])))
    busy.store.submit(lambda connection: connection.execute(forged)).result()

    found = busy.store.engine.read(lambda connection: replay(connection, quiet), EVERYWHERE)

    assert honest.faults == []
    assert all("is not what its claims say" in fault for fault in found.faults)
    assert len(found.faults) == len(busy.rows(day_packs))


def test_replay_finds_a_day_that_lost_its_pack(busy: County) -> None:
    packer(busy).pack_changed()
    busy.store.submit(lambda connection: connection.execute(delete(day_packs))).result()

    found = busy.store.engine.read(lambda connection: replay(connection, quiet), EVERYWHERE)

    assert found.faults
    assert all(fault.startswith("there is no pack of") for fault in found.faults)


def test_what_takes_longer_than_seven_weeks_is_packed_to_the_millisecond(county: County) -> None:
    county.report()
    county.clock.move(timedelta(days=60, milliseconds=7))
    county.give(c.Withdraw(by=FARMER))
    before = figures(county)

    packer(county).pack_changed()

    assert figures(county) == before
    assert stage(before, "upload")["p50_seconds"] == 60 * 86_400 + 1.007


def test_a_change_after_packing_is_seen_at_once(busy: County) -> None:
    packer(busy).pack_changed()
    before = figures(busy)

    busy.report()

    after = figures(busy)
    assert (after["claims"], after["open"]) == (before["claims"] + 1, before["open"] + 1)


def test_a_pack_is_never_older_than_what_another_process_packed(county: County) -> None:
    county.report()
    [place] = county.store.engine.read(unpacked, EVERYWHERE)
    older = county.store.engine.read(lambda connection: make(connection, place), EVERYWHERE)
    county.verify()
    packer(county).pack_changed()

    with pytest.raises(PackedMeanwhile):
        county.store.submit(lambda connection: keep(connection, older)).result()

    assert stage(figures(county), "joint_review")["open"] == 1


def test_a_lane_is_charged_with_its_own_minutes_alone(county: County) -> None:
    county.report()
    claim = county.verify()
    for lane, waits in ((Lane.INSURER, 3), (Lane.VETERINARY, 6), (Lane.INSPECTION, 10)):
        county.clock.now = claim.triaged_at + waits * MINUTE - timedelta(seconds=1)
        county.give(decision(claim, lane))

    told = figures(county)

    own = {lane: stage(told, f"joint_review.{lane}")["p50_seconds"] for lane in Lane}
    assert own == {Lane.INSURER: 180, Lane.VETERINARY: 360, Lane.INSPECTION: 600}
    # Three minutes of three lanes, three of two, four of one: each minute once.
    held = minutes(told)
    assert (held["insurer"], held["veterinary"], held["inspection"]) == (60, 60 + 90, 60 + 90 + 240)
    assert stage(told, "joint_review")["p50_seconds"] == 600


def test_a_quarantine_stops_everybodys_minutes(county: County) -> None:
    county.report()
    claim = county.verify()
    county.give(a_hold(HoldKind.QUARANTINE))
    held_at = county.clock()
    county.clock.move(60 * MINUTE)

    held = minutes(figures(county))

    assert held["quarantine"] == 3600
    assert held["insurer"] + held["veterinary"] + held["inspection"] == pytest.approx(
        (held_at - claim.triaged_at).total_seconds(), abs=0.002
    )


def test_all_minutes_of_a_claim_are_its_age(county: County) -> None:
    county.report()
    county.verify()
    county.clock.move(25 * MINUTE)

    told = figures(county)

    assert told["minutes"]["seconds"] == pytest.approx(
        (county.clock() - county.claim().reported_at).total_seconds()
    )
    assert sum(minutes(told).values()) == pytest.approx(told["minutes"]["seconds"])


def test_export_and_metrics_say_what_the_figures_say(busy: County) -> None:
    busy.clock.move(7 * MINUTE)
    told = figures(busy)

    rows = list(csv.DictReader(io.StringIO(exported(busy, ExportFormat.CSV).decode())))
    table = pq.read_table(io.BytesIO(exported(busy, ExportFormat.PARQUET))).to_pylist()
    gauges = {
        (sample.name, *sample.labels.values()): sample.value
        for family in busy.store.engine.read(
            lambda connection: list(stage_durations(connection, busy.clock())), EVERYWHERE
        )
        for sample in family.samples
    }

    way = [row for row in rows if row["ended_unpaid"] == "0"]
    assert (len(way), sum(not row["paid_at"] for row in way)) == (told["claims"], told["open"])
    for name in HOLDERS:
        from_csv = sum(float(row[f"held.{name}"]) for row in rows)
        from_parquet = sum(row[f"held.{name}"] for row in table)
        assert from_csv == pytest.approx(minutes(told)[name], abs=0.001)
        assert from_parquet == pytest.approx(from_csv, abs=0.001)
    paid = sorted(float(row[WHOLE_WAY]) for row in way if row["paid_at"])
    assert stage(told, WHOLE_WAY)["count"] - stage(told, WHOLE_WAY)["open"] == len(paid)
    for one in told["stages"]:
        assert gauges["flashclaim_stage_claims", one["stage"]] == one["count"]
        p50 = gauges["flashclaim_stage_seconds", one["stage"], "0.5"]
        assert p50 == (one["p50_seconds"] if one["p50_seconds"] is not None else float("inf"))


def test_groups_add_up_to_the_whole(busy: County) -> None:
    whole = figures(busy)

    for by in By:
        groups = figures(busy, by=by)["groups"]
        assert sum(one["claims"] for one in groups) == whole["claims"]
        assert sum(one["minutes"]["seconds"] for one in groups) == pytest.approx(whole["minutes"]["seconds"])


def test_filters_that_fit_nothing_give_empty_figures_and_no_nan(busy: County) -> None:
    empty = (
        figures(busy, county="999999"),
        figures(busy, product="no-such"),
        figures(busy, first=busy.clock().date() + timedelta(days=9)),
        figures(busy, within=frozenset()),
    )

    for told in empty:
        assert (told["claims"], told["open"], told["paid_within_15_min"]) == (0, 0, None)
        assert told["minutes"]["seconds"] == 0
        assert all(one["share"] is None for one in told["minutes"]["holders"])
    assert "NaN" not in repr(empty)
    assert "nan" not in repr(empty)


def test_a_reader_sees_figures_of_their_own_counties_alone(busy: County) -> None:
    own = busy.rows(unpacked_claims)[0].county

    assert figures(busy, within=frozenset({own}))["claims"] == figures(busy)["claims"]
    assert figures(busy, within=frozenset({"110101"}), county=own)["claims"] == 0


def test_a_clock_that_jumped_back_gives_figures_all_the_same(busy: County) -> None:
    packer(busy).pack_changed()

    told = figures(busy, at=busy.clock() - timedelta(days=400))

    assert told["claims"] == figures(busy)["claims"]
    assert all(one["seconds"] >= 0 for one in told["minutes"]["holders"])


def test_a_withdrawn_claim_is_no_observation_of_the_way_to_the_money(county: County) -> None:
    county.report()
    county.give(c.Withdraw(by=FARMER), CLAIM_ID)

    told = figures(county)

    assert (told["claims"], told["open"], told["ended_unpaid"]) == (0, 0, 1)
    assert Counter(one["open"] for one in told["stages"]) == {0: len(told["stages"])}
