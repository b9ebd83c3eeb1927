"""Reports that cannot be used: every wrong field is named at once, and nothing is kept."""

import json
from typing import Any

import httpx
import pytest

from tests.backend.api.answers import pointers, problem
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key

# What is refused never reaches the store.
pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")


def send(world: World, body: bytes | str | dict[str, Any]) -> httpx.Response:
    content = json.dumps(body) if isinstance(body, dict) else body
    with world.farmer(world.policy()) as http:
        return http.post("/claims", content=content, headers=key())


def a_body(world: World, **changes: Any) -> dict[str, Any]:
    return world.report_body(world.policy(), [a_photo()], **changes)


def count(world: World) -> int:
    with world.farmer(world.policy()) as http:
        return len(http.get("/claims", params={"limit": 500}).json()["claims"])


def test_an_unknown_policy_is_not_found(world: World) -> None:
    body = problem(send(world, a_body(world, policy_number="P-none")), 404, "not-found")

    assert "P-none" in body["detail"]


def test_all_wrong_fields_are_named_at_once_however_deep(world: World) -> None:
    before = count(world)
    wrong = {
        "species": "dragon",
        "heads": 0,
        "cause": 7,
        "occurred_at": "2026-11-23T10:00:00",
        "claim_id": "no-uuid",
        "colour": "blue",
        "animals": [{"weight_kg": "95.0"}, {"weight_kg": "-1", "age_months": -1, "horns/2": True}, 5],
        "photos": [
            {
                "sha256": "ABC",
                "bytes": 20_000_001,
                "capture": {"position": {"lon": "181", "lat": "NaN", "accuracy_m": -1, "datum": "mars"}},
            }
        ],
    }

    body = problem(send(world, wrong), 422, "invalid-input")

    assert pointers(body) == sorted(
        [
            "/policy_number",
            "/species",
            "/heads",
            "/cause",
            "/occurred_at",
            "/claim_id",
            "/colour",
            "/animals/1/weight_kg",
            "/animals/1/age_months",
            "/animals/1/horns~12",
            "/animals/2",
            "/photos/0/sha256",
            "/photos/0/bytes",
            "/photos/0/media_type",
            "/photos/0/capture/position/lon",
            "/photos/0/capture/position/lat",
            "/photos/0/capture/position/accuracy_m",
            "/photos/0/capture/position/datum",
        ]
    )
    assert count(world) == before


def test_what_does_not_fit_together_is_named_at_once(world: World) -> None:
    tag, photo = world.fresh_tag(world.policy()), a_photo()
    body = world.report_body(world.policy(), [photo, photo], occurred_at="2031-01-01T00:00:00+08:00")
    body["animals"] = [{"tag": tag}, {"tag": tag}]

    found = problem(send(world, body), 422, "invalid-input")

    assert pointers(found) == ["/animals", "/animals", "/occurred_at", "/photos/1/sha256"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'"text"',
        b"{",
        b'{"heads": NaN}',
        b'{"heads": Infinity}',
        b'{"note": "\xff\xfe"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"9" * 5_000,
    ],
    ids=[
        "empty",
        "list",
        "text",
        "cut",
        "nan",
        "infinity",
        "not-utf-8",
        "deep-lists",
        "deep-objects",
        "endless-number",
    ],
)
def test_what_is_no_json_object_is_refused_as_such(world: World, body: bytes) -> None:
    found = problem(send(world, body), 422, "invalid-input")

    assert pointers(found) == [""]


@pytest.mark.parametrize(
    "weight", ["NaN", "sNaN", "Infinity", "1E+999999", "1E-999999", "0", "-0", "1." + "0" * 40]
)
def test_a_weight_that_nothing_weighs_is_a_wrong_field(world: World, weight: str) -> None:
    body = a_body(world, animals=[{"weight_kg": weight}])

    assert pointers(problem(send(world, body), 422, "invalid-input")) == ["/animals/0/weight_kg"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"note": "\ud800"}, "/note"),
        ({"note": "a\0b"}, "/note"),
        ({"policy_number": "\udfff"}, "/policy_number"),
        ({"occurred_at": "9999-12-31T23:59:59-23:59"}, "/occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00+23:59"}, "/occurred_at"),
        ({"heads": 10**30}, "/heads"),
        ({"heads": 1.0}, "/heads"),
        ({"heads": True}, "/heads"),
        ({"note": "x" * 2001}, "/note"),
        ({"animals": [{"age_months": 10**30}]}, "/animals/0/age_months"),
    ],
)
def test_what_no_database_could_keep_is_a_wrong_field(
    world: World, change: dict[str, Any], pointer: str
) -> None:
    assert pointers(problem(send(world, a_body(world) | change), 422, "invalid-input")) == [pointer]


def test_a_cameras_words_may_be_nested_only_so_deep(world: World) -> None:
    exif: Any = "deep"
    for _ in range(200):
        exif = {"in": exif}
    body = a_body(world)
    body["photos"][0]["capture"]["camera_exif"] = exif

    found = problem(send(world, body), 422, "invalid-input")

    assert pointers(found)[0].startswith("/photos/0/capture/camera_exif/in")


def test_a_manifest_of_two_megabytes_is_too_big_and_says_what_to_do(world: World) -> None:
    body = problem(send(world, a_body(world, note="x" * 2_000_000)), 413, "upload-too-big")

    assert "photo of at most" not in body["next"]


def test_a_wrong_report_can_be_mended_under_the_same_key(world: World) -> None:
    good, headers = a_body(world), key()

    with world.farmer(world.policy()) as http:
        wrong = http.post("/claims", json=good | {"heads": 0}, headers=headers)
        mended = http.post("/claims", json=good, headers=headers)

    problem(wrong, 422, "invalid-input")
    assert mended.status_code == 201
