"""Two processes decide on the last heads and the last money in the same instant, a thousand times; one is paid."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import ClaimId, PolicyNumber, ProgrammeId
from backend.domain.money import Money
from backend.domain.parties import Policy
from backend.domain.register.fields import Register
from backend.store import registers
from backend.store.replay import replay
from tests.backend.store.county import County, opened_county
from tests.builders import a_policy, a_report, terms
from tests.chaos.racing import LONGEST_RACE_S, Pair, race
from tests.databases import a_database

CLAIM_OF_TWO = Money.parse("1400.00")
ENOUGH_FOR_ONE = Money.parse("2000.00")
HEADS_FOR_ONE = 3


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database(dialect: str, tmp_path: Path) -> Iterator[str]:
    with a_database(dialect, tmp_path, is_migrated=True) as url:
        yield url


def narrow(place: int) -> Policy:
    """A policy with heads for one claim of two pigs, not for two."""
    few = terms(insured_heads=HEADS_FOR_ONE, stock=HEADS_FOR_ONE)
    return a_policy(number=PolicyNumber(f"P-NARROW-{place}"), terms=few)


def of_a_programme(place: int, which: str) -> Policy:
    return a_policy(number=PolicyNumber(f"P-{which}-{place}"), programme=ProgrammeId(f"G-{place}"))


def a_payable(county: County, policy: Policy) -> ClaimId:
    report = a_report(claim_id=ClaimId(uuid4()), photos=(str(uuid4()),), policy_number=policy.number)
    return county.make_payable(report).report.claim_id


def put_programmes(connection: Connection, places: range) -> None:
    one = a_policy()
    rows = [
        {
            "id": f"G-{place}",
            "name": "pigs of the county",
            "county": one.county,
            "begins": one.terms.incepted,
            "ends": one.terms.expires,
            "most": ENOUGH_FOR_ONE,
            "paid_before": Money(0),
        }
        for place in places
    ]
    registers.put_rows(connection, Register.PROGRAMMES, rows)


def deadlocks(connection: Connection) -> int:
    if connection.dialect.name != "postgresql":
        return 0
    found = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return int(connection.execute(found).scalar_one())


@pytest.mark.timeout(LONGEST_RACE_S + 60)
def test_of_two_claims_decided_at_once_exactly_one_is_paid_a_thousand_times(
    dialect: str, database: str
) -> None:
    pairs_each, rounds = (20, 25) if dialect == "postgresql" else (2, 12)
    places = range(pairs_each)
    more = [
        *(narrow(place) for place in places),
        *(of_a_programme(place, which) for place in places for which in ("A", "B")),
    ]
    with opened_county(database, more_policies=more) as county:
        county.store.submit(lambda connection: put_programmes(connection, places)).result()
        pairs = [
            Pair(
                (a_payable(county, narrow(place)), a_payable(county, narrow(place))),
                HEADS_FOR_ONE,
                policy=narrow(place).number,
            )
            for place in places
        ]
        pairs += [
            Pair(
                (
                    a_payable(county, of_a_programme(place, "A")),
                    a_payable(county, of_a_programme(place, "B")),
                ),
                ENOUGH_FOR_ONE.fen,
                programme=f"G-{place}",
            )
            for place in places
        ]

        first, second = race(database, pairs, rounds, county.clock())

        found = county.store.engine.read(lambda c: replay(c, lambda _what, _done: None), EVERYWHERE)
        assert (first.failure, second.failure) == (None, None)
        assert (first.beyond, second.beyond) == ([], [])
        assert first.started + second.started == len(pairs) * rounds
        assert county.store.engine.read(deadlocks, EVERYWHERE) == 0
        assert found.faults == []
