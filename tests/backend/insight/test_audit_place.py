"""The claim page's proof: worked out while it is looked at, so that a changed record shows at once."""

from typing import Any

from sqlalchemy import update

from backend.domain.authority.sight import EVERYWHERE
from backend.insight.audit_place import audit_place
from backend.store import tables
from tests.backend.store.county import County
from tests.backend.store.test_audit_log import a_sequencer
from tests.builders import CLAIM_ID, a_hold


def told(county: County) -> dict[str, Any]:
    return county.store.engine.read(
        lambda connection: audit_place(connection, CLAIM_ID, county.clock()), EVERYWHERE
    )


def test_before_a_checkpoint_nothing_is_proven_and_nothing_claimed(county: County) -> None:
    county.report()

    found = told(county)

    assert (found["state"], found["behind"]) == ("waiting", found["events"])


def test_under_a_checkpoint_the_proof_leads_from_the_event_to_the_root(county: County) -> None:
    county.report()
    county.verify()
    a_sequencer(county).catch_up(and_sign=True)
    covered = told(county)

    county.give(a_hold())
    behind = told(county)

    assert (covered["state"], covered["behind"], covered["seq"]) == ("included", 0, covered["events"])
    assert (behind["state"], behind["behind"], behind["seq"]) == ("included", 1, covered["seq"])


def test_a_record_that_was_changed_breaks_the_proof(county: County) -> None:
    county.report()
    a_sequencer(county).catch_up(and_sign=True)
    forged = update(tables.events).where(tables.events.c.seq == 1).values(leaf_hash="0" * 64)

    county.store.submit(lambda connection: connection.execute(forged)).result()

    assert told(county)["state"] == "broken"
