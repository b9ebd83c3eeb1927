"""Verification with real photos: what is clean goes fast, every doubt is named, and a re-used photo holds the claim."""

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
import shapely
import typer
from numpy.typing import NDArray
from PIL import Image
from typer.testing import CliRunner

from backend.adapters.blobs import ObstoreBlobs, local_blobs
from backend.domain.claim import Claim
from backend.domain.commands import ReceivePhoto
from backend.domain.effects import EffectKind
from backend.domain.events import AnsweredError, SceneFound
from backend.domain.ids import ClaimId, FarmId
from backend.domain.photos import Capture, PhotoAnnounced, Position
from backend.domain.policy import Animal
from backend.domain.words import Path as ClaimPath
from backend.domain.words import ReasonCode, Species, State
from backend.evidence.hashes import photo_id
from backend.store import policies, tables
from backend.store.effects import EffectState
from backend.store.policies import Farm
from backend.workflows.near_copies import NearCopies
from backend.workflows.photo_views import PhotoViews
from backend.workflows.premises import PremisesIndex
from backend.workflows.verify import DECODED_SIDE, FenceLimits, Verification
from backend.workflows.worker import MOST_FAILURES, Worker
from cli.count import count as flashclaim_count
from geo.fence import Decision
from geo.fix import Fix
from models.counter import Box, Count, Counter
from models.onnx_counter import OnnxCounter
from tests.backend.store.county import County
from tests.builders import FARMER, a_cattle_policy, a_policy, a_report

PHOTOS = Path(__file__).resolve().parents[3] / "demo" / "photos"
CATTLE = (PHOTOS / "cattle-3.jpg").read_bytes()
PIG = (PHOTOS / "pig-1.jpg").read_bytes()

FARM = shapely.box(113.000, 28.000, 113.004, 28.004)
INSIDE = Position(Decimal("113.002"), Decimal("28.002"), Decimal(10))
MEASURED = AnsweredError(share=Decimal("0.04"), low=Decimal("0.02"), high=Decimal("0.09"), photos=146)
DEGREE_OF_LATITUDE_M = 110_820
NORTH_900_M = replace(INSIDE, lat=Decimal("28.004") + Decimal(900) / DEGREE_OF_LATITUDE_M)


@dataclass
class FakeCounter:
    """Counts what it was told, whatever the picture shows; remembers the pictures."""

    heads: int = 3
    species: str = "cattle"
    unsure: bool = False
    name: str = "fake@1"
    seen: list[tuple[int, ...]] = field(default_factory=list)

    def count(self, image: NDArray[np.uint8]) -> Count:
        self.seen.append(image.shape)
        boxes = tuple(Box((10.0 * n, 10.0, 10.0 * n + 8, 30.0), self.species, 0.9) for n in range(self.heads))
        reasons = ("CROWDED",) if self.unsure else ()
        return Count(self.heads, self.unsure, reasons, boxes, 1.0, self.heads, self.heads + self.unsure)


@dataclass
class MagentaCounter(FakeCounter):
    """Counts magenta squares, one beside the other: what it counts follows the picture."""

    def count(self, image: NDArray[np.uint8]) -> Count:
        red, green, blue = (image[..., channel].astype(int) for channel in range(3))
        is_animal = (red - green > 120) & (blue - green > 120)
        ends = np.flatnonzero(np.diff(np.pad(is_animal.any(0), 1).astype(int)))
        boxes = []
        for left, right in ends.reshape(-1, 2).tolist():
            rows = np.flatnonzero(is_animal[:, left:right].any(1))
            boxes.append(Box((left, float(rows[0]), right, float(rows[-1]) + 1), "cattle", 0.9))
        return Count(len(boxes), False, (), tuple(boxes), 1.0, len(boxes), len(boxes))


def yard(left: int, right: int, *animals: int) -> bytes:
    """The columns from *left* to *right* of one photographed ground, with magenta animals around columns of it."""
    ground = Image.open(PHOTOS / "cattle-3.jpg").convert("RGB")
    for middle in animals:
        ground.paste((255, 0, 255), (middle - 40, 500, middle + 40, 580))
    sent = BytesIO()
    ground.crop((left, 0, right, ground.height)).save(sent, "JPEG", quality=85)
    return sent.getvalue()


@dataclass
class Station:
    """A county with a farm, its photos, and the machine that verifies."""

    county: County
    blobs: ObstoreBlobs
    counter: FakeCounter
    worker: Worker
    verification: Verification

    def report(self, *photos: bytes, position: Position | None = INSIDE, **changes: object) -> ClaimId:
        """Three cattle died; *photos* are announced."""
        animals = tuple(Animal(str(n), Species.CATTLE, weight_kg=Decimal(400)) for n in range(3))
        report = a_report(
            claim_id=ClaimId(uuid4()),
            policy_number=a_cattle_policy().number,
            species=Species.CATTLE,
            heads=3,
            animals=animals,
            photos=(),
        )
        announced = tuple(
            PhotoAnnounced(photo_id(photo), len(photo), "image/jpeg", Capture(position=position))
            for photo in photos
        )
        claim = self.county.report(replace(report, photos=announced, **changes))  # type: ignore[arg-type]
        return claim.report.claim_id

    def send(self, claim_id: ClaimId, *photos: bytes) -> None:
        for photo in photos:
            self.blobs.put(photo_id(photo), photo)
            command = ReceivePhoto(photo_id=photo_id(photo), bytes=len(photo), by=FARMER)
            self.county.give(command, claim_id)

    def work(self, claim_id: ClaimId) -> Claim:
        self.worker.run_until_idle()
        return self.county.claim(claim_id)

    def verified(self, *photos: bytes, position: Position | None = INSIDE, **changes: object) -> Claim:
        claim_id = self.report(*photos, position=position, **changes)
        self.send(claim_id, *photos)
        return self.work(claim_id)


@pytest.fixture
def station(county: County, tmp_path: Path) -> Station:
    return a_station(county, tmp_path, FakeCounter())


@pytest.fixture
def seeing(county: County, tmp_path: Path) -> Station:
    """A station whose counter looks at the picture."""
    return a_station(county, tmp_path, MagentaCounter())


def a_station(
    county: County, tmp_path: Path, counter: Counter, *, decoded_side: int = DECODED_SIDE
) -> Station:
    county.store.submit(
        lambda c: c.execute(tables.farms.update().values(boundary=shapely.to_wkb(FARM)))
    ).result()
    blobs = local_blobs(tmp_path / "photos")
    premises, views = PremisesIndex(county.store), PhotoViews(blobs, decoded_side)
    limits = FenceLimits(100.0, timedelta(seconds=120))
    verification = Verification(
        *(county.store, blobs, counter, premises, limits, county.clock, views),
        copies=NearCopies(county.store, views, premises),
        answered_error=MEASURED,
    )
    handlers = dict.fromkeys(EffectKind, lambda _: None) | {EffectKind.VERIFY: verification}
    worker = Worker(county.store, handlers, county.clock)  # type: ignore[arg-type]
    return Station(county, blobs, counter, worker, verification)  # type: ignore[arg-type]


def codes(claim: Claim) -> list[ReasonCode]:
    return [doubt.code for doubt in claim.findings]


def test_a_clean_claim_goes_fast(station: Station) -> None:
    claim = station.verified(CATTLE)

    assert claim.state is State.JOINT_REVIEW
    assert claim.path is ClaimPath.FAST
    assert claim.offer is not None
    assert str(claim.offer.amount) == "36000.00"
    [photo] = claim.photos
    assert photo.checks is not None
    assert (photo.checks.width, photo.checks.height, photo.checks.format) == (1024, 768, "JPEG")
    assert photo.checks.fence.decision == "INSIDE"
    assert photo.checks.fence.premises == a_policy().farm_id
    assert photo.checks.location_grade == "B"


def test_boxes_are_kept_in_pixels_of_the_whole_photo(station: Station) -> None:
    claim = station.verified(CATTLE)

    [(height, width, _)] = station.counter.seen
    checks = claim.photos[0].checks
    assert checks is not None
    assert checks.count is not None
    assert checks.count.model == "fake@1"
    assert checks.count.boxes[1].xyxy == (
        round(10 * 1024 / width),
        round(10 * 768 / height),
        round(18 * 1024 / width),
        round(30 * 768 / height),
    )


def test_a_photo_taken_900_m_outside_is_a_doubt_with_its_metres(station: Station) -> None:
    claim = station.verified(CATTLE, position=NORTH_900_M)

    assert claim.path is ClaimPath.ASSISTED
    [doubt] = claim.findings
    assert doubt.code is ReasonCode.OUTSIDE_PREMISES
    assert abs(int(doubt.facts["metres"]) - 900) <= 5
    assert doubt.facts["direction"] == "N"


@pytest.mark.parametrize(
    "position",
    [
        None,
        replace(INSIDE, mock=True),
        replace(INSIDE, accuracy_m=None),
        replace(INSIDE, accuracy_m=Decimal(0)),
        replace(INSIDE, accuracy_m=Decimal(101)),
    ],
)
def test_a_place_that_nobody_can_know_is_a_doubt(station: Station, position: Position | None) -> None:
    claim = station.verified(CATTLE, position=position)

    assert claim.path is ClaimPath.ASSISTED
    assert codes(claim) == [ReasonCode.LOCATION_UNKNOWN]


def test_a_farm_that_was_never_surveyed_is_looked_at_by_people(station: Station) -> None:
    station.county.store.submit(lambda c: c.execute(tables.farms.update().values(boundary=None))).result()

    claim = station.verified(CATTLE)

    assert claim.path is ClaimPath.ASSISTED
    assert codes(claim) == [ReasonCode.LOCATION_UNKNOWN]


def test_a_photo_that_is_used_again_holds_the_second_claim(station: Station) -> None:
    first = station.verified(CATTLE)

    second = station.verified(CATTLE)

    assert second.path is ClaimPath.HOLD
    assert second.state is State.TRIAGED
    [doubt] = second.findings
    assert (doubt.code, doubt.facts["claims"]) == (ReasonCode.DUPLICATE_PHOTO, first.report.number)
    assert station.county.claim(first.report.claim_id).path is ClaimPath.FAST


@pytest.mark.parametrize("content", [b"not a photo", CATTLE[:1000], b""], ids=["text", "cut off", "empty"])
def test_a_photo_that_cannot_be_read_is_missing_evidence(station: Station, content: bytes) -> None:
    station.counter.heads = 3
    claim_id = station.report(CATTLE, content or b"\0")
    station.send(claim_id, CATTLE, content or b"\0")

    claim = station.work(claim_id)

    assert claim.path is ClaimPath.ASSISTED
    assert codes(claim) == [ReasonCode.EVIDENCE_MISSING]
    refused = claim.photos[1].checks
    assert refused is not None
    assert refused.refused is not None
    assert refused.refused.next


def test_a_damaged_original_is_missing_evidence_and_stops_nothing(station: Station, tmp_path: Path) -> None:
    claim_id = station.report(CATTLE)
    station.send(claim_id, CATTLE)
    [original] = [path for path in (tmp_path / "photos").rglob("*") if path.is_file()]
    original.write_bytes(CATTLE[:-1] + b"!")

    claim = station.work(claim_id)

    assert claim.path is ClaimPath.ASSISTED
    assert ReasonCode.EVIDENCE_MISSING in codes(claim)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"heads": 2}, ReasonCode.COUNT_MISMATCH),
        ({"heads": 3, "unsure": True}, ReasonCode.COUNT_UNSURE),
        ({"heads": 3, "species": "pig"}, ReasonCode.COUNT_UNSURE),
    ],
)
def test_a_count_that_does_not_agree_is_a_doubt(
    station: Station, change: dict[str, object], code: ReasonCode
) -> None:
    for name, value in change.items():
        setattr(station.counter, name, value)

    claim = station.verified(CATTLE)

    assert claim.path is ClaimPath.ASSISTED
    assert codes(claim) == [code]


def test_two_ends_of_a_yard_add_up_and_the_animal_on_both_photos_counts_once(seeing: Station) -> None:
    left, right = yard(0, 640, 150, 520, 880), yard(400, 1024, 150, 520, 880)

    claim = seeing.verified(left, right)

    assert claim.path is ClaimPath.FAST
    assert [one.checks.count.count for one in claim.photos if one.checks and one.checks.count] == [2, 2]
    assert claim.scene == SceneFound(
        count=3,
        low=3,
        high=3,
        unsure=False,
        overlapping=((photo_id(left), photo_id(right)),),
        answered_error=MEASURED,
    )


def test_a_network_does_not_vouch_for_what_a_former_one_counted(county: County, tmp_path: Path) -> None:
    station = a_station(county, tmp_path, FakeCounter())
    claim = station.verified(CATTLE)
    later = replace(station.verification, counter=FakeCounter(name="fake@2"))

    scene = later.scene_of(claim)

    assert (scene.count, scene.unsure, scene.answered_error) == (3, False, None)
    assert station.verification.scene_of(claim).answered_error == MEASURED


def test_verification_and_the_command_line_give_the_same_scene(county: County, tmp_path: Path) -> None:
    counter = OnnxCounter.load()
    station = a_station(county, tmp_path, counter, decoded_side=counter.manifest.image_size)
    photos = yard(0, 680), yard(400, 1024), PIG
    files = [tmp_path / name for name in ("left.jpg", "right.jpg", "pig.jpg")]
    for file, photo in zip(files, photos, strict=True):
        file.write_bytes(photo)

    found = station.verified(*photos).scene
    app = typer.Typer()
    app.command()(flashclaim_count)
    told = json.loads(CliRunner().invoke(app, [*map(str, files), "--json"]).stdout)["scene"]

    assert found is not None
    assert {name: getattr(found, name) for name in ("count", "low", "high", "unsure")} == {
        name: told[name] for name in ("count", "low", "high", "unsure")
    }
    assert list(found.reasons) == told["reasons"]
    assert found.overlapping == ((photo_id(photos[0]), photo_id(photos[1])),)
    assert told["overlapping"] == [[str(files[0]), str(files[1])]]


def test_photos_of_one_ground_that_show_animals_elsewhere_are_looked_at_by_people(seeing: Station) -> None:
    claim = seeing.verified(yard(0, 1024, 150, 520, 880), yard(0, 1024, 300, 650, 960))

    assert claim.path is ClaimPath.ASSISTED
    [doubt] = claim.findings
    assert (doubt.code, doubt.facts["because"]) == (ReasonCode.COUNT_UNSURE, "CONTRADICTED")


def test_a_photo_that_comes_after_a_restart_is_laid_over_the_stored_one(
    seeing: Station, tmp_path: Path
) -> None:
    left, right = yard(0, 640, 150, 520, 880), yard(400, 1024, 150, 520, 880)
    claim_id = seeing.report(left, right)
    seeing.send(claim_id, left)
    seeing.work(claim_id)
    restarted = a_station(seeing.county, tmp_path, MagentaCounter())

    restarted.send(claim_id, right)
    claim = restarted.work(claim_id)

    assert claim.path is ClaimPath.FAST
    assert claim.scene is not None
    assert claim.scene.count == 3


def test_photos_that_share_no_ground_are_not_added_up(station: Station) -> None:
    claim = station.verified(CATTLE, PIG)

    assert claim.path is ClaimPath.FAST
    assert claim.scene is not None
    assert (claim.scene.count, claim.scene.high, claim.scene.reasons) == (3, 6, ("APART",))


def test_nothing_is_triaged_while_photos_are_on_their_way(station: Station) -> None:
    claim_id = station.report(CATTLE, PIG)
    station.send(claim_id, CATTLE)

    assert station.work(claim_id).state is State.VERIFYING
    station.county.clock.move(timedelta(minutes=29))
    assert station.work(claim_id).state is State.VERIFYING

    station.send(claim_id, PIG)
    assert station.work(claim_id).path is ClaimPath.FAST
    assert len(station.counter.seen) == 2


def test_after_thirty_minutes_it_goes_on_with_what_is_there(station: Station) -> None:
    claim_id = station.report(CATTLE, PIG)
    station.send(claim_id, CATTLE)
    station.work(claim_id)
    station.county.clock.move(timedelta(minutes=30))

    claim = station.work(claim_id)

    assert claim.path is ClaimPath.ASSISTED
    assert codes(claim) == [ReasonCode.EVIDENCE_MISSING]
    assert claim.missing_photos == (photo_id(PIG),)


def test_after_thirty_minutes_without_a_photo_the_farmer_is_asked(station: Station) -> None:
    claim_id = station.report(CATTLE)
    station.county.clock.move(timedelta(minutes=29))
    assert station.work(claim_id).state is State.REPORTED
    station.county.clock.move(timedelta(minutes=1))

    assert station.work(claim_id).state is State.EVIDENCE_REQUESTED

    station.send(claim_id, CATTLE)
    assert station.work(claim_id).path is ClaimPath.FAST


def test_a_late_photo_is_judged_with_the_rest(station: Station) -> None:
    claim_id = station.report(CATTLE, PIG)
    station.send(claim_id, CATTLE)
    station.county.clock.move(timedelta(minutes=31))
    assert station.work(claim_id).path is ClaimPath.ASSISTED

    station.send(claim_id, PIG)

    assert station.work(claim_id).path is ClaimPath.FAST


def test_a_photo_is_looked_at_once_however_often_the_effect_runs(station: Station) -> None:
    claim_id = station.report(CATTLE, PIG)
    station.send(claim_id, CATTLE)
    station.work(claim_id)
    effects, waits = tables.effects, {"state": EffectState.PENDING, "due_at": station.county.clock()}
    again = effects.update().where(effects.c.kind == EffectKind.VERIFY).values(waits)
    station.county.store.submit(lambda c: c.execute(again)).result()

    station.work(claim_id)
    station.send(claim_id, PIG)
    station.work(claim_id)

    assert len(station.counter.seen) == 2


def test_a_photo_that_arrives_while_others_are_counted_is_taken_along(station: Station) -> None:
    claim_id = station.report(CATTLE, PIG)
    station.send(claim_id, CATTLE)
    count = station.counter.count

    def count_while_another_arrives(image: NDArray[np.uint8]) -> Count:
        if not station.counter.seen:
            station.send(claim_id, PIG)
        return count(image)

    station.counter.count = count_while_another_arrives  # type: ignore[method-assign]
    station.county.clock.move(timedelta(minutes=30))

    claim = station.work(claim_id)

    assert claim.path is ClaimPath.FAST
    assert claim.missing_photos == ()
    assert not [row for row in station.county.rows(tables.effects) if row.state == EffectState.DEAD]


def test_a_farm_that_was_registered_later_is_found(station: Station) -> None:
    index = PremisesIndex(station.county.store)
    there = Fix(114.001, 28.001, 10.0)
    assert index.farms().decide(there, {a_policy().farm_id}).decision is Decision.OUTSIDE

    outline = shapely.to_wkb(shapely.box(114.0, 28.0, 114.002, 28.002))
    late = Farm(FarmId("farm-2"), "Late Farm", "370800", outline)
    station.county.store.submit(lambda c: policies.put_farms(c, [late])).result()

    assert index.farms().decide(there, {late.id}).decision is Decision.INSIDE


def test_a_photo_store_that_is_away_delays_the_checks(station: Station, tmp_path: Path) -> None:
    claim_id = station.report(CATTLE)
    station.send(claim_id, CATTLE)
    folder = tmp_path / "photos" / photo_id(CATTLE)[:2]
    folder.rename(folder.with_suffix(".away"))
    folder.write_bytes(b"a file where a folder should be")

    for _ in range(MOST_FAILURES + 3):
        station.county.clock.move(timedelta(minutes=6))
        waiting = station.work(claim_id)
    folder.unlink()
    folder.with_suffix(".away").rename(folder)
    station.county.clock.move(timedelta(minutes=6))

    assert (waiting.state, waiting.photos[0].checks) == (State.VERIFYING, None)
    assert station.work(claim_id).path is ClaimPath.FAST
