"""Fetches an export into a file, as it comes."""

from pathlib import Path

from cli.desk import at_desk
from cli.export_kinds import ExportKind, kind_of
from cli.progress import shown_progress
from cli.render import print_json, say, unusable


def save_export(
    file: Path | None, kind: ExportKind | None, asked: dict[str, object], profile: str, *, as_json: bool
) -> None:
    """Write the file, or end the command and leave none."""
    if file is None:
        unusable("name the file: --into claims.csv", as_json=as_json)
    wanted = kind or kind_of(file)
    if wanted is None:
        endings = ", ".join(f".{one}" for one in ExportKind)
        unusable(f"{file.name} ends in none of {endings}: say --format", as_json=as_json)
    came = 0
    with at_desk(profile, as_json=as_json) as desk, shown_progress(as_json=as_json) as show:

        def tell(piece: int) -> None:
            nonlocal came
            came += piece
            show(f"{file.name}, bytes", came)

        try:
            size = desk.api.save("insight", "claims", into=file, came=tell, format=wanted.value, **asked)
        except OSError as fault:
            unusable(f"{file} cannot be written: {fault.strerror}", as_json=as_json)
    if as_json:
        print_json({"file": str(file), "format": wanted.value, "bytes": size})
    else:
        say(f"{size / 1e6:.1f} MB in {file}")
