"""What ``flashclaim stats export`` writes, by the file's ending or by name."""

from enum import StrEnum
from pathlib import Path


class ExportKind(StrEnum):
    """Formats of an export."""

    CSV = "csv"
    PARQUET = "parquet"
    GEOPARQUET = "geoparquet"
    XES = "xes"


def kind_of(file: Path) -> ExportKind | None:
    """What a file's ending says; None where it says nothing that we write."""
    ending = file.suffix.removeprefix(".").lower()
    return ExportKind(ending) if ending in set(ExportKind) else None
