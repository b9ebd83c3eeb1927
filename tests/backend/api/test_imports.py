"""Imports over HTTP: who may, under which key, how much."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key, running_world

SEED = {"Token-Seed": "s" * 43}
FARM = "farm_id,name\n{name},{name} farm\n"


def send(
    world: World, lane: str, register: str, text: str, *, headers: dict[str, str] | None = None, **query: Any
) -> httpx.Response:
    return world.officer(lane).http.post(
        f"/registers/{register}/imports",
        content=text.encode(),
        params={"file": f"{register}.csv"} | query,
        headers=key() | (headers or {}),
    )


def test_the_insurer_imports_and_the_county_sees_who_did(world: World) -> None:
    answer = send(world, "insurer", "farms", FARM.format(name="API-1"))

    report = answer.raise_for_status().json()
    assert (report["new"], report["refused_rows"], report["tokens"]) == (1, 0, None)
    http = world.officer("insurer").http
    done = http.get("/imports").raise_for_status().json()["imports"][0]
    assert (done["id"], done["officer"], done["file"]) == (report["import"], "picc-changsha-1", "farms.csv")
    assert http.get(f"/imports/{done['id']}").raise_for_status().json()["changes"] == []


@pytest.mark.parametrize("lane", ["veterinary", "inspection", "disposal"])
@pytest.mark.parametrize("register", ["farms", "policies", "herds"])
def test_registers_are_the_insurers_to_import(world: World, lane: str, register: str) -> None:
    assert send(world, lane, register, "x\n1\n").status_code == 403


def test_a_farmer_imports_nothing(world: World) -> None:
    with world.farmer(world.policy()) as http:
        assert (
            http.post("/registers/officers/imports", params={"file": "o.csv"}, headers=key()).status_code
            == 403
        )


def test_refused_rows_are_named_in_the_problem_and_nothing_is_written(world: World) -> None:
    answer = send(world, "insurer", "farms", "farm_id,name\nAPI-2,two\nAPI-2,again\n")

    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, "import-refused")
    assert body["report"]["refused"][0] | {"next": ""} == {
        "row": 2,
        "field": "id",
        "value": "API-2",
        "why": "stands in row 1 too",
        "next": "",
    }
    assert send(world, "insurer", "farms", "farm_id,name\nAPI-2,two\n", dry_run=True).json()["new"] == 1


def test_a_retry_under_the_same_key_makes_the_same_tokens_and_writes_once(world: World) -> None:
    text = "officer_id,name\npicc-changsha-9,新\n"
    same = key()
    first = send(world, "insurer", "officers", text, headers=SEED | same).raise_for_status().json()
    again = send(world, "insurer", "officers", text, headers=SEED | same).raise_for_status().json()
    other = send(world, "insurer", "officers", text, headers={"Token-Seed": "t" * 43} | same)

    assert first == again
    assert other.status_code == 422
    opened = httpx.post(
        f"{world.url}/api/v1/sessions", json={"token": first["tokens"][0]["token"]}, trust_env=False
    )
    assert opened.json()["officer"]["id"] == "picc-changsha-9"


@pytest.mark.parametrize(
    ("register", "query", "headers", "status", "code"),
    [
        ("cows", {}, {}, 404, "not-found"),
        ("farms", {"file": "farms.docx"}, {}, 422, "import-unreadable"),
        ("farms", {"columns": "nonsense"}, {}, 422, "invalid-input"),
        ("farms", {"datum": "mars"}, {}, 400, "bad-request"),
        ("farms", {"encoding": "klingon"}, {}, 422, "import-unreadable"),
        ("officers", {}, {"Token-Seed": "short"}, 422, "invalid-input"),
        ("farms", {}, {"Idempotency-Key": ""}, 400, "idempotency-key-missing"),
    ],
)
def test_a_wrong_request_is_refused_by_name(
    world: World, register: str, query: dict[str, str], headers: dict[str, str], status: int, code: str
) -> None:
    answer = send(world, "insurer", register, FARM.format(name="API-3"), headers=headers, **query)

    assert (answer.status_code, answer.json()["code"]) in {(status, code), (400, "bad-request")}


def test_a_file_over_the_limit_is_refused_and_swept_away(tmp_path: Path) -> None:
    with running_world(tmp_path, farms=1, import_most_mb=1) as small:
        answer = send(small, "insurer", "farms", "x" * 1_200_000)

        assert (answer.status_code, answer.json()["code"]) == (413, "import-too-big")
        assert list((tmp_path / "imports").iterdir()) == []


def test_the_next_photo_is_judged_by_an_imported_boundary(world: World) -> None:
    policy = world.policy("pig", 5)
    lon, lat = policy["inside"]
    ring = ", ".join(f"{lon + dx} {lat + 0.1 + dy}" for dx, dy in ((0, 0), (0.01, 0), (0.01, 0.01), (0, 0)))
    text = f'farm_id,wkt\n{policy["farm_id"]},"POLYGON (({ring}))"\n'

    before = world.wait(world.report(policy, [a_photo()]), "JOINT_REVIEW", "TRIAGED", "EVIDENCE_REQUESTED")
    send(world, "insurer", "farms", text, datum="wgs84").raise_for_status()
    after = world.wait(world.report(policy, [a_photo()]), "JOINT_REVIEW", "TRIAGED", "EVIDENCE_REQUESTED")

    assert before["fence"]["decision"] == "INSIDE"
    assert after["fence"]["decision"] == "OUTSIDE"
