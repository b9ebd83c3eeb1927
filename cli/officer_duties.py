"""``flashclaim officer cover|tie|serve`` and their lists: who decides for whom, who never does, who is told."""

from datetime import datetime
from typing import Annotated, Any  # JSON from the server

import typer

from backend.domain.duties.words import TieKind
from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, Note, OfficerName, ProfileName, Why
from cli.render import print_json, say

Office = Annotated[str, typer.Argument(metavar="OFFICE", help="An office's id.")]
Farm = Annotated[str, typer.Argument(metavar="FARM", help="A farm's id.")]
Until = Annotated[
    datetime | None, typer.Option("--until", help="Local time; until it is ended where left out.")
]


def cover(
    office: Office,
    reason: Why = "",
    until: Until = None,
    of: Annotated[
        str, typer.Option("--of", metavar="OFFICE", help="Whose cover it is; your own where left out.")
    ] = "",
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Name the office that decides while your own is closed.

    They decide with --for and your office, which stands in what they sign.

    Example: flashclaim officer cover vet-liuyang --until 2026-10-08T08:00 --reason "National Day"
    """
    body = {"cover": office, "reason": reason}
    body |= {"office": of} if of else {}
    body |= {"ends_at": until.astimezone().isoformat()} if until else {}
    _change("covers", body, profile, as_json=as_json)


def covers(profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """List who covers whom.

    Example: flashclaim officer covers --json
    """
    _listed("covers", profile, as_json=as_json)


def uncover(
    cover: Annotated[str, typer.Argument(metavar="COVER", help="Its id: flashclaim officer covers --json.")],
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """End a cover of your own office.

    Example: flashclaim officer uncover 3f0a8c1e-5b7d-4e2a-9c6f-1d2e3f4a5b6c
    """
    _change(f"covers/{cover}/end", None, profile, as_json=as_json)


def tie(
    farm: Farm,
    kind: Annotated[TieKind, typer.Option("--kind", help="Whose farm it is.")],
    officer: Annotated[
        str, typer.Option("--officer", metavar="ID", help="A colleague; yourself where left out.")
    ] = "",
    note: Note = "",
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Declare that you, or a colleague, never decide on a farm.

    Example: flashclaim officer tie farm-007 --kind relative --note "my sister's"
    """
    body = {"farm": farm, "kind": kind, "note": note} | ({"officer": officer} if officer else {})
    _change("ties", body, profile, as_json=as_json)


def ties(
    officer: Annotated[str | None, typer.Option("--officer", metavar="ID", help="Only this one's.")] = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """List which officers never decide on which farms.

    Example: flashclaim officer ties --json
    """
    _listed("ties", profile, as_json=as_json, officer=officer)


def untie(
    officer: OfficerName, farm: Farm, profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False
) -> None:
    """Take a colleague's tie out of the register; nobody takes out their own.

    Example: flashclaim officer untie vet-changsha-2 farm-007
    """
    _change("ties/end", {"officer": officer, "farm": farm}, profile, as_json=as_json)


def serve(
    officer: OfficerName,
    level: Annotated[
        int, typer.Option("--level", min=0, max=9, help="1 to 4; 0: no longer a service officer.")
    ],
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Make an officer a service officer of a level for their office's county. The insurer's to do.

    Example: flashclaim officer serve picc-changsha-2 --level 2
    """
    _change("clocks/service", {"officer": officer, "level": level or None}, profile, as_json=as_json)


def service(profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """List service officers: who is told when time runs short.

    Example: flashclaim officer service --json
    """
    _listed("clocks/service", profile, as_json=as_json)


def _change(where: str, body: dict[str, Any] | None, profile: str, *, as_json: bool) -> None:
    with at_desk(profile, as_json=as_json) as desk:
        _print(desk.api.post(*where.split("/"), body=body or {}), as_json=as_json)


def _listed(where: str, profile: str, *, as_json: bool, **query: str | None) -> None:
    with at_desk(profile, as_json=as_json) as desk:
        _print(desk.api.get(*where.split("/"), **query), as_json=as_json)


def _print(answer: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(answer)
        return
    (rows,) = answer.values()
    if not rows:
        say("None.")
        return
    from cli.screens.clocks import duties_table
    from cli.screens.writing import console

    console().print(duties_table(rows))
