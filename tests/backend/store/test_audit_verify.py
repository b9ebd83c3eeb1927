"""Whoever writes into the database by hand is found, and the first bad record named, by a checkpoint from before.

An attacker here is thorough: with ``hide`` every leaf hash, place, tile and checkpoint is made anew, as if the changed
events had always been so. Only what was kept elsewhere, and the installation's key, is out of reach.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import ClaimId
from backend.domain.signatures import Signature
from backend.store import audit_checkpoints, audit_log, tables
from backend.store import audit_tables as audit
from backend.store.audit_rows import Side, sides
from backend.store.audit_verify import Kept, Verified, verify
from tests.backend.store.county import County
from tests.backend.store.test_audit_log import Pen, a_sequencer
from tests.builders import CLAIM_ID, a_report

OTHER = ClaimId(UUID(int=8))
THIRD = ClaimId(UUID(int=9))
EVENTS = tables.events


def unheard(_what: str, _done: int) -> None:
    """Nobody watches the progress."""


def fits(public_key: bytes, signature: Signature, document: bytes) -> bool:
    """The pen's signature; nobody who writes into the database has it."""
    return public_key == bytes(32) and Pen().sign(document) == signature


@pytest.fixture
def kept(county: County) -> Kept:
    """Two claims, a checkpoint that somebody keeps, and a third claim after it."""
    sequencer = a_sequencer(county)
    county.make_payable()
    sequencer.catch_up(and_sign=False)
    county.make_payable(a_report(claim_id=OTHER, photos=["another"]))
    signed = sequencer.catch_up(and_sign=True)
    assert signed
    leaves = county.store.engine.read(lambda c: audit_log.leaves(c, 0, signed.checkpoint.size), EVERYWHERE)
    county.clock.move(timedelta(minutes=5))
    county.report(a_report(claim_id=THIRD, photos=["a third"]))
    sequencer.catch_up(and_sign=True)
    return Kept(signed.checkpoint, iter(leaves))


def number(county: County, claim_id: ClaimId) -> str:
    return county.claim(claim_id).report.number


def written(county: County, work: Callable[[Connection], object]) -> None:
    """By hand, past every rule of the database."""

    def past_rules(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL ROLE NONE"))
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        work(connection)

    county.store.submit(past_rules).result()


def looked_at(county: County, kept: Kept | None) -> Verified:
    return county.store.engine.read(lambda c: verify(c, fits, unheard, kept=kept), EVERYWHERE)


def hide(connection: Connection) -> None:
    """Make log, tiles and checkpoints anew over the events as they now stand."""
    ids = {(row.claim_id, row.seq): row.id for row in connection.execute(select(EVENTS))}
    checkpoints = connection.execute(select(audit.audit_checkpoints)).all()
    for row in connection.execute(select(EVENTS).order_by(EVENTS.c.id)).all():
        connection.execute(
            update(EVENTS).where(EVENTS.c.id == row.id).values(leaf_hash=_leaf_of(connection, row.id))
        )
    for table in (audit.audit_checkpoints, audit.audit_tiles, audit.audit_log, audit.audit_waiting):
        connection.execute(delete(table))
    for claim_id, seq in ids:
        connection.execute(insert(audit.audit_waiting), {"claim_id": claim_id, "seq": seq})
    audit_log.sequence(connection, most=1000)
    for row in checkpoints:
        if row.size <= audit_log.size(connection):
            tree = audit_log.StoredTree(connection)
            from backend.domain.merkle.proofs import root

            kept = dict(row._mapping) | {"root": root(row.size, tree).hex()}
            connection.execute(insert(audit.audit_checkpoints), kept)


def _leaf_of(connection: Connection, event_id: int) -> str:
    from backend.store import audit_rows

    said = audit_rows._SAID[connection.dialect.name]
    columns = (
        "{claim}, e.seq, {at}, e.type, e.actor_kind, e.actor, e.organisation, e.payload, e.leaf_hash"
    ).format(**said)
    row = connection.exec_driver_sql(f"SELECT {columns} FROM events e WHERE e.id = {event_id}").one()
    return Side(0, "", 0, "", *row).hashed().hex()


def an_id(connection: Connection, claim_id: ClaimId, seq: int) -> int:
    return int(
        connection.execute(
            select(EVENTS.c.id).where(EVENTS.c.claim_id == claim_id, EVENTS.c.seq == seq)
        ).scalar_one()
    )


def change_a_byte(connection: Connection) -> None:
    at = an_id(connection, OTHER, 1)
    payload = connection.scalar(select(EVENTS.c.payload).where(EVENTS.c.id == at))
    assert payload
    connection.execute(
        update(EVENTS).where(EVENTS.c.id == at).values(payload=payload.replace('"heads":2', '"heads":3'))
    )


def delete_a_row(connection: Connection) -> None:
    connection.execute(delete(EVENTS).where(EVENTS.c.id == an_id(connection, OTHER, 3)))


def cut_the_end(connection: Connection) -> None:
    begin = an_id(connection, OTHER, 4)
    connection.execute(delete(EVENTS).where(EVENTS.c.id >= begin))


def swap_two(connection: Connection) -> None:
    """Two neighbouring events change places: their numbers in the table, by which the log was built."""
    first, second = an_id(connection, OTHER, 2), an_id(connection, OTHER, 3)
    for old, new in ((first, -1), (second, first), (-1, second)):
        connection.execute(update(EVENTS).where(EVENTS.c.id == old).values(id=new))


def insert_one(connection: Connection) -> None:
    """A copy of a decision on one claim stands as a further event of the other, among the earlier ones."""
    row = connection.execute(select(EVENTS).where(EVENTS.c.id == an_id(connection, OTHER, 5))).one()
    last = max(one.seq for one in connection.execute(select(EVENTS).where(EVENTS.c.claim_id == CLAIM_ID)))
    connection.execute(insert(EVENTS), dict(row._mapping) | {"id": -7, "claim_id": CLAIM_ID, "seq": last + 1})


def test_what_nobody_touched_is_whole(county: County, kept: Kept) -> None:
    done = looked_at(county, kept)

    assert done.bad == []
    assert done.events == len(county.rows(EVENTS))
    assert done.checkpoints == len(county.rows(audit.audit_checkpoints)) == 3


def test_a_log_that_grew_since_its_last_checkpoint_is_whole(county: County, kept: Kept) -> None:
    county.verify(THIRD)

    assert looked_at(county, kept).bad == []


def test_a_changed_byte_is_named(county: County, kept: Kept) -> None:
    written(county, change_a_byte)

    first = looked_at(county, kept).bad[0]

    assert (first.claim, first.seq) == (number(county, OTHER), 1)
    assert "was changed" in first.what
    assert looked_at(county, None).bad[0].seq == 1


def test_a_deleted_row_is_named(county: County, kept: Kept) -> None:
    told = number(county, OTHER)
    written(county, delete_a_row)

    first = looked_at(county, kept).bad[0]

    assert (first.claim, first.seq, first.what) == (told, 3, "is gone")


def test_the_end_cut_off_is_named_at_its_first_record(county: County, kept: Kept) -> None:
    told = number(county, OTHER)
    written(county, cut_the_end)

    first = looked_at(county, kept).bad[0]

    assert (first.claim, first.seq, first.what) == (told, 4, "is gone")


def test_two_swapped_rows_are_named(county: County, kept: Kept) -> None:
    told = number(county, OTHER)
    written(county, swap_two)

    bad = looked_at(county, kept).bad

    assert {(one.claim, one.seq) for one in bad[:2]} == {(told, 2), (told, 3)}


def test_an_inserted_row_is_named(county: County, kept: Kept) -> None:
    told, last = number(county, CLAIM_ID), county.claim().version
    written(county, insert_one)

    first = looked_at(county, kept).bad[0]

    assert (first.claim, first.seq) == (told, last + 1)
    assert "was put in" in first.what


@pytest.mark.parametrize(
    ("attack", "told", "seq", "what"),
    [
        (change_a_byte, OTHER, 1, "was changed: it was kept with leaf"),
        (delete_a_row, OTHER, 4, "stands where another record was kept"),
        (swap_two, OTHER, 3, "was put before the record that it followed"),
        (insert_one, CLAIM_ID, 10, "was put in"),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
def test_a_thorough_attacker_is_found_by_the_kept_leaves(
    county: County, kept: Kept, attack: Callable[[Connection], None], told: ClaimId, seq: int, what: str
) -> None:
    name = number(county, told)
    written(county, attack)
    written(county, hide)

    first = looked_at(county, kept).bad[0]

    assert (first.claim, first.seq) == (name, seq)
    assert what in first.what


def test_a_thorough_attacker_who_cut_the_end_is_found_by_how_long_it_was(county: County, kept: Kept) -> None:
    told = number(county, OTHER)
    left = len(county.rows(EVENTS))
    written(county, cut_the_end)
    written(county, hide)
    left_now = len(county.rows(EVENTS))

    bad = looked_at(county, kept).bad

    assert bad[0].place == left_now
    assert f"{kept.checkpoint.size - left_now} records are gone" in bad[0].what
    assert f"the last that is left is {told}, event 3" in bad[0].what
    assert (bad[1].claim, bad[1].seq) == (told, 4)
    assert left > left_now


def test_without_kept_leaves_a_thorough_attacker_is_found_and_not_named(county: County, kept: Kept) -> None:
    written(county, change_a_byte)
    written(county, hide)

    bad = looked_at(county, Kept(kept.checkpoint)).bad

    assert "are not those of the checkpoint that was kept" in bad[0].what
    assert any("not signed by the installation" in one.what for one in bad)


def test_a_forged_checkpoint_in_the_database_is_named(county: County, kept: Kept) -> None:
    signed = county.store.engine.read(audit_checkpoints.newest, EVERYWHERE)
    assert signed
    written(
        county,
        lambda c: c.execute(
            update(audit.audit_checkpoints)
            .where(audit.audit_checkpoints.c.size == signed.checkpoint.size)
            .values(root="0" * 64)
        ),
    )

    bad = looked_at(county, kept).bad

    assert [one.what for one in bad] == [
        f"the checkpoint over {signed.checkpoint.size} records is not over those that stand here",
        f"the checkpoint over {signed.checkpoint.size} records is not signed by the installation",
    ]


def test_rows_cut_out_of_the_log_alone_are_missed(county: County, kept: Kept) -> None:
    written(county, lambda c: c.execute(delete(audit.audit_log).where(audit.audit_log.c.place == 5)))

    bad = looked_at(county, kept).bad

    assert bad[0].place == 5
    assert any("was put in" in one.what for one in bad)


def test_the_log_reads_events_as_they_are_hashed(county: County, kept: Kept) -> None:
    found = county.store.engine.read(lambda c: list(sides(c)), EVERYWHERE)

    assert kept.checkpoint.size < len(found)
    assert [one.hashed().hex() for one in found] == [one.log_leaf for one in found]
