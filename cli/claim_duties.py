"""``flashclaim claim recuse`` and ``delegate``: an officer steps back, an office asks another one to decide."""

from typing import Annotated

import typer

from backend.domain.problems import NotAllowed
from cli.claim_reading import print_moved
from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ClaimName, InLane, ProfileName, Reading, Why


def recuse(
    claim: ClaimName,
    reason: Why = "",
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Step back from a claim: you fill no lane of it, and what you approved there is void.

    The lane stays open for your colleagues. It cannot be taken back.

    Example: flashclaim claim recuse FC-20261123-0042 --reason "the farm is my brother's"
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        moved = desk.api.post("claims", claim, "recusals", body={"reason": reason})
        print_moved(desk, moved, as_json=as_json)


def delegate(
    claim: ClaimName,
    to: Annotated[str, typer.Option("--to", metavar="OFFICE", help="Who decides; your own takes it back.")],
    reason: Why = "",
    lane: InLane = None,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Ask another office of the same lane to decide a claim, such as a neighbouring county's.

    They decide with --for and your office, which stands in what they sign. Your own
    office may still decide: whoever is first.

    Example: flashclaim claim delegate FC-20261123-0042 --to vet-liuyang --reason "our vet is ill"
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        in_lane = lane or desk.profile.own_lane
        if in_lane is None:
            raise NotAllowed("say which lane: --lane")
        body = {"lane": in_lane, "to": to, "reason": reason}
        moved = desk.api.post("claims", claim, "delegations", body=body)
        print_moved(desk, moved, as_json=as_json)
