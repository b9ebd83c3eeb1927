"""A county to try flashclaim on: farms with boundaries and herds, policies, officers of three organisations.

Everything follows from the seed number, but for the tokens, which are new each time and printed once.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from random import Random

import shapely
import shapely.geometry

from backend.domain.ids import FarmId, OfficerId, OrganisationId, PolicyNumber
from backend.domain.money import Money
from backend.domain.parties import Officer, Payee, Policy
from backend.domain.policy import Terms, policy_day
from backend.domain.words import Category, Lane, Species
from backend.store import invitations, people, policies
from backend.store.engine import Transaction
from backend.store.policies import Farm, HerdAnimal
from backend.store.run import Store
from backend.workflows.secrets import new_token, token_hash
from geo.made_up import made_up_outline

COUNTY = "430121"
"""Changsha County 长沙县, Hunan; the farms and people are made up."""

_CENTRE = (113.08, 28.24)
_SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = ("建国", "秀英", "志强", "桂芳", "大山", "玉兰", "文斌", "春梅", "永福", "素珍")
_OFFICES = (
    ("picc-changsha", "长沙县农险支公司", Lane.INSURER, ("周敏", "何立")),
    ("vet-changsha", "长沙县畜牧水产局", Lane.VETERINARY, ("谭晓", "龙飞")),
    ("insp-changsha", "长沙县动物卫生监督所", Lane.INSPECTION, ("唐洁", "彭涛")),
    ("disposal-changsha", "长沙县病死畜禽无害化处理中心", None, ("石勇", "方磊")),
)
_PRODUCTS = {
    Species.PIG: ("pig-bands", Money(70_000), Category.FATTENING, "1"),
    Species.CATTLE: ("beef-fixed", Money(1_200_000), Category.BEEF, "2"),
}


@dataclass(frozen=True, slots=True)
class SeededOfficer:
    """An officer and the one-time login token."""

    officer: Officer
    login_token: str


@dataclass(frozen=True, slots=True)
class SeededPolicy:
    """A policy, its card, the farm's boundary and a point well inside (WGS 84), the herd's first tags."""

    policy: Policy
    card: str
    boundary: shapely.Polygon
    inside: tuple[float, float]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeededCounty:
    """What the seed printed once."""

    officers: tuple[SeededOfficer, ...]
    policies: tuple[SeededPolicy, ...]

    def as_json(self) -> dict[str, object]:
        """For ``server seed --json`` and scripts."""
        return {
            "county": COUNTY,
            "officers": [
                {
                    "id": one.officer.id,
                    "name": one.officer.name,
                    "organisation": one.officer.organisation,
                    "lane": one.officer.lane,
                    "is_administrator": one.officer.is_administrator,
                    "login_token": one.login_token,
                }
                for one in self.officers
            ],
            "policies": [
                {
                    "policy_number": one.policy.number,
                    "farm_id": one.policy.farm_id,
                    "farm_name": one.policy.farm_name,
                    "species": one.policy.species,
                    "product": one.policy.product,
                    "sum_insured": str(one.policy.terms.sum_insured),
                    "boundary": shapely.geometry.mapping(one.boundary),
                    "inside": list(one.inside),
                    "tags": list(one.tags),
                    "payee": one.policy.payee.name,
                    "account": one.policy.payee.account,
                    "card": one.card,
                }
                for one in self.policies
            ],
        }


def seed_county(
    store: Store, *, farms: int, seed: int, at: datetime, invited_until: datetime
) -> SeededCounty:
    """Write a county into an empty database.

    Args:
        store: Where to.
        farms: How many farms; each has one policy.
        seed: The same number makes the same county.
        at: Now; policies have been in force since some months.
        invited_until: How long the officers' login tokens are good.
    """
    today = policy_day(at)
    chance = Random(seed)  # noqa: S311 - made-up farms need no secrecy
    officers = tuple(
        SeededOfficer(
            Officer(
                OfficerId(f"{office}-{place}"), name, OrganisationId(office), lane, is_administrator=True
            ),
            new_token(),
        )
        for office, _, lane, names in _OFFICES
        for place, name in enumerate(names, start=1)
    )
    grounds = [_farm(chance, place) for place in range(1, farms + 1)]
    herds = [_herd(chance, farm, place) for place, farm in enumerate(grounds, start=1)]
    seeded = tuple(
        _policy(chance, farm, herd, place, today)
        for place, (farm, herd) in enumerate(zip(grounds, herds, strict=True), start=1)
    )

    def write(connection: Transaction) -> None:
        for office, name, lane, _ in _OFFICES:
            people.put_organisation(connection, OrganisationId(office), name, lane, COUNTY)
        for one in officers:
            people.put_officer(connection, one.officer)
            invitations.put(connection, one.officer.id, token_hash(one.login_token), None, at, invited_until)
        policies.put_farms(connection, grounds, [animal for herd in herds for animal in herd])
        for held in seeded:
            policies.put_policy(connection, held.policy, token_hash(held.card))

    store.submit(write).result()
    return SeededCounty(officers, seeded)


def _farm(chance: Random, place: int) -> Farm:
    """A farm in its place, with a name."""
    row, column = divmod(place - 1, 5)
    lon = _CENTRE[0] + (column - 2) * 0.05 + chance.uniform(-0.01, 0.01)
    lat = _CENTRE[1] + (row - 2) * 0.04 + chance.uniform(-0.01, 0.01)
    shape = made_up_outline(chance, lon, lat)
    name = f"{chance.choice(_SURNAMES)}{chance.choice(_GIVEN)}养殖场"
    return Farm(FarmId(f"farm-{place:04d}"), name, COUNTY, shapely.to_wkb(shape))


def _herd(chance: Random, farm: Farm, place: int) -> tuple[HerdAnimal, ...]:
    species = Species.PIG if place % 2 else Species.CATTLE
    _, _, category, first_digit = _PRODUCTS[species]
    size = chance.randint(60, 180) if species is Species.PIG else chance.randint(12, 40)
    return tuple(
        HerdAnimal(f"{first_digit}{COUNTY}{place:04d}{number:04d}", farm.id, species, category)
        for number in range(1, size + 1)
    )


def _policy(
    chance: Random, farm: Farm, herd: tuple[HerdAnimal, ...], place: int, today: date
) -> SeededPolicy:
    species = herd[0].species
    product, sum_insured, _, _ = _PRODUCTS[species]
    incepted = date(today.year - 1 if today.month <= 3 else today.year, 3, 1)  # noqa: PLR2004 - the programme's year begins in March
    policy = Policy(
        number=PolicyNumber(f"P{COUNTY}{incepted.year}{place:04d}"),
        farm_id=farm.id,
        farm_name=farm.name,
        county=COUNTY,
        species=species,
        product=product,
        terms=Terms(
            incepted=incepted,
            expires=date(incepted.year + 1, 2, 28),
            insured_heads=len(herd),
            stock=len(herd),
            sum_insured=sum_insured,
            deductible_percent=Decimal(0),
        ),
        payee=Payee(farm.name.removesuffix("养殖场"), f"62284800{chance.randrange(10**10):010d}"),
    )
    if farm.boundary is None:
        raise ValueError(f"{farm.id} has no boundary")
    boundary = shapely.from_wkb(farm.boundary)
    point = boundary.representative_point()
    inside = (round(point.x, 6), round(point.y, 6))
    return SeededPolicy(policy, new_token(), boundary, inside, tuple(animal.tag for animal in herd[:12]))
