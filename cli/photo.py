"""``flashclaim photo``: what a photo says of itself. Needs no server."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.domain.problems import Problem
from cli.exits import Exit
from cli.render import needs_extra, print_json, refuse, unusable

if TYPE_CHECKING:
    from backend.evidence.photo import PhotoFacts

app = typer.Typer(help="Photos 照片: what they say of themselves.", no_args_is_help=True)


@app.callback()
def photo() -> None:
    """Photos 照片: what they say of themselves."""


@app.command("inspect")
def inspect_photo(
    photo: Annotated[str, typer.Argument(metavar="PHOTO", help="JPEG, HEIC, PNG or WebP file.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Read size, time, place and orientation of a photo.

    Signals name what its metadata leaves in doubt; metadata that is missing is no doubt. Example:
    flashclaim photo inspect demo/photos/cattle.jpg --json
    """
    with needs_extra("server"):
        from backend.evidence.photo import inspect
        from backend.evidence.refusals import MAX_BYTES
    content = _content(photo, at_most=MAX_BYTES, as_json=as_json)
    try:
        facts = inspect(content)
    except Problem as problem:
        refuse(problem, Exit.USAGE, as_json=as_json)
    if as_json:
        print_json(facts.as_json())
    else:
        typer.echo(_list(facts))


def _content(name: str, *, at_most: int, as_json: bool) -> bytes:
    """The file's bytes, one more than *at_most* of a bigger one, so that its size is refused, not held."""
    try:
        with Path(name).open("rb") as file:
            return file.read(at_most + 1)
    except (OSError, ValueError) as fault:
        why = fault.strerror if isinstance(fault, OSError) else "no file can have this name"
        unusable(f"{name} cannot be read: {why}", as_json=as_json, next="Check the file's name and rights.")


def _list(facts: "PhotoFacts") -> str:
    place = facts.position
    rows = {
        "sha256": facts.sha256,
        "format": facts.format,
        "size": f"{facts.width} x {facts.height}",
        "orientation": str(facts.orientation),
        "camera": " ".join(facts.camera or ()).strip() or "-",
        "taken at": facts.taken_at.isoformat() if facts.taken_at else "-",
        "position": f"{place.lon:.6f}, {place.lat:.6f} (longitude, latitude)" if place else "-",
        "signals": ", ".join(facts.signals) or "-",
    }
    return "\n".join(f"{name:<12} {value}" for name, value in rows.items())
