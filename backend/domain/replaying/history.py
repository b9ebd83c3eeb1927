"""One claim's machine decisions made again, event by event, each under its own rule and product version."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from backend.domain.claim import FOR_ALL_PAYMENTS, Claim
from backend.domain.decisions.gathering import NO_PHOTO_CAME
from backend.domain.decisions.offering import accepted_in_advance
from backend.domain.decisions.reporting import NO_PHOTO
from backend.domain.events import (
    ClaimAssessed,
    ClaimReported,
    ClaimTriaged,
    Event,
    EvidenceRequested,
    HoldPlaced,
    OfferAccepted,
    PayoutStarted,
    Recorded,
)
from backend.domain.evidence import evidence_hash
from backend.domain.ids import payout_id
from backend.domain.indemnity.problems import UnknownProduct
from backend.domain.offer import Offer
from backend.domain.personal.masks import ERASED
from backend.domain.plain import plain
from backend.domain.replaying.difference import Difference, parted
from backend.domain.replaying.sums import Products, offer_parts, quoted, sum_parts
from backend.domain.rules.payee import unsettled_payee
from backend.domain.rules.rule import Case, Rules
from backend.domain.rules.triage import judge, path_for
from backend.domain.rules.versions import UnknownRules, rules_of
from backend.domain.words import AcceptanceMethod, ActorKind, HoldKind, Path, State


@dataclass(slots=True)
class DecisionsAgain:
    """Makes a claim's decisions again while it is folded.

    ``made`` counts those that were; ``folded`` names by kind those whose facts their events do not hold: they are
    taken as recorded, and said to be.
    """

    products: Products
    made: int = 0
    folded: list[str] = field(default_factory=list)
    _awaited: list[Event] = field(default_factory=list)

    def take(self, before: Claim | None, entry: Recorded, after: Claim) -> Iterator[Difference]:
        """Where one event is not what the machine decides on the facts before it."""
        awaited = self._awaited.pop(0) if self._awaited else None
        if awaited is not None:
            self.made += 1
            yield from _events_part(entry, awaited)
            return
        try:
            yield from self._again(before, entry, after)
        except (UnknownProduct, UnknownRules) as unknown:
            yield Difference(entry.seq, "version", "one that this release does not have", str(unknown))

    def end(self, last_seq: int) -> Iterator[Difference]:
        """What the machine had to record after the last event, and did not."""
        for event in self._awaited:
            yield Difference(last_seq + 1, "type", "nothing", event.type)

    def _again(self, before: Claim | None, entry: Recorded, after: Claim) -> Iterator[Difference]:
        match entry.event:
            case ClaimReported() as event:
                yield from self._reported(entry, event)
            case EvidenceRequested() as event if entry.actor.kind is ActorKind.MACHINE and before:
                self.made += 1
                yield from parted(entry.seq, "reason", event.reason, _asked_for(before))
            case ClaimTriaged() as event if before:
                yield from self._triaged(before, entry, event)
            case ClaimAssessed() as event if before:
                yield from self._offered(after, entry, event.offer)
                self._awaited += accepted_in_advance(before, event.offer)
            case OfferAccepted(method=AcceptanceMethod.IN_ADVANCE):
                yield Difference(entry.seq, "type", entry.event.type, "nothing: no offer asked for it")
            case HoldPlaced() as event if entry.actor.kind is ActorKind.MACHINE:
                # Placed where a payout was to start: rests on other claims, on the payee, or on what stands above all.
                is_above_all = FOR_ALL_PAYMENTS in event.because
                self.folded.append("payments kept back" if is_above_all else "hold before a payout")
            case PayoutStarted() as event if before:
                yield from self._paid(before, entry, event)

    def _reported(self, entry: Recorded, event: ClaimReported) -> Iterator[Difference]:
        if not event.photos:
            self._awaited.append(EvidenceRequested(reason=NO_PHOTO))
        if event.basis is None:
            self.folded.append("sum shown with a report of an older form")
            return
        self.made += 1
        yield from sum_parts(entry.seq, event, event.basis, self.products(event.product))

    def _triaged(self, before: Claim, entry: Recorded, event: ClaimTriaged) -> Iterator[Difference]:
        yield from self._offered(before, entry, event.offer)
        yield from parted(entry.seq, "path", event.path.value, path_for(event.findings).value)
        if event.elsewhere is None or event.offer.basis is None:
            self.folded.append("findings of a triage of an older form")
        else:
            yield from self._judged(before, entry, event, rules_of(event.rule_version))
        self._awaited += _after_triage(before, entry, event)

    def _judged(
        self, before: Claim, entry: Recorded, event: ClaimTriaged, rules: Rules
    ) -> Iterator[Difference]:
        if event.elsewhere is None or event.offer.basis is None:
            raise ValueError("a triage that does not say what it knew cannot be made again")
        self.made += 1
        product = self.products(event.offer.product)
        case = Case(
            claim=before,
            scene=event.scene,
            quote=quoted(before.report, product, event.offer.basis, before.heads, before.animals),
            product=product,
            elsewhere=event.elsewhere,
            at=entry.at,
        )
        left_out = [*parted(entry.seq, "findings", plain(event.findings), plain(judge(case, rules)))]
        yield from left_out
        # What officers signed stays when the farmer's words are erased; it can no longer be worked out from them then.
        if event.evidence_hash and not left_out and ERASED not in before.notes:
            shown = evidence_hash(before, event.findings, event.scene)
            yield from parted(entry.seq, "evidence_hash", event.evidence_hash, shown)

    def _offered(self, claim: Claim, entry: Recorded, offer: Offer) -> Iterator[Difference]:
        if offer.basis is None:
            self.folded.append("sum of an offer of an older form")
            return
        self.made += 1
        product = self.products(offer.product)
        quote = quoted(claim.report, product, offer.basis, claim.heads, claim.animals)
        yield from parted(entry.seq, "offer.product", offer.product, claim.report.product)
        yield from offer_parts(entry.seq, claim, offer, quote)

    def _paid(self, before: Claim, entry: Recorded, event: PayoutStarted) -> Iterator[Difference]:
        self.made += 1
        number = len(before.payouts) + 1
        due = before.offer.amount if before.offer else None
        yield from parted(entry.seq, "payout_no", event.payout_no, number)
        key = payout_id(before.report.claim_id, number)
        yield from parted(entry.seq, "payout_id", str(event.payout_id), str(key))
        yield from parted(entry.seq, "amount", plain(event.amount), plain(due))
        if before.state is not State.PAYABLE:
            yield Difference(entry.seq, "type", entry.event.type, f"nothing: the claim was {before.state}")
        if event.heads_paid is None:
            self.folded.append("heads left at a payout of an older form")
        elif before.offer:
            left = max(0, before.report.policy.terms.insured_heads - event.heads_paid)
            if before.offer.heads_payable > left:
                yield Difference(
                    entry.seq, "type", entry.event.type, f"nothing: {left} insured heads were left"
                )


def _after_triage(before: Claim, entry: Recorded, event: ClaimTriaged) -> list[Event]:
    """What the machine records with a triage: holds, then the acceptance given in advance."""
    follows: list[Event] = []
    holding = [doubt for doubt in event.findings if doubt.holds]
    if event.path is Path.HOLD and not before.hold(HoldKind.SIGNALS):
        reason = ", ".join(sorted({doubt.code for doubt in holding}))
        because = tuple(doubt.key for doubt in holding)
        follows.append(HoldPlaced(kind=HoldKind.SIGNALS, reason=reason, because=because))
    if event.elsewhere and not before.hold(HoldKind.PAYEE_CHANGED):
        figures = rules_of(event.rule_version).thresholds
        doubts = [
            one
            for one in unsettled_payee(event.elsewhere, entry.at, figures)
            if one.key not in before.cleared
        ]
        if doubts:
            reason = ", ".join(one.code for one in doubts)
            because = tuple(one.key for one in doubts)
            follows.append(HoldPlaced(kind=HoldKind.PAYEE_CHANGED, reason=reason, because=because))
    return [*follows, *accepted_in_advance(before, event.offer)]


def _asked_for(claim: Claim) -> str:
    """Why the machine asks: no photo was announced, or none came; it asks for nothing else."""
    if any(photo.received_at for photo in claim.photos):
        return "nothing: a photo had arrived"
    return NO_PHOTO_CAME if claim.photos else NO_PHOTO


def _events_part(entry: Recorded, awaited: Event) -> Iterator[Difference]:
    if entry.event.type != awaited.type:
        yield Difference(entry.seq, "type", entry.event.type, awaited.type)
    else:
        event = entry.event
        if isinstance(event, OfferAccepted):
            # Whether the signature under it fits is for those to say who have the keys.
            event = replace(event, attestation=None)
        yield from parted(entry.seq, "", plain(event), plain(awaited))
