"""Every refusal that a caller can act on, as one tree of classes with stable types.

    Problem
    ├── InvalidInput              fields missing or wrong, all of them at once           422
    ├── NotFound                  no such claim, policy, photo, officer, effect          404
    │   ├── PhotoNotAnnounced     bytes whose hash no manifest named                     404
    │   └── PhotoLost             the stored original is gone or damaged                 404
    ├── NotSignedIn               no session, or it ended (more in ``sign_in.problems``)  401
    ├── NotAllowed                signed in, but this is another office's to do          403
    │   ├── WrongLane             the officer belongs to another lane                    403
    │   ├── OnePersonOneLane      this person or organisation fills another lane here    403
    │   ├── ForgedSignature       the signature does not fit document and key            403
    │   └── CodeWrong             the one-time code is wrong, used up or ended           403
    ├── IdempotencyKeyMissing     a creating request without Idempotency-Key             400
    ├── IdempotencyKeyReused      the same key with another body                         422
    ├── PhotoMismatch             the bytes are not the announced ones                   422
    ├── UploadTooBig              more than a photo may have                             413
    ├── TooManyStreams            this person listens to as many streams as one may      429
    ├── LiveBusy                  this process has no stream left, or is stopping        503
    ├── StorageFull               nothing could be kept, nothing was half-written        507
    ├── PhotoStoreUnavailable     the photo store does not answer, or not to us          503
    ├── DatabaseAway              the database server does not answer now                503
    └── ClaimProblem              the claim as it stands does not allow it               409
        ├── MoveNotAllowed        not in this state
        ├── ClaimDiffers          the same claim id with another body
        ├── StaleApproval         evidence or offer changed after the officer saw it
        ├── LaneAlreadyDecided    someone was first
        ├── OfferChanged          the farmer agreed to another offer
        ├── ClaimOnHold           a named person has to release it first
        ├── HandoverAlreadyRecorded       another receipt already fits the claim
        ├── HandoverMissing   a certificate follows the carcasses
        ├── CertificateAlreadyRecorded    another certificate is already recorded
        ├── HoldNotSet            nothing to release
        ├── PayoutUnderWay        the bank may still make the last one
        ├── PaymentsStopped       the insurer stopped all payouts
        ├── LeavesThroughGateway  payouts need no payment file
        ├── WrongPayout           the bank speaks of a payout that this claim does not have
        └── RefusedByRule         a rule of the trade stands against it                  422
            ├── OfferIncomplete   a weight is unknown: assess first
            ├── NothingToPay      the offer is 0.00: assess again or let a person reject it
            ├── NoteNeeded        a doubt is shown: say why you approve
            └── ReasonNeeded      a person who rejects gives a reason

``type`` is ``/problems/<code>`` and never changes; a retired one stays listed in RETIRED and is never used
again. Refusals of photos stand in ``backend.evidence.refusals``, those of their parts in ``domain.upload_problems``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from backend.domain.ids import ClaimId, Digest, PhotoId
from backend.domain.words import Lane, ReasonCode, State


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field: a JSON pointer (RFC 6901) into the input and what is wrong with it."""

    pointer: str
    detail: str


class Problem(Exception):
    """A refusal with a stable type (RFC 9457), said in the same words by API and command line."""

    type: ClassVar[str] = "/problems/refused"
    status: ClassVar[int] = HTTPStatus.BAD_REQUEST
    title: ClassVar[str] = "The request was refused"
    next: ClassVar[str] = "Read the detail, mend the request and send it again."
    retry_after_s: int | None = None
    """When the same request may work, said as ``Retry-After``; None: it has to be mended first."""

    def __init__(self, detail: str, *, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)

    @property
    def code(self) -> str:
        """The last segment of ``type``."""
        return self.type.rsplit("/", 1)[-1]

    def as_json(self) -> dict[str, object]:
        """The body of an ``application/problem+json`` answer (formats.md)."""
        return {
            "type": self.type,
            "title": self.title,
            "status": int(self.status),
            "detail": self.detail,
            "code": self.code,
            "next": self.next,
            "errors": [{"pointer": error.pointer, "detail": error.detail} for error in self.errors],
        }


class InvalidInput(Problem):
    """Fields are missing or wrong; ``errors`` names all of them at once."""

    type = "/problems/invalid-input"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "Some fields are missing or wrong"
    next = "Mend every field named in errors and send the request again."


class NotFound(Problem):
    """Nothing by that name; says what was looked for."""

    type = "/problems/not-found"
    status = HTTPStatus.NOT_FOUND
    title = "There is no such thing"
    next = "Check the name or number, or list what there is."

    def __init__(self, what: str, name: object) -> None:
        super().__init__(f"no {what} {name}")
        self.what, self.name = what, str(name)


class PhotoNotAnnounced(NotFound):
    """Bytes whose hash no manifest of this claim named."""

    type = "/problems/photo-not-announced"
    title = "This photo was not announced with the claim"
    next = "Announce it first: POST /api/v1/claims/{id}/evidence with its sha256, then upload it."

    def __init__(self, photo_id: PhotoId) -> None:
        super().__init__("announced photo", photo_id)
        self.photo_id = photo_id


class PhotoLost(NotFound):
    """An original that was received is no longer in the store, or no longer the same."""

    type = "/problems/photo-lost"
    title = "The stored photo is gone or damaged"
    next = "Upload the same photo again, which heals it, or restore it from a backup (docs/operate.md)."

    def __init__(self, photo_id: PhotoId) -> None:
        super().__init__("undamaged original of photo", photo_id)
        self.photo_id = photo_id


class NotSignedIn(Problem):
    """No session came with the request, or it has ended."""

    type = "/problems/not-signed-in"
    status = HTTPStatus.UNAUTHORIZED
    title = "You are not signed in"
    next = "Sign in: flashclaim login, with a login token, a policy card or a phone."


class NotAllowed(Problem):
    """Signed in, but this is not this person's to do."""

    type = "/problems/not-allowed"
    status = HTTPStatus.FORBIDDEN
    title = "This is not yours to do"
    next = "Ask the office whose part it is."


class WrongLane(NotAllowed):
    """The officer belongs to another lane."""

    type = "/problems/wrong-lane"
    title = "This lane belongs to another office"
    next = "Decide in your own lane; flashclaim whoami names it."

    def __init__(self, *, lane: Lane, own: Lane | None) -> None:
        super().__init__(f"the {lane} lane was asked for; yours is {own or 'none'}")
        self.lane, self.own = lane, own


class OnePersonOneLane(NotAllowed):
    """Three lanes need three people of three organisations."""

    type = "/problems/one-person-one-lane"
    title = "You or your organisation already decided in another lane"
    next = "A person of another organisation has to fill this lane."


class ForgedSignature(NotAllowed):
    """The signature does not fit the document and the officer's registered key."""

    type = "/problems/forged-signature"
    title = "The signature does not fit"
    next = "Sign again with your own key; flashclaim keys new makes and registers one."


class CodeWrong(NotAllowed):
    """The one-time code is wrong, used up, or for an offer that has changed."""

    type = "/problems/code-wrong"
    title = "The code is not right"
    next = "Use the newest code that was sent; five wrong tries end a code and a new one can be asked for."


class IdempotencyKeyMissing(Problem):
    """Creating and deciding requests carry a key, so that a retry is never a second one."""

    type = "/problems/idempotency-key-missing"
    title = "The Idempotency-Key header is missing"
    next = "Send a fresh random key, and the same one again when you retry."


class IdempotencyKeyReused(Problem):
    """The key belongs to another request."""

    type = "/problems/idempotency-key-reused"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "This Idempotency-Key was used with another body"
    next = "Use a fresh key for a new request; to retry, send exactly the first body."


class PhotoMismatch(Problem):
    """What arrived is not what was announced."""

    type = "/problems/photo-mismatch"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "The bytes are not the announced photo"
    next = "Send the whole original file again; its sha-256 must be the one in the address."

    def __init__(self, *, announced: PhotoId, arrived: PhotoId, size: int) -> None:
        super().__init__(f"announced {announced:.12}…, arrived {size} bytes with sha-256 {arrived:.12}…")
        self.announced, self.arrived, self.size = announced, arrived, size


class UploadTooBig(Problem):
    """More bytes than a photo may have."""

    type = "/problems/upload-too-big"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    title = "The upload is too big"
    next = "Send a photo of at most 20 MB; 1280 pixels on the long side are enough."


class DatabaseAway(Problem):
    """The database server does not answer; a request that was under way may have been recorded or not."""

    type = "/problems/database-away"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "The server cannot reach its database now"
    next = (
        "Send the same request again in a few seconds, under the same Idempotency-Key: nothing is done twice."
    )


class StorageFull(Problem):
    """The disk or bucket is full; nothing was half-written."""

    type = "/problems/storage-full"
    status = HTTPStatus.INSUFFICIENT_STORAGE
    title = "The server has no room for the photo now"
    next = "Keep the photo and send it again later: the claim stands and what had arrived is kept."


class PhotoStoreUnavailable(Problem):
    """The folder or bucket of the photos does not answer in time, or does not let us in."""

    type = "/problems/photo-store-unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "The photo store does not answer now"
    next = "Keep the photo and send it again in a minute: the claim stands and what had arrived is kept."


class TooManyStreams(Problem):
    """This person listens to as many streams as one person may."""

    type = "/problems/too-many-streams"
    status = HTTPStatus.TOO_MANY_REQUESTS
    title = "You are listening to too many streams"
    next = "Close one of them (a window, a flashclaim claim watch), then open this one again."
    retry_after_s = 30


class LiveBusy(Problem):
    """This process has no stream left to give, or is about to stop."""

    type = "/problems/live-busy"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "No stream is free here now"
    next = "Try again shortly, or read the document itself now and then."
    retry_after_s = 2


class ClaimProblem(Problem):
    """The claim as it stands does not allow the command."""

    type = "/problems/claim-conflict"
    status = HTTPStatus.CONFLICT
    title = "The claim does not allow this now"
    next = "Look at the claim again: flashclaim claim show."


class MoveNotAllowed(ClaimProblem):
    """The command does not belong to the claim's state (docs/states.md)."""

    type = "/problems/move-not-allowed"
    title = "Not in this state"

    def __init__(self, *, command: str, state: State) -> None:
        super().__init__(f"cannot {command} while the claim is {state}")
        self.command, self.state = command, state


class ClaimDiffers(ClaimProblem):
    """The same claim id came with another body."""

    type = "/problems/claim-differs"
    title = "This claim id already stands for another report"
    next = "Use a new claim_id for a new loss; to add photos, POST them as evidence."

    def __init__(self, claim_id: ClaimId) -> None:
        super().__init__(f"claim {claim_id} was reported with another body")
        self.claim_id = claim_id


class StaleApproval(ClaimProblem):
    """An officer signed evidence or an offer that has changed since it was shown."""

    type = "/problems/stale-approval"
    title = "The evidence or the offer changed after you saw it"
    next = "Look at the claim again and decide on what it holds now."

    def __init__(self, *, what: str, seen: Digest, current: Digest | None) -> None:
        super().__init__(f"you signed {what} {seen:.8}, the claim now holds {(current or 'none'):.8}")
        self.what, self.seen, self.current = what, seen, current


class LaneAlreadyDecided(ClaimProblem):
    """Someone was first."""

    type = "/problems/lane-already-decided"
    title = "This lane has been decided"

    def __init__(self, *, lane: Lane, by: str) -> None:
        super().__init__(f"{by} already approved in the {lane} lane")
        self.lane, self.by = lane, by


class OfferChanged(ClaimProblem):
    """The farmer agreed to an offer that no longer stands."""

    type = "/problems/offer-changed"
    title = "The offer has changed"
    next = "Look at the new sum and agree to that, or dispute it."


class ClaimOnHold(ClaimProblem):
    """No lane opens until a named person has released the claim."""

    type = "/problems/claim-on-hold"
    title = "The claim is on hold"
    next = "The insurer looks and releases it (flashclaim claim release), or rejects it with a reason."


class HandoverAlreadyRecorded(ClaimProblem):
    """Another receipt is recorded and fits the claim."""

    type = "/problems/handover-already-recorded"
    title = "A handover is already recorded"


class HandoverMissing(ClaimProblem):
    """A certificate follows the carcasses, and no handover is recorded."""

    type = "/problems/handover-missing"
    title = "No handover is recorded yet"
    next = "Record the collector's receipt first: flashclaim handover record."


class CertificateAlreadyRecorded(ClaimProblem):
    """Another certificate is recorded."""

    type = "/problems/certificate-already-recorded"
    title = "A disposal certificate is already recorded"


class HoldNotSet(ClaimProblem):
    """There is no such hold to release, or it is set already."""

    type = "/problems/hold-not-set"
    title = "There is no such hold"


class WrongPayout(ClaimProblem):
    """The bank speaks of a payout that this claim does not have under way."""

    type = "/problems/wrong-payout"
    title = "This payout is not under way on the claim"


class PayoutUnderWay(ClaimProblem):
    """The bank may still make the last payout: a new one could pay twice."""

    type = "/problems/payout-under-way"
    title = "The last payout may still be made"
    next = (
        "Wait for the bank. Once its memory is over and the statement does not show it: --not-on-statement."
    )


class PaymentsStopped(ClaimProblem):
    """The insurer has stopped all payouts."""

    type = "/problems/payments-stopped"
    title = "All payments are stopped"
    next = "flashclaim payout status says who stopped them and why; the insurer resumes them: payout resume."


class LeavesThroughGateway(ClaimProblem):
    """Payouts leave by themselves; a payment file beside them could pay twice."""

    type = "/problems/leaves-through-gateway"
    title = "Payouts do not leave in files here"
    next = "Where the bank takes files instead, set FLASHCLAIM_BANK=file and restart the server."


class RefusedByRule(ClaimProblem):
    """A rule of the trade stands against the command; ``reason_code`` names it where one fits."""

    type = "/problems/refused-by-rule"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "A rule stands against this"
    reason_code: ReasonCode | None = None


class OfferIncomplete(RefusedByRule):
    """The sum rests on an unknown weight or age."""

    type = "/problems/offer-incomplete"
    title = "The sum is not complete yet"
    next = "An officer of the insurer assesses the animals first: flashclaim claim assess."
    reason_code = ReasonCode.EVIDENCE_MISSING


class NothingToPay(RefusedByRule):
    """An approval of 0.00 would be a rejection that no person has to answer for."""

    type = "/problems/nothing-to-pay"
    title = "The offer is 0.00"
    next = "Assess again, or let a named person reject the claim with a reason."


class NoteNeeded(RefusedByRule):
    """A doubt is shown with the claim: the approval says why it is right all the same."""

    type = "/problems/note-needed"
    title = "A doubt is shown: say why you approve"
    next = "Open the photos, then approve with a note (--note)."


class ReasonNeeded(RefusedByRule):
    """Nobody is rejected or asked without being told why."""

    type = "/problems/reason-needed"
    title = "A reason is needed"
    next = (
        "Name a reason code and say in a note what the farmer should know; flashclaim reason list shows them."
    )


RETIRED: frozenset[str] = frozenset()
"""Types that were once used, and never will be again."""
