"""``flashclaim claim hold`` and ``release``: a named person stops a claim, a named person lets it go on."""

from typing import Annotated

import typer

from backend.domain.words import HoldKind
from cli.claim_reading import print_moved
from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ClaimName, ProfileName, Reading, Why

Kind = Annotated[HoldKind, typer.Option("--kind", help="Why the claim stops.")]


def hold(
    claim: ClaimName,
    reason: Why = "",
    kind: Kind = HoldKind.SIGNALS,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Stop a claim until a named person has looked.

    Example: flashclaim claim hold FC-20261123-0042 --reason "same pen as last week"
    """
    _post("holds", claim, reason, kind, language, profile, as_json=as_json)


def release(
    claim: ClaimName,
    reason: Why = "",
    kind: Kind = HoldKind.SIGNALS,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Let a claim go on; the reason says what was found. The insurer's to do.

    Example: flashclaim claim release FC-20261123-0042 --reason "seen on site: another animal"
    """
    _post("releases", claim, reason, kind, language, profile, as_json=as_json)


def _post(
    where: str, claim: str, reason: str, kind: HoldKind, language: Reading, profile: str, *, as_json: bool
) -> None:
    with at_desk(profile, language, as_json=as_json) as desk:
        moved = desk.api.post("claims", claim, where, body={"reason": reason, "kind": kind})
        print_moved(desk, moved, as_json=as_json)
