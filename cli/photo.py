"""``flashclaim photo``: what a photo says of itself, and whether it is a copy of another. Needs no server."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.domain.problems import Problem
from cli.exits import Exit
from cli.render import needs_extra, print_json, refuse, say, unusable

if TYPE_CHECKING:
    from backend.evidence.photo import PhotoFacts

app = typer.Typer(help="Photos 照片: what they say of themselves, and copies of them.", no_args_is_help=True)


@app.callback()
def photo() -> None:
    """Photos 照片: what they say of themselves, and copies of them."""


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


@app.command("compare")
def compare_photos(
    first: Annotated[str, typer.Argument(metavar="A", help="JPEG, HEIC, PNG or WebP file.")],
    second: Annotated[str, typer.Argument(metavar="B", help="The photo that may be a copy of A.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Say whether two photos are one: exact, near (a copy that was changed), or none.

    What was changed is told from A to B. The distance is 0 for the same picture and 1 for another one. Example:
    flashclaim photo compare demo/photos/cattle-3.jpg demo/photos/pig-1.jpg --json
    """
    with needs_extra("server"):
        from backend.evidence.duplicates import COMPARED_SIDE, compare
        from backend.evidence.photo import decode
        from backend.evidence.refusals import MAX_BYTES
    contents = [_content(name, at_most=MAX_BYTES, as_json=as_json) for name in (first, second)]
    photos = []
    for name, content in zip((first, second), contents, strict=True):
        try:
            photos.append(decode(content, target=COMPARED_SIDE))
        except Problem as problem:
            say(f"{name}:")
            refuse(problem, Exit.USAGE, as_json=as_json)
    transform: str | None = None
    if contents[0] == contents[1]:
        match, distance = "exact", 0.0
    else:
        judged = compare(photos[0], photos[1])
        match, distance = "near" if judged.changed else "none", judged.distance
        transform = str(judged.changed) if judged.changed else None
    if as_json:
        print_json({"match": match, "distance": round(distance, 4), "transform": transform})
    else:
        typer.echo(f"{match}{f': {transform}' if transform else ''} (distance {distance:.2f})")


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
