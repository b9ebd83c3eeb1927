"""``flashclaim certificate``: the inspection office's disposal certificate 无害化处理证明."""

from typing import Annotated
from uuid import UUID

import typer

from backend.domain.problems import NotAllowed
from cli.claim_reading import print_moved
from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ClaimName, ProfileName, Reading

app = typer.Typer(name="certificate", help="Certificates of harmless disposal.", no_args_is_help=True)


@app.callback()
def certificate() -> None:
    """Certificates of harmless disposal."""


@app.command()
def issue(
    claim: ClaimName,
    number: Annotated[str, typer.Option(help="Number of the certificate.", metavar="C")],
    heads: Annotated[int | None, typer.Option(help="Those of the handover where left out.")] = None,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Issue the disposal certificate of a claim, signed by you.

    Example: flashclaim certificate issue FC-20261123-0042 --number C-2026-118
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        from backend.domain.decisions.disposing import certificate_document
        from backend.domain.ids import ClaimId

        shown = desk.show(claim)
        if heads is None and shown["handover"] is None:
            raise NotAllowed("no handover is recorded yet: the certificate follows the carcasses")
        destroyed = shown["handover"]["heads"] if heads is None else heads
        document = certificate_document(
            claim_id=ClaimId(UUID(shown["id"])), certificate_number=number, heads=destroyed
        )
        body = {"certificate_number": number, "heads": destroyed} | desk.signed(document)
        moved = desk.api.post("claims", shown["id"], "certificates", body=body)
        print_moved(desk, moved, as_json=as_json)
