"""Effect ``verify``: look at every photo that arrived, then have the claim triaged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from backend import instruments
from backend.adapters.blobs import BlobCorrupt, BlobMissing, Blobs
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.claim import Claim
from backend.domain.commands import RecordPhotoChecks, Triage
from backend.domain.copies import NearCopy
from backend.domain.events import AnsweredError, SceneFound
from backend.domain.ids import PhotoId
from backend.domain.photos import (
    BoxFound,
    CountFound,
    FenceFound,
    NearestPremises,
    Photo,
    PhotoChecks,
    PhotoRefused,
    Position,
)
from backend.domain.problems import MoveNotAllowed, PhotoStoreUnavailable, Problem
from backend.domain.words import State
from backend.evidence import capture
from backend.evidence.gps import Position as CameraPosition
from backend.store import events
from backend.store.effects import Leased
from backend.store.run import Store
from backend.workflows.capture_records import camera_position, fix_age_s, record_signals
from backend.workflows.clock import Clock
from backend.workflows.near_copies import NearCopies
from backend.workflows.photo_views import PhotoViews
from backend.workflows.premises import PremisesIndex
from backend.workflows.worker import KeepTrying, Later
from geo.fence import FenceDecision
from geo.fix import Fix
from models.counter import Box, Count, Counter, scaled
from models.scene import Shown, scene
from models.views import View

_MILLIMETRE = Decimal("0.001")
_SHARE = Decimal("0.0001")
DECODED_SIDE = 640
"""Pixels that decoding aims for where the counter has no size of its own, to which it fits the picture."""


@dataclass(frozen=True, slots=True)
class FenceLimits:
    """Above these a fix counts as unknown: metres of radius (68 %), seconds of age."""

    coarsest_m: float
    oldest: timedelta


@dataclass(frozen=True, slots=True)
class Verification:
    """The machine's checks on a claim's photos."""

    store: Store
    blobs: Blobs
    counter: Counter
    premises: PremisesIndex
    limits: FenceLimits
    clock: Clock
    views: PhotoViews
    copies: NearCopies | None = None
    """None: copies are not looked for, as when past claims are only counted again."""
    answered_error: AnsweredError | None = None
    """The counter's, as its manifest states it."""

    def __call__(self, leased: Leased) -> Later | None:
        """Check what has not been checked, then triage; photos that arrive meanwhile are taken along."""
        while True:
            claim = self.store.engine.read(
                lambda connection: events.load(connection, leased.claim_id), EVERYWHERE
            )
            if claim.state not in {State.REPORTED, State.VERIFYING}:
                return None
            for one in claim.photos:
                if one.is_unchecked:
                    with instruments.PHOTO_SECONDS.time():
                        checks = self.check(claim, one)
                    command = RecordPhotoChecks(photo_id=one.id, checks=checks)
                    claim = self.store.run_blocking(leased.claim_id, command, at=self.clock()).claim
            triage = Triage(scene=self.scene_of(claim), near_copies=self._near_copies(claim))
            try:
                outcome = self.store.run_blocking(leased.claim_id, triage, at=self.clock())
            except MoveNotAllowed:
                # The deadline's effect and that of the last photo may look at once: the other one was first.
                continue
            if outcome.recorded or not outcome.claim.unchecked_photos:
                return None

    def check(self, claim: Claim, one: Photo) -> PhotoChecks:
        """Everything the machine finds on one photo; a picture that cannot be read is a finding too.

        Raises:
            KeepTrying: The photo store is away, which says nothing about the photo.
        """
        device = one.announced.capture.position
        try:
            content = self.blobs.get(one.id)
            said = self.views.reader.inspect(content)
            decoded = self.views.reader.decode(content, target=self.views.decoded_side)
        except PhotoStoreUnavailable as away:
            raise KeepTrying(away.detail) from away
        except (Problem, BlobMissing, BlobCorrupt) as refusal:
            return PhotoChecks(
                width=None,
                height=None,
                format=None,
                taken_at=None,
                location_grade=capture.LocationGrade.B if device else capture.LocationGrade.D,
                fence=self._fence(claim, device, camera_position(one), fix_age_s(one)),
                count=None,
                refused=_refused(refusal),
            )
        witnessed = capture.grade_location(
            device=None if device is None else CameraPosition(float(device.lon), float(device.lat)),
            accuracy_m=None if device is None or device.accuracy_m is None else float(device.accuracy_m),
            camera=said.position or camera_position(one),
        )
        height, width = decoded.image.shape[:2]
        factors = (decoded.width / width, decoded.height / height)
        with instruments.COUNT_SECONDS.labels(self.counter.name).time():
            counted = self.counter.count(decoded.image)
        if self.copies or len(claim.photos) > 1:
            view = self.views.keep(one.id, decoded.image)
            if self.copies and one.received_at:
                self.copies.keep(claim, one.id, view, self.clock())
        return PhotoChecks(
            width=decoded.width,
            height=decoded.height,
            format=decoded.format,
            taken_at=said.taken_at,
            location_grade=witnessed.grade,
            fence=self._fence(claim, device, said.position or camera_position(one), fix_age_s(one)),
            count=_count_found(self.counter.name, counted, factors),
            signals=(
                *said.signals,
                *witnessed.signals,
                *record_signals(self.store, claim, one, self.clock()),
            ),
        )

    def scene_of(self, claim: Claim) -> SceneFound:
        """One estimate over the claim's counted photos, the same that ``flashclaim count`` gives.

        Raises:
            KeepTrying: The photo store is away.
        """
        mirrored = self._mirrored(claim)
        counted = [
            (one.id, one.checks, one.checks.count)
            for one in claim.photos
            if one.checks and one.checks.count and one.id not in mirrored
        ]
        if not counted:
            return SceneFound(count=None, low=None, high=None, unsure=True)
        # Photos that a former network counted are as sure as that one was, which this one cannot say.
        models = {found.model for _, _, found in counted}
        estimate = scene(
            [
                Shown(
                    _as_count(found),
                    (checks.width or 0, checks.height or 0),
                    self._view(photo_id) if len(counted) > 1 else None,
                )
                for photo_id, checks, found in counted
            ],
            self.views.lay_over,
        )
        return SceneFound(
            count=estimate.count,
            low=estimate.low,
            high=estimate.high,
            unsure=estimate.unsure,
            reasons=estimate.reasons,
            overlapping=_with_mirrored(
                [tuple(counted[place][0] for place in places) for places in estimate.overlapping], mirrored
            ),
            answered_error=self.answered_error if models == {self.counter.name} else None,
        )

    def _near_copies(self, claim: Claim) -> Mapping[PhotoId, tuple[NearCopy, ...]]:
        try:
            return self.copies.of(claim) if self.copies else {}
        except PhotoStoreUnavailable as away:
            raise KeepTrying(away.detail) from away

    def _mirrored(self, claim: Claim) -> Mapping[PhotoId, PhotoId]:
        try:
            return self.copies.mirrored_within(claim) if self.copies else {}
        except PhotoStoreUnavailable as away:
            raise KeepTrying(away.detail) from away

    def _view(self, photo_id: PhotoId) -> View | None:
        try:
            return self.views.of(photo_id)
        except PhotoStoreUnavailable as away:
            raise KeepTrying(away.detail) from away

    def _fence(
        self, claim: Claim, device: Position | None, camera: CameraPosition | None, age_s: float | None
    ) -> FenceFound:
        farm = claim.report.policy.farm_id
        decision = self.premises.farms().decide(
            _fix(device, camera, age_s),
            {farm},
            coarse_over_m=self.limits.coarsest_m,
            stale_over_s=self.limits.oldest.total_seconds(),
        )
        return _fence_found(decision)


def _with_mirrored(
    grounds: Sequence[tuple[PhotoId, ...]], mirrored: Mapping[PhotoId, PhotoId]
) -> tuple[tuple[PhotoId, ...], ...]:
    """Photos of one ground together, each mirrored copy beside the photo that it shows."""
    found = [list(ground) for ground in grounds]
    for copy, original in mirrored.items():
        shown = next((ground for ground in found if original in ground), None)
        if shown is None:
            found.append([original, copy])
        else:
            shown.append(copy)
    return tuple(map(tuple, found))


def _fix(device: Position | None, camera: CameraPosition | None, age_s: float | None) -> Fix | None:
    """The device's fix before the camera's own place, which says nothing of its accuracy."""
    if device is not None:
        accuracy = None if device.accuracy_m is None else float(device.accuracy_m)
        return Fix(float(device.lon), float(device.lat), accuracy, mock=device.mock, age_s=age_s)
    return None if camera is None else Fix(camera.lon, camera.lat)


def _fence_found(decision: FenceDecision) -> FenceFound:
    nearest = decision.nearest
    return FenceFound(
        decision=decision.decision.value,
        distance_m=_exact(decision.distance_m, _MILLIMETRE),
        probability_inside=_exact(decision.probability_inside, _SHARE),
        accuracy_m=_exact(decision.accuracy_m, _MILLIMETRE),
        premises=decision.premises,
        nearest=None
        if nearest is None
        else NearestPremises(nearest.premises, Decimal(str(nearest.distance_m)).quantize(_MILLIMETRE)),
        signals=tuple(signal.value for signal in decision.signals),
        direction=decision.direction,
    )


def _exact(number: float | None, step: Decimal) -> Decimal | None:
    return None if number is None else Decimal(str(number)).quantize(step)


def _count_found(model: str, counted: Count, factors: tuple[float, float]) -> CountFound:
    return CountFound(
        model=model,
        count=counted.count,
        unsure=counted.unsure,
        reasons=tuple(str(reason) for reason in counted.reasons),
        low=counted.low,
        high=counted.high,
        boxes=tuple(
            BoxFound(_whole(box.xyxy), box.species, Decimal(str(box.confidence)).quantize(_SHARE))
            for box in scaled(counted.boxes, factors=factors)
        ),
    )


def _whole(xyxy: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    left, top, right, bottom = xyxy
    return round(left), round(top), round(right), round(bottom)


def _as_count(found: CountFound) -> Count:
    boxes = tuple(
        Box((float(x1), float(y1), float(x2), float(y2)), box.species, float(box.confidence))
        for box in found.boxes
        for x1, y1, x2, y2 in (box.xyxy,)
    )
    return Count(found.count, found.unsure, found.reasons, boxes, 0.0, found.low, found.high)


def _refused(refusal: Exception) -> PhotoRefused:
    if isinstance(refusal, Problem):
        return PhotoRefused(refusal.code, refusal.title, refusal.next)
    return PhotoRefused("photo-damaged", "The stored photo is damaged", "Send the photo again.")
