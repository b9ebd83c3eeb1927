"""``flashclaim claim assist``: ask a farmer without a phone, by a code to the contact phone, to be reported for."""

import sys
from pathlib import Path
from typing import Annotated, Any  # JSON from the server
from uuid import UUID, uuid4

import typer

from backend.domain.problems import FieldError, InvalidInput
from cli.desk import Desk, at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ProfileName
from cli.render import print_json, say

_FROM_STDIN = "-"


def assist(
    policy: Annotated[str, typer.Option(help="Policy number.", metavar="P")],
    advance: Annotated[
        bool, typer.Option("--advance", help="The message says that the farmer agrees to the lowest sum too.")
    ] = False,
    claim_id: Annotated[
        UUID | None, typer.Option(help="The id that the report will have; a new one else.", metavar="UUID")
    ] = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Ask the farm's contact phone for the code that lets you report.

    The message names you. The answer is the same for a policy that is not in
    your county. Then: flashclaim claim report --assisted, with id, request and code.

    Example: flashclaim claim assist --policy P1
    """
    with at_desk(profile, as_json=as_json) as desk:
        asked = ask(desk, claim_id or uuid4(), policy, advance=advance)
    if as_json:
        print_json(asked)
        return
    typer.echo(f"--claim-id {asked['claim_id']} --request {asked['request']}")
    say("A code is on its way to the farm's contact phone, if one is known; it is good for 5 minutes.")
    say(f"Next: flashclaim claim report --assisted --policy {policy} --code CODE, with the two above.")


def ask(desk: Desk, claim_id: UUID, policy: str, *, advance: bool) -> dict[str, Any]:
    """Ask for a code; what it was asked for comes back."""
    request = str(uuid4())
    body = {
        "request": request,
        "claim_id": str(claim_id),
        "policy_number": policy,
        "accept_in_advance": advance,
    }
    asked: dict[str, Any] = desk.api.post("assistances", "codes", body=body)
    return asked | {"claim_id": str(claim_id)}


def agree(
    desk: Desk, claim_id: UUID, policy: str, *, advance: bool, request: UUID | None, code: str, card: str
) -> None:
    """Show the farmer's code or card to the server; on a terminal without either, ask for a code first.

    Raises:
        InvalidInput: Neither is there, and nobody sits at a terminal; or a code without its request.
    """
    if card:
        secret = sys.stdin.readline() if card == _FROM_STDIN else Path(card).read_text(encoding="utf-8")
        body: dict[str, object] = {"card": secret.strip(), "accept_in_advance": advance}
    else:
        named = str(request) if request else ""
        if not code and sys.stdin.isatty():
            named = ask(desk, claim_id, policy, advance=advance)["request"]
            code = str(typer.prompt("Code that the farmer was sent", err=True)).strip()
        if not (code and named):
            error = FieldError(
                "/code", "is missing: flashclaim claim assist asks for one, --card shows a card"
            )
            raise InvalidInput("the farmer has not let you report", errors=[error])
        body = {"request": named, "policy_number": policy, "code": code, "accept_in_advance": advance}
    desk.api.put("assistances", str(claim_id), body=body)
