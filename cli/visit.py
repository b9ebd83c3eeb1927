"""``flashclaim visit``: collectors and surveyors say that they set out, where they are, and that they are there."""

import re
from datetime import datetime
from typing import Annotated, Any  # JSON from the server

import typer

from backend.domain.policy import SHANGHAI
from backend.domain.problems import FieldError, InvalidInput
from cli.desk import Desk, at_desk
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, ClaimName, FailEmpty, Limit, ProfileName, Reading
from cli.render import print_json, printable, say

app = typer.Typer(
    name="visit", help="On the way to a farm: who comes, where they are, when.", no_args_is_help=True
)

_ETA = re.compile(r"(?:(\d{1,2})h)?(?:(\d{1,3})m?)?")
_MOST_MINUTES = 300

Eta = Annotated[str, typer.Option("--eta", metavar="TIME", help="In how long you are there: 40m, 1h, 1h20m.")]
Place = Annotated[str, typer.Option("--at", metavar="LON,LAT", help="Where you are, WGS 84.")]


@app.callback()
def visit() -> None:
    """On the way to a farm: who comes, where they are, when."""


@app.command()
def start(
    claim: ClaimName,
    eta: Eta = "",
    at: Place = "",
    phone: Annotated[
        str, typer.Option("--phone", metavar="NUMBER", help="Yours, for the farmer to call on the way.")
    ] = "",
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Say that you are on the way to a claim's farm; the farmer is told once.

    Without --eta the time is estimated from --at, as a straight line, and told as
    an estimate. Where you are is kept while the visit lasts, six hours at most.

    Example: flashclaim visit start FC-20261123-0042 --eta 40m
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        body = {
            "expected_in_minutes": minutes_of(eta),
            "position": _position(at),
            "phone": phone or None,
        }
        told = desk.api.post("claims", claim, "visits", body=body)
        own = [one for one in told["visits"] if one["officer"] == desk.profile.officer]
        if as_json:
            print_json(told)
            return
        for one in own:
            typer.echo(f"{told['number']}: on the way, {_expected(one)}")
    say("Say where you are now and then: flashclaim visit here --at LON,LAT. There: flashclaim visit done.")


@app.command()
def here(
    at: Place,
    eta: Eta = "",
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Say where you are, for every farm that you are on the way to.

    Only the last place is kept, and nothing of it once the visit is over.

    Example: flashclaim visit here --at 113.08,28.24 --eta 15m
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        body = {"position": _position(at), "expected_in_minutes": minutes_of(eta)}
        told = desk.api.put("visits", "position", body=body)
    _print(told, as_json=as_json)


@app.command()
def done(
    claim: Annotated[
        str | None, typer.Argument(metavar="CLAIM", help="One claim; all that you are on the way to.")
    ] = None,
    called_off: Annotated[
        bool, typer.Option("--called-off", help="You do not come after all; the farmer is told.")
    ] = False,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Say that you have arrived, or that you do not come after all.

    A handover that you record on the farm ends your visit by itself.

    Example: flashclaim visit done FC-20261123-0042
    """
    how = "called_off" if called_off else "arrived"
    with at_desk(profile, language, as_json=as_json) as desk:
        ended = [
            desk.api.post("claims", name, "visits", "end", body={"how": how})
            for name in ([claim] if claim else _own(desk))
        ]
    if as_json:
        print_json({"ended": ended})
    elif ended:
        for one in ended:
            typer.echo(f"{one['number']}: {'called off' if called_off else 'arrived'}")
    else:
        say("You are on the way to no farm.")


@app.command(name="list")
def list_visits(
    mine: Annotated[bool, typer.Option("--mine", help="Only your own.")] = False,
    limit: Limit = 50,
    fail_empty: FailEmpty = False,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """List who is on the way to farms of your county now.

    Example: flashclaim visit list --json
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        told = desk.api.get("visits", mine="true" if mine else None, limit=limit)
    _print(told, as_json=as_json)
    if fail_empty and not told["visits"]:
        raise typer.Exit(Exit.EMPTY)


def minutes_of(eta: str) -> int | None:
    """The minutes of a time such as ``40m``, ``1h`` or ``1h20m``; None where none is given.

    Raises:
        InvalidInput: It is no such time, or none between a minute and five hours.
    """
    if not eta:
        return None
    found = _ETA.fullmatch(eta.strip())
    minutes = int(found[1] or 0) * 60 + int(found[2] or 0) if found else 0
    if not 0 < minutes <= _MOST_MINUTES:
        error = FieldError("/eta", f"{eta!r} is no time of up to five hours, such as 40m or 1h20m")
        raise InvalidInput("the time cannot be used", errors=[error])
    return minutes


def _position(at: str) -> dict[str, object] | None:
    from cli.manifest import position

    return position(at, None)


def _own(desk: Desk) -> list[str]:
    return [str(one["claim_id"]) for one in desk.api.get("visits", mine="true")["visits"]]


def _print(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(told)
        return
    for one in told["visits"]:
        typer.echo(printable(f"{one['number']}  {one['officer']}  {one['text']}"))
    if not told["visits"]:
        say("Nobody is on the way.")


def _expected(one: dict[str, Any]) -> str:
    if one["expected_at"] is None:
        return "nobody said when you are expected"
    shown = f"{datetime.fromisoformat(one['expected_at']).astimezone(SHANGHAI):%H:%M}"
    return (
        f"there at {shown}" if one["expected_from"] == "said" else f"there at about {shown}, by straight line"
    )
