"""Files of farms: every format, what is mended or refused, and what is never half written."""

import codecs
import json
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import Digest
from backend.domain.problems import IdempotencyKeyReused
from backend.domain.register.fields import Register
from backend.domain.register.problems import ImportRefused, ImportUnreadable
from backend.store import imports, registers, tables
from backend.store.requests import Keyed
from backend.workflows.premises import PremisesIndex
from geo.datum import Datum, from_wgs84
from geo.fix import Fix
from geo.outlines import same
from tests.backend.workflows.importing import FIELDS, NORTH, SOUTH, Office, notes, opened_office, totals
from tests.geo.farmland import a_square, a_star

SHARED = Path(__file__).resolve().parents[3] / ".." / "shared" / "data" / "geo"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared boundaries are not on this machine")


@pytest.fixture
def office(lasting_database: str, tmp_path: Path) -> Iterator[Office]:
    with opened_office(lasting_database, tmp_path) as opened:
        yield opened


def a_frame(crs: int | None = 4326) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame(
        {"farm_id": ["N", "S"], "场名": ["荷塘猪场", "东岭猪场"]}, geometry=[NORTH, SOUTH], crs=crs
    )


def boundary_of(office: Office, farm: str) -> shapely.Geometry:
    (row,) = [one for one in office.registered(tables.farms) if one["id"] == farm]
    return shapely.from_wkb(row["boundary"])


@pytest.mark.parametrize(
    "name", ["f.gpkg", "f.fgb", "f.geojson", "f.shp", "f.zip", "f.parquet", "f.csv", "f.kml"]
)
def test_every_format_brings_the_same_farms_and_again_changes_nothing(office: Office, name: str) -> None:
    path = office.folder / name
    if name == "f.parquet":
        a_frame().to_parquet(path)
    elif name == "f.csv":
        office.table(
            ("farm_id", "养殖场名称", "边界"),
            ("N", "荷塘猪场", NORTH.wkt),
            ("S", "东岭猪场", SOUTH.wkt),
            name=name,
        )
    elif name == "f.kml":
        a_frame().rename(columns={"场名": "Name"}).to_file(path, driver="KML")
    else:
        a_frame().to_file(path.with_suffix(".shp") if name == "f.zip" else path)
    if name == "f.zip":
        with ZipFile(path, "w") as packed:
            for part in office.folder.glob("f.[!z]*"):
                packed.write(part, part.name)

    first, again = office.farms(path), office.farms(path)

    assert (totals(first), totals(again)) == ((2, 0, 0, 0), (0, 0, 2, 0))
    assert first["not_in_file"] == 1
    assert same(boundary_of(office, "N"), NORTH)
    assert {row["name"] for row in office.registered(tables.farms)} >= {"荷塘猪场", "东岭猪场"}


@pytest.mark.parametrize("encoding", [None, "gbk"])
def test_a_shapefile_in_gbk_is_read_without_and_with_a_word_about_it(
    office: Office, encoding: str | None
) -> None:
    path = office.folder / "gbk.shp"
    a_frame().to_file(path, encoding="GBK")
    path.with_suffix(".cpg").unlink()

    report = office.farms(path, encoding=encoding)

    assert totals(report) == (2, 0, 0, 0)
    assert ("texts read as GBK" in notes(report)) is (encoding is None)
    assert "荷塘猪场" in {row["name"] for row in office.registered(tables.farms)}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_spreadsheets_text_is_read_whatever_it_is_saved_as(
    office: Office, encoding: str, separator: str
) -> None:
    path = office.folder / "sheet.csv"
    lines = ["养殖场编号", "养殖场名称", "县代码"], ["N", "荷塘猪场", "370800"], ["", "", ""]
    path.write_text("\r\n".join(separator.join(line) for line in lines), encoding=encoding)

    report = office.farms(path)

    assert totals(report) == (1, 0, 0, 0)
    assert "1 empty row left out" in notes(report)
    assert "has no boundary" in notes(report)


def test_a_file_in_metres_is_converted_and_says_so(office: Office) -> None:
    path = office.folder / "utm.gpkg"
    a_frame().to_crs(32649).to_file(path)

    report = office.farms(path)

    assert "converted from WGS 84 / UTM zone 49N" in notes(report)
    assert shapely.hausdorff_distance(boundary_of(office, "N"), NORTH) < 1e-8


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_a_chinese_datum_is_converted_corner_by_corner(office: Office, datum: Datum) -> None:
    shifted = shapely.transform(NORTH, lambda places: [from_wgs84(lon, lat, datum) for lon, lat in places])
    path = office.table(FIELDS, ("N", "north", shifted.wkt))

    report = office.farms(path, datum=datum)

    assert "as declared" in notes(report)
    assert shapely.hausdorff_distance(boundary_of(office, "N"), NORTH) < 1e-8


def test_without_a_datum_coordinates_of_a_text_are_refused_and_of_a_map_taken_at_their_word(
    office: Office,
) -> None:
    with pytest.raises(ImportUnreadable, match="in which CRS") as refused:
        office.farms(office.two_farms(), datum=None)
    path = office.folder / "f.geojson"
    a_frame().to_file(path)

    assert "--datum wgs84, gcj02 or bd09" in refused.value.then
    assert "taken as WGS 84" in notes(office.farms(path))


def test_a_projected_file_contradicts_a_declared_datum(office: Office) -> None:
    path = office.folder / "utm.gpkg"
    a_frame().to_crs(32649).to_file(path)

    with pytest.raises(ImportUnreadable, match="not in GCJ-02"):
        office.farms(path, datum=Datum.GCJ02)


BOW = "POLYGON ((113 28, 113.01 28.01, 113.01 28, 113 28.01, 113 28))"


def test_rows_are_refused_one_by_one_and_nothing_is_written(office: Office) -> None:
    rows = [
        ("N", "north", NORTH.wkt),
        ("B", "bow", BOW),
        ("N", "again", SOUTH.wkt),
        ("=1+1", "formula", SOUTH.wkt),
        ("X", "huge", "x" * 10_000),
        ("Y", "n" * 9_000, SOUTH.wkt),
        ("", "nameless", SOUTH.wkt),
        ("E", "empty", "POLYGON EMPTY"),
    ]
    path = office.table(FIELDS, *rows)

    with pytest.raises(ImportRefused) as refused:
        office.farms(path)

    report = json.loads(json.dumps(refused.value.as_json()))["report"]
    assert report["refused_rows"] == 7
    assert {one["row"] for one in report["refused"]} == {2, 3, 4, 5, 6, 7, 8}
    assert all(
        one["why"] and one["next"].endswith(".") and len(one["value"]) <= 60 for one in report["refused"]
    )
    assert [row["id"] for row in office.registered(tables.farms)] == ["farm-1"]
    assert office.registered(tables.imports) == []

    assert totals(office.farms(path, skips_refused=True)) == (1, 0, 0, 7)


def test_an_open_ring_is_closed_and_a_ragged_row_is_refused(office: Office) -> None:
    path = office.folder / "ragged.csv"
    ring = "POLYGON ((113 28, 113.01 28, 113.01 28.01, 113 28.01))"
    path.write_text(f'farm_id,name,wkt\nN,north,"{ring}"\nS,south\n', encoding="utf-8")

    report = office.farms(path, dry_run=True)

    assert totals(report) == (1, 0, 0, 1)
    assert "a ring was not closed" in notes(report)
    assert report["refused"][0]["why"] == "has 2 cells under 3 headings"


def test_a_dry_run_shows_the_change_and_writes_nothing(office: Office) -> None:
    office.farms(office.two_farms())
    before = office.registered(tables.farms)

    report = office.farms(office.two_farms(N="new name"), dry_run=True)

    assert totals(report) == (0, 1, 1, 0)
    assert report["changes"] == [
        {"row": 1, "key": "N", "field": "name", "before": "north", "after": "new name"}
    ]
    assert office.registered(tables.farms) == before
    assert len(office.registered(tables.imports)) == 1


def test_an_import_is_recorded_with_what_it_changed(office: Office) -> None:
    office.farms(office.two_farms())
    moved = a_square(120.0, (113.0, 28.1))
    path = office.table(FIELDS, ("N", "north", moved.wkt))

    report = office.farms(path)

    first, second = office.registered(tables.imports)
    assert (first["rows_new"], second["rows_changed"], second["officer_id"]) == (2, 1, "li@org-insurer")
    assert second["file_sha256"] == report["sha256"]
    [(_, change)] = office.county.store.engine.read(
        lambda connection: imports.changes(connection, second["id"], 0, 10), EVERYWHERE
    )
    assert same(shapely.from_wkb(bytes.fromhex(change.before or "")), NORTH)
    assert same(shapely.from_wkb(bytes.fromhex(change.after or "")), moved)
    assert report["not_in_file"] == 2


def test_a_row_without_an_outline_keeps_the_registered_one(office: Office) -> None:
    office.farms(office.two_farms())

    report = office.farms(office.table(("farm_id", "name"), ("N", "renamed")))

    assert totals(report) == (0, 1, 0, 0)
    assert same(boundary_of(office, "N"), NORTH)


def test_another_countys_farms_are_not_ours_to_import(office: Office) -> None:
    path = office.table(("farm_id", "name", "county"), ("N", "north", "430121"))

    with pytest.raises(ImportRefused) as refused:
        office.farms(path)

    assert "another county than yours" in json.dumps(refused.value.report)
    assert totals(office.farms(path, by=None)) == (1, 0, 0, 0)


def test_overlaps_are_told_in_the_file_and_with_what_is_registered(office: Office) -> None:
    office.farms(office.two_farms())
    east = shapely.transform(NORTH, lambda places: places + np.array([0.001, 0.0]))
    path = office.table(FIELDS, ("E", "east", east.wkt), ("T", "twin", east.wkt))

    told = notes(office.farms(path))

    assert "east and north (registered) share" in told
    assert "east and twin (row 2) share" in told


def test_columns_are_found_mapped_or_named_as_missing(office: Office) -> None:
    rows = (("Nr", "Hof", "Bemerkung"), ("N", "north", "x"))

    with pytest.raises(ImportUnreadable, match="the file has Nr, Hof, Bemerkung"):
        office.farms(office.table(*rows))
    with pytest.raises(ImportUnreadable, match=r"new rows need columns that are not there: name \(farm_name"):
        office.farms(office.table(*rows), mapping={"Nr": "id"})
    with pytest.raises(ImportUnreadable, match="no column Nummer"):
        office.farms(office.table(*rows), mapping={"Nummer": "id"})
    report = office.farms(office.table(*rows), mapping={"Nr": "id", "Hof": "name"})

    assert report["columns"] == {"id": "Nr", "name": "Hof"}
    assert "columns not taken: Bemerkung" in notes(report)


@pytest.mark.parametrize(
    "suffix", [".csv", ".gpkg", ".geojson", ".shp", ".zip", ".kml", ".parquet", ".xlsx", ""]
)
@pytest.mark.parametrize("content", [b"", b"\x00rubbish\xff" * 99, codecs.BOM_UTF8])
def test_what_is_no_such_file_is_refused_as_a_whole(office: Office, suffix: str, content: bytes) -> None:
    path = office.folder / f"f{suffix}"
    path.write_bytes(content)

    with pytest.raises(ImportUnreadable) as refused:
        office.farms(path)

    assert path.name in refused.value.detail
    assert str(office.folder) not in refused.value.detail
    assert refused.value.then.endswith(".")


def test_a_geopackage_that_was_cut_off_is_refused(office: Office) -> None:
    whole, cut = office.folder / "whole.gpkg", office.folder / "cut.gpkg"
    frame = geopandas.GeoDataFrame(
        {"farm_id": [str(n) for n in range(400)], "name": "farm"},
        geometry=[a_star(n) for n in range(400)],
        crs=4326,
    )
    frame.to_file(whole)
    shutil.copy(whole, cut)
    with cut.open("r+b") as file:
        file.truncate(whole.stat().st_size * 2 // 3)

    with pytest.raises(ImportUnreadable, match="cannot be read"):
        office.farms(cut)

    assert sqlite3.connect(whole).execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_zip_that_unpacks_to_far_more_is_refused_unread(office: Office) -> None:
    path = office.folder / "bomb.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as packed:
        packed.writestr("farms.shp", b"\0" * 60_000_000)

    with pytest.raises(ImportUnreadable, match="unpacks to 60 MB"):
        office.farms(path)


def test_two_imports_at_once_write_one_after_the_other(office: Office) -> None:
    shapes = [a_star(n, 12, centre=(113.0 + n / 100, 28.0)).wkt for n in range(40)]
    files = [
        office.table(FIELDS, *((f"F{n}", f"{who} {n}", shapes[n]) for n in range(40)), name=f"{who}.csv")
        for who in ("one", "two", "three")
    ]

    with ThreadPoolExecutor(3) as together:
        reports = list(together.map(office.farms, files))

    assert sorted(totals(report) for report in reports) == [(0, 40, 0, 0), (0, 40, 0, 0), (40, 0, 0, 0)]
    assert len(office.registered(tables.farms)) == 41
    assert office.county.store.engine.read(lambda c: registers.version(c, Register.FARMS), EVERYWHERE) == 4


def test_the_same_request_again_gets_its_first_answer(office: Office) -> None:
    keyed = Keyed("officer li", "k1", Digest("a" * 64))
    first = office.farms(office.two_farms(), keyed=keyed)

    assert office.farms(office.two_farms(), keyed=keyed) == first
    assert len(office.registered(tables.imports)) == 1
    with pytest.raises(IdempotencyKeyReused):
        office.farms(office.two_farms(), keyed=Keyed("officer li", "k1", Digest("b" * 64)))


def test_the_fence_judges_by_the_boundary_that_was_just_imported(office: Office) -> None:
    office.farms(office.two_farms())
    index = PremisesIndex(office.county.store)
    middle = Fix(113.0009, 28.1, 5.0)
    before = [one.name for one in index.farms().at(middle)]

    office.farms(office.table(FIELDS, ("N", "north", a_square(10.0, (113.0, 28.1)).wkt)))

    assert before == ["N"]
    assert [one.name for one in index.farms().at(middle)] == []
    assert index.farms() is index.farms()


@needs_shared
@pytest.mark.parametrize(
    ("name", "mapping", "refused", "why"),
    [
        ("dk_2024.parquet", {"id": "name"}, 7, "stands in row"),
        ("BD_JECAM_CIRAD_2023_feb.shp", {"Id": "id", "CropType1": "name"}, 8, "is missing"),
    ],
)
def test_real_parcels_come_in_but_for_rows_without_a_key_or_name_of_their_own(
    office: Office, name: str, mapping: dict[str, str], refused: int, why: str
) -> None:
    first = office.farms(SHARED / name, mapping=mapping, skips_refused=True)
    again = office.farms(SHARED / name, mapping=mapping, skips_refused=True)

    good = 100 - refused
    assert (totals(first), totals(again)) == ((good, 0, 0, refused), (0, 0, good, refused))
    assert all(why in one["why"] for one in first["refused"])
    assert "lies outside China" in notes(first)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    seeds=st.lists(st.integers(0, 999), min_size=1, max_size=6, unique=True),
    suffix=st.sampled_from(["csv", "geojson", "gpkg", "parquet"]),
)
def test_what_was_imported_and_exported_comes_back_as_the_same(
    office: Office, seeds: list[int], suffix: str
) -> None:
    rows = [
        (f"R{seed}", f"farm {seed}", a_star(seed, 9, centre=(112.0 + seed / 100, 28.0)).wkt) for seed in seeds
    ]
    office.farms(office.table(FIELDS, *rows))
    farms = [row for row in office.registered(tables.farms) if row["boundary"]]
    path = office.folder / f"export.{suffix}"
    path.unlink(missing_ok=True)

    report = office.farms(office.export(farms, path))

    assert totals(report) == (0, 0, len(farms), 0)
