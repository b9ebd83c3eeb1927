"""Exports: the same claims in every format, and files that others' programs open."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree as ET

import geopandas as gpd
import pyarrow.parquet as pq
import pytest
import shapely
from lifelines import KaplanMeierFitter
from lifelines.utils import qth_survival_times
from sqlalchemy import update

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import ClaimId
from backend.insight.claim_rows import COLUMNS, FLAGS, MOMENTS, SECONDS, TICKETS, VOICES
from backend.insight.export import ExportFormat, write_export
from backend.insight.figures import TARGET_MS, insight
from backend.insight.metrics import stage_durations
from backend.insight.wanted import Wanted
from backend.store import tables
from backend.store.day_pack import WHOLE_WAY
from tests.backend.store.county import County

PREMISES = shapely.Polygon([(113.0, 28.1), (113.01, 28.1), (113.01, 28.11), (113.0, 28.11)])
XES = "{http://www.xes-standard.org/}"


def exported(county: County, kind: ExportFormat) -> bytes:
    pieces: list[bytes] = []
    county.store.engine.read(
        lambda connection: write_export(connection, Wanted(), county.clock(), kind, pieces.append), EVERYWHERE
    )
    return b"".join(pieces)


def survey(county: County, boundary: bytes) -> None:
    """Every farm lies there."""
    county.store.submit(lambda c: c.execute(update(tables.farms).values(boundary=boundary))).result()


def from_csv(county: County) -> list[dict[str, Any]]:
    """Its rows with the types that the documentation says."""

    def typed(name: str, cell: str) -> Any:
        if cell == "":
            return None
        if name in MOMENTS:
            return datetime.fromisoformat(cell)
        if name in FLAGS:
            return cell == "1"
        if name in (*VOICES, *TICKETS):
            return int(cell)
        return float(cell) if name in SECONDS else cell

    text = exported(county, ExportFormat.CSV).decode()
    return [
        {name: typed(name, cell) for name, cell in row.items()} for row in csv.DictReader(io.StringIO(text))
    ]


def traces(county: County) -> Iterator[tuple[dict[str, str], list[dict[str, str]]]]:
    """Attributes of each trace, and of its events."""

    def attributes(element: ET.Element) -> dict[str, str]:
        return {one.attrib["key"]: one.attrib["value"] for one in element if "key" in one.attrib}

    log = ET.fromstring(exported(county, ExportFormat.XES))
    for trace in log.iter(f"{XES}trace"):
        yield attributes(trace), [attributes(event) for event in trace.iter(f"{XES}event")]


@pytest.fixture
def surveyed(busy: County) -> County:
    survey(busy, cast("bytes", shapely.to_wkb(PREMISES)))
    busy.clock.move(timedelta(minutes=7))
    return busy


def test_csv_parquet_and_geoparquet_hold_equal_values_for_equal_claims(surveyed: County) -> None:
    rows = from_csv(surveyed)
    parquet = pq.read_table(io.BytesIO(exported(surveyed, ExportFormat.PARQUET))).to_pylist()
    ground = pq.read_table(io.BytesIO(exported(surveyed, ExportFormat.GEOPARQUET))).to_pylist()

    assert len(rows) == len(parquet) == len(ground) > 5
    for row, flat, placed in zip(rows, parquet, ground, strict=True):
        assert {name: placed[name] for name in COLUMNS} == flat
        assert row == {
            name: pytest.approx(value, abs=1e-6) if name in SECONDS and value is not None else value
            for name, value in flat.items()
        }


def test_xes_events_are_the_timelines(surveyed: County) -> None:
    found = {trace["concept:name"]: (trace, events) for trace, events in traces(surveyed)}
    claims = surveyed.rows(tables.claims)

    assert set(found) == {row.number for row in claims}
    for row in claims:
        trace, events = found[row.number]
        history = surveyed.history(ClaimId(row.id))
        assert [(one["concept:name"], one["flashclaim:seq"]) for one in events] == [
            (entry.event.type, str(entry.seq)) for entry in history
        ]
        assert [datetime.fromisoformat(one["time:timestamp"]) for one in events] == [
            one.at for one in history
        ]
        assert [one["org:role"] for one in events] == [one.actor.kind for one in history]
        assert trace["flashclaim:state"] == row.state


def test_offices_in_xes_are_told_apart_and_not_named(surveyed: County) -> None:
    content = exported(surveyed, ExportFormat.XES).decode()
    offices = {row.organisation for row in surveyed.rows(tables.events) if row.organisation}
    officers = {row.actor for row in surveyed.rows(tables.events) if row.actor_kind == "officer"}
    resources = {one["org:resource"] for _, events in traces(surveyed) for one in events}

    assert [one for one in offices | officers if one in content] == []
    assert len([one for one in resources if one.startswith("office-")]) == len(offices) > 1


@pytest.mark.filterwarnings("ignore")  # of pm4py's own
def test_a_process_miner_opens_the_log(surveyed: County, tmp_path: Path) -> None:
    import pm4py

    file = tmp_path / "claims.xes"
    file.write_bytes(exported(surveyed, ExportFormat.XES))

    log = pm4py.read_xes(str(file), show_progress_bar=False)
    starts = pm4py.get_start_activities(log)
    graph, _, _ = pm4py.discover_dfg(log)

    claims = len(surveyed.rows(tables.claims))
    assert log["case:concept:name"].nunique() == claims
    assert starts == {"claim-reported": claims}
    assert len(log) == len(surveyed.rows(tables.events))
    assert graph["photo-checked", "claim-triaged"] > 0
    assert str(log["time:timestamp"].dtype.tz) == "UTC"


def test_geopandas_opens_the_map(surveyed: County, tmp_path: Path) -> None:
    file = tmp_path / "claims.parquet"
    file.write_bytes(exported(surveyed, ExportFormat.GEOPARQUET))

    frame = gpd.read_parquet(file)
    nearby = gpd.read_parquet(file, bbox=(112.9, 28.0, 113.0, 28.2))
    elsewhere = gpd.read_parquet(file, bbox=(100.0, 20.0, 101.0, 21.0))

    assert frame.crs.to_authority() == ("OGC", "CRS84")
    assert frame.geometry.geom_equals(PREMISES).all()
    assert frame.geometry.contains(frame["place"]).all()
    assert len(nearby) == len(frame) > 5
    assert len(elsewhere) == 0


def test_the_maps_metadata_are_geoparquet_1_1(surveyed: County) -> None:
    file = pq.ParquetFile(io.BytesIO(exported(surveyed, ExportFormat.GEOPARQUET)))

    geo = json.loads(file.metadata.metadata[b"geo"])

    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    premises = geo["columns"]["geometry"]
    assert (premises["encoding"], premises["geometry_types"]) == ("WKB", ["Polygon"])
    assert premises["bbox"] == list(PREMISES.bounds)
    assert premises["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    assert geo["columns"]["place"]["geometry_types"] == ["Point"]


def test_a_farm_that_was_not_surveyed_has_no_place_and_is_exported_all_the_same(busy: County) -> None:
    table = pq.read_table(io.BytesIO(exported(busy, ExportFormat.GEOPARQUET)))

    assert table.num_rows == len(busy.rows(tables.claims))
    assert table["geometry"].null_count == table["place"].null_count == table.num_rows


@pytest.mark.parametrize("kind", ExportFormat)
def test_a_county_without_claims_gives_a_file_that_opens(county: County, kind: ExportFormat) -> None:
    content = exported(county, kind)

    if kind is ExportFormat.CSV:
        assert content.decode().splitlines() == [",".join(COLUMNS)]
    elif kind is ExportFormat.XES:
        assert list(traces(county)) == []
    else:
        assert pq.read_table(io.BytesIO(content)).num_rows == 0


@pytest.mark.filterwarnings("ignore")  # of lifelines' own
def test_metrics_and_figures_are_worked_out_again_from_the_files(surveyed: County) -> None:
    surveyed.clock.move(timedelta(minutes=20))
    told = surveyed.store.engine.read(lambda c: insight(c, Wanted(), surveyed.clock()), EVERYWHERE)
    way: dict[str, Any] = next(one for one in cast("Any", told["stages"]) if one["stage"] == WHOLE_WAY)
    gauges = {
        (sample.name, *sample.labels.values()): sample.value
        for family in surveyed.store.engine.read(
            lambda c: list(stage_durations(c, surveyed.clock())), EVERYWHERE
        )
        for sample in family.samples
    }

    for rows in (
        from_csv(surveyed),
        pq.read_table(io.BytesIO(exported(surveyed, ExportFormat.PARQUET))).to_pylist(),
    ):
        counted = [row for row in rows if not row["ended_unpaid"]]
        fitter = KaplanMeierFitter().fit(
            [row[WHOLE_WAY] for row in counted], [row["paid_at"] is not None for row in counted]
        )
        for share in (0.5, 0.9, 0.95):
            found = float(qth_survival_times(1 - share, fitter.survival_function_))
            figure = way[f"p{share * 100:.0f}_seconds"]
            gauge = gauges["flashclaim_stage_seconds", WHOLE_WAY, str(share)]
            assert found == pytest.approx(float("inf") if figure is None else figure, abs=0.001)
            assert gauge == pytest.approx(found, abs=0.001)
        within = 1 - fitter.predict(TARGET_MS / 1000)
        assert within == pytest.approx(told["paid_within_15_min"], abs=0.0001)
        assert gauges["flashclaim_stage_claims", WHOLE_WAY] == len(counted) == told["claims"]


def test_exports_of_different_formats_say_as_of_when(surveyed: County) -> None:
    assert {row["as_of"] for row in from_csv(surveyed)} == {surveyed.clock().astimezone(UTC)}
