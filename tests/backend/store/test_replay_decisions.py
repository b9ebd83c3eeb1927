"""The whole database's decisions made again: whoever rewrites an event and its hash too is found out by the rules."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import ClaimId
from backend.store import tables
from backend.store.codec import leaf_hash, recorded_from
from backend.store.replay import Replay, replay
from tests.backend.store.county import County
from tests.busy_county import a_busy_county, a_copy_of, looking, url_of
from tests.replayed import product


@pytest.fixture(scope="module")
def at_rest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county")
    with a_busy_county(folder):
        return folder


@pytest.fixture
def busy(at_rest: Path, tmp_path: Path) -> Iterator[County]:
    with a_copy_of(at_rest, tmp_path) as county:
        yield county


def replayed(county: County, only: ClaimId | None = None) -> Replay:
    return county.store.engine.read(
        lambda connection: replay(connection, lambda _what, _done: None, products=product, only=only),
        EVERYWHERE,
    )


def paid_claim(connection: Connection) -> ClaimId:
    claims = tables.claims
    return ClaimId(connection.execute(select(claims.c.id).where(claims.c.state == "PAID")).scalar_one())


def rewrite(connection: Connection, event_type: str, before: str, after: str) -> None:
    """Change the paid claim's event and its leaf hash with it."""
    events = tables.events
    wanted = (events.c.claim_id == paid_claim(connection), events.c.type == event_type)
    row = connection.execute(select(events).where(*wanted)).one()
    assert before in row.payload
    connection.execute(update(events).where(*wanted).values(payload=row.payload.replace(before, after)))
    row = connection.execute(select(events).where(*wanted)).one()
    leaf = leaf_hash(ClaimId(row.claim_id), recorded_from(row), row.payload)
    connection.execute(update(events).where(*wanted).values(leaf_hash=leaf))


def test_every_decision_of_a_busy_county_comes_out_the_same(busy: County) -> None:
    done = replayed(busy)

    assert done.faults == []
    assert done.decisions > 20
    assert (done.folded, done.older_forms) == ({}, 0)


def test_a_sum_that_was_raised_with_its_hash_is_named_with_both_figures(busy: County, tmp_path: Path) -> None:
    with looking(url_of(tmp_path)) as connection:
        rewrite(connection, "claim-triaged", '"amount":{"fen":70000}', '"amount":{"fen":90000}')

    first = replayed(busy).found[0]

    assert first.difference
    assert (first.difference.field, first.difference.recorded, first.difference.replayed) == (
        "offer.lines[0].amount",
        "900.00",
        "700.00",
    )
    assert first.as_json()["seq"] == first.difference.seq
    assert str(first.claim) in replayed(busy).faults[0]


def test_an_event_of_an_unknown_type_is_named_with_claim_and_number(busy: County, tmp_path: Path) -> None:
    with looking(url_of(tmp_path)) as connection:
        claim = paid_claim(connection)
        strange = update(tables.events).where(tables.events.c.claim_id == claim, tables.events.c.seq == 3)
        connection.execute(strange.values(type="claim-blessed"))

    done = replayed(busy, claim)

    assert done.claims == 1
    assert [one.what for one in done.found] == ["event 3 cannot be read: unknown event type claim-blessed"]


def test_a_field_of_a_newer_release_is_not_left_out_unseen(busy: County, tmp_path: Path) -> None:
    with looking(url_of(tmp_path)) as connection:
        rewrite(connection, "payout-started", '"payout_no":1', '"payout_no":1,"priority":"high"')

    assert [one.what for one in replayed(busy).found] == [
        f"event {seq} says /priority, which this release does not know" for seq in _payout_seqs(busy)
    ]


def _payout_seqs(county: County) -> list[int]:
    with_priority = [row.seq for row in county.rows(tables.events) if "priority" in row.payload]
    return sorted(with_priority)


def test_one_claim_is_replayed_alone(busy: County) -> None:
    claim = busy.store.engine.read(paid_claim, EVERYWHERE)

    done = replayed(busy, claim)

    assert (done.claims, done.faults) == (1, [])
    assert done.events == len(busy.history(claim))
