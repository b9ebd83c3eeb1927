"""The service quality index: anyone can work it out again, and a regulator sees it without seeing farmers."""

import csv
import io
import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain import commands as c
from backend.domain.authority.sight import EVERYWHERE
from backend.insight.export import ExportFormat, write_export
from backend.insight.quality import quality, weights
from backend.insight.regulator import FEWEST, regulator, suppressed
from backend.insight.wanted import By, Wanted
from tests.backend.store.county import County
from tests.builders import FARMER

MINUTE = timedelta(minutes=1)


def asked(installation: County, what: Any, **wanted: Any) -> dict[str, Any]:
    now = installation.clock()
    return installation.store.engine.read(
        lambda connection: what(connection, Wanted(**wanted), now), EVERYWHERE
    )


def rows_of(installation: County) -> list[dict[str, str]]:
    pieces: list[bytes] = []
    installation.store.engine.read(
        lambda connection: write_export(
            connection, Wanted(), installation.clock(), ExportFormat.CSV, pieces.append
        ),
        EVERYWHERE,
    )
    return list(csv.DictReader(io.StringIO(b"".join(pieces).decode())))


def left_after(way: list[tuple[float, bool]], seconds: float) -> float:
    """Kaplan-Meier as a reader of the export would write it."""
    left = 1.0
    for time in sorted({one for one, is_paid in way if is_paid and one <= seconds}):
        at_risk = sum(one >= time for one, _ in way)
        left *= 1 - sum(one == time and is_paid for one, is_paid in way) / at_risk
    return left


def by_hand(rows: list[dict[str, str]]) -> float:
    """The index from the export and the published weights alone."""
    way = [(float(row["report_to_paid"]), bool(row["paid_at"])) for row in rows if row["ended_unpaid"] == "0"]
    paid = [row for row in rows if row["paid_at"] and row["ended_unpaid"] == "0"]
    kept = sum(moment(row["paid_at"]) <= moment(row["due_at"]) for row in paid)
    late_open = sum(
        moment(row["due_at"]) < moment(row["as_of"])
        for row in rows
        if not row["paid_at"] and row["ended_unpaid"] == "0"
    )
    p90 = next(
        (time for time in sorted(one for one, is_paid in way if is_paid) if left_after(way, time) <= 0.1),
        None,
    )
    raw = {
        "paid_within_15_min": 1 - left_after(way, 900),
        "p90_seconds": 864_000 if p90 is None else p90,
        "kept_promises": kept / (len(paid) + late_open),
        "asked_again": sum(int(row["asked"]) for row in rows) / len(rows),
    }
    total = 0.0
    for one in weights():
        scale = math.log if one.scale == "log" else float
        share = (scale(raw[one.name]) - scale(one.worst)) / (scale(one.best) - scale(one.worst))
        total += one.weight * 100 * min(1.0, max(0.0, share))
    return total / sum(one.weight for one in weights())


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_the_index_can_be_worked_out_again_from_the_export_alone(busy: County) -> None:
    busy.clock.move(3 * 24 * 60 * MINUTE)

    told = asked(busy, quality)

    assert told["index"] == pytest.approx(by_hand(rows_of(busy)), abs=0.051)
    assert 0 < told["index"] < 100


def test_every_figure_shows_its_raw_value_points_and_weight(busy: County) -> None:
    told = asked(busy, quality, by=By.SPECIES)

    whole = sum(one["weight"] for one in told["figures"])
    assert whole == 100
    known = [one for one in told["figures"] if one["raw"] is not None]
    assert told["index"] == pytest.approx(
        sum(one["weight"] * one["points"] for one in known) / sum(one["weight"] for one in known), abs=0.1
    )
    assert [one["group"] for one in told["groups"]] == ["pig"]


def test_without_claims_there_is_no_index(county: County) -> None:
    told = asked(county, quality)

    assert (told["claims"], told["index"]) == (0, None)
    assert {one["raw"] for one in told["figures"]} == {None}


def test_a_regulator_does_not_see_a_handful_of_claims(county: County) -> None:
    county.report()
    county.give(c.Withdraw(by=FARMER))

    told = asked(county, regulator)

    assert told["total"]["claims"] is None
    assert [one["suppressed"] for one in told["groups"]] == [True]


def test_a_regulator_sees_a_county_with_its_index_but_no_count_of_few(busy: County) -> None:
    told = asked(busy, regulator)

    [group] = told["groups"]
    assert group["claims"] >= FEWEST
    assert group["index"] is not None
    for count in ("open", "ended_unpaid", "overdue"):
        assert group[count] is None or group[count] == 0 or group[count] >= FEWEST


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(1, 30), max_size=8))
def test_a_hidden_count_cannot_be_had_from_the_total(counts: Mapping[str, int]) -> None:
    hidden = suppressed(counts)

    assert all(name in hidden for name, count in counts.items() if count < FEWEST)
    if hidden and len(hidden) < len(counts):
        assert len(hidden) > 1
        assert sum(counts[name] for name in hidden) >= FEWEST
