"""Every event gets one place in the audit log, whatever order transactions end in, and the tree is over all of them."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from uuid import UUID

import pytest
from sqlalchemy import Connection, func, insert, select

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.commands import ReceivePhoto
from backend.domain.ids import ClaimId, KeyId
from backend.domain.merkle.proofs import consistency_proof, inclusion_proof, root
from backend.domain.merkle.tree import Frontier
from backend.domain.merkle.verifying import extends, includes
from backend.domain.signatures import Signature
from backend.store import audit_checkpoints, audit_log, signing_keys
from backend.store.audit_tables import audit_log as log
from backend.store.audit_tables import audit_tiles, audit_waiting
from backend.store.signing_keys import PublicKey
from backend.workflows.sequencing import BATCH, Rhythm, Sequencer
from tests.backend.store.county import County, opened_county
from tests.builders import CLAIM_ID, FARMER, REPORTED_AT, a_report


class Pen:
    """Stands for the installation's key, which the database does not hold."""

    def sign(self, document: bytes) -> Signature:
        return Signature(KeyId("first"), hashlib.sha256(document).hexdigest())


def a_sequencer(county: County, rhythm: Rhythm = Rhythm()) -> Sequencer:  # noqa: B008 - frozen
    first = PublicKey(KeyId("first"), bytes(32), REPORTED_AT, None)
    if not county.store.engine.read(signing_keys.every, EVERYWHERE):
        county.store.submit(lambda connection: signing_keys.put(connection, first)).result()
    return Sequencer(county.store, Pen(), county.clock, rhythm)


def leaves(county: County) -> list[bytes]:
    return county.store.engine.read(lambda c: audit_log.leaves(c, 0, audit_log.size(c)), EVERYWHERE)


def lay_leaves(county: County, most: int) -> list[bytes]:
    """A log that is long already; what it was made from does not matter to its tree."""

    def work(connection: Connection) -> None:
        begin = audit_log.size(connection)
        made = [(place.to_bytes(4) * 8) for place in range(begin, begin + most)]
        row = {"claim_id": CLAIM_ID, "seq": 0}
        connection.execute(
            insert(log),
            [
                row | {"place": at, "event_id": -1 - at, "leaf_hash": one.hex()}
                for at, one in enumerate(made, begin)
            ],
        )
        audit_log._close_tiles(connection, begin, made)

    county.store.submit(work).result()
    return leaves(county)


def test_an_event_waits_until_it_has_a_place_and_then_no_more(county: County) -> None:
    county.report()
    waiting = len(county.rows(audit_waiting))

    a_sequencer(county).catch_up(and_sign=False)

    rows = county.rows(log)
    assert [row.place for row in rows] == list(range(waiting))
    assert county.rows(audit_waiting) == []
    told = county.store.engine.read(lambda c: audit_log.places(c, CLAIM_ID, 99), EVERYWHERE)
    assert [one.seq for one in told] == list(range(1, waiting + 1))


def test_places_have_no_gaps_and_keep_each_claims_order(county: County) -> None:
    sequencer = a_sequencer(county)
    county.report()
    sequencer.catch_up(and_sign=False)
    county.verify()
    sequencer.catch_up(and_sign=False)

    rows = sorted(county.rows(log), key=lambda row: row.place)
    assert [row.place for row in rows] == list(range(len(rows)))
    assert [row.seq for row in rows] == [entry.seq for entry in county.history()]


def test_two_sequencers_never_give_one_place_twice(county: County) -> None:
    first, second = a_sequencer(county), a_sequencer(county)
    county.make_payable()
    start = Barrier(2)

    def run(one: Sequencer) -> None:
        start.wait()
        one.catch_up(and_sign=True)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, (first, second)))

    rows = county.rows(log)
    assert sorted(row.place for row in rows) == list(range(len(county.history())))
    assert len({row.event_id for row in rows}) == len(rows)


def test_the_stored_tree_is_the_tree_over_all_leaves(county: County) -> None:
    for more in (1, 254, 1, 1, 700, 64_600, 300):
        hashes = lay_leaves(county, more)
        frontier = Frontier()
        for one in hashes:
            frontier.add(one)
        size = len(hashes)

        found = county.store.engine.read(lambda c, size=size: root(size, audit_log.StoredTree(c)), EVERYWHERE)

        assert found == frontier.root
    tiles = {(row.level, row.number) for row in county.rows(audit_tiles)}
    assert tiles == {(1, number) for number in range(size // 256)} | {
        (2, number) for number in range(size // 65_536)
    }


def test_proofs_from_the_stored_tree_hold(county: County) -> None:
    hashes, old = lay_leaves(county, 70_000), 66_001
    was, now = Frontier(), Frontier()
    for place, one in enumerate(hashes):
        now.add(one)
        if place < old:
            was.add(one)

    def look(connection: Connection) -> tuple[list[list[bytes]], list[bytes]]:
        tree = audit_log.StoredTree(connection)
        return [inclusion_proof(at, 70_000, tree) for at in (0, 65_535, 65_536, 69_999)], consistency_proof(
            old, 70_000, tree
        )

    inclusions, consistency = county.store.engine.read(look, EVERYWHERE)

    for at, proof in zip((0, 65_535, 65_536, 69_999), inclusions, strict=True):
        assert includes(leaf=hashes[at], place=at, size=70_000, proof=proof, root=now.root)
    assert extends(old_size=old, old_root=was.root, new_size=70_000, new_root=now.root, proof=consistency)


def test_a_backlog_is_placed_in_many_transactions(county: County) -> None:
    county.report()
    sequencer = a_sequencer(county)
    assert len(county.rows(audit_waiting)) < BATCH

    county.store.submit(lambda c: audit_log.sequence(c, most=1)).result()
    assert len(county.rows(log)) == 1
    sequencer.catch_up(and_sign=False)

    assert county.rows(audit_waiting) == []


def test_a_checkpoint_is_signed_when_enough_events_or_enough_time_have_passed(county: County) -> None:
    sequencer = a_sequencer(county, Rhythm(events=1000, wait=timedelta(minutes=1)))
    county.report()

    first = sequencer.catch_up(and_sign=False)
    county.verify()
    too_soon = sequencer.catch_up(and_sign=False)
    county.clock.move(timedelta(minutes=2))
    second = sequencer.catch_up(and_sign=False)
    nothing_new = sequencer.catch_up(and_sign=True)

    assert first is not None
    assert too_soon is None
    assert second is not None
    assert nothing_new is None
    assert second.checkpoint.size == len(leaves(county))
    frontier = Frontier()
    for one in leaves(county):
        frontier.add(one)
    assert second.checkpoint.root == frontier.root.hex()
    assert county.store.engine.read(audit_checkpoints.newest, EVERYWHERE) == second
    assert (
        county.store.engine.read(lambda c: audit_checkpoints.of_size(c, first.checkpoint.size), EVERYWHERE)
        == first
    )


def test_events_of_another_claim_that_commit_first_leave_no_gap(county: County) -> None:
    other = ClaimId(CLAIM_ID.__class__(int=7))
    county.report()
    county.store.submit(lambda c: audit_log.sequence(c, most=BATCH)).result()

    county.report(a_report(claim_id=other))
    county.verify()
    a_sequencer(county).catch_up(and_sign=False)

    assert (
        county.store.engine.read(lambda c: c.scalar(select(func.max(log.c.place))), EVERYWHERE)
        == len(county.history()) + len(county.history(other)) - 1
    )


def test_an_event_that_commits_after_later_ones_still_gets_its_place(migrated: str) -> None:
    """On PostgreSQL a transaction that took its numbers first may end last."""
    if not migrated.startswith("postgresql"):
        pytest.skip("SQLite has one writer: what begins first ends first")
    with opened_county(migrated) as county:
        county.report()
        other = ClaimId(UUID(int=7))
        numbered, go_on = Event(), Event()

        def slow(connection: Connection) -> None:
            command = ReceivePhoto(photo_id=county.claim().photos[0].id, bytes=1, by=FARMER)
            county.store.carry_out(connection, CLAIM_ID, command, county.clock())
            numbered.set()
            assert go_on.wait(20)

        late = county.store.submit(slow)
        assert numbered.wait(20)
        county.report(a_report(claim_id=other, photos=["another"]))
        sequencer = a_sequencer(county)
        sequencer.catch_up(and_sign=True)
        before = len(county.rows(log))
        go_on.set()
        late.result()
        sequencer.catch_up(and_sign=True)

        rows = sorted(county.rows(log), key=lambda row: row.place)
        assert [row.place for row in rows] == list(range(before + 1))
        assert rows[-1].claim_id == CLAIM_ID
        assert rows[-1].event_id < max(row.event_id for row in rows)
