"""A copy of another claim's photo is a doubt that people look at; one that was never there before goes fast."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
import shapely
from PIL import Image, ImageEnhance
from PIL.Image import Transpose
from shapely.affinity import translate
from sqlalchemy import delete, func, select

from backend.domain import commands as c
from backend.domain.events import ClaimTriaged
from backend.domain.ids import FarmId, PolicyNumber
from backend.domain.photos import Capture, PhotoAnnounced
from backend.domain.rules.versions import CURRENT
from backend.domain.words import Path as ClaimPath
from backend.domain.words import ReasonCode
from backend.evidence.hashes import photo_id
from backend.store import policies, tables
from backend.store.doubt_tables import photo_fingerprints
from backend.store.fingerprints import AROUND_FOR, cell_of
from tests.backend.store.county import County
from tests.backend.workflows.test_verify import (
    CATTLE,
    FARM,
    INSIDE,
    PIG,
    FakeCounter,
    MagentaCounter,
    Station,
    a_station,
)
from tests.backend.workflows.test_verify import yard as a_yard
from tests.builders import FARMER, a_cattle_policy

NEIGHBOUR, FAR = FarmId("farm-near"), FarmId("farm-far")


@pytest.fixture
def station(county: County, tmp_path: Path) -> Station:
    return a_station(county, tmp_path, FakeCounter())


def changed(photo: bytes, *, mirrored: bool = False, crop: float = 0.1, light: float = 1.0) -> bytes:
    """A copy as somebody makes it who wants it to look new."""
    picture = Image.open(BytesIO(photo)).convert("RGB")
    if mirrored:
        picture = picture.transpose(Transpose.FLIP_LEFT_RIGHT)
    cut = round(picture.width * crop)
    picture = ImageEnhance.Brightness(picture.crop((cut, 0, picture.width, picture.height))).enhance(light)
    sent = BytesIO()
    picture.save(sent, "JPEG", quality=70)
    return sent.getvalue()


def insured(
    station: Station, farm_id: FarmId, *, east: float = 0.0, account: str | None = None
) -> PolicyNumber:
    """Another farm, so many degrees to the east, with a policy of its own."""
    old = a_cattle_policy()
    payee = replace(old.payee, account=account or f"6222{uuid4().int % 10**12:012}")
    policy = replace(
        old, number=PolicyNumber(f"P-{farm_id}"), farm_id=farm_id, farm_name=str(farm_id), payee=payee
    )
    ground = shapely.to_wkb(translate(FARM, east))

    def put(connection: object) -> None:
        farm = policies.Farm(farm_id, str(farm_id), old.county, boundary=ground)
        policies.put_farms(connection, [farm])  # type: ignore[arg-type]
        policies.put_policy(connection, policy, f"token {farm_id}")  # type: ignore[arg-type]

    station.county.store.submit(put).result()
    return policy.number


def prints(station: Station) -> int:
    counted = select(func.count()).select_from(photo_fingerprints)
    return int(station.county.store.submit(lambda c: c.scalar(counted)).result() or 0)


def test_a_changed_copy_of_another_claims_photo_is_looked_at_by_people(station: Station) -> None:
    first = station.verified(CATTLE)

    second = station.verified(changed(CATTLE, mirrored=True, light=1.3))

    assert first.path is ClaimPath.FAST
    assert second.path is ClaimPath.ASSISTED
    (doubt,) = [one for one in second.findings if one.code is ReasonCode.DUPLICATE_PHOTO]
    assert not doubt.holds
    assert doubt.facts["claims"] == first.report.number
    assert doubt.facts["copied_photo"] == photo_id(CATTLE)
    assert (doubt.facts["mirrored"], doubt.facts["light"]) == ("mirror", "brighter")
    assert abs(int(doubt.facts["cropped"]) - 10) <= 1
    assert station.county.claim(first.report.claim_id).path is ClaimPath.FAST


def test_what_was_found_is_recorded_with_the_triage(station: Station) -> None:
    first = station.verified(CATTLE)
    second = station.verified(changed(CATTLE))

    history = station.county.history(second.report.claim_id)

    (triaged,) = [entry.event for entry in history if isinstance(entry.event, ClaimTriaged)]
    assert triaged.elsewhere is not None
    assert triaged.rule_version == CURRENT.version
    ((copy,),) = triaged.elsewhere.near_copies.values()
    assert (copy.claim, copy.photo_id) == (first.report.number, photo_id(CATTLE))
    assert copy.distance < Decimal("0.1")


def test_the_same_bytes_hold_the_claim_as_before(station: Station) -> None:
    station.verified(CATTLE)

    second = station.verified(CATTLE)

    assert second.path is ClaimPath.HOLD


def test_another_photo_is_no_copy(station: Station) -> None:
    station.verified(CATTLE)

    assert station.verified(PIG).path is ClaimPath.FAST


def test_a_neighbours_photo_is_found_within_days_and_a_far_one_is_not(station: Station) -> None:
    near, far = insured(station, NEIGHBOUR, east=0.1), insured(station, FAR, east=3.0)
    original = station.verified(CATTLE)

    beside = station.verified(changed(CATTLE), policy_number=near)
    away = station.verified(changed(CATTLE, crop=0.12), policy_number=far)
    station.county.clock.move(AROUND_FOR + timedelta(days=1))
    later = station.verified(changed(CATTLE, crop=0.15), policy_number=near)

    (doubt,) = [one for one in beside.findings if one.code is ReasonCode.DUPLICATE_PHOTO]
    assert doubt.facts["claims"] == original.report.number
    assert ReasonCode.DUPLICATE_PHOTO not in [one.code for one in away.findings]
    (again,) = [one for one in later.findings if one.code is ReasonCode.DUPLICATE_PHOTO]
    assert again.facts["claims"] == beside.report.number, (
        "the farm's own photos are looked at whenever they were"
    )


def test_the_same_payee_is_looked_at_wherever_the_farm_is(station: Station) -> None:
    account = a_cattle_policy().payee.account
    far = insured(station, FAR, east=3.0, account=account)
    station.verified(CATTLE)

    assert ReasonCode.DUPLICATE_PHOTO in [
        one.code for one in station.verified(changed(CATTLE), policy_number=far).findings
    ]


def test_photos_of_before_there_were_fingerprints_are_found_too(station: Station) -> None:
    first = station.verified(CATTLE)
    station.county.store.submit(lambda c: c.execute(delete(photo_fingerprints))).result()

    second = station.verified(changed(CATTLE))

    assert [one.facts["claims"] for one in second.findings] == [first.report.number]
    assert prints(station) == 2


def test_a_photo_and_its_mirror_image_are_one_scene(county: County, tmp_path: Path) -> None:
    station = a_station(county, tmp_path, MagentaCounter())
    photo = a_yard(0, 1024, 200, 500, 800)
    mirrored = changed(photo, mirrored=True, crop=0.0)

    claim = station.verified(photo, mirrored)

    assert claim.scene is not None
    assert (claim.scene.count, claim.scene.high) == (3, 3)
    assert claim.scene.overlapping == ((photo_id(photo), photo_id(mirrored)),)
    assert ReasonCode.DUPLICATE_PHOTO not in [one.code for one in claim.findings]


def test_of_two_claims_the_one_that_is_looked_at_last_sees_the_other(station: Station) -> None:
    copy = changed(CATTLE)
    first, second = station.report(CATTLE), station.report(copy)
    station.send(second, copy)
    looked_at_first = station.work(second)
    station.county.clock.move(timedelta(minutes=1))
    station.send(first, CATTLE)

    looked_at_last = station.work(first)

    assert ReasonCode.DUPLICATE_PHOTO not in [one.code for one in looked_at_first.findings]
    assert [one.facts["claims"] for one in looked_at_last.findings] == [looked_at_first.report.number]


def test_whose_photo_was_copied_is_not_doubted_for_it_afterwards(station: Station) -> None:
    first = station.verified(CATTLE)
    station.county.clock.move(timedelta(minutes=1))
    station.verified(changed(CATTLE))
    more = PhotoAnnounced(photo_id(PIG), len(PIG), "image/jpeg", Capture(position=INSIDE))
    station.county.give(c.AddEvidence(photos=(more,), note="", by=FARMER), first.report.claim_id)
    station.send(first.report.claim_id, PIG)

    again = station.work(first.report.claim_id)

    assert [one.id for one in again.photos] == [photo_id(CATTLE), photo_id(PIG)]
    assert ReasonCode.DUPLICATE_PHOTO not in [one.code for one in again.findings]


def test_a_withdrawn_claims_photo_may_be_sent_again(station: Station) -> None:
    first = station.verified(CATTLE)
    station.county.store.submit(
        lambda c: c.execute(
            tables.claims.update()
            .where(tables.claims.c.id == first.report.claim_id)
            .values(state="WITHDRAWN")
        )
    ).result()

    second = station.verified(changed(CATTLE))

    assert ReasonCode.DUPLICATE_PHOTO not in [one.code for one in second.findings]


def test_cells_around_hold_everything_within_20_km() -> None:
    # 20 km to the north and to the east, in degrees.
    for lon, lat, east in ((113.0, 28.0, 0.204), (125.3, 53.3, 0.300), (-0.1, -33.9, 0.217)):
        around = {cell_of(lon, lat) + 1000 * down + along for down in (-1, 0, 1) for along in (-1, 0, 1)}
        assert {cell_of(lon + east, lat + 0.181), cell_of(lon - east, lat - 0.181)} <= around
