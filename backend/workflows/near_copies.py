"""Photos that are copies of another claim's: every photo gets a fingerprint, and what looks alike is judged in pairs.

Photos of before there were fingerprints get theirs when a claim of the same farm, policy or payee is looked at, a few
each time. Photos are decoded by the same bounded children as everywhere; what is compared after that is small.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import numpy as np

from backend.adapters.blobs import BlobCorrupt, BlobMissing
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.claim import Claim
from backend.domain.copies import NearCopy
from backend.domain.ids import ClaimId, PhotoId
from backend.domain.problems import PhotoStoreUnavailable, Problem
from backend.evidence.duplicates import COMPARED_SIDE, judge_pair
from backend.evidence.fingerprint import Fingerprint, Likeness, NotAFingerprint, likenesses
from backend.evidence.photo import Decoded
from backend.store import fingerprints
from backend.store.fingerprints import Kept
from backend.store.run import Store
from backend.workflows.photo_views import PhotoViews
from backend.workflows.premises import PremisesIndex
from models.views import View

_MOST_JUDGED = 3
"""Of one photo: those that most corners speak for."""
_MOST_OF_CLAIM = 24
_MOST_MADE = 4
"""Of the photos of before, at one look."""
_SHARE = Decimal("0.0001")

Found = dict[PhotoId, tuple[NearCopy, ...]]


@dataclass(frozen=True, slots=True)
class NearCopies:
    """Finds copies of photos. All of it raises PhotoStoreUnavailable where the photo store is away."""

    store: Store
    views: PhotoViews
    premises: PremisesIndex

    def keep(self, claim: Claim, photo_id: PhotoId, view: View, at: datetime) -> None:
        """Keep the fingerprint of a photo that was just looked at."""
        self._keep(claim.report.claim_id, photo_id, self._cell(claim), Fingerprint.of(view), at)

    def of(self, claim: Claim) -> Found:
        """By photo of this claim the photos of other claims that it is a copy of."""
        own = self._own(claim)
        if not own:
            return {}
        self._make_those_of_before(claim)
        cell = self._cell(claim)
        latest = max(made_at for _, made_at in own.values())
        kept = self.store.engine.read(
            lambda connection: fingerprints.to_compare(connection, claim, cell, latest), EVERYWHERE
        )
        others = [(one, print_) for one in kept if (print_ := _unpacked(one.corners)) is not None]
        left = _MOST_OF_CLAIM
        found: Found = {}
        for photo_id, (mine, made_at) in own.items():
            alike = likenesses(mine, [print_ for _, print_ in others])
            candidates = [
                (one, like)
                for (one, _), like in zip(others, alike, strict=True)
                # The same bytes are told by the photo's name.
                if like and one.photo_id != photo_id and one.came_before(claim, made_at)
            ]
            candidates.sort(key=lambda pair: -pair[1].way.followed)
            del candidates[min(_MOST_JUDGED, left) :]
            left -= len(candidates)
            if copies := tuple(self._judged(photo_id, candidates)):
                found[photo_id] = copies
        return found

    def mirrored_within(self, claim: Claim) -> dict[PhotoId, PhotoId]:
        """Photos of this claim that show another one of it mirrored, and which: one scene, not two.

        Copies that are not mirrored lie over their original as any two photos of one ground do (``models.scene``).
        """
        if len(claim.photos) < 2:  # noqa: PLR2004 - a pair
            return {}
        found: dict[PhotoId, PhotoId] = {}
        prints = [(photo_id, print_) for photo_id, (print_, _) in self._own(claim).items()]
        for place, (one, print_) in enumerate(prints):
            rest = [other for other in prints[place + 1 :] if other[0] not in found]
            for (other, _), like in zip(
                rest, likenesses(print_, [theirs for _, theirs in rest]), strict=True
            ):
                if like is None or not like.is_mirrored or len(found) >= _MOST_OF_CLAIM:
                    continue
                pictures = self._decoded(one), self._decoded(other)
                if pictures[0] and pictures[1] and judge_pair(pictures[0], pictures[1], like).changed:
                    found[other] = one
        return found

    def _judged(self, photo_id: PhotoId, candidates: Iterable[tuple[Kept, Likeness]]) -> Iterable[NearCopy]:
        mine: Decoded | None = None
        for other, like in candidates:
            mine = mine or self._decoded(photo_id)
            theirs = self._decoded(other.photo_id)
            if mine is None or theirs is None:
                continue
            judged = judge_pair(theirs, mine, like.back())
            if judged.changed:
                distance = Decimal(str(judged.distance)).quantize(_SHARE)
                yield NearCopy(other.number, other.photo_id, distance, judged.changed)

    def _own(self, claim: Claim) -> dict[PhotoId, tuple[Fingerprint, datetime]]:
        """Fingerprints of the photos that could be read, and when each was made; one that is missing is made."""
        claim_id = claim.report.claim_id
        kept = self.store.engine.read(
            lambda connection: fingerprints.of_claim(connection, claim_id), EVERYWHERE
        )
        found: dict[PhotoId, tuple[Fingerprint, datetime]] = {}
        for photo in claim.photos:
            if photo.received_at is None or photo.checks is None or photo.checks.refused:
                continue
            content, made_at = kept.get(photo.id, (b"", photo.received_at))
            print_ = _unpacked(content)
            if print_ is None:
                print_ = self._made(photo.id)
                self._keep(claim_id, photo.id, self._cell(claim), print_, made_at)
            found[photo.id] = (print_, made_at)
        return found

    def _make_those_of_before(self, claim: Claim) -> None:
        missing = self.store.engine.read(
            lambda connection: fingerprints.without(connection, claim, _MOST_MADE), EVERYWHERE
        )
        for claim_id, photo_id, received_at in missing:
            # Where it was taken is not asked: it is found through its farm, policy or payee.
            self._keep(claim_id, photo_id, None, self._made(photo_id), received_at)

    def _made(self, photo_id: PhotoId) -> Fingerprint:
        """A photo's fingerprint; without a corner where the photo cannot be read."""
        view = self.views.of(photo_id)
        return _NO_CORNERS if view is None else Fingerprint.of(view)

    def _keep(
        self, claim_id: ClaimId, photo_id: PhotoId, cell: int | None, print_: Fingerprint, at: datetime
    ) -> None:
        packed = print_.packed()
        self.store.submit(
            lambda connection: fingerprints.keep(connection, claim_id, photo_id, cell, packed, at)
        ).result()

    def _cell(self, claim: Claim) -> int | None:
        """Where the claim is: on its farm, else where the first of its photos says that it was taken."""
        middle = self.premises.farms().middle(claim.report.policy.farm_id)
        if middle is None:
            fixes = (one.announced.capture.position for one in claim.photos)
            middle = next(((float(one.lon), float(one.lat)) for one in fixes if one), None)
        return None if middle is None else fingerprints.cell_of(*middle)

    def _decoded(self, photo_id: PhotoId) -> Decoded | None:
        try:
            return self.views.reader.decode(self.views.blobs.get(photo_id), target=COMPARED_SIDE)
        except PhotoStoreUnavailable:
            raise
        except (Problem, BlobMissing, BlobCorrupt):
            return None


_NO_CORNERS = Fingerprint(
    (0, 0), np.empty(0, np.complex128), np.empty(0, np.complex128), np.empty((0, 2), np.uint64)
)


def _unpacked(content: bytes) -> Fingerprint | None:
    try:
        return Fingerprint.unpacked(content)
    except NotAFingerprint:
        return None
