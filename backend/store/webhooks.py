"""Endpoints of webhooks in the database: registered, sealed, disabled, wound back."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Row, Select, delete, func, insert, or_, select, update

from backend.domain.ids import OfficerId, OrganisationId
from backend.domain.problems import NotFound
from backend.domain.webhooks.endpoint import ROTATION, Endpoint, EndpointId
from backend.store import tables
from backend.store.effects import EffectState
from backend.store.sealed import FORMER_WEBHOOK_SECRET, WEBHOOK_SECRET
from backend.store.vault import vault_of
from backend.store.webhook_tables import webhook_deliveries, webhook_endpoints

_OPEN = webhook_endpoints.c
_OUTAGE = timedelta(minutes=5)
_REFUSALS = (400, 404, 409, 413, 415, 422)
"""Answers to one message, not to any."""


@dataclass(frozen=True, slots=True)
class FeedReader:
    """Whoever bears an endpoint's feed token: the insurer's own system, which reads its county's feed."""

    endpoint: EndpointId
    organisation: OrganisationId
    county: str


def put(
    connection: Connection,
    endpoint: Endpoint,
    secret: bytes,
    feed_token_hash: str,
    by: OfficerId,
    at: datetime,
) -> None:
    """Register an endpoint."""
    row = {
        "id": endpoint.id,
        "organisation_id": endpoint.organisation,
        "url": endpoint.url,
        "types": list(endpoint.types),
        "secret": vault_of(connection).seal(_text(secret), WEBHOOK_SECRET, endpoint.id),
        "feed_token_hash": feed_token_hash,
        "added_by": by,
        "added_at": at,
        "next_place": endpoint.next_place,
        "round": endpoint.round,
    }
    connection.execute(insert(webhook_endpoints), row)


def one(
    connection: Connection,
    endpoint: EndpointId,
    organisation: OrganisationId | None = None,
    *,
    locks: bool = False,
) -> Endpoint:
    """An endpoint, of this organisation where one is named; *locks* it until the transaction ends.

    Raises:
        NotFound: There is none, or it was removed.
    """
    statement = _endpoints().where(_OPEN.id == endpoint)
    if organisation:
        statement = statement.where(_OPEN.organisation_id == organisation)
    if locks:
        statement = statement.with_for_update(of=webhook_endpoints)
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise NotFound("webhook", endpoint)
    return _endpoint(row)


def of_organisation(connection: Connection, organisation: OrganisationId) -> Sequence[Row[Any]]:
    """Its endpoints, the oldest first, with ``waiting``: how many deliveries are on the way."""
    deliveries = webhook_deliveries
    waiting = (
        select(func.count())
        .where(deliveries.c.endpoint_id == _OPEN.id, deliveries.c.ended_at.is_(None))
        .scalar_subquery()
    )
    own = _OPEN.organisation_id == organisation
    listed = _endpoints().add_columns(_OPEN.added_by, _OPEN.added_at, waiting.label("waiting")).where(own)
    return connection.execute(listed.order_by(_OPEN.added_at, _OPEN.id)).all()


def endpoint_of(row: Row[Any]) -> Endpoint:
    """The endpoint in a listed row."""
    return _endpoint(row)


def all_open(connection: Connection) -> tuple[Endpoint, ...]:
    """Every endpoint that is sent something."""
    return tuple(map(_endpoint, connection.execute(_endpoints().where(_OPEN.disabled_at.is_(None)))))


def secrets(connection: Connection, endpoint: EndpointId, at: datetime) -> tuple[bytes, ...]:
    """What signs for an endpoint now: its secret, and the former one for a day.

    Raises:
        NotFound: No such endpoint.
    """
    wanted = select(_OPEN.secret, _OPEN.former_secret, _OPEN.former_until)
    row = connection.execute(wanted.where(_OPEN.id == endpoint, _OPEN.removed_at.is_(None))).one_or_none()
    if row is None:
        raise NotFound("webhook", endpoint)
    vault = vault_of(connection)
    kept = [vault.open(row.secret, WEBHOOK_SECRET, endpoint)]
    if row.former_secret is not None and row.former_until > at:
        kept.append(vault.open(row.former_secret, FORMER_WEBHOOK_SECRET, endpoint))
    return tuple(base64.b64decode(text) for text in kept)


def replace_secret(connection: Connection, endpoint: EndpointId, secret: bytes, at: datetime) -> datetime:
    """Sign with *secret* from now on, and with the former one too until the time that is returned."""
    vault, until = vault_of(connection), at + ROTATION
    former, *_ = secrets(connection, endpoint, at)
    values = {
        "secret": vault.seal(_text(secret), WEBHOOK_SECRET, endpoint),
        "former_secret": vault.seal(_text(former), FORMER_WEBHOOK_SECRET, endpoint),
        "former_until": until,
    }
    connection.execute(update(webhook_endpoints).where(_OPEN.id == endpoint).values(values))
    return until


def feed_reader(connection: Connection, token_hash: str) -> FeedReader | None:
    """Whose feed token this is."""
    row = connection.execute(
        _endpoints().where(webhook_endpoints.c.feed_token_hash == token_hash)
    ).one_or_none()
    if row is None:
        return None
    found = _endpoint(row)
    return FeedReader(found.id, found.organisation, found.county)


def remove(connection: Connection, endpoint: EndpointId, at: datetime) -> None:
    """Nothing is sent there any more, and its feed token reads nothing."""
    _take_back(connection, endpoint)
    connection.execute(update(webhook_endpoints).where(_OPEN.id == endpoint).values(removed_at=at))


def wind(connection: Connection, endpoint: EndpointId, place: int) -> None:
    """Send everything from this place on, again where it was sent before; an endpoint that was disabled goes on."""
    _take_back(connection, endpoint)
    values = {"next_place": place, "round": _OPEN.round + 1, "failing_since": None}
    values |= {"disabled_at": None, "disabled_because": None}
    connection.execute(update(webhook_endpoints).where(_OPEN.id == endpoint).values(values))


def disable(connection: Connection, endpoint: EndpointId, because: str, at: datetime) -> bool:
    """Send nothing more; what is on the way is taken back, so that enabling goes on with it. False: it was before."""
    found = one(connection, endpoint, locks=True)
    if found.disabled_at:
        return False
    first = _take_back(connection, endpoint)
    place = found.next_place if first is None else min(first, found.next_place)
    values = {"disabled_at": at, "disabled_because": because[:200], "next_place": place}
    values |= {"round": _OPEN.round + 1}
    connection.execute(update(webhook_endpoints).where(_OPEN.id == endpoint).values(values))
    return True


def note_failing(connection: Connection, endpoint: EndpointId, at: datetime) -> None:
    """An attempt failed; remembered is the first one since the last success."""
    failing = update(webhook_endpoints).where(_OPEN.id == endpoint, _OPEN.failing_since.is_(None))
    connection.execute(failing.values(failing_since=at))


def note_working(connection: Connection, endpoint: EndpointId, at: datetime) -> None:
    """Something arrived: after an outage, what waits for its next try is tried now.

    A message that is refused alone among others is left to its pauses: it would use them up within a minute.
    """
    since: datetime | None = connection.scalar(select(_OPEN.failing_since).where(_OPEN.id == endpoint))
    if since is None:
        return
    working = update(webhook_endpoints).where(_OPEN.id == endpoint)
    connection.execute(working.values(failing_since=None))
    if at - since >= _OUTAGE:
        effects, deliveries = tables.effects, webhook_deliveries.c
        was_out = or_(deliveries.status.is_(None), deliveries.status.not_in(_REFUSALS))
        missed = select(deliveries.id).where(
            deliveries.endpoint_id == endpoint, deliveries.ended_at.is_(None), was_out
        )
        waits = (effects.c.state == EffectState.PENDING, effects.c.due_at > at)
        connection.execute(update(effects).where(effects.c.id.in_(missed), *waits).values(due_at=at))


def _take_back(connection: Connection, endpoint: EndpointId) -> int | None:
    """End what is on the way; the first place of it."""
    effects, deliveries = tables.effects, webhook_deliveries
    on_the_way = (deliveries.c.endpoint_id == endpoint, deliveries.c.ended_at.is_(None))
    first: int | None = connection.scalar(select(func.min(deliveries.c.place)).where(*on_the_way))
    pending = (effects.c.endpoint_id == endpoint, effects.c.state == EffectState.PENDING)
    connection.execute(delete(effects).where(*pending))
    connection.execute(delete(deliveries).where(*on_the_way))
    return first


def sweep(connection: Connection, before: datetime, most: int) -> int:
    """Forget at most so many deliveries that arrived or were given up before then, with their effects."""
    deliveries, effects = webhook_deliveries, tables.effects
    old = select(deliveries.c.id).where(deliveries.c.ended_at < before).limit(most)
    ids = list(connection.scalars(old))
    if ids:
        connection.execute(delete(deliveries).where(deliveries.c.id.in_(ids)))
        connection.execute(delete(effects).where(effects.c.id.in_(ids)))
    return len(ids)


KEPT = timedelta(days=30)
"""How long a delivery that ended is listed."""


def _endpoints() -> Select[Any]:
    offices = tables.organisations
    return (
        select(
            *(_OPEN.id, _OPEN.organisation_id, offices.c.county, _OPEN.url, _OPEN.types, _OPEN.next_place),
            *(_OPEN.round, _OPEN.failing_since, _OPEN.disabled_at, _OPEN.disabled_because),
        )
        .join(offices, offices.c.id == _OPEN.organisation_id)
        .where(_OPEN.removed_at.is_(None))
    )


def _endpoint(row: Row[Any]) -> Endpoint:
    return Endpoint(
        id=EndpointId(row.id),
        organisation=OrganisationId(row.organisation_id),
        county=row.county,
        url=row.url,
        types=tuple(row.types),
        next_place=row.next_place,
        round=row.round,
        failing_since=row.failing_since,
        disabled_at=row.disabled_at,
        disabled_because=row.disabled_because,
    )


def _text(secret: bytes) -> str:
    return base64.b64encode(secret).decode()
