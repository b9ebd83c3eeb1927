"""Three decisions, the farmer's word and the truck come in any order: the end is the same."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations, permutations
from typing import Any

import httpx

from tests.journeys.pictures import a_photo
from tests.journeys.world import World

STEPS = ("insurer", "veterinary", "inspection", "acceptance", "handover")


def few_orders() -> list[tuple[str, ...]]:
    """Orders among which any three steps come in each of their six orders; tests/backend/domain walks all 120."""
    chosen, wanted = [], set(permutations(STEPS, 3))
    while wanted:
        best = max(permutations(STEPS), key=lambda order: len(wanted.intersection(combinations(order, 3))))
        chosen.append(best)
        wanted.difference_update(combinations(best, 3))
    return chosen


ORDERS = few_orders()


def take(world: World, claim: str, policy: dict[str, Any], step: str) -> httpx.Response:
    steps: dict[str, Callable[[], httpx.Response]] = {
        "acceptance": lambda: world.accept(claim, policy),
        "handover": lambda: world.hand_over(claim),
    }
    return steps[step]() if step in steps else world.decide(claim, step)


def test_every_order_of_decisions_acceptance_and_handover_ends_the_same(world: World) -> None:
    policies = [world.policy(place=place) for place in range(6)]
    moved = sum(len(world.transfers(policy)) for policy in policies)

    def live(place: int) -> tuple[list[int], str]:
        policy = policies[place % len(policies)]
        claim = world.report(policy, [a_photo()])
        world.wait(claim, "JOINT_REVIEW")
        return [take(world, claim, policy, step).status_code for step in ORDERS[place]], claim

    with ThreadPoolExecutor(6) as farms:
        lives = list(farms.map(live, range(len(ORDERS))))
    ends = [world.pay(claim) for _, claim in lives]

    moved = sum(len(world.transfers(policy)) for policy in policies) - moved
    refused = {ORDERS[place]: codes for place, (codes, _) in enumerate(lives) if codes != [200] * 5}
    assert refused == {}
    assert {(end["state"], end["payout"]["amount"], end["path"]) for end in ends} == {
        ("PAID", "700.00", "FAST")
    }
    assert {lane["state"] for end in ends for lane in end["lanes"].values()} == {"approved"}
    assert {world.events(claim).count("payout-started") for _, claim in lives} == {1}
    assert moved == len(ORDERS)
