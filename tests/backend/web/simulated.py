"""A simulated county behind the real application, with an officer of its insurer signed in to API and pages."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from sqlalchemy import ColumnElement, bindparam, insert, select, update

from backend.api.app import create_app
from backend.api.bearing import COOKIE
from backend.bootstrap import Parts, assemble
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import KeyId, OfficerId
from backend.domain.policy import policy_day
from backend.domain.words import Lane
from backend.settings import Settings
from backend.simulating import simulate_counties
from backend.simulation.plan import Plan, Staff
from backend.store import sessions, tables
from backend.store.engine import Transaction
from backend.store.pack_tables import unpacked_claims
from backend.workflows.secrets import token_hash
from tests.backend.store.county import HandClock
from tests.fakes import FakeBank
from tests.journeys.world import FakeCounter

PLAN = Plan(
    counties=1,
    days=40,
    claims=300,
    staff=Staff(insurer=3, veterinary=2, inspection=2, disposal=3),
    seed=8,
    begins=date(2026, 9, 1),
)
_TOKEN, _PAGE = "an officer's session", "an officer's page"
_VERSIONS = count(100_000)


@dataclass
class Simulated:
    """The county; ``clock`` is what the installation takes for the time."""

    parts: Parts
    clock: HandClock
    portal: BlockingPortal
    http: httpx.AsyncClient

    def api(self, path: str, **query: Any) -> httpx.Response:
        """What the API says."""
        headers = {"Authorization": f"Bearer {_TOKEN}"}
        return self._get(f"/api/v1{path}", params=query, headers=headers).raise_for_status()

    def page(self, path: str, **query: Any) -> httpx.Response:
        """What the browser is shown."""
        return self._get(path, params=query, headers={"Cookie": f"{COOKIE}={_PAGE}", "Accept-Language": "en"})

    def metrics(self) -> str:
        """What Prometheus reads."""
        return self._get("/metrics").raise_for_status().text

    def _get(self, path: str, **asked: Any) -> httpx.Response:
        return self.portal.call(partial(self.http.get, path, **asked))

    @contextmanager
    def altered(self, **values: Any) -> Iterator[None]:
        """Every claim's row says something else for a while, which days and pages take note of."""
        claims = tables.claims
        names = sorted(values)
        before = self.parts.store.engine.read(
            lambda connection: connection.execute(
                select(claims.c.id, *(claims.c[one] for one in names))
            ).all(),
            EVERYWHERE,
        )

        def alter(connection: Transaction) -> None:
            # Noted before and after: a claim may be of another day then.
            self._note(connection)
            connection.execute(update(claims).values(**values))
            self._note(connection)

        def restore(connection: Transaction) -> None:
            own = {one: bindparam(f"was_{one}") for one in names}
            statement = update(claims).where(claims.c.id == bindparam("one")).values(own)
            self._note(connection)
            rows = [{"one": row.id} | {f"was_{one}": getattr(row, one) for one in names} for row in before]
            connection.execute(statement, rows)
            self._note(connection)

        self.parts.store.submit(alter).result()
        try:
            yield
        finally:
            self.parts.store.submit(restore).result()

    def _note(self, connection: Transaction) -> None:
        claims, version = tables.claims, next(_VERSIONS)
        rows = [
            {"claim_id": one.id, "version": version, "day": policy_day(one.reported_at), "county": one.county}
            for one in connection.execute(select(claims.c.id, claims.c.reported_at, claims.c.county))
        ]
        connection.execute(insert(unpacked_claims), rows)


@contextmanager
def a_simulated_county(folder: Path, url: str) -> Iterator[Simulated]:
    """Play it into the empty database at *url*, and open it."""
    settings, clock = Settings(data_folder=folder, database_url=url), HandClock(PLAN.ends_at)
    simulate_counties(settings, url, PLAN, lambda _what, _done: None, processes=1)
    with (
        assemble(settings, clock=clock, counter=FakeCounter(), bank=FakeBank()) as parts,
        start_blocking_portal() as portal,
    ):
        parts.store.submit(_sign_in).result()
        app = create_app(nullcontext(parts), with_worker=False)
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
        http = httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=60)
        with portal.wrap_async_context_manager(app.lifespan()):
            yield Simulated(parts, clock, portal, http)
            portal.call(http.aclose)


def _sign_in(connection: Transaction) -> None:
    officers, keys, offices = tables.officers, tables.officer_keys, tables.organisations
    is_insurers: ColumnElement[bool] = offices.c.lane == Lane.INSURER
    person = connection.execute(
        select(officers.c.id, keys.c.key_id)
        .join(offices, offices.c.id == officers.c.organisation_id)
        .join(keys, keys.c.officer_id == officers.c.id)
        .where(is_insurers)
        .order_by(officers.c.id)
        .limit(1)
    ).one()
    # Clocks that jump must not end the session: what is asked here is what pages make of it.
    at, own = datetime(1990, 1, 1, tzinfo=UTC), timedelta(days=40_000)
    officer, key_id = OfficerId(person.id), KeyId(person.key_id)
    connection.execute(update(keys).where(keys.c.key_id == key_id).values(registered_at=at, approved_at=at))
    made = sessions.put(
        connection, token_hash(_TOKEN), officer, "test", at, idle=own, length=own, key_id=key_id
    )
    session = tables.sessions
    parent = connection.execute(select(session).where(session.c.id == made)).one()
    sessions.put_for_page(connection, token_hash(_PAGE), parent, "test", at, own)
    # Seen in a year to come: no use of it moves its end.
    connection.execute(update(session).values(seen_at=at + own))
