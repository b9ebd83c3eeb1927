import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import geopandas
import pyarrow as pa
import pyarrow.parquet
import pytest
import shapely
from pyproj import Geod
from shapely import MultiPolygon, Point, Polygon

from geo.farms import Farms
from geo.fence import Decision, Fix
from geo.imports import PremisesUnreadable, read_premises
from tests.geo.farmland import HOME, a_square

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "geo"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared boundaries are not on this machine")
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
YARD = a_square(100.0, holes=[30.0])
YARDS = MultiPolygon([a_square(50.0, (113.0, 28.0)), a_square(50.0, (113.1, 28.0))])


def a_feature(geometry: object, **properties: object) -> dict[str, Any]:
    if isinstance(geometry, shapely.Geometry):
        geometry = json.loads(shapely.to_geojson(geometry))
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    def write(document: object, name: str = "farms.geojson") -> Path:
        path = tmp_path / name
        text = document if isinstance(document, str) else json.dumps(document)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def a_collection(*features: object, **members: object) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **members}


def a_frame(crs: int | None = 4326) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame({"name": ["ring", "yards"]}, geometry=[YARD, YARDS], crs=crs)


def test_the_example_farms_can_be_read() -> None:
    farms = Farms(read_premises(EXAMPLES / "farms.geojson"))

    assert len(farms) == 4
    assert farms.decide(Fix(112.9905, 28.2262, 12.0)).decision is Decision.INSIDE
    assert farms.decide(Fix(112.9915, 28.2270, 12.0)).decision is Decision.OUTSIDE
    assert [each.name[:4] for each in farms.at(Fix(112.99241, 28.22566, 5.0))] == ["Lotu", "East"]


def test_names_come_from_name_then_id_then_the_index(written: Callable[..., Path]) -> None:
    path = written(
        a_collection(
            a_feature(YARD, NAME="荷塘", id=7),
            a_feature(YARD, name=" ", ID=8.0),
            a_feature(YARD) | {"id": "F-9"},
            a_feature(YARD),
        )
    )

    assert [each.name for each in read_premises(path)] == ["荷塘", "8", "F-9", "3"]


@pytest.mark.parametrize(
    "document",
    [
        json.loads(shapely.to_geojson(YARDS)),
        a_feature(YARDS),
        a_feature({"type": "GeometryCollection", "geometries": [json.loads(shapely.to_geojson(YARDS))]}),
    ],
)
def test_one_feature_or_a_bare_geometry_is_enough(
    written: Callable[..., Path], document: dict[str, Any]
) -> None:
    (yards,) = read_premises(written(document))

    assert yards.shape.equals(YARDS)
    assert yards.name == "0"


def test_a_byte_order_mark_does_not_disturb(written: Callable[..., Path]) -> None:
    assert len(read_premises(written("\ufeff" + json.dumps(a_feature(YARD))))) == 1


def test_a_point_with_a_radius_is_a_circle(written: Callable[..., Path]) -> None:
    (fold,) = read_premises(written(a_feature(Point(*HOME), name="fold", radius_m=150)))

    assert fold.radius_m == 150.0
    assert fold.standing(*HOME).distance_m == 150.0


def test_altitudes_are_dropped(written: Callable[..., Path]) -> None:
    (yard,) = read_premises(written(a_feature(shapely.force_3d(YARD, 88.0))))

    assert not yard.shape.has_z


def test_an_outline_that_crosses_itself_is_mended_with_a_note(written: Callable[..., Path]) -> None:
    bow = {
        "type": "Polygon",
        "coordinates": [[[113, 28], [113.01, 28.01], [113.01, 28], [113, 28.01], [113, 28]]],
    }

    (mended,) = read_premises(written(a_feature(bow)))

    assert mended.shape.is_valid
    assert mended.shape.area == pytest.approx(0.01 * 0.01 / 2)
    assert "Self-intersection" in mended.note


def test_an_old_crs_member_is_obeyed(written: Callable[..., Path]) -> None:
    frame = a_frame().to_crs(32649)
    features = [a_feature(shape, name="in metres") for shape in frame.geometry]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32649"}}

    yard, _ = read_premises(written(a_collection(*features, crs=crs)))

    assert shapely.hausdorff_distance(yard.shape, YARD) < 1e-8


@pytest.mark.parametrize("name", ["farms.gpkg", "farms.fgb", "farms.kml", "farms.shp", "farms.parquet"])
def test_every_format_brings_the_same_farms(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith(".parquet"):
        a_frame().to_parquet(path)
    else:
        driver = {"driver": "KML"} if name.endswith(".kml") else {}
        a_frame().to_file(path, **driver)

    farms = {each.name: each for each in read_premises(path)}

    assert set(farms) == {"ring", "yards"}
    assert shapely.hausdorff_distance(farms["ring"].shape, YARD) < 1e-9
    assert shapely.hausdorff_distance(farms["yards"].shape, YARDS) < 1e-9


def test_placemarks_in_folders_of_a_kml_file_are_read(written: Callable[..., Path]) -> None:
    def placemark(name: str, inside: str) -> str:
        return f"<Placemark><name>{name}</name>{inside}</Placemark>"

    corners = "113,28,5 113.001,28,5 113.001,28.001,5 113,28,5"
    ring = f"<outerBoundaryIs><LinearRing><coordinates>{corners}</coordinates></LinearRing></outerBoundaryIs>"
    radius = '<ExtendedData><Data name="radius_m"><value>150</value></Data></ExtendedData>'
    fold = placemark("fold", f"{radius}<Point><coordinates>113,28,7</coordinates></Point>")
    yard = placemark("yard", f"<Polygon>{ring}</Polygon>")
    path = written(
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<Folder><name>pigs</name>{yard}</Folder><Folder><name>sheep</name>{fold}</Folder></Document></kml>",
        "county.kml",
    )

    found = {each.name: each.radius_m for each in read_premises(path)}

    assert found == {"yard": None, "fold": 150.0}


def test_a_zipped_shapefile_is_read_as_it_is(tmp_path: Path) -> None:
    a_frame().to_file(tmp_path / "farms.shp")
    path = tmp_path / "county.zip"
    with ZipFile(path, "w") as packed:
        for part in tmp_path.glob("farms.*"):
            packed.write(part, part.name)

    assert [each.name for each in read_premises(path)] == ["ring", "yards"]


def test_every_layer_of_a_geopackage_is_read(tmp_path: Path) -> None:
    path = tmp_path / "county.gpkg"
    a_frame().iloc[:1].to_file(path, layer="pigs")
    a_frame().iloc[1:].to_file(path, layer="cattle")

    assert sorted(each.name for each in read_premises(path)) == ["ring", "yards"]


def test_layers_in_different_crs_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "county.gpkg"
    a_frame().to_file(path, layer="pigs")
    a_frame().to_crs(32649).to_file(path, layer="cattle")

    with pytest.raises(PremisesUnreadable, match="different CRS"):
        read_premises(path)


@pytest.mark.parametrize("name", ["farms.shp", "farms.gpkg", "farms.parquet"])
def test_a_file_that_does_not_say_its_crs_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    frame = a_frame(crs=None)
    if name.endswith(".parquet"):
        frame.to_parquet(path)
    else:
        with pytest.warns(UserWarning, match="crs"):
            frame.to_file(path)

    with pytest.raises(PremisesUnreadable, match="in which CRS") as caught:
        read_premises(path)

    assert "CRS" in caught.value.remedy


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (a_feature(None), "has no geometry"),
        (a_feature({"type": "Polygon", "coordinates": []}), "has no geometry"),
        (a_feature(Point(*HOME)), "radius_m"),
        (a_feature(Point(*HOME), radius_m="wide"), "radius_m"),
        (a_feature(Point(*HOME), radius_m=0), "radius_m"),
        (a_feature(shapely.LineString([HOME, (113, 28)])), "has no inside"),
        (a_feature({"type": "Polygon", "coordinates": [[[1, 1], [2, 2], [1, 1]]]}), "encloses nothing"),
        (
            a_feature({"type": "Polygon", "coordinates": [[[1, 1], [2, 2], [3, 3], [1, 1]]]}),
            "encloses nothing",
        ),
        (a_feature({"type": "Polygon", "coordinates": "north of the river"}), "broken"),
        (a_feature({"type": "Pentagon"}), "broken"),
        (a_feature(shapely.box(491_176, 6_086_060, 491_276, 6_086_160)), "not degrees"),
        (a_feature(["not", "a", "geometry"]), "broken"),
        ("a farm", "not a feature"),
    ],
)
def test_a_row_that_bounds_no_ground_is_named(written: Callable[..., Path], bad: object, why: str) -> None:
    path = written(a_collection(a_feature(YARD), bad))

    with pytest.raises(PremisesUnreadable, match=why) as caught:
        read_premises(path)

    assert caught.value.row == 2
    assert str(caught.value).startswith(f"{path}, row 2: ")
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "not GeoJSON"),
        ('{"type": "Topology"}', "not GeoJSON"),
        ('{"type": "FeatureCollection"}', "not GeoJSON"),
        ('{"type": "FeatureCollection", "features": []}', "holds no premises"),
        (
            '{"type": "FeatureCollection", "features": [], "crs": {"properties": {"name": "Mars"}}}',
            "unknown crs",
        ),
        ('{"type": "FeatureCollection", "features": [], "crs": 5}', "unknown crs"),
    ],
)
def test_a_file_that_is_no_geojson_is_refused_as_a_whole(
    written: Callable[..., Path], text: str, why: str
) -> None:
    with pytest.raises(PremisesUnreadable, match=why) as caught:
        read_premises(written(text))

    assert caught.value.row is None


@pytest.mark.parametrize("suffix", ["shp", "gpkg", "kml", "fgb", "parquet", "zip", "kmz"])
def test_rubbish_under_any_name_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"farms.{suffix}"
    path.write_bytes(b"\x00rubbish" * 99)

    with pytest.raises(PremisesUnreadable, match="cannot be read"):
        read_premises(path)


def test_a_parquet_file_without_geometries_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "prices.parquet"
    pa.parquet.write_table(pa.table({"price": [1, 2]}), path)

    with pytest.raises(PremisesUnreadable, match="cannot be read"):
        read_premises(path)


@pytest.mark.parametrize("name", ["missing.geojson", "folder.shp", "farms.docx", "farms"])
def test_a_path_that_leads_nowhere_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.shp").mkdir()

    with pytest.raises(PremisesUnreadable, match=r"does not exist|is a folder|no known format"):
        read_premises(tmp_path / name)


@needs_shared
def test_danish_fields_arrive_from_utm_with_their_areas_and_holes() -> None:
    path = SHARED / "dk_2024.parquet"
    surveyed = geopandas.read_parquet(path)

    fields = read_premises(path)

    assert [each.name for each in fields] == list(surveyed["id"])
    assert sum(len(each.shape.interiors) > 0 for each in fields) == 9
    for field, in_utm_m2 in zip(fields, surveyed.area, strict=True):
        measured_m2, _ = Geod(ellps="WGS84").geometry_area_perimeter(shapely.orient_polygons(field.shape))
        assert measured_m2 == pytest.approx(
            in_utm_m2, rel=0.001
        )  # UTM shrinks the middle of its zone by 0.08 %


@needs_shared
def test_a_point_in_the_hole_of_a_danish_field_is_outside_it() -> None:
    field = next(each for each in read_premises(SHARED / "dk_2024.parquet") if each.shape.interiors)
    hole = Polygon(field.shape.interiors[0])

    place = hole.representative_point()

    assert field.standing(place.x, place.y).distance_m < 0.0


@needs_shared
def test_west_african_fields_are_found_under_their_own_middles() -> None:
    fields = read_premises(SHARED / "BD_JECAM_CIRAD_2023_feb.shp")
    farms = Farms(fields)
    middles = [each.shape.representative_point() for each in fields]

    found = [
        farms.decide(Fix(middle.x, middle.y, 5.0), [field.name])
        for middle, field in zip(middles, fields, strict=True)
    ]

    assert len(farms) == 100
    assert {one.decision for one in found} == {Decision.INSIDE}
    assert fields[0].name == "8218"
