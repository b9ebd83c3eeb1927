"""``flashclaim fence``: was a photo taken on the insured premises? Needs no server."""

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.domain.problems import FieldError, InvalidInput
from cli.exits import Exit
from cli.render import needs_extra, print_json, refuse, unusable

if TYPE_CHECKING:
    from geo.fence import FenceDecision, Fix

app = typer.Typer(help="Check places against insured premises 电子围栏.", no_args_is_help=True)

_EXAMPLE = "Example: flashclaim fence check --premises docs/examples/farms.geojson --at 112.9905,28.2262 --accuracy 12"


_OPTIONS = {"lon": "--at", "lat": "--at", "accuracy_m": "--accuracy", "age_s": "--age"}


@app.callback()
def fence() -> None:
    """Check places against insured premises 电子围栏."""


@app.command(epilog=_EXAMPLE)
def check(
    premises: Annotated[
        str,
        typer.Option(metavar="FILE", help="GeoJSON, Shapefile, GeoPackage, KML, GeoParquet or FlatGeobuf."),
    ] = "",
    at: Annotated[str, typer.Option(metavar="LON,LAT", help="Where the photo was taken, in degrees.")] = "",
    accuracy: Annotated[
        str, typer.Option(metavar="M", help="Radius in metres that holds the place with 68 %.")
    ] = "",
    name: Annotated[str, typer.Option(help="Ask these premises only; else the best in the file.")] = "",
    datum: Annotated[str, typer.Option(metavar="wgs84|gcj02|bd09", help="What --at is given in.")] = "wgs84",
    mock: Annotated[bool, typer.Option("--mock", help="The phone says an app made the fix up.")] = False,
    age: Annotated[
        str, typer.Option(metavar="SECONDS", help="Age of the fix when the photo was taken.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say whether a fix lies on insured premises, how far from the edge, and how surely.

    Exit code 0 whatever the answer is, 2 for input that cannot be used.
    """
    with needs_extra("server"):
        from geo.farms import Farms
        from geo.imports import PremisesUnreadable, read_premises

        fix = _fix(
            premises=premises, at=at, accuracy=accuracy, datum=datum, mock=mock, age=age, as_json=as_json
        )
        try:
            farms = Farms(read_premises(Path(premises)))
        except PremisesUnreadable as broken:
            unusable(str(broken), as_json=as_json, next=broken.remedy)
        if name and name not in farms.names:
            close = get_close_matches(name, farms.names, n=5, cutoff=0.4) or farms.names[:5]
            advice = f"Use one of the names in the file, such as {', '.join(close)}."
            unusable(f"{premises} holds no premises called {name}", as_json=as_json, next=advice)
        decision = farms.decide(fix, [name] if name else None)
    if as_json:
        print_json(decision.as_json())
    else:
        typer.echo(_sentence(decision))


def _fix(*, premises: str, at: str, accuracy: str, datum: str, mock: bool, age: str, as_json: bool) -> "Fix":
    """Return the fix that the options describe, or end the command naming every wrong option at once."""
    from geo.fence import Datum, Fix, InvalidFix

    wrong: dict[str, str] = {}
    if not premises:
        wrong["--premises"] = "is missing: name a file with the farm's boundary"
    lon, comma, lat = at.partition(",")
    if not comma or None in (_number(lon), _number(lat)):
        wrong["--at"] = f"is {at!r}, but must be LON,LAT in degrees" if at else "is missing: give LON,LAT"
    for option, given, unit in (("--accuracy", accuracy, "metres"), ("--age", age, "seconds")):
        if given and _number(given) is None:
            wrong[option] = f"is {given!r}, but must be a number of {unit}"
    if datum not in list(Datum):
        wrong["--datum"] = f"is {datum!r}, but must be one of {', '.join(Datum)}"
    try:
        # What could not be read stands in as zero, so that the fix can find fault with the rest.
        fix = Fix(
            lon=_number(lon) or 0.0,
            lat=_number(lat) or 0.0,
            accuracy_m=_number(accuracy),
            age_s=_number(age),
            mock=mock,
            datum=Datum.WGS84 if "--datum" in wrong else Datum(datum),
        )
    except InvalidFix as invalid:
        for field, why in invalid.faults.items():
            option = _OPTIONS[field]
            said = f"{field} {why}" if option == "--at" else why
            wrong[option] = f"{wrong[option]}; {said}" if option in wrong else said
    if wrong:
        errors = [FieldError(f"/{option.strip('-')}", f"{option} {why}") for option, why in wrong.items()]
        problem = InvalidInput(f"{', '.join(wrong)} cannot be used", errors=errors)
        body = problem.as_json() | {"next": f"Mend what is named and run it again. {_EXAMPLE}"}
        refuse(body, Exit.USAGE, as_json=as_json)
    return fix


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _sentence(decision: "FenceDecision") -> str:
    """Return the decision as one sentence for a person."""
    metres = decision.distance_m or 0.0
    if metres > 0.0:
        where = f"{metres:.1f} m inside {decision.premises}"
    elif metres == 0.0:
        where = f"on the edge of {decision.premises}"
    else:
        where = f"{-metres:.1f} m {decision.direction} of {decision.premises}"
    sure = ""
    if decision.probability_inside is not None and decision.accuracy_m:
        share = f"{decision.probability_inside:.0%}".replace("%", " %")
        sure = f"; at an accuracy of {decision.accuracy_m:g} m the chance of being inside is {share}"
    why = f" ({', '.join(decision.signals)})" if decision.signals else ""
    return f"{decision.decision}{why}: the fix lies {where}{sure}."
