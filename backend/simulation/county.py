"""A made-up county: farms on made-up ground, their stock and policies, and where farmers stand with their phones."""

import hashlib
import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import shapely

from backend.domain.ids import FarmId, PolicyNumber
from backend.domain.money import Money
from backend.domain.parties import Payee, Policy
from backend.domain.photos import FenceFound, Position
from backend.domain.policy import Terms
from backend.domain.words import Category, Species
from backend.simulation.habits import Habits
from backend.simulation.plan import Plan
from backend.simulation.seasons import Outbreak
from backend.simulation.sight import fence_found
from backend.store import policies
from backend.store.engine import Transaction
from backend.store.policies import HerdAnimal
from geo.fence import Fix
from geo.made_up import made_up_outline, moved
from geo.premises import Premises

PROTECTION_M = 3_000
"""Radius of the protection zone around an outbreak (domain.md §4)."""

_CENTRE = (113.08, 28.24)
_APART_DEG = 0.012
_COUNTIES_APART_DEG = 1.5
_SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = ("建国", "秀英", "志强", "桂芳", "大山", "玉兰", "文斌", "春梅", "永福", "素珍")
_EVERY_TH_KEEPS_CATTLE = 4
_SPOTS = 2
_OUTSIDE_M = 900.0
_EARTH_M_A_DEGREE = 111_320.0
_COVER = timedelta(days=365)
_COVERED_SINCE = timedelta(days=60)


@dataclass(slots=True)
class Kept:
    """A farm as the simulation knows it.

    Attributes:
        policy: Its one policy.
        premises: Its ground.
        category: Of its animals.
        has_slow_line: Its phone is on a 2G-like signal.
        is_near: Of a collection point.
        alive: Ear tags of its herd book; empty where none is kept. Those before ``next_tag`` have been claimed.
        next_tag: See there.
        spots: Where photos were taken, with what the fence says, by whether that is inside.
    """

    policy: Policy
    premises: Premises
    category: Category
    has_slow_line: bool
    is_near: bool
    alive: list[str] = field(default_factory=list)
    next_tag: int = 0
    spots: dict[bool, list[tuple[Position, FenceFound]]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its id."""
        return str(self.policy.farm_id)

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle, WGS 84."""
        middle = self.premises.shape.centroid
        return middle.x, middle.y

    def spot(self, chance: Random, *, inside: bool) -> tuple[Position, FenceFound]:
        """Where a photo is taken, and the fence's word: farmers stand in the same few places."""
        known = self.spots.setdefault(inside, [])
        if len(known) < _SPOTS:
            known.append(_spot(self.premises, chance, inside=inside))
            return known[-1]
        return chance.choice(known)


def farms_of(plan: Plan, place: int, habits: Habits) -> list[Kept]:
    """The farms of the county at this place: as many as its claims need to be some a year for each."""
    # Drawn on their own: whoever registers the farms makes them without playing the county.
    chance = Random(f"{plan.seed}/{place}/farms")  # noqa: S311 - made-up farms need no secrecy
    number = max(10, round(plan.claims_of(place) / (habits.claims_a_farm_and_year * plan.days / 365)))
    county, width = plan.county(place), math.ceil(math.sqrt(number))
    begin = _CENTRE[0] + place * _COUNTIES_APART_DEG, _CENTRE[1]
    incepted = plan.begins - _COVERED_SINCE
    expires = max(incepted + _COVER, plan.begins + timedelta(days=plan.days))
    return [
        _farm(chance, habits, county, number, (begin, width), (incepted, expires))
        for number in range(1, number + 1)
    ]


def put_farms(connection: Transaction, kept: list[Kept]) -> None:
    """Register farms, herd books and policies; nobody knows the cards."""
    grounds = [
        policies.Farm(
            one.policy.farm_id, one.policy.farm_name, one.policy.county, shapely.to_wkb(one.premises.shape)
        )
        for one in kept
    ]
    herd = [
        HerdAnimal(tag, one.policy.farm_id, one.policy.species, one.category)
        for one in kept
        for tag in one.alive
    ]
    policies.put_farms(connection, grounds, herd)
    cards = [hashlib.sha256(f"simulated/{one.policy.number}".encode()).hexdigest() for one in kept]
    new = [(one.policy, card) for one, card in zip(kept, cards, strict=True)]
    policies.put_policies(connection, new)


def reached_by(outbreak: Outbreak, kept: list[Kept]) -> list[int]:
    """Places of the farms inside an outbreak's protection zone, its own among them."""
    lon, lat = kept[outbreak.farm].centre
    narrow = math.cos(math.radians(lat))
    return [
        place
        for place, one in enumerate(kept)
        if math.hypot((one.centre[0] - lon) * narrow, one.centre[1] - lat) * _EARTH_M_A_DEGREE <= PROTECTION_M
    ]


def _farm(
    chance: Random,
    habits: Habits,
    county: str,
    number: int,
    grid: tuple[tuple[float, float], int],
    period: tuple[date, date],
) -> Kept:
    (west, south), width = grid
    row, column = divmod(number - 1, width)
    lon = west + column * _APART_DEG + chance.uniform(-0.003, 0.003)
    lat = south + row * _APART_DEG + chance.uniform(-0.003, 0.003)
    has_cattle = number % _EVERY_TH_KEEPS_CATTLE == 0
    stock = chance.randint(16, 48) if has_cattle else chance.randint(80, 400)
    farm = FarmId(f"farm-{county}-{number:05d}")
    holder = chance.choice(_SURNAMES) + chance.choice(_GIVEN)
    incepted, expires = period
    policy = Policy(
        number=PolicyNumber(f"P{county}{incepted.year}{number:05d}"),
        farm_id=farm,
        farm_name=f"{holder}养殖场",
        county=county,
        species=Species.CATTLE if has_cattle else Species.PIG,
        product="beef-fixed" if has_cattle else "pig-bands",
        terms=Terms(
            incepted=incepted,
            expires=expires,
            insured_heads=stock,
            stock=stock,
            sum_insured=Money(1_200_000 if has_cattle else 70_000),
            deductible_percent=Decimal(0),
        ),
        payee=Payee(holder, f"62284800{chance.randrange(10**10):010d}"),
    )
    return Kept(
        policy,
        Premises(farm, made_up_outline(chance, lon, lat)),
        Category.BEEF if has_cattle else Category.FATTENING,
        has_slow_line=chance.random() < habits.has_slow_line,
        is_near=chance.random() < habits.is_near_collection_point,
        # Pigs come and go too fast for a herd book by tag; cattle are tagged once and stay.
        alive=[f"2{county}{number:05d}{one:03d}" for one in range(1, stock + 1)] if has_cattle else [],
    )


def _spot(premises: Premises, chance: Random, *, inside: bool) -> tuple[Position, FenceFound]:
    point = premises.shape.representative_point()
    east, north = (chance.uniform(-20, 20) for _ in range(2)) if inside else (_OUTSIDE_M, _OUTSIDE_M / 2)
    lon, lat = moved(point.x, point.y, east, north)
    accuracy = round(chance.uniform(4, 25), 1)
    position = Position(Decimal(str(lon)), Decimal(str(lat)), Decimal(str(accuracy)))
    return position, fence_found(premises, Fix(lon, lat, accuracy))
