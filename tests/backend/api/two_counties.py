"""An installation of two counties: a claim and people here, a claim and a farmer there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
from sqlalchemy import insert, select, update

from backend.domain.assistance.words import Proof
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.authority.words import Role
from backend.domain.ids import ClaimId, OfficerId, PolicyNumber
from backend.domain.money import Money
from backend.store import assistances, claims, people, tables
from backend.store.assistances import Consent
from backend.store.engine import Transaction
from tests.backend.api.phones import bearing
from tests.journeys.agents import an_agent
from tests.journeys.newcomers import a_farm_like
from tests.journeys.pictures import a_photo
from tests.journeys.regulators import a_regulator
from tests.journeys.world import PLAIN, World, key, running_world

THERE = "431381"
_WEBHOOK = {"url": "https://core.invalid/flashclaim", "types": ["payout-returned"]}
_LANES = {
    Role.INSURER: "insurer",
    Role.VETERINARY: "veterinary",
    Role.INSPECTION: "inspection",
    Role.COLLECTOR: "disposal",
}


@dataclass(frozen=True)
class Place:
    """What one county has of everything that an address may name."""

    claim: str
    number: str
    sha256: str
    policy: str
    farm: str
    effect: str

    @property
    def unknown(self) -> tuple[str, ...]:
        """How an answer says that there is no such thing."""
        things = (
            ("claim", self.claim),
            ("policy", self.policy),
            ("farm", self.farm),
            ("effect", self.effect),
        )
        return tuple(f"no {what} {name}" for what, name in things)

    @property
    def marks(self) -> tuple[str, ...]:
        """What tells of this county in an answer."""
        return (self.claim, self.number, self.policy, self.farm, self.effect)


@dataclass(frozen=True)
class TwoCounties:
    """Everybody here, and the claims of both."""

    world: World
    here: Place
    there: Place
    clients: dict[Role, httpx.Client]


@contextmanager
def two_counties(folder: Path, database: str) -> Iterator[TwoCounties]:
    """Start it; everybody in ``clients`` is of the county here."""
    with running_world(folder, farms=4, database_url=database) as world:
        at_home = world.policy()
        abroad = a_farm_like(world.parts, at_home, county=THERE)
        nobody_at = httpx.Client(base_url=f"{world.url}/api/v1", **PLAIN)
        with world.farmer(at_home) as farmer, nobody_at as nobody, a_regulator(world) as regulator:
            clients = {Role.PUBLIC: nobody, Role.FARMER: farmer} | {
                role: world.officer(lane).http for role, lane in _LANES.items()
            }
            clients[Role.ADMINISTRATOR] = world.officer("insurer", 2).http
            agent = an_agent(world)
            plain = [
                OfficerId("nfra-hunan-1"),
                *(OfficerId(world.officer(lane).id) for lane in _LANES.values()),
            ]
            world.parts.store.submit(lambda on: _demote(on, plain)).result()
            here, there = _settled(world, at_home), _settled(world, abroad)
            made = farmer.post(f"/claims/{here.claim}/links", json={"seed": "L" * 43}, headers=key())
            webhook = clients[Role.ADMINISTRATOR].post("/webhooks", json=_WEBHOOK, headers=key())
            world.parts.store.submit(lambda on: _assisted(on, agent.id, here)).result()
            with (
                agent.http,
                bearing(world, made.raise_for_status().json()["token"]) as reader,
                bearing(world, webhook.raise_for_status().json()["feed_token"]) as system,
            ):
                others = {Role.LINK: reader, Role.FEED: system, Role.REGULATOR: regulator.http}
                others[Role.AGENT] = agent.http
                yield TwoCounties(world, here, there, clients | others)


def _assisted(connection: Transaction, agent: str, here: Place) -> None:
    """The agent reported the claim here, and may report another one under its policy."""
    mine = update(tables.claims).where(tables.claims.c.id == UUID(here.claim))
    connection.execute(mine.values(assisted_by=agent))
    now = datetime.now(UTC)
    consent = Consent(
        claim_id=ClaimId(uuid4()),
        officer=OfficerId(agent),
        policy=PolicyNumber(here.policy),
        proof=Proof.POLICY_CARD,
        accepts_in_advance=False,
        given_at=now,
        ends_at=now + timedelta(days=1),
    )
    assistances.put(connection, consent)


def _demote(connection: Transaction, officers: list[OfficerId]) -> None:
    for officer in officers:
        people.set_administrator(connection, officer, becomes=False)


def _settled(world: World, policy: dict[str, str]) -> Place:
    claim = world.report(policy, [a_photo()], accept_in_advance=True)
    claim_id = ClaimId(UUID(claim))

    def look(connection: Transaction) -> Place:
        effect = connection.scalar(select(tables.effects.c.id).where(tables.effects.c.claim_id == claim_id))
        photo = connection.scalar(
            select(tables.claim_photos.c.photo_id).where(tables.claim_photos.c.claim_id == claim_id)
        )
        number = claims.number_of(connection, claim_id)
        return Place(claim, number, str(photo), policy["policy_number"], policy["farm_id"], str(effect))

    def pay(connection: Transaction) -> None:
        row = {
            "id": uuid4(),
            "claim_id": claim_id,
            "no": 1,
            "amount": Money.parse("700.00"),
            "state": "failed",
            "started_at": datetime.now(UTC),
        }
        connection.execute(insert(tables.payouts), row)

    world.parts.store.submit(pay).result()
    return world.parts.store.engine.read(look, EVERYWHERE)
