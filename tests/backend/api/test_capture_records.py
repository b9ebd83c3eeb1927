"""Phones sign what they saw: records that can be believed change nothing, those that cannot send a claim to people."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.domain.ids import FarmId, KeyId
from backend.store import device_keys
from backend.store.engine import Transaction
from tests.backend.api.answers import pointers, problem
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key
from tests.phone_key import PhoneKey

Photo = dict[str, Any]


def reported(world: World, phone: PhoneKey, sign: Callable[[Photo], Photo]) -> dict[str, Any]:
    """A claim whose one photo *sign* has signed, once the machine has looked at it."""
    policy, content = world.policy(), a_photo()
    body = world.report_body(policy, [content])
    with world.farmer(policy) as http:
        phone.register(http).raise_for_status()
        body["photos"] = [sign(one) for one in body["photos"]]
        answer = http.post("/claims", json=body, headers=key())
        assert answer.status_code == 201, answer.text
        http.put(answer.json()["photos"][0]["upload_url"], content=content).raise_for_status()
    return world.wait(answer.json()["id"], "JOINT_REVIEW", "TRIAGED")


def test_a_signed_record_leaves_a_clean_claim_clean(world: World) -> None:
    phone = PhoneKey()

    shown = reported(world, phone, phone.signed)

    [photo] = shown["photos"]
    assert (shown["path"], photo["signals"], photo["location_grade"]) == ("FAST", [], "B")


def _moved_a_metre(photo: Photo) -> Photo:
    place = photo["capture"]["position"]
    place["lat"] = f"{float(place['lat']) + 0.00001:.8f}"
    return photo


def _with_record(photo: Photo, **changes: str) -> Photo:
    photo["capture"]["record"] |= changes
    return photo


@pytest.mark.parametrize(
    ("spoil", "signal"),
    [
        (_moved_a_metre, "CAPTURE_SIGNATURE_WRONG"),
        (lambda photo: _with_record(photo, signature="AAAA"), "CAPTURE_SIGNATURE_WRONG"),
        (lambda photo: _with_record(photo, device_key="0" * 64), "CAPTURE_DEVICE_UNKNOWN"),
    ],
    ids=["moved afterwards", "no signature at all", "another device"],
)
def test_a_record_that_was_changed_is_a_doubt(
    world: World, spoil: Callable[[Photo], Photo], signal: str
) -> None:
    phone = PhoneKey()

    shown = reported(world, phone, lambda photo: spoil(phone.signed(photo)))

    assert shown["photos"][0]["signals"] == [signal]
    assert (shown["path"], [one["code"] for one in shown["reasons"]]) == ("ASSISTED", ["LOCATION_UNKNOWN"])


def test_a_nonce_that_was_given_to_nobody_is_a_doubt(world: World) -> None:
    phone = PhoneKey()

    shown = reported(world, phone, lambda photo: phone.signed(photo, nonce="n" * 43))

    assert shown["photos"][0]["signals"] == ["CAPTURE_NONCE_UNKNOWN"]


def test_a_record_of_before_phones_signed_at_the_shutter_stays_good(world: World) -> None:
    phone = PhoneKey()

    shown = reported(world, phone, lambda photo: phone.signed(photo, signed_at=None))

    assert (shown["path"], shown["photos"][0]["signals"]) == ("FAST", [])


def test_a_phone_that_had_no_nonce_yet_is_believed_as_far_as_its_own_clock_goes(world: World) -> None:
    phone = PhoneKey()

    shown = reported(world, phone, lambda photo: phone.signed(photo, nonce=None))

    assert (shown["path"], shown["photos"][0]["signals"]) == ("FAST", ["NONCE_NONE"])


def test_a_record_that_was_signed_before_its_nonce_was_given_is_a_doubt(world: World) -> None:
    phone = PhoneKey()
    earlier = (datetime.now(UTC) - timedelta(minutes=30)).replace(microsecond=0)

    shown = reported(world, phone, lambda photo: phone.signed(photo, earlier, signed_at=earlier.isoformat()))

    assert (shown["path"], shown["photos"][0]["signals"]) == ("ASSISTED", ["CAPTURE_TIMES_CONTRADICT"])


def test_a_phone_whose_clock_was_wrong_says_so_and_nothing_comes_of_it(world: World) -> None:
    phone = PhoneKey()

    shown = reported(world, phone, lambda photo: phone.signed(photo, clock_offset_s=86_400))

    assert (shown["path"], shown["photos"][0]["signals"]) == ("FAST", ["CLOCK_SKEW (86400 s)"])


def test_a_camera_that_names_the_same_place_makes_the_best_grade(world: World) -> None:
    phone = PhoneKey()

    def with_exif(photo: Photo) -> Photo:
        place = photo["capture"]["position"]
        at = {"lon": f"{place['lon']:.7f}", "lat": f"{place['lat']:.7f}"}
        photo["capture"]["camera_exif"] = {"make": "Barn Phones", "position": at}
        return phone.signed(photo)

    shown = reported(world, phone, with_exif)

    assert (shown["photos"][0]["location_grade"], shown["photos"][0]["signals"]) == ("A", [])


def test_a_camera_that_names_another_place_is_a_doubt(world: World) -> None:
    phone = PhoneKey()

    def with_exif(photo: Photo) -> Photo:
        photo["capture"]["camera_exif"] = {"position": {"lon": "100.0000000", "lat": "30.0000000"}}
        return phone.signed(photo)

    shown = reported(world, phone, with_exif)

    [signal] = shown["photos"][0]["signals"]
    assert (shown["photos"][0]["location_grade"], shown["path"]) == ("B", "ASSISTED")
    assert signal.startswith("EXIF_CONTRADICTS_FIX")


def test_a_phone_comes_back_and_gets_another_nonce(world: World) -> None:
    phone = PhoneKey()
    with world.farmer(world.policy()) as http:
        first, again = phone.register(http).json(), phone.register(http).json()

    assert first["device"] == again["device"]
    assert first["nonce"] != again["nonce"]


def test_a_key_that_is_none_or_anothers_is_refused(world: World) -> None:
    phone, other = PhoneKey(), PhoneKey()
    with world.farmer(world.policy()) as http:
        body = {"public_key": "A" * 88}
        none = http.put(f"/farmer/devices/{phone.name}", json=body)
        swapped = PhoneKey(key=other.key).register(http).request
        anothers = http.put(f"/farmer/devices/{phone.name}", content=swapped.content)

    assert pointers(problem(none, 422, "invalid-input")) == ["/public_key"]
    assert pointers(problem(anothers, 422, "invalid-input")) == ["/public_key"]


def test_a_farmer_reads_what_a_report_is_made_of_and_no_tag_that_a_claim_names(world: World) -> None:
    policy = world.policy()
    claim = world.report(policy, [a_photo()])
    named = world.show(claim)["animals"][0]["tag"]

    with world.farmer(policy) as http:
        [own] = http.get("/farmer/policies").raise_for_status().json()["policies"]

    assert (own["policy_number"], own["species"]) == (policy["policy_number"], "pig")
    assert own["payee"]["account_last4"] == policy["account"][-4:]
    assert own["tags"]
    assert named not in own["tags"]


def test_a_quote_says_what_the_report_will_show(world: World) -> None:
    policy = world.policy()
    body = world.report_body(policy, [a_photo()])
    loss = {name: body[name] for name in ("heads", "cause", "occurred_at")}
    animals = [{"size_band": "pig-fat"}]
    with world.farmer(policy) as http:
        quoted = http.post(f"/policies/{policy['policy_number']}/quote", json=loss | {"animals": animals})
        unknown = http.post(f"/policies/{policy['policy_number']}/quote", json=loss)
        reported = http.post("/claims", json=body | {"animals": animals}, headers=key())

    assert quoted.json()["lowest_sum"] == reported.json()["lowest_sum"] == "700.00"
    assert unknown.json()["lowest_sum"] is None


def test_a_phone_that_was_on_a_far_farm_minutes_ago_is_a_doubt_and_a_record_that_names_it_is_none(
    world: World,
) -> None:
    phone, far_m = PhoneKey(), 90_000.0
    near, far, framed = (world.policy(place=place) for place in range(3))
    taken = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=20)

    def report(
        policy: dict[str, Any], minutes: int, *, away_m: float = 0.0, forged: bool = False
    ) -> list[str]:
        content = a_photo()
        body = world.report_body(policy, [content], away_m=away_m)
        with world.farmer(policy) as http:
            phone.register(http).raise_for_status()
            [photo] = body["photos"]
            at = taken + timedelta(minutes=minutes)
            # Not before its nonce was given, which was now.
            signed = max(at, datetime.now(UTC).replace(microsecond=0))
            photo = phone.signed(photo, at, signed_at=signed.isoformat())
            body["photos"] = [_with_record(photo, signature="AAAA") if forged else photo]
            answer = http.post("/claims", json=body, headers=key()).raise_for_status()
            http.put(answer.json()["photos"][0]["upload_url"], content=content).raise_for_status()
        shown = world.wait(answer.json()["id"], "JOINT_REVIEW", "TRIAGED")
        return [one for one in shown["photos"][0]["signals"] if "CAPTURE" in one]

    # Somebody names this phone far away; it is not theirs to say, neither of the place nor of the farm.
    assert report(framed, 0, away_m=-far_m, forged=True) == ["CAPTURE_SIGNATURE_WRONG"]
    assert report(near, 1) == []
    [signal] = report(far, 11, away_m=far_m)
    at_home_again = report(near, 300)

    assert signal.startswith("CAPTURE_SPEED_IMPOSSIBLE (")
    assert signal.endswith(" s, from another claim)")
    assert at_home_again == []


def test_two_claims_that_are_looked_at_together_do_not_hide_one_phone_from_each_other(world: World) -> None:
    phone, now, far_m = PhoneKey(), datetime.now(UTC), 90_000.0
    near, far = world.policy(place=0), world.policy(place=1)

    def meets(connection: Transaction) -> None:
        farm = FarmId(near["farm_id"])
        device_keys.meet(connection, KeyId(phone.name), None, farm, now, fits=lambda _: True)

    for policy, away_m in ((near, 0.0), (far, far_m)):
        content = a_photo()
        body = world.report_body(policy, [content], away_m=away_m)
        with world.farmer(policy) as http:
            phone.register(http).raise_for_status()
            body["photos"] = [phone.signed(body["photos"][0], now)]
            answer = http.post("/claims", json=body, headers=key()).raise_for_status().json()
            if policy is near:
                # As far as the machine has come with it: it knows the phone, and has not noted what it found.
                world.parts.store.submit(meets).result()
            else:
                http.put(answer["photos"][0]["upload_url"], content=content).raise_for_status()
    [signal] = world.wait(answer["id"], "JOINT_REVIEW", "TRIAGED")["photos"][0]["signals"]

    assert signal.startswith("CAPTURE_SPEED_IMPOSSIBLE (")
