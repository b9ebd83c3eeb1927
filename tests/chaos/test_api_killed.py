"""The API is killed (-9) while phones send: what it had acknowledged is there when it comes back."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Lock

import httpx
import pytest

from tests.chaos.processes import Process, Site, a_site, people_of
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, eventually, key

PHONES, ENOUGH = 6, 24


@pytest.mark.slow
def test_what_a_killed_api_had_acknowledged_is_still_there(tmp_path: Path, migrated: str) -> None:
    with a_site(tmp_path, migrated) as (site, county):
        api = site.start_api()
        with people_of(site, county) as people:
            acknowledged = sent_until_killed(people, api)
            site.start_api()

            for claim, photo in acknowledged.items():
                shown = people.show(claim)
                sha256 = shown["photos"][0]["sha256"]
                kept = people.officer("insurer").http.get(f"/claims/{claim}/photos/{sha256}")
                assert shown["photos"][0]["received"]
                assert kept.content == photo


@pytest.mark.slow
def test_a_photo_cut_off_by_a_kill_has_not_arrived_and_is_sent_again(tmp_path: Path, migrated: str) -> None:
    with a_site(tmp_path, migrated) as (site, county):
        api = site.start_api()
        with people_of(site, county) as people:
            policy, photo = people.policy(), a_photo()
            with people.farmer(policy) as http:
                reported = http.post(
                    "/claims", json=people.report_body(policy, [photo]), headers=key()
                ).json()
            url = reported["photos"][0]["upload_url"]

            cut_off(people, url, photo, api)
            site.start_api()
            before = people.show(reported["id"])["photos"][0]["received"]
            with people.farmer(policy) as http:
                again = http.put(url, content=photo)

            assert before is False
            assert (again.status_code, again.json()["received"]) == (200, True)
            assert left_over(site) == [photo]


def sent_until_killed(people: World, api: Process) -> dict[str, bytes]:
    """Phones report and send until the API is gone; returns the photo of each claim that was acknowledged."""
    acknowledged: dict[str, bytes] = {}
    lock, policy = Lock(), people.policy()

    def phone(_: int) -> None:
        with people.farmer(policy) as http:
            while True:
                photo = a_photo()
                try:
                    body = people.report_body(policy, [photo])
                    reported = http.post("/claims", json=body, headers=key())
                    put = http.put(reported.json()["photos"][0]["upload_url"], content=photo)
                except httpx.TransportError:
                    return
                if put.status_code == 200:
                    with lock:
                        acknowledged[reported.json()["id"]] = photo

    with ThreadPoolExecutor(PHONES) as phones:
        sending = phones.map(phone, range(PHONES))
        eventually(lambda: len(acknowledged) >= ENOUGH, 30.0, "enough uploads")
        api.kill()
        list(sending)
    return acknowledged


def cut_off(people: World, url: str, photo: bytes, api: Process) -> None:
    """Send half of the photo, kill the API, and fail to send the rest."""
    is_half, is_killed = Event(), Event()

    def halves() -> Iterator[bytes]:
        yield photo[: len(photo) // 2]
        is_half.set()
        is_killed.wait(30)
        yield photo[len(photo) // 2 :]

    def send() -> bool:
        with people.farmer(people.policy()) as http:
            try:
                http.put(url, content=halves(), headers={"Content-Length": str(len(photo))})
            except httpx.TransportError:
                return False
            return True

    with ThreadPoolExecutor(1) as phone:
        sending = phone.submit(send)
        assert is_half.wait(30)
        api.kill()
        is_killed.set()
        assert sending.result(30) is False


def left_over(site: Site) -> list[bytes]:
    """Everything that lies in the photo folder, half-written files too."""
    return [path.read_bytes() for path in (site.folder / "photos").rglob("*") if path.is_file()]
