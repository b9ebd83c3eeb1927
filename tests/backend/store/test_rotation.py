"""A new key: everything is sealed under it in the end, whoever reads, writes or is killed meanwhile."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from backend.adapters.key_ring import KeyRing
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.words import CodePurpose
from backend.store import codes, contacts, data_keys, events, policies, requests, rotation
from backend.store.contacts import Contact
from backend.store.engine import DatabaseEngine, open_engine
from backend.store.requests import Answer, Keyed
from backend.store.sealed import COLUMNS
from backend.store.vault import key_id_of
from backend.workflows.rotation import rotate
from tests.backend.store.county import opened_county
from tests.builders import CLAIM_ID, a_policy, a_report
from tests.keys import KEYS, kept_in

NOON = datetime(2026, 11, 26, 4, tzinfo=UTC)
PHONE = "+8613812341234"
REQUEST = Keyed("policy P-1", "a key", "0" * 64)  # type: ignore[arg-type]


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return kept_in(tmp_path / "keys")


@pytest.fixture
def engine(lasting_database: str, ring: KeyRing) -> Iterator[DatabaseEngine]:
    """A county with a claim, a phone and a kept answer, opened with a key file."""
    with opened_county(lasting_database) as county:
        county.verify(county.report(a_report(note="老王")).report.claim_id)
        county.store.submit(_more).result()
    opened = open_engine(lasting_database, keys=ring)
    yield opened
    opened.close()


def _more(connection: Connection) -> None:
    contacts.put(connection, a_policy().farm_id, Contact(PHONE))
    requests.once(connection, REQUEST, NOON, lambda: Answer(200, '{"payee": "Zhang"}'))


def unheard(_what: str, _done: int) -> None:
    """Nobody watches the progress."""


def test_a_code_that_was_sent_stays_good_until_its_key_is_laid_aside(
    engine: DatabaseEngine, ring: KeyRing
) -> None:
    former = ring.current()
    issue = lambda on: codes.put(on, CLAIM_ID, CodePurpose.HANDOVER, "receipt", "123456")  # noqa: E731
    tried = lambda on: codes.try_code(on, CLAIM_ID, CodePurpose.HANDOVER, "123456")  # noqa: E731
    engine.write(issue).result()

    ring.renew(NOON)
    while_rotated = engine.write(tried).result()
    ring.retire(former.id)
    afterwards = engine.write(tried).result()

    assert (while_rotated, afterwards) == ("receipt", None)


def keys_used(engine: DatabaseEngine) -> set[str]:
    """Ids of the keys that any value is sealed under."""

    def look(connection: Connection) -> set[str]:
        return {
            key_id_of(value)
            for one in COLUMNS
            for value in connection.scalars(select(one.table.c[one.column]))
            if value is not None
        }

    return engine.read(look, EVERYWHERE)


def everything(engine: DatabaseEngine) -> object:
    """All that is sealed, as it is read."""

    def look(connection: Connection) -> object:
        return (
            policies.policy(connection, a_policy().number).payee,
            contacts.contact(connection, a_policy().farm_id),
            contacts.farms_with_phone(connection, PHONE),
            requests.answered(connection, REQUEST),
            events.load(connection, CLAIM_ID),
        )

    return engine.read(look, EVERYWHERE)


def test_everything_is_sealed_anew_and_reads_as_before(engine: DatabaseEngine, ring: KeyRing) -> None:
    before, former = everything(engine), ring.current()

    done = rotate(engine, ring, NOON, unheard)

    assert keys_used(engine) == {done.key} == {ring.current().id}
    assert (done.retired, done.kept) == ((former.id,), ())
    assert done.values >= 9
    assert everything(engine) == before
    assert engine.read(data_keys.in_use, EVERYWHERE) == (done.key,)
    assert ring.all() == (ring.current(),)


def test_a_server_that_runs_on_reads_and_writes_under_the_new_key(
    engine: DatabaseEngine, ring: KeyRing, lasting_database: str
) -> None:
    server = open_engine(lasting_database, keys=KeyRing(ring.folder))
    try:
        before = everything(server)

        rotate(engine, ring, NOON, unheard)

        assert everything(server) == before
        server.write(lambda one: contacts.put(one, a_policy().farm_id, Contact("+8613900001111"))).result()
        assert keys_used(engine) == {ring.current().id}
    finally:
        server.close()


@pytest.mark.parametrize("killed_after", [0, 1, 3, 6])
def test_a_rotation_that_is_killed_loses_nothing_and_is_carried_on(
    engine: DatabaseEngine, ring: KeyRing, killed_after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "AT_ONCE", 1)
    before, steps = everything(engine), []

    def killed(what: str, _done: int) -> None:
        steps.append(what)
        if len(steps) > killed_after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(engine, ring, NOON, killed)
    halfway = everything(engine)
    done = rotate(engine, ring, NOON, unheard, resumes=True)

    assert halfway == everything(engine) == before
    assert keys_used(engine) == {done.key}
    assert len(done.retired) == 1


def test_while_keys_change_a_phone_is_found_under_both(engine: DatabaseEngine, ring: KeyRing) -> None:
    ring.renew(NOON)

    found = engine.read(lambda one: contacts.farms_with_phone(one, PHONE), EVERYWHERE)
    unknown = engine.read(lambda one: contacts.farms_with_phone(one, "+8613700000000"), EVERYWHERE)

    assert (found, unknown) == ((a_policy().farm_id,), ())


def test_a_key_that_something_is_still_under_stays(engine: DatabaseEngine, ring: KeyRing) -> None:
    """As when a server that was started before writes on under the former key, from a copy of the key file."""
    stale = KEYS

    def late(what: str, _done: int) -> None:
        if what == f"encrypting {COLUMNS[-1].name}":
            behind = open_engine(str(url), keys=stale)
            behind.write(lambda one: contacts.put(one, a_policy().farm_id, Contact(PHONE))).result()
            behind.close()

    url = engine.write(
        lambda one: one.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    ).result()

    done = rotate(engine, ring, NOON, late)

    assert (done.retired, done.kept) == ((), (stale.current().id,))
    assert rotate(engine, ring, NOON, unheard, resumes=True).retired == (stale.current().id,)
