"""Farms and animals that join the county: what a story does to its own farm is no doubt about another's."""

from dataclasses import replace
from itertools import count
from typing import Any

from backend.bootstrap import Parts
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import FarmId, PolicyNumber
from backend.domain.parties import Payee
from backend.domain.words import Species
from backend.store import policies
from backend.store.policies import Farm, HerdAnimal
from backend.workflows.secrets import token_hash

_FARMS, _SERIALS = count(1), count(5000)


def a_farm_like(parts: Parts, seeded: dict[str, Any], *, heads: int | None = None) -> dict[str, Any]:
    """A farm on the same ground with a policy of the same terms, as the world knows its policies.

    ``heads`` are its stock, all insured; the same as the other's where nobody says.
    """
    like, place = parts.store.engine.read(lambda on: _known(on, seeded), EVERYWHERE), next(_FARMS)
    policy, boundary = like
    farm = Farm(FarmId(f"farm-n{place}"), f"新{place}养殖场", policy.county, boundary)
    payee = Payee(policy.payee.name, f"{policy.payee.account[:-6]}{place:06d}")
    terms = policy.terms if heads is None else replace(policy.terms, stock=heads, insured_heads=heads)
    number = PolicyNumber(f"{policy.number}-{place}")
    token = f"token-of-{number}"
    joined = replace(policy, number=number, farm_id=farm.id, farm_name=farm.name, payee=payee, terms=terms)
    parts.store.submit(lambda on: policies.put_farms(on, [farm])).result()
    parts.store.submit(lambda on: policies.put_policy(on, joined, token_hash(token))).result()
    own = seeded | {
        "policy_number": number,
        "farm_id": farm.id,
        "farm_name": farm.name,
        "account": payee.account,
        "report_token": token,
    }
    return own | {"tags": [a_listed_tag(parts, own) for _ in seeded["tags"]]}


def a_listed_tag(parts: Parts, policy: dict[str, Any]) -> str:
    """An ear tag of this policy's species and county, in its farm's herd book, that no claim has named yet."""
    tag = f"{policy['tags'][0][:7]}{next(_SERIALS):08d}"
    animal = HerdAnimal(tag, FarmId(policy["farm_id"]), Species(policy["species"]))
    parts.store.submit(lambda on: policies.put_herd(on, [animal])).result()
    return tag


def _known(on: Any, seeded: dict[str, Any]) -> tuple[Any, bytes | None]:
    policy = policies.policy(on, PolicyNumber(seeded["policy_number"]))
    return policy, policies.boundary(on, policy.farm_id)
