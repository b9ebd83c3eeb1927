"""What administrators 管理员 of an insurer do about webhooks: add, rotate, enable, wind back, remove."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from backend.adapters.signed_post import new_secret, said_secret
from backend.domain.feed.cursor import Cursor
from backend.domain.ids import OrganisationId
from backend.domain.officer_keys.words import Deed
from backend.domain.parties import Officer
from backend.domain.problems import FieldError, InvalidInput, NotAllowed
from backend.domain.webhooks.endpoint import MOST_ENDPOINTS, Endpoint, EndpointId, faults_of_address
from backend.domain.words import Lane
from backend.store import audit_log, feed, officer_keys, registers, webhooks
from backend.store.codec import EVENT_TYPES
from backend.store.engine import Transaction
from backend.workflows.officers import require_administrator
from backend.workflows.secrets import new_token, token_hash

BEGINNING = "beginning"
"""Instead of a cursor: everything that was ever recorded."""


@dataclass(frozen=True, slots=True)
class Added:
    """A new endpoint with what is shown once: the secret that signs, and the token that reads the feed."""

    endpoint: Endpoint
    secret: str
    feed_token: str
    cursor: Cursor | None


def require_feeds(officer: Officer) -> OrganisationId:
    """The insurer's office whose webhooks this administrator looks after.

    Raises:
        NotAllowed: Not an administrator, or not the insurer's.
    """
    require_administrator(officer)
    if officer.lane is not Lane.INSURER:
        raise NotAllowed("webhooks are the insurer's: they say what is paid")
    return officer.organisation


def add(
    connection: Transaction,
    by: Officer,
    url: str,
    types: Sequence[str],
    start: str | None,
    at: datetime,
    *,
    allow_private: bool,
) -> Added:
    """Send changes to an address from now on, or from *start* on: a cursor, or ``beginning``.

    Raises:
        NotAllowed: As ``require_feeds``.
        InvalidInput: The address, a type or the number of endpoints.
        CursorUnusable, CursorUnknown: *start* is none.
    """
    office = require_feeds(by)
    errors = [FieldError("/url", fault) for fault in faults_of_address(url, allow_private=allow_private)]
    errors += [
        FieldError(f"/types/{place}", f"{one!r} is no event; one of {', '.join(sorted(EVENT_TYPES))}")
        for place, one in enumerate(types)
        if one not in EVENT_TYPES
    ]
    if len(webhooks.of_organisation(connection, office)) >= MOST_ENDPOINTS:
        errors.append(FieldError("", f"there are {MOST_ENDPOINTS} already: remove one first"))
    if errors:
        raise InvalidInput("this cannot be a webhook", errors=errors)
    secret, token = new_secret(), new_token()
    county = registers.county_of(connection, office)
    endpoint = Endpoint(
        id=EndpointId(uuid4()),
        organisation=office,
        county=county,
        url=url,
        types=tuple(sorted(set(types))),
        next_place=audit_log.size(connection) if start is None else place_after(connection, start),
        round=0,
    )
    webhooks.put(connection, endpoint, secret, token_hash(token), by.id, at)
    _note(connection, Deed.WEBHOOK_ADDED, by, endpoint, at)
    return Added(endpoint, said_secret(secret), token, feed.newest(connection))


def place_after(connection: Transaction, start: str) -> int:
    """The first place that follows a cursor; 0 for ``beginning``.

    Raises:
        CursorUnusable, CursorUnknown: It is none, or names what stands there no more.
    """
    if start == BEGINNING:
        return 0
    cursor = Cursor.parse(start)
    feed.require(connection, cursor)
    return cursor.place + 1


def rotate(connection: Transaction, by: Officer, endpoint: EndpointId, at: datetime) -> tuple[str, datetime]:
    """Another secret, and until when the former one signs too.

    Raises:
        NotAllowed, NotFound: Not this administrator's.
    """
    found = webhooks.one(connection, endpoint, require_feeds(by), locks=True)
    secret = new_secret()
    _note(connection, Deed.WEBHOOK_ROTATED, by, found, at)
    return said_secret(secret), webhooks.replace_secret(connection, endpoint, secret, at)


def replay(connection: Transaction, by: Officer, endpoint: EndpointId, start: str, at: datetime) -> Endpoint:
    """Send everything that follows *start* again; an endpoint that was disabled is enabled.

    Raises:
        NotAllowed, NotFound: Not this administrator's.
        CursorUnusable, CursorUnknown: As ``place_after``.
    """
    office = require_feeds(by)
    found = webhooks.one(connection, endpoint, office, locks=True)
    webhooks.wind(connection, endpoint, place_after(connection, start))
    _note(connection, Deed.WEBHOOK_REPLAYED, by, found, at)
    return webhooks.one(connection, endpoint, office)


def enable(connection: Transaction, by: Officer, endpoint: EndpointId, at: datetime) -> Endpoint:
    """Go on with an endpoint where it was disabled; one that works stays as it is.

    Raises:
        NotAllowed, NotFound: Not this administrator's.
    """
    office = require_feeds(by)
    found = webhooks.one(connection, endpoint, office, locks=True)
    if found.disabled_at:
        webhooks.wind(connection, endpoint, found.next_place)
        _note(connection, Deed.WEBHOOK_ENABLED, by, found, at)
    return webhooks.one(connection, endpoint, office)


def remove(connection: Transaction, by: Officer, endpoint: EndpointId, at: datetime) -> None:
    """Send nothing more; its feed token reads nothing any more.

    Raises:
        NotAllowed, NotFound: Not this administrator's.
    """
    found = webhooks.one(connection, endpoint, require_feeds(by), locks=True)
    webhooks.remove(connection, endpoint, at)
    _note(connection, Deed.WEBHOOK_REMOVED, by, found, at)


def _note(connection: Transaction, deed: Deed, by: Officer, endpoint: Endpoint, at: datetime) -> None:
    """Keep it with what was done about people and keys: whoever reads that history sees where changes were sent.

    Without the address's query: some receivers have their password there, and this is kept for good.
    """
    address = endpoint.url.partition("?")[0]
    officer_keys.note_by(connection, deed, by.id, by, at, reason=f"webhook {endpoint.id}, {address}")
