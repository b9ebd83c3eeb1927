"""Two networks on the photos of past claims: how far each is off, and which claims would have gone another way.

Nothing of a claim changes. Truth is what officers labelled, photo by photo; where a claim has no label, the heads that
all three lanes agreed to, against the estimate over all its photos.
"""

from collections import Counter as Tally
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.claim import Claim
from backend.domain.events import SceneFound
from backend.domain.ids import PhotoId
from backend.domain.photos import CountFound, Photo
from backend.domain.problems import PhotoStoreUnavailable
from backend.domain.rules.recount import path_if_counted
from backend.domain.words import Path
from backend.store import datasets, events
from backend.store.engine import DatabaseEngine
from backend.workflows.verify import Verification
from backend.workflows.worker import KeepTrying

Progress = Callable[[int, int], None]
_WORST = 10
_MOST_MOVED = 200
"""Claims that would have gone another way are named up to so many, and counted all."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one network says of one case."""

    counted: int
    unsure: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One photo with a label, or a whole claim without any (``photo`` None), with what both networks say."""

    claim: str
    photo: PhotoId | None
    heads: int
    new: Answer
    old: Answer

    def as_json(self) -> dict[str, object]:
        """For the list of the worst."""
        return {
            "claim": self.claim,
            "photo": self.photo,
            "heads": self.heads,
            "model": self.new.counted,
            "against": self.old.counted,
            "unsure": self.new.unsure,
        }


@dataclass(frozen=True, slots=True)
class Moved:
    """A claim whose path would have been another one."""

    claim: str
    before: Path
    after: Path


@dataclass(slots=True)
class Comparison:
    """What was looked at so far."""

    claims: int = 0
    photos: int = 0
    unreadable: int = 0
    labelled: list[Case] = field(default_factory=list)
    agreed: list[Case] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """Figures of both networks by what they are held against, changed paths, and the worst cases."""
        cases = self.labelled + self.agreed
        worst = sorted(cases, key=lambda case: -abs(case.new.counted - case.heads))[:_WORST]
        ways = Tally(f"{one.before} → {one.after}" for one in self.moved)
        return {
            "claims": self.claims,
            "photos": self.photos,
            "unreadable": self.unreadable,
            "labels": figures_of(self.labelled),
            "approved_heads": figures_of(self.agreed),
            "paths": {
                "changed": len(self.moved),
                "ways": dict(sorted(ways.items())),
                "claims": [
                    {"claim": one.claim, "from": one.before, "to": one.after}
                    for one in self.moved[:_MOST_MOVED]
                ],
            },
            "worst": [case.as_json() for case in worst if case.new.counted != case.heads],
        }


def compare(
    engine: DatabaseEngine, new: Verification, old: Verification, most: int, progress: Progress
) -> Comparison:
    """Count the newest past claims with both networks.

    Args:
        engine: Where the claims are; only read.
        new: Looks at photos with the network that may come.
        old: Looks at them with the one that is there.
        most: At most so many claims.
        progress: Told how many claims of how many are done.

    Raises:
        PhotoStoreUnavailable: The photos cannot be read now.
    """
    found = Comparison()
    claims = engine.read(partial(datasets.past_claims, most=most), EVERYWHERE)
    for number, claim_id in enumerate(claims, start=1):
        claim = engine.read(partial(events.load, claim_id=claim_id), EVERYWHERE)
        _look_at(claim, new, old, found)
        progress(number, len(claims))
    return found


def figures_of(cases: Sequence[Case]) -> dict[str, object]:
    """Both networks on the same cases: heads off on average, shares exact and sure, the share wrong among the sure."""
    return {
        "cases": len(cases),
        "heads": sum(case.heads for case in cases),
        "model": _figures([(case.heads, case.new) for case in cases]),
        "against": _figures([(case.heads, case.old) for case in cases]),
    }


def _figures(answers: Sequence[tuple[int, Answer]]) -> dict[str, float | None]:
    sure = [(heads, answer) for heads, answer in answers if not answer.unsure]
    return {
        "heads_off": _share(sum(abs(answer.counted - heads) for heads, answer in answers), len(answers)),
        "exact": _share(sum(answer.counted == heads for heads, answer in answers), len(answers)),
        "sure": _share(len(sure), len(answers)),
        "wrong_among_sure": _share(sum(answer.counted != heads for heads, answer in sure), len(sure)),
    }


def _share(part: float, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _look_at(claim: Claim, new: Verification, old: Verification, found: Comparison) -> None:
    lost_before = found.unreadable
    counted = list(_counted(claim, new, old, found))
    if not counted:
        return
    found.claims += 1
    found.photos += len(counted)
    number = claim.report.number
    as_seen = [_seen(claim, {one.id: pair[which] for one, pair in counted}) for which in (0, 1)]
    try:
        scenes = [looks.scene_of(seen) for looks, seen in zip((new, old), as_seen, strict=True)]
    except KeepTrying as away:
        raise PhotoStoreUnavailable(str(away)) from away
    after, before = (path_if_counted(seen, scene) for seen, scene in zip(as_seen, scenes, strict=True))
    if before is not after and claim.triaged_at is not None:
        found.moved.append(Moved(number, before, after))
    labelled = [(one, pair) for one, pair in counted if one.labelled]
    for one, (by_new, by_old) in labelled:
        if one.labelled:
            heads = one.labelled.label.heads
            found.labelled.append(Case(number, one.id, heads, _answer(by_new), _answer(by_old)))
    # What a lost photo showed is in the heads that were approved, and in neither network's estimate.
    if not labelled and not claim.open_lanes and found.unreadable == lost_before:
        found.agreed.append(Case(number, None, claim.heads, *(_of_scene(scene) for scene in scenes)))


def _counted(
    claim: Claim, new: Verification, old: Verification, found: Comparison
) -> Iterator[tuple[Photo, tuple[CountFound, CountFound]]]:
    for photo in claim.photos:
        if photo.checks is None or photo.checks.count is None:
            continue
        try:
            counts = [looks.check(claim, photo).count for looks in (new, old)]
        except KeepTrying as away:
            raise PhotoStoreUnavailable(str(away)) from away
        by_new, by_old = counts
        if by_new is None or by_old is None:
            found.unreadable += 1
        else:
            yield photo, (by_new, by_old)


def _seen(claim: Claim, counts: dict[PhotoId, CountFound]) -> Claim:
    """The claim as if its photos had been counted so; a photo that is lost counts for nothing on either side."""
    photos = tuple(
        replace(photo, checks=replace(photo.checks, count=counts.get(photo.id))) if photo.checks else photo
        for photo in claim.photos
    )
    return replace(claim, photos=photos)


def _answer(count: CountFound) -> Answer:
    return Answer(count.count, count.unsure)


def _of_scene(scene: SceneFound) -> Answer:
    return Answer(scene.count or 0, scene.unsure)
