"""The worker is killed (-9) after the bank took an order and before we wrote it down: the money moves once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.backend.sandbox.process import SECRET, BankProcess, running_bank
from tests.chaos.processes import a_site, people_of
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, eventually

LONGER_THAN_THE_KILL_MS = 2_000
PATIENCE_S = 30.0
QUIET = {
    "slow_ms": 0,
    "lose_answers": 0,
    "lose_callbacks": 0,
    "delay_callbacks_ms": 0,
    "duplicate_callbacks": 0,
}


@dataclass(frozen=True)
class Kill:
    """How the bank behaves around one kill, and how many claims are at the bank when it comes."""

    name: str
    bank: dict[str, Any]
    claims: int = 1


# Each on one engine, what is most likely on both; ``make chaos`` kills at any moment on either.
KILLS = {
    "sqlite": (
        Kill("the bank never calls back", {"lose_callbacks": "all"}),
        Kill("the bank loses its answer too", {"lose_answers": 1, "lose_callbacks": "all"}),
        Kill("the bank calls back while nobody works", {}),
    ),
    "postgresql": (
        Kill(
            "the bank calls back late and three times",
            {"delay_callbacks_ms": 2_500, "duplicate_callbacks": 2},
        ),
        Kill("two claims are at the bank", {"lose_callbacks": "all"}, claims=2),
    ),
}


@pytest.mark.slow
def test_a_worker_killed_between_the_banks_word_and_its_record_pays_each_claim_once(
    tmp_path: Path, migrated: str, dialect: str
) -> None:
    kills = KILLS[dialect]
    settings = {"FLASHCLAIM_BANK_SECRET": SECRET, "FLASHCLAIM_EFFECT_LEASE": "1"}
    with a_site(tmp_path, migrated, **settings) as (site, county):
        site.start_api()
        with (
            people_of(site, county) as people,
            running_bank("--callback-url", f"{site.url}/api/v1/bank/callbacks") as bank,
        ):
            worker = site.start_worker(bank.url)
            waiting = [handed_over_last(people) for _ in range(sum(kill.claims for kill in kills))]
            killed: list[str] = []

            for kill in kills:
                bank.switch(**QUIET | kill.bank | {"slow_ms": LONGER_THAN_THE_KILL_MS})
                at_the_bank = [waiting.pop() for _ in range(kill.claims)]
                for claim in at_the_bank:
                    assert people.hand_over(claim).status_code == 200
                eventually(lambda: all(orders(bank, people, one) for one in at_the_bank), PATIENCE_S)  # noqa: B023 - asked at once
                worker.kill()
                unrecorded = [one for one in at_the_bank if "payout-accepted" not in people.events(one)]
                bank.switch(slow_ms=0)
                worker = site.start_worker(bank.url)
                for claim in at_the_bank:
                    people.wait(claim, "PAID", seconds=PATIENCE_S)
                killed += at_the_bank
                assert unrecorded == at_the_bank, kill.name
            worker.stop()

            assert {claim: len(orders(bank, people, claim)) for claim in killed} == dict.fromkeys(killed, 1)
            assert len(bank.transfers()) == len(killed)
            for claim in killed:
                events = people.events(claim)
                assert (events.count("payout-started"), events.count("payout-confirmed")) == (1, 1)


def handed_over_last(people: World) -> str:
    """A claim that waits for nothing but its carcass. The real counter sees no pig in noise, so notes are given."""
    policy = people.policy()
    claim = people.report(policy, [a_photo()])
    people.wait(claim, "JOINT_REVIEW", seconds=PATIENCE_S)
    people.approve_all(claim, note="seen on the farm")
    assert people.accept(claim, policy).status_code == 200
    return claim


def orders(bank: BankProcess, people: World, claim: str) -> list[dict[str, Any]]:
    """The claim's transfers that moved money, or will."""
    number = people.show(claim)["number"]
    return [one for one in bank.transfers() if one["reference"].startswith(f"{number}/")]
