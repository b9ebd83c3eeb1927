"""Two API processes and two workers over one database: they share the work, and take over what one leaves behind."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest

from tests.backend.sandbox.process import SECRET, BankProcess, running_bank
from tests.chaos.outside import rows
from tests.chaos.processes import Process, Site, a_site, people_of
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, eventually, key

PATIENCE_S = 60.0
LONGER_THAN_ANY_STORY_S = 120
CLAIMS = 8


@contextmanager
def an_installation(
    folder: Path, database: str, **environment: str
) -> Iterator[tuple[Site, World, BankProcess]]:
    """A site whose first API runs, its people, and a bank that calls back."""
    with a_site(folder, database, FLASHCLAIM_BANK_SECRET=SECRET, **environment) as (site, county):
        site.start_api()
        with (
            people_of(site, county) as people,
            running_bank("--callback-url", f"{site.url}/api/v1/bank/callbacks") as bank,
        ):
            yield site, people, bank


@pytest.mark.slow
def test_two_apis_and_two_workers_pay_every_claim_once(tmp_path: Path, migrated: str) -> None:
    with an_installation(tmp_path, migrated) as (site, people, bank):
        other = site.beside()
        other.start_api()
        workers = [site.start_worker(bank.url) for _ in range(2)]

        def one(place: int) -> str:
            """A claim from photo to money; every second one's farmer reaches the other API."""
            reached = World(
                (other if place % 2 else site).url, *[getattr(people, name) for name in REST_OF_THE_WORLD]
            )
            return through(reached, place)

        with ThreadPoolExecutor(4) as phones:
            claims = list(phones.map(one, range(CLAIMS)))
        for claim in claims:
            people.wait(claim, "PAID", seconds=PATIENCE_S)

        transfers = Counter(one["reference"].split("/")[0] for one in bank.transfers())
        numbers = {people.show(claim)["number"] for claim in claims}
        shares = Counter(row["leased_by"] for row in rows(site.database, "effects") if row["leased_by"])
        assert transfers == dict.fromkeys(numbers, 1)
        assert {int(name.rpartition(":")[2]) for name in shares} == {worker.pid for worker in workers}
        assert min(shares.values()) >= len(claims)


@pytest.mark.slow
def test_what_a_killed_worker_had_in_hand_is_taken_over_after_its_lease(
    tmp_path: Path, migrated: str
) -> None:
    lease_s = 3
    with an_installation(tmp_path, migrated, FLASHCLAIM_EFFECT_LEASE=str(lease_s)) as (site, people, bank):
        workers = [site.start_worker(bank.url) for _ in range(2)]
        claim, holder = one_at_the_bank(site, people, bank, workers)

        holder.kill()
        killed_at = time.monotonic()
        bank.switch(slow_ms=0)
        people.wait(claim, "PAID", seconds=PATIENCE_S)
        took_s = time.monotonic() - killed_at

        (survivor,) = {worker.pid for worker in workers} - {holder.pid}
        (pay,) = effects(site, "pay")
        assert pay["leased_by"].endswith(f":{survivor}")
        assert took_s > lease_s / 2  # its last renewal is at most a third of the lease old
        assert len(bank.transfers()) == 1


@pytest.mark.slow
def test_a_worker_that_is_stopped_in_a_long_effect_hands_it_back_at_once(
    tmp_path: Path, migrated: str
) -> None:
    settings = {
        "FLASHCLAIM_EFFECT_LEASE": str(LONGER_THAN_ANY_STORY_S),
        "FLASHCLAIM_BANK_TIMEOUT": str(LONGER_THAN_ANY_STORY_S),
        "FLASHCLAIM_STOP_PATIENCE": "0.3",
    }
    with an_installation(tmp_path, migrated, **settings) as (site, people, bank):
        workers = [site.start_worker(bank.url) for _ in range(2)]
        claim, holder = one_at_the_bank(site, people, bank, workers)

        bank.switch(slow_ms=0)
        code = holder.stop()
        people.wait(claim, "PAID", seconds=PATIENCE_S)

        (survivor,) = {worker.pid for worker in workers} - {holder.pid}
        (pay,) = eventually(
            lambda: [one for one in effects(site, "pay") if one["state"] == "done"], PATIENCE_S
        )
        assert code == 0
        assert "effect.handed_back" in holder.logged.read_text(encoding="utf-8")
        assert pay["leased_by"].endswith(f":{survivor}")
        assert pay["failures"] == 0
        assert len(bank.transfers()) == 1


@pytest.mark.slow
def test_an_api_that_is_stopped_finishes_the_request_that_it_has_begun(tmp_path: Path) -> None:
    with a_site(tmp_path) as (site, county):
        api = site.start_api()
        with people_of(site, county) as people, ThreadPoolExecutor(2) as outside:
            policy, photo = people.policy(), a_photo()
            with people.farmer(policy) as http:
                reported = http.post(
                    "/claims", json=people.report_body(policy, [photo]), headers=key()
                ).json()
            is_half, has_stopped_listening = Event(), Event()

            def halves() -> Iterator[bytes]:
                yield photo[: len(photo) // 2]
                is_half.set()
                has_stopped_listening.wait(PATIENCE_S)
                yield photo[len(photo) // 2 :]

            def send() -> httpx.Response:
                with people.farmer(policy) as http:
                    url = reported["photos"][0]["upload_url"]
                    return http.put(url, content=halves(), headers={"Content-Length": str(len(photo))})

            sending = outside.submit(send)
            assert is_half.wait(PATIENCE_S)
            stopping = outside.submit(api.stop)
            eventually(lambda: not answers(site), PATIENCE_S, "the end of listening")
            has_stopped_listening.set()
            sent = sending.result(PATIENCE_S)
            stopping.result(PATIENCE_S)

            assert (sent.status_code, sent.json()["received"]) == (200, True)
            assert "Traceback" not in api.logged.read_text(encoding="utf-8")


REST_OF_THE_WORLD = ("county", "parts", "bank", "counter", "notices", "officers")


def through(people: World, place: int) -> str:
    """Report, review, accept and hand over one claim, each of another policy."""
    policies = people.county["policies"]
    policy = people.policy("pig", place % (len(policies) // 2))
    claim = people.report(policy, [a_photo()])
    people.wait(claim, "JOINT_REVIEW", seconds=PATIENCE_S)
    # The real counter sees no pig in noise, so notes are given.
    people.agree(claim, policy, note="seen on the farm")
    return claim


def one_at_the_bank(
    site: Site, people: World, bank: BankProcess, workers: list[Process]
) -> tuple[str, Process]:
    """A claim whose order the bank has and does not answer, and the worker that waits for the answer."""
    bank.switch(slow_ms=LONGER_THAN_ANY_STORY_S * 1000, lose_callbacks="all")
    claim = through(people, 0)
    eventually(bank.transfers, PATIENCE_S, "the order")
    (pay,) = effects(site, "pay")
    (holder,) = [worker for worker in workers if pay["leased_by"].endswith(f":{worker.pid}")]
    return claim, holder


def effects(site: Site, kind: str) -> list[dict[str, Any]]:
    return [row for row in rows(site.database, "effects") if row["kind"] == kind]


def answers(site: Site) -> bool:
    try:
        httpx.get(f"{site.url}/api/v1/health", trust_env=False)
    except httpx.TransportError:
        return False
    return True
