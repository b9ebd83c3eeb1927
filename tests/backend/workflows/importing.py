"""A county whose insurer imports files."""

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import geopandas
import shapely

from backend.domain.parties import Officer
from backend.domain.register.fields import Register
from backend.domain.words import Lane
from backend.store.requests import Keyed
from backend.workflows.importing.run import Imports, Order
from backend.workflows.importing.sheet import Declared
from geo.datum import Datum
from tests.backend.store.county import County, opened_county
from tests.builders import an_officer
from tests.geo.farmland import a_square

FIELDS = ("farm_id", "name", "wkt")
SEED = "s" * 43
NORTH, SOUTH = a_square(100.0, (113.0, 28.1), holes=[20.0]), a_square(100.0, (113.0, 28.0))
MOST_BYTES = 5_000_000


@dataclass
class Office:
    """An office with files to import."""

    county: County
    imports: Imports
    folder: Path
    by: Officer | None

    def bring(
        self, register: Register, file: Path, *, datum: Datum | None = None, **wishes: Any
    ) -> dict[str, Any]:
        """Import a file; options of ``Declared`` and of ``Order`` alike."""
        said = {name: wishes.pop(name) for name in ("encoding", "layer", "mapping") if name in wishes}
        keyed: Keyed | None = wishes.pop("keyed", None)
        order = Order(
            register=register,
            path=file,
            name=file.name,
            by=wishes.pop("by", self.by),
            declared=Declared(datum=datum, **said),
            **wishes,
        )
        return self.imports.carry_out(order, keyed)

    def farms(self, file: Path, **wishes: Any) -> dict[str, Any]:
        datum = Datum.WGS84 if file.suffix == ".csv" else None
        return self.bring(Register.FARMS, file, **{"datum": datum} | wishes)

    def table(self, *rows: Sequence[object], name: str = "table.csv", encoding: str = "utf-8") -> Path:
        """A CSV file; the first row are the headings."""
        path = self.folder / name
        with path.open("w", encoding=encoding, newline="") as text:
            csv.writer(text).writerows(rows)
        return path

    def two_farms(self, **changes: object) -> Path:
        """The north and the south farm as CSV."""
        names = {"N": "north", "S": "south"} | changes
        return self.table(
            FIELDS, ("N", names["N"], NORTH.wkt), ("S", names["S"], SOUTH.wkt), name="farms.csv"
        )

    def registered(self, table: Any) -> list[dict[str, Any]]:
        return [dict(row._mapping) for row in self.county.rows(table)]

    def export(self, rows: Sequence[dict[str, Any]], path: Path) -> Path:
        """Registered farms as a file again."""
        shapes = [row["boundary"] and shapely.from_wkb(row["boundary"]) for row in rows]
        columns = {
            name: [row[heading] for row in rows] for name, heading in (("farm_id", "id"), ("name", "name"))
        }
        frame = geopandas.GeoDataFrame(columns, geometry=shapes, crs=4326)
        if path.suffix == ".parquet":
            frame.to_parquet(path)
        elif path.suffix == ".csv":
            frame.drop(columns="geometry").assign(wkt=[shape and shape.wkt for shape in shapes]).to_csv(
                path, index=False
            )
        else:
            frame.to_file(path, **({"driver": "KML", "NameField": "name"} if path.suffix == ".kml" else {}))
        return path


def totals(report: dict[str, Any]) -> tuple[int, int, int, int]:
    """New, changed, same, refused."""
    return report["new"], report["changed"], report["same"], report["refused_rows"]


def notes(report: dict[str, Any]) -> str:
    return json.dumps(report["notes"], ensure_ascii=False)


@contextmanager
def opened_office(database: str, folder: Path) -> Iterator[Office]:
    """The insurer of a county with one farm, two policies, and an officer in each office."""
    with opened_county(database) as county:
        imports = Imports(county.store, county.clock, MOST_BYTES, invitations_stand_for=timedelta(days=7))
        try:
            yield Office(county, imports, folder, an_officer(Lane.INSURER))
        finally:
            imports.close()
