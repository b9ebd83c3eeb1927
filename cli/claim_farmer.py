"""``flashclaim claim accept``, ``code`` and ``withdraw``: what the farmer says, or an officer for the farmer."""

from typing import Annotated

import typer

from backend.domain.words import CodePurpose
from cli.claim_reading import print_moved
from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ClaimName, ProfileName, Reading, Why
from cli.render import print_json, say


def accept(
    claim: ClaimName,
    code: Annotated[str, typer.Option(help="The one-time code that the farmer was sent.", metavar="CODE")],
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Agree to the offer with the farmer's one-time code.

    Example: flashclaim claim accept FC-20261123-0042 --code 123456
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        moved = desk.api.post("claims", claim, "acceptance", body={"code": code})
        print_moved(desk, moved, as_json=as_json)


def code(
    claim: ClaimName,
    purpose: Annotated[CodePurpose, typer.Option(help="What the code is for.")] = CodePurpose.ACCEPTANCE,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Send the farmer a new one-time code; the older one is worth nothing then.

    Example: flashclaim claim code FC-20261123-0042 --purpose handover
    """
    with at_desk(profile, as_json=as_json) as desk:
        sent = desk.api.post("claims", claim, "codes", body={"purpose": purpose})
    if as_json:
        print_json(sent)
    else:
        say(f"A new {purpose} code is on its way to the farmer.")


def withdraw(
    claim: ClaimName,
    reason: Why = "",
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Take a report back, as long as nothing has been sent to the bank.

    Example: flashclaim claim withdraw FC-20261123-0042 --reason "reported twice"
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        moved = desk.api.post("claims", claim, "withdrawal", body={"reason": reason})
        print_moved(desk, moved, as_json=as_json)
