"""The whole main path with photos in an S3-compatible store, which fails on the way."""

import hashlib
from collections.abc import Iterator

import pytest

from tests.backend.api.answers import problem
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key, running_world
from tests.s3 import S3Server


@pytest.fixture(scope="module")
def bucket(s3: S3Server) -> str:
    return s3.make_bucket()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, s3: S3Server, bucket: str) -> Iterator[World]:
    places = {
        "photos_url": f"s3://{bucket}/changsha",
        "s3_endpoint": s3.url,
        "s3_region": "us-east-1",
        "s3_key_id": "test",
        "s3_secret": "test",
    }
    with running_world(tmp_path_factory.mktemp("on-s3"), **places) as running:
        yield running


def test_a_claim_is_reported_counted_paid_and_its_photos_are_in_the_bucket(
    world: World, s3: S3Server, bucket: str
) -> None:
    policy, photos = world.policy(), [a_photo(), a_photo()]

    claim = world.report(policy, photos)
    shown = world.wait(claim, "JOINT_REVIEW")
    url = f"/claims/{claim}/photos/{shown['photos'][0]['sha256']}"
    small = world.officer("insurer").http.get(url, params={"side": 160})
    world.agree(claim, policy)
    paid = world.pay(claim)

    kept = s3.keys(s3.bucket(name=bucket, prefix="changsha"))
    assert (shown["path"], shown["heads_counted"]) == ("FAST", 1)
    assert paid["payout"]["state"] == "PAID"
    assert small.status_code == 200
    assert {one.split("/")[-1] for one in kept if one.startswith("photos/")} >= {
        hashlib.sha256(photo).hexdigest() for photo in photos
    }
    assert sum(one.startswith("derived/") for one in kept) == 1
    assert not world.parts.settings.photo_folder.exists()


def test_a_photo_that_the_store_refuses_now_is_sent_again_later(world: World, s3: S3Server) -> None:
    policy, photo = world.policy(place=1), a_photo()

    with s3.asking_for_keys(), world.farmer(policy) as http:
        body = world.report_body(policy, [photo])
        reported = http.post("/claims", json=body, headers=key()).json()
        url = reported["photos"][0]["upload_url"]
        refused = http.put(url, content=photo)
    with world.farmer(policy) as http:
        taken = http.put(url, content=photo)

    problem(refused, 503, "photo-store-unavailable")
    assert taken.status_code == 200
    assert world.wait(reported["id"], "JOINT_REVIEW")["path"] == "FAST"
    assert world.events(reported["id"]).count("photo-received") == 1
