"""A file as rows of values: what its cells say, before anything is compared."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any  # a row's values have the types of their fields

import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely import Geometry

from backend.domain.register.cells import LONGEST_CELL, Cell, CellUnusable, Reading
from backend.domain.register.fields import BOUNDARY, FIELDS, Register, key_of
from backend.domain.register.problems import ImportUnreadable
from backend.texts.columns import word_of
from backend.workflows.importing.columns import Columns, headings_of, match_columns, text_of
from backend.workflows.importing.delimited import read_delimited
from geo.datum import Datum
from geo.imports import FORMATS, in_wgs84, read_table
from geo.outlines import outlines_of
from geo.packed import refuse_too_many_rows, refuse_unless_bounded
from geo.rows import RING_CLOSED, PremisesUnreadable, Table

TEXTS = (".csv", ".tsv", ".txt")
_PARQUET = (".parquet", ".geoparquet")
_PLACES = ("lon", "lat", "radius_m")
_UNPACKED_TIMES = 8
_OUTLINES_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Declared:
    """What the sender says about a file: nothing of it is guessed where it is said."""

    datum: Datum | None = None
    encoding: str | None = None
    layer: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row cannot be taken; ``row`` counts from 1 below the headings."""

    row: int
    field: str
    value: str
    why: str
    next: str


@dataclass(slots=True)
class Sheet:
    """The rows of a file.

    Attributes:
        columns: Which column was read as which field.
        values: By row, the fields that it gives; what is blank is left out.
        refusals: By row's index, what is wrong with it.
        notes: What was rewritten, by row's index; None for the file.
        has_outlines: Whether rows may bring boundaries; those are WKB under ``boundary``.
    """

    columns: Columns
    values: list[dict[str, Any]]
    refusals: dict[int, list[Refusal]] = field(default_factory=lambda: defaultdict(list))
    notes: dict[int | None, list[str]] = field(default_factory=lambda: defaultdict(list))
    has_outlines: bool = False

    def refuse(self, index: int, name: str, value: object, why: str, then: str) -> None:
        """Refuse a row for one of its fields."""
        self.refusals[index].append(Refusal(index + 1, name, shown(value), why, then))


def shown(value: object) -> str:
    """A value for a report: one line, not long."""
    text = "".join(sign if sign.isprintable() else "�" for sign in str(value))
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


_LONGEST_SHOWN = 60
_AS_THE_FILE_SAYS = (
    "coordinates taken as WGS 84, as the file says; outlines from maps of Amap or Tencent need --datum gcj02, "
    "from Baidu --datum bd09"
)


def read_sheet(register: Register, path: Path, name: str, declared: Declared, most_bytes: int) -> Sheet:
    """Read a file, judge every cell by itself and every outline.

    Args:
        register: What the rows are.
        path: Where the file lies; its suffix says what it is.
        name: What its sender calls it.
        declared: What the sender says about it.
        most_bytes: The largest file that is taken; one that is packed may unpack to some times as much.

    Raises:
        ImportUnreadable: The file as a whole cannot be used.
    """
    try:
        return _sheet(register, path, declared, most_bytes)
    except PremisesUnreadable as broken:
        place = f"{name}, row {broken.row}" if broken.row is not None else name
        raise ImportUnreadable(f"{place} {broken.why.replace(str(path), name)}", broken.remedy) from broken
    except ImportUnreadable as broken:
        raise ImportUnreadable(f"{name}: {broken.detail}", broken.then) from broken


def _sheet(register: Register, path: Path, declared: Declared, most_bytes: int) -> Sheet:
    suffix = path.suffix.lower()
    if suffix not in FORMATS and suffix not in TEXTS:
        kinds = " ".join(dict.fromkeys((*TEXTS[:2], *FORMATS)))
        then = f"Use one of {kinds}; a spreadsheet is saved as CSV, UTF-8."
        raise ImportUnreadable(f"it is of no known format ({suffix or 'no suffix'})", then)
    refuse_unless_bounded(path, _UNPACKED_TIMES * most_bytes)
    table = _table(register, path, suffix, declared)
    refuse_too_many_rows(path, len(table.properties))
    if not table.properties:
        raise ImportUnreadable("it holds no rows", "Export at least one row.")
    columns = match_columns(register, headings_of(table.properties), declared.mapping)
    sheet = Sheet(columns, [{} for _ in table.properties])
    sheet.notes[None] += columns.notes
    if columns.not_taken:
        told = ", ".join(shown(heading) for heading in columns.not_taken)
        sheet.notes[None].append(f"columns not taken: {told}; --map THEIRS=OURS takes one")
    for index, why in table.faults.items():
        if suffix in TEXTS:
            sheet.refuse(index, "", "", why, "Mend the row, or put cells with separators between quotes.")
    _read_cells(register, table, sheet)
    if register is Register.FARMS:
        _read_outlines(path, table, sheet, declared)
    sheet.notes[None] += table.notes
    _refuse_repeated_keys(register, sheet)
    return sheet


def _table(register: Register, path: Path, suffix: str, declared: Declared) -> Table:
    if suffix in TEXTS:
        return read_delimited(path, declared.encoding)
    if suffix in _PARQUET and register is not Register.FARMS:
        from geo.tables import read_parquet_rows

        return read_parquet_rows(path)
    return read_table(path, encoding=declared.encoding, layer=declared.layer)


def _read_cells(register: Register, table: Table, sheet: Sheet) -> None:
    readings = [(one.name, one.read) for one in FIELDS[register] if one.name in sheet.columns.taken]
    for index, properties in enumerate(table.properties):
        for name, read in readings:
            text = text_of(properties.get(sheet.columns.taken[name]))
            if not text:
                continue
            try:
                cell = _cell(name, text, read)
            except CellUnusable as wrong:
                sheet.refuse(index, name, text, wrong.why, wrong.next)
                continue
            sheet.values[index][name] = cell.value
            if cell.note:
                sheet.notes[index].append(f"{name}: {cell.note}")
    key = key_of(register).name
    for index, values in enumerate(sheet.values):
        if key not in values and index not in sheet.refusals:
            sheet.refuse(index, key, "", "is missing", "Every row needs it: by it the row is found again.")


def _cell(name: str, text: str, read: Reading) -> Cell:
    if len(text) > LONGEST_CELL:
        raise CellUnusable(
            f"has {len(text):,} characters", "Shorten it, or close the quotation mark before it."
        )
    return read(word_of(name, text))


def _refuse_repeated_keys(register: Register, sheet: Sheet) -> None:
    key = key_of(register).name
    first: dict[Any, int] = {}
    then = "Keep one of the rows; a farm of several parts is one multipolygon."
    for index, values in enumerate(sheet.values):
        if (named := values.get(key)) is None:
            continue
        if named in first:
            sheet.refuse(index, key, named, f"stands in row {first[named] + 1} too", then)
        else:
            first[named] = index


def _read_outlines(path: Path, table: Table, sheet: Sheet, declared: Declared) -> None:
    """Bring every row's outline into WGS 84, mended, or say why there is none."""
    table = _with_written_shapes(path, table, sheet)
    has_shape = [shape is not None for shape in table.shapes]
    sheet.has_outlines = any(has_shape) or bool(table.faults)
    for index, why in table.faults.items():
        if index not in sheet.refusals:
            sheet.refuse(index, BOUNDARY, "", why, "Draw the outline again, or export the file again.")
    for index, mended in table.mended.items():
        sheet.notes[index].append(mended)
    converted = False
    for start in range(0, len(table.shapes), _OUTLINES_AT_ONCE):
        some = replace(table, shapes=table.shapes[start : start + _OUTLINES_AT_ONCE], notes=())
        # Outlines are worked on as columns, some at a time: what is done is kept as well-known binary only.
        table.shapes[start : start + _OUTLINES_AT_ONCE] = [None] * len(some.shapes)
        some = in_wgs84(path, some, declared.datum)
        if some.notes and not converted:
            converted = True
            sheet.notes[None] += some.notes
        _keep_outlines(sheet, start, some.shapes)
    if declared.datum is None and sheet.has_outlines and not converted:
        sheet.notes[None].append(_AS_THE_FILE_SAYS)


def _keep_outlines(sheet: Sheet, start: int, shapes: Sequence[Geometry | None]) -> None:
    rows = sheet.values[start : start + len(shapes)]
    outlines = outlines_of(shapes, {at: row["radius_m"] for at, row in enumerate(rows) if "radius_m" in row})
    for at, notes in outlines.notes.items():
        sheet.notes[start + at] += notes
    for at, fault in outlines.faults.items():
        sheet.refuse(start + at, BOUNDARY, "", fault.why, fault.next)
    for values, wkb in zip(rows, shapely.to_wkb(outlines.shapes), strict=True):
        for place in _PLACES:
            values.pop(place, None)
        if wkb is not None:
            values[BOUNDARY] = wkb


def _with_written_shapes(path: Path, table: Table, sheet: Sheet) -> Table:
    """Shapes from well-known text or from longitude and latitude, where a file has no geometries of its own."""
    taken = sheet.columns.taken
    if any(shape is not None for shape in table.shapes) or (
        table.faults and path.suffix.lower() not in TEXTS
    ):
        ignored = [taken[name] for name in (BOUNDARY, "lon", "lat") if name in taken]
        if ignored:
            sheet.notes[None].append(f"{', '.join(ignored)} not taken: the file has geometries of its own")
        return table
    if BOUNDARY in taken:
        return _from_text(path, table, [text_of(row.pop(taken[BOUNDARY], "")) for row in table.properties])
    if "lon" in taken and "lat" in taken:
        places = [
            shapely.Point(row["lon"], row["lat"]) if "lon" in row and "lat" in row else None
            for row in sheet.values
        ]
        return Table(places, table.properties, table.crs, {}, table.mended, ())
    return Table(table.shapes, table.properties, table.crs, {}, table.mended, ())


def _from_text(path: Path, table: Table, texts: list[str]) -> Table:
    shapes: list[Geometry | None] = []
    faults: dict[int, str] = {}
    mended: dict[int, str] = {}
    crs = table.crs
    said = {text[: text.index(";")].upper() for text in texts if text[:5].upper() == "SRID=" and ";" in text}
    if said:
        if len(said) > 1:
            raise PremisesUnreadable(
                path, f"mixes {', '.join(sorted(said)[:3])}", remedy="Give all rows one CRS."
            )
        try:
            crs = CRS.from_epsg(int(said.pop().removeprefix("SRID=")))
        except (CRSError, ValueError) as unknown:
            raise PremisesUnreadable(
                path, "names an unknown SRID", remedy="Reproject it to WGS 84."
            ) from unknown
        texts = [text.partition(";")[2] if text[:5].upper() == "SRID=" else text for text in texts]
    for start in range(0, len(texts), _OUTLINES_AT_ONCE):
        some = [text or None for text in texts[start : start + _OUTLINES_AT_ONCE]]
        found = shapely.from_wkt(some, on_invalid="ignore")
        for place, text in enumerate(some):
            if text is None or found[place] is not None:
                continue
            found[place] = shapely.from_wkt(text, on_invalid="fix")
            if found[place] is None:
                faults[start + place] = f"{shown(text)} is no outline in well-known text (WKT)"
            else:
                mended[start + place] = RING_CLOSED
        texts[start : start + _OUTLINES_AT_ONCE] = [""] * len(some)
        shapes += list(found)
    return Table(shapes, table.properties, crs, faults, mended, ())
