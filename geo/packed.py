"""Files that unpack to far more than they weigh are refused before anything is unpacked."""

from pathlib import Path
from zipfile import BadZipFile, ZipFile

from geo.rows import PremisesUnreadable

MOST_ROWS = 1_000_000
"""Rows of one file; a county has some ten thousand farms."""

_MOST_MEMBERS = 200
_REMEDY = "Split the file, or export it again with the columns that are needed only."


def refuse_unless_bounded(path: Path, most_bytes: int) -> None:
    """Look at what a zipped or Parquet file says about its content.

    Args:
        path: The file; of other kinds nothing is asked.
        most_bytes: That it may unpack to.

    Raises:
        PremisesUnreadable: It would unpack to more bytes, rows or members than the importer takes, or is broken.
    """
    suffix = path.suffix.lower()
    if suffix in {".zip", ".kmz"}:
        _refuse_full_archive(path, most_bytes)
    elif suffix in {".parquet", ".geoparquet"}:
        _refuse_full_parquet(path, most_bytes)


def _refuse_full_archive(path: Path, most_bytes: int) -> None:
    try:
        with ZipFile(path) as packed:
            members = packed.infolist()
    except (BadZipFile, OSError) as broken:
        remedy = "Pack the parts of the Shapefile again."
        raise PremisesUnreadable(path, f"cannot be read ({broken})", remedy=remedy) from broken
    if len(members) > _MOST_MEMBERS:
        raise PremisesUnreadable(path, f"holds {len(members)} files", remedy=_REMEDY)
    _refuse_bytes(path, sum(member.file_size for member in members), most_bytes)


def _refuse_full_parquet(path: Path, most_bytes: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet

    try:
        said = pa.parquet.read_metadata(path)
    except (ValueError, OSError) as broken:
        raise PremisesUnreadable(path, f"cannot be read ({broken})", remedy="Export it again.") from broken
    _refuse_bytes(
        path, sum(said.row_group(at).total_byte_size for at in range(said.num_row_groups)), most_bytes
    )
    refuse_too_many_rows(path, said.num_rows)


def refuse_too_many_rows(path: Path, rows: int) -> None:
    """Refuse a file of more rows than the importer takes.

    Raises:
        PremisesUnreadable: It has more.
    """
    if rows > MOST_ROWS:
        raise PremisesUnreadable(path, f"has {rows:,} rows, {MOST_ROWS:,} are taken at once", remedy=_REMEDY)


def _refuse_bytes(path: Path, unpacked: int, most_bytes: int) -> None:
    if unpacked > most_bytes:
        why = f"unpacks to {unpacked / 1e6:,.0f} MB, {most_bytes / 1e6:,.0f} MB are taken"
        raise PremisesUnreadable(path, why, remedy=_REMEDY)
