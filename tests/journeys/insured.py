"""Policies of other products than the seeded ones, on farms of the seeded county."""

from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import Any

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import PolicyNumber
from backend.domain.money import Money
from backend.domain.words import Species
from backend.store import policies
from backend.workflows.secrets import token_hash
from tests.journeys.world import World

_SERIALS = count(1)


def insured(
    world: World, species: Species, product: str, *, heads: int, stock: int, sum_insured: str
) -> dict[str, Any]:
    """A further policy of the county's first farm, as the world knows its policies."""
    seeded = world.policy()
    number = PolicyNumber(f"P-{product}-{next(_SERIALS)}")
    store = world.parts.store
    known = store.engine.read(
        lambda on: policies.policy(on, PolicyNumber(seeded["policy_number"])), EVERYWHERE
    )
    terms = replace(
        known.terms,
        insured_heads=heads,
        stock=stock,
        sum_insured=Money.parse(sum_insured),
        deductible_percent=Decimal(0),
    )
    policy = replace(known, number=number, species=species, product=product, terms=terms)
    token = f"token-of-{number}"
    store.submit(lambda on: policies.put_policy(on, policy, token_hash(token))).result()
    return seeded | {
        "policy_number": number,
        "species": species.value,
        "product": product,
        "report_token": token,
    }
