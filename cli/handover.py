"""``flashclaim handover``: the collector's signed receipt 移交单."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer

from backend.domain.problems import FieldError, InvalidInput
from cli.claim_reading import print_moved
from cli.claim_reporting import moment_of
from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ClaimName, ProfileName, Reading
from cli.refusals import told
from cli.render import print_json, say

app = typer.Typer(name="handover", help="Carcasses handed to the collector.", no_args_is_help=True)


@app.callback()
def handover() -> None:
    """Carcasses handed to the collector."""


@app.command()
def record(
    claim: ClaimName,
    receipt: Annotated[str, typer.Option(help="Number of the receipt.", metavar="R")],
    heads: Annotated[int, typer.Option(help="Heads taken along.")],
    weight: Annotated[str, typer.Option(help="Weighed total in kg.", metavar="KG")],
    farmer_code: Annotated[str, typer.Option(help="The farmer's handover code.", metavar="CODE")],
    at: Annotated[str, typer.Option(help="RFC 3339 with offset; now where left out.", metavar="TIME")] = "",
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Record what was taken, signed by you, agreed to by the farmer's code.

    Example: flashclaim handover record FC-20261123-0042 --receipt R-7 --heads 1 --weight 95 --farmer-code 123456
    """
    with told(as_json=as_json):
        handed_over_at = moment_of("/at", at) if at else datetime.now(UTC)
        weight_kg = _weight(weight)
    with at_desk(profile, language, as_json=as_json) as desk:
        from backend.domain.decisions.disposing import handover_document
        from backend.domain.ids import ClaimId
        from backend.domain.plain import moment

        shown = desk.show(claim)
        body = {
            "receipt_number": receipt,
            "heads": heads,
            "weight_kg": weight_kg,
            "handed_over_at": moment(handed_over_at),
        }
        document = handover_document(
            claim_id=ClaimId(UUID(shown["id"])),
            receipt_number=receipt,
            heads=heads,
            weight_kg=weight_kg,
            handed_over_at=moment(handed_over_at),
        )
        signed = desk.signed(document) | {"farmer_code": farmer_code}
        moved = desk.api.post("claims", shown["id"], "handovers", body=body | signed)
        for gap in (moved["handover"] or {}).get("gaps", ()):
            say(f"The receipt does not fit the claim: {gap}.")
        print_moved(desk, moved, as_json=as_json)


@app.command()
def show(claim: ClaimName, profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """Show a claim's receipt and what of it does not fit the claim.

    Example: flashclaim handover show FC-20261123-0042
    """
    with at_desk(profile, as_json=as_json) as desk:
        shown = desk.show(claim)
    recorded = shown["handover"]
    if as_json:
        print_json({"number": shown["number"], "handover": recorded})
    elif recorded is None:
        say(f"{shown['number']}: no handover is recorded.")
    else:
        for name, value in recorded.items():
            said = ", ".join(value) if isinstance(value, list) else value
            typer.echo(f"{name:<15} {said or '-'}")


def _weight(text: str) -> str:
    """The weight as a plain decimal: what is signed is what the server reads."""
    from decimal import Decimal, InvalidOperation

    try:
        weight = Decimal(text)
    except InvalidOperation:
        weight = Decimal("NaN")
    if not weight.is_finite():
        error = FieldError("/weight", f"{text!r} is not a number of kilograms")
        raise InvalidInput("the weight cannot be used", errors=[error])
    return f"{weight:f}"
