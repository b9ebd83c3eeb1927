"""``flashclaim claim approve``, ``ask`` and ``reject``: one office's signed decision."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any  # the claim's document, as the API sends it

import typer

from backend.domain.problems import MoveNotAllowed, NotAllowed
from backend.domain.words import Decision, Lane, ReasonCode, State
from cli.claim_reading import print_moved
from cli.desk import Desk, at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ClaimName, InLane, Note, ProfileName, Reading
from cli.render import say

if TYPE_CHECKING:
    from backend.domain.ids import Digest

EvidenceSeen = Annotated[
    str, typer.Option("--evidence-hash", metavar="HASH", help="As seen earlier; refused if it has moved.")
]
OfferSeen = Annotated[
    str, typer.Option("--offer-hash", metavar="HASH", help="As seen earlier; refused if it has moved.")
]
InPlaceOf = Annotated[
    str,
    typer.Option("--for", metavar="OFFICE", help="The office in whose place you decide; it is signed."),
]
Code = Annotated[
    ReasonCode | None,
    typer.Option("--reason", metavar="CODE", help="Reason code; flashclaim reason list shows them."),
]


def approve(
    claim: ClaimName,
    lane: InLane = None,
    note: Note = "",
    evidence_hash: EvidenceSeen = "",
    offer_hash: OfferSeen = "",
    in_place_of: InPlaceOf = "",
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Approve a claim in your lane, signed over exactly the evidence and the offer.

    A claim with doubts (ASSISTED) needs a note that says why it is right.

    Example: flashclaim claim approve FC-20261123-0042 --note "tag and photo fit"
    """
    seen = (evidence_hash, offer_hash)
    said = Said(Decision.APPROVE, lane, None, note, in_place_of)
    _run(claim, said, seen, language, profile, as_json=as_json)


def ask(
    claim: ClaimName,
    lane: InLane = None,
    note: Note = "",
    reason: Code = None,
    evidence_hash: EvidenceSeen = "",
    offer_hash: OfferSeen = "",
    in_place_of: InPlaceOf = "",
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Ask the farmer for more; the note says what.

    Example: flashclaim claim ask FC-20261123-0042 --note "one photo of the tag"
    """
    seen = (evidence_hash, offer_hash)
    said = Said(Decision.ASK, lane, reason, note, in_place_of)
    _run(claim, said, seen, language, profile, as_json=as_json)


def reject(
    claim: ClaimName,
    reason: Code = None,
    note: Note = "",
    lane: InLane = None,
    evidence_hash: EvidenceSeen = "",
    offer_hash: OfferSeen = "",
    in_place_of: InPlaceOf = "",
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Reject a claim; it needs a reason code and a note for the farmer.

    Example: flashclaim claim reject FC-20261123-0042 --reason DUPLICATE_TAG --note "tag paid in May"
    """
    seen = (evidence_hash, offer_hash)
    said = Said(Decision.REJECT, lane, reason, note, in_place_of)
    _run(claim, said, seen, language, profile, as_json=as_json)


def decide(
    desk: Desk,
    shown: dict[str, Any],
    decision: Decision,
    *,
    lane: Lane | None = None,
    reason: ReasonCode | None = None,
    note: str = "",
    seen: tuple[str, str] = ("", ""),
    in_place_of: str = "",
) -> dict[str, Any]:
    """Sign a decision over what was shown, send it, and return the claim as it then stands.

    Args:
        desk: Who decides.
        shown: The claim's document that the officer saw.
        decision: Approve, reject or ask.
        lane: The officer's own where left out.
        reason: Why, as a code.
        note: Why, in words.
        seen: Hashes of evidence and offer in place of the shown ones, where they were seen earlier.
        in_place_of: The office that asked this one to decide, or is closed and covered by it.

    Raises:
        Refused: By the server, or for want of a key.
        NotAllowed: This person has no lane.
        MoveNotAllowed: There is nothing to decide on yet.
    """
    from uuid import UUID

    from backend.domain.ids import ClaimId, OrganisationId
    from backend.domain.lanes import decision_document

    in_lane = lane or desk.profile.own_lane
    if in_lane is None:
        raise NotAllowed("a collector or farmer has no lane to decide in")
    evidence_hash, offer_hash = _hashes(shown, seen)
    document = decision_document(
        claim_id=ClaimId(UUID(shown["id"])),
        lane=in_lane,
        decision=decision,
        reason_code=reason,
        evidence_hash=evidence_hash,
        offer_hash=offer_hash,
        on_behalf_of=OrganisationId(in_place_of) if in_place_of else None,
    )
    body: dict[str, object] = {
        "lane": in_lane,
        "decision": decision,
        "evidence_hash": evidence_hash,
        "offer_hash": offer_hash,
        "reason_code": reason,
        "note": note,
    }
    if in_place_of:
        body["on_behalf_of"] = in_place_of
    return dict(desk.api.post("claims", shown["id"], "decisions", body=body | desk.signed(document)))


def _hashes(shown: dict[str, Any], seen: tuple[str, str]) -> "tuple[Digest, Digest]":
    from backend.domain.ids import Digest

    offer = shown["offer"] or {}
    evidence_hash, offer_hash = seen[0] or shown["evidence_hash"], seen[1] or offer.get("offer_hash")
    if not (evidence_hash and offer_hash):
        raise MoveNotAllowed(command="decide lane", state=State(shown["state"]))
    return Digest(evidence_hash), Digest(offer_hash)


@dataclass(frozen=True, slots=True)
class Said:
    """A decision as it was typed."""

    decision: Decision
    lane: Lane | None
    reason: ReasonCode | None
    note: str
    in_place_of: str


def _run(
    claim: str, said: Said, seen: tuple[str, str], language: Reading, profile: str, *, as_json: bool
) -> None:
    with at_desk(profile, language, as_json=as_json) as desk:
        shown = desk.show(claim)
        moved = decide(
            desk,
            shown,
            said.decision,
            lane=said.lane,
            reason=said.reason,
            note=said.note,
            seen=seen,
            in_place_of=said.in_place_of,
        )
        evidence_hash, offer_hash = _hashes(shown, seen)
        place = f" in the place of {said.in_place_of}" if said.in_place_of else ""
        words = f"Signed: {said.decision}{place}, {shown['number']}"
        say(f"{words}, evidence {evidence_hash[:8]}, offer {offer_hash[:8]}.")
        waits = moved.get("rejection_waits")
        if waits and said.decision is Decision.REJECT:
            say(f"Above the sum that one officer rejects alone: a colleague agrees, {waits['proposal']}.")
        print_moved(desk, moved, as_json=as_json)
