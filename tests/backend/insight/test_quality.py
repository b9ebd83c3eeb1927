"""The service quality index: anyone can work it out again from the export alone."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.problems import InvalidInput
from backend.domain.quality.from_rows import quality_of
from backend.domain.suppression import FEWEST
from backend.insight.export import ExportFormat, write_export
from backend.insight.heard import hear
from backend.insight.quality import quality
from backend.insight.wanted import By, Wanted
from backend.service_index.load import weights
from backend.store import tables
from backend.store.rating_tables import tickets
from tests.backend.store.county import County
from tests.builders import CLAIM_ID
from tests.voices import a_rating, closing, taking

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


def rate(installation: County, claim_id: Any, **scores: int) -> None:
    recommend = scores.pop("recommend", None)
    rating = a_rating(recommend=recommend, **scores)
    installation.store.run_blocking(claim_id, rating, at=installation.clock())


def some_voices(installation: County) -> None:
    """Every claim of the county is rated for what is over, some badly; one bad rating is answered."""
    claims = installation.rows(tables.claims)
    for place, claim in enumerate(sorted(claims, key=lambda row: row.number)):
        scores: dict[str, int] = {"reporting": 1 + place % 5}
        if claim.paid_at:
            scores |= {"payment": 5 - place % 3, "recommend": place % 11}
        rate(installation, claim.id, **scores)
    answered = min(installation.rows(tickets), key=lambda row: row.opened_at)
    for command in (taking(no=answered.no), closing(no=answered.no)):
        installation.store.run_blocking(answered.claim_id, command, at=installation.clock())
    due = update(tickets).values(due_at=installation.clock() + MINUTE)
    installation.store.submit(lambda connection: connection.execute(due)).result()


def test_the_index_can_be_worked_out_again_from_the_export_alone(busy: County) -> None:
    some_voices(busy)
    busy.clock.move(30 * 24 * 60 * MINUTE)

    told = asked(busy, quality)
    again = quality_of(rows_of(busy), weights())

    assert again == {name: told[name] for name in again}
    unknown = {one["name"] for one in told["figures"] if one["raw"] is None}
    assert unknown <= {"nps", "tickets_in_time"}, "too few were paid, or complained"
    assert told["voices"]["tickets"]["closed_in_time"] == 1
    assert told["voices"]["tickets"]["late"] > 0
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
    assert quality_of(rows_of(county), weights())["index"] is None


def test_a_few_angry_voices_are_not_the_service(county: County) -> None:
    county.report()
    rate(county, CLAIM_ID, reporting=1)

    told = asked(county, quality, by=By.COUNTY)

    raw = {one["name"]: one["raw"] for one in told["figures"]}
    assert (raw["rating"], raw["nps"]) == (None, None)
    assert told["voices"]["stages"]["reporting"] == {"answers": 1, "mean": 1.0}


def test_voices_are_told_apart_like_the_claims_they_are_of(busy: County) -> None:
    some_voices(busy)

    for by in By:
        told = asked(busy, quality, by=by)
        heard = busy.store.engine.read(
            lambda connection, by=by: hear(connection, Wanted(by=by), busy.clock()), EVERYWHERE
        )

        assert set(heard.groups) <= {one["group"] for one in told["groups"]}
        together = sum(one.scores["reporting"][0] for one in heard.groups.values())
        assert together == heard.whole.scores["reporting"][0] > FEWEST


def test_a_file_that_is_no_export_is_refused_by_row_and_column() -> None:
    with pytest.raises(InvalidInput) as refused:
        quality_of([{"number": "FC-1"}], weights())

    assert "/2/as_of" in [error.pointer for error in refused.value.errors]
