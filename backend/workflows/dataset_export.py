"""Officers' labels as a data set: photos whose farmers consented, and nothing of anyone in them but pixels."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path

from backend.adapters.blobs import BlobCorrupt, BlobMissing, Blobs
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.claim import Claim
from backend.domain.ids import ClaimId, FarmId, PhotoId
from backend.domain.labels import Labelled
from backend.domain.photos import Photo
from backend.domain.policy import policy_day
from backend.evidence import photo as pictures
from backend.evidence.refusals import PhotoRefused
from backend.store import datasets, events
from backend.store.datasets import Left
from backend.store.engine import DatabaseEngine
from backend.workflows.yolo_folder import Example, Provenance, Writing, beside, standing

Progress = Callable[[int, int], None]
"""Told how many claims of how many are done."""

_SHARES = (("train", 70), ("val", 85), ("test", 100))
"""Of a hundred farms, up to which one goes where."""


class LeftOut(StrEnum):
    """Why a labelled photo is not exported."""

    NO_CONSENT = "no_consent"
    """Not given with the report, or withdrawn since."""
    SHOWS_PEOPLE = "shows_people"
    TWICE = "twice"
    """The same picture stands on an earlier claim."""
    BEFORE_SINCE = "before_since"
    UNREADABLE = "unreadable"
    """Gone from the photo store, changed, or no picture any more."""


@dataclass(slots=True)
class Exported:
    """What an export came to; ``into`` is None where there was nothing to write."""

    into: Path | None = None
    changed: bool = False
    digest: str | None = None
    claims: int = 0
    boxes: int = 0
    counted_only: int = 0
    splits: Counter[str] = field(default_factory=Counter)
    species: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    withdrawn: tuple[Left, ...] = ()

    @property
    def photos(self) -> int:
        """Photos to train on."""
        return sum(self.splits.values())

    def as_json(self) -> dict[str, object]:
        """For ``model dataset export --json``."""
        return {
            "into": None if self.into is None else str(self.into),
            "changed": self.changed,
            "digest": self.digest,
            "claims": self.claims,
            "photos": self.photos,
            "boxes": self.boxes,
            "counted_only": self.counted_only,
            "splits": {split: self.splits[split] for split, _ in _SHARES},
            "species": dict(sorted(self.species.items())),
            "left_out": {why.value: self.left_out[why] for why in LeftOut},
            "withdrawn": [one.as_json() for one in self.withdrawn],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to export: labels given since a day (Asia/Shanghai), or all; where to, and who asks when."""

    into: Path
    since: date | None
    provenance: Provenance
    by: str
    at: datetime


def export(engine: DatabaseEngine, blobs: Blobs, order: Order, progress: Progress) -> Exported:
    """Write every labelled photo whose consent stands, and record that it leaves.

    The same labels give the same bytes. Where nothing may be exported, an earlier export in the folder is emptied: what
    was withdrawn is not kept.

    Raises:
        DatasetFolderTaken, DatasetUnwritable: Of the folder, which stays as it was.
        PhotoStoreUnavailable: The photos cannot be read now.
    """
    done = _exported(engine, blobs, order, progress)
    # Asked last: a farmer may withdraw while photos are written, and these have left too.
    done.withdrawn = engine.read(datasets.withdrawn_since, EVERYWHERE)
    return done


def split_of(farm: FarmId) -> str:
    """Where all photos of a farm go, for good: 70 of 100 farms train, 15 choose, 15 test.

    By farm, not by claim: one pen stands behind all of its claims, and a pen that was trained on measures nothing.
    """
    place = int(hashlib.sha256(f"split/{farm}".encode()).hexdigest(), 16) % 100
    return next(split for split, below in _SHARES if place < below)


def _exported(engine: DatabaseEngine, blobs: Blobs, order: Order, progress: Progress) -> Exported:
    into = order.into.absolute()
    stood = standing(into)
    done = Exported()
    with beside(into, order.provenance) as (writing, place):
        left = _write_all(engine, blobs, order, writing, done, progress)
        if not left and stood is None:
            return done
        done.into, done.digest = into, writing.finish()
        # Recorded before it is there: a photo that left without a record could never be asked back.
        engine.write(
            lambda connection: datasets.record_export(
                connection, by=order.by, at=order.at, folder=str(into), digest=done.digest or "", photos=left
            )
        ).result()
        done.changed = done.digest != stood
        if done.changed:
            place.take()
    return done


def _write_all(
    engine: DatabaseEngine, blobs: Blobs, order: Order, writing: Writing, done: Exported, progress: Progress
) -> list[tuple[ClaimId, PhotoId]]:
    claims = engine.read(datasets.labelled_claims, EVERYWHERE)
    seen = set[PhotoId]()
    left: list[tuple[ClaimId, PhotoId]] = []
    for number, claim_id in enumerate(claims, start=1):
        claim = engine.read(partial(events.load, claim_id=claim_id), EVERYWHERE)
        before = len(left)
        for photo, labelled in _labelled(claim):
            why = _why_not(claim, photo, labelled, order, seen)
            decoded = None if why else _decoded(blobs, photo.id)
            if decoded is None:
                done.left_out[why or LeftOut.UNREADABLE] += 1
                continue
            example = _example(claim, photo, labelled)
            writing.add(example, decoded.image)
            _sum_up(done, example)
            seen.add(photo.id)
            left.append((claim_id, photo.id))
        done.claims += len(left) > before
        progress(number, len(claims))
    return left


def _labelled(claim: Claim) -> Iterator[tuple[Photo, Labelled]]:
    for photo in claim.photos:
        if photo.labelled:
            yield photo, photo.labelled


def _why_not(
    claim: Claim, photo: Photo, labelled: Labelled, order: Order, seen: set[PhotoId]
) -> LeftOut | None:
    if not claim.photos_may_teach:
        return LeftOut.NO_CONSENT
    if labelled.label.shows_people:
        return LeftOut.SHOWS_PEOPLE
    if order.since and policy_day(labelled.at) < order.since:
        return LeftOut.BEFORE_SINCE
    return LeftOut.TWICE if photo.id in seen else None


def _decoded(blobs: Blobs, photo_id: PhotoId) -> pictures.Decoded | None:
    try:
        return pictures.decode(blobs.get(photo_id))
    except (BlobMissing, BlobCorrupt, PhotoRefused):
        return None


def _example(claim: Claim, photo: Photo, labelled: Labelled) -> Example:
    label, scene = labelled.label, f"claim-{claim.report.claim_id.hex[:12]}"
    drawn = None if label.boxes is None else {box.species for box in label.boxes}
    counted = {claim.report.species.value} if label.heads else set[str]()
    return Example(
        name=f"{scene}-{photo.id[:12]}",
        split=split_of(claim.report.policy.farm_id),
        scene=scene,
        species=tuple(sorted(counted if drawn is None else drawn)),
        heads=label.heads,
        boxes=label.boxes,
        posture=label.posture or "",
        dead={None: "", True: "yes", False: "no"}[label.dead],
        how=_how(photo, labelled),
    )


def _how(photo: Photo, labelled: Labelled) -> str:
    """How the label came about: what a counter drew and an officer only confirmed is less of a witness."""
    found = photo.checks.count if photo.checks else None
    by_counter = {(box.xyxy, box.species) for box in found.boxes} if found else set()
    if labelled.label.boxes is None:
        return "number given by an officer"
    if not labelled.label.boxes:
        return "no livestock, said by an officer"
    given = {(box.xyxy, box.species) for box in labelled.label.boxes}
    if found and given == by_counter:
        return f"boxes of {found.model}, confirmed by an officer"
    return (
        f"boxes of {found.model}, corrected by an officer"
        if found and given & by_counter
        else "drawn by an officer"
    )


def _sum_up(done: Exported, example: Example) -> None:
    if example.boxes is None:
        done.counted_only += 1
        return
    done.splits[example.split] += 1
    done.boxes += len(example.boxes)
    done.species.update(box.species for box in example.boxes)
