"""Effect ``deliver``: one state change to one endpoint, signed; tried after Standard Webhooks until it arrives."""

import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from threading import Lock
from uuid import UUID

import structlog

from backend.adapters.public_addresses import PrivateAddress
from backend.adapters.signed_post import Answer, NoAnswer, SignedPosts
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.feed.cloud_event import StateChange, cloud_event, written
from backend.domain.problems import NotFound
from backend.domain.webhooks.endpoint import Endpoint, EndpointId
from backend.domain.webhooks.retries import pause_after
from backend.store import feed, webhook_deliveries, webhooks
from backend.store.effects import Leased, Share
from backend.store.engine import Transaction
from backend.store.run import Store
from backend.store.webhook_deliveries import Tried
from backend.workflows.clock import Clock
from backend.workflows.webhooks.alarm import Alarm
from backend.workflows.worker import GiveUp, Later

AT_ONCE = 2
"""Deliveries to one endpoint side by side, of one process: one that hangs keeps no more threads than that."""

_REST_S = 15.0
"""How long a process leaves an endpoint alone that gave no answer."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Parcel:
    """What an attempt needs: where to, what signs, and what is said."""

    endpoint: Endpoint
    secrets: tuple[bytes, ...]
    change: StateChange
    attempts: int


class Deliveries:
    """Delivers for any number of threads, at most ``AT_ONCE`` to one endpoint."""

    def __init__(
        self,
        store: Store,
        posts: SignedPosts,
        clock: Clock,
        alarm: Alarm,
        *,
        source: str,
        patience: timedelta,
        rest_s: float = _REST_S,
    ) -> None:
        """Prepare.

        Args:
            store: Where endpoints and the log are.
            posts: The way out.
            clock: Now.
            alarm: Tells administrators of an endpoint that was disabled.
            source: Which installation this is, a URI reference.
            patience: How long an endpoint may fail before it is disabled.
            rest_s: How long an endpoint that gave no answer is left alone.
        """
        self._store = store
        self._posts = posts
        self._clock = clock
        self._alarm = alarm
        self._source = source
        self._patience = patience
        self._rest_s = rest_s
        self._lock = Lock()
        self._in_hand: Counter[UUID] = Counter()
        self._rests: dict[UUID, float] = {}

    def share(self) -> Share:
        """What a worker may take now: nothing of endpoints that are busy or were silent a moment ago."""
        now = time.monotonic()
        with self._lock:
            self._rests = {one: until for one, until in self._rests.items() if until > now}
            busy = {one for one, count in self._in_hand.items() if count >= AT_ONCE}
            return Share(delivers=True, passes_by=frozenset(busy | self._rests.keys()))

    def deliver(self, leased: Leased) -> Later | None:
        """Send one change; an endpoint that fails gets it again under the same id.

        Raises:
            GiveUp: It failed as often as the schedule has pauses.
        """
        endpoint_id = EndpointId(UUID(leased.arguments["endpoint"]))
        with self._lock:
            if self._in_hand[endpoint_id] >= AT_ONCE:
                # Two threads looked at once, before either had taken.
                return Later(timedelta(seconds=0.2))
            self._in_hand[endpoint_id] += 1
        try:
            parcel = self._store.engine.read(
                partial(_parcel, leased=leased, endpoint_id=endpoint_id, at=self._clock()), EVERYWHERE
            )
            return self._send(leased, parcel) if parcel else None
        finally:
            with self._lock:
                self._in_hand[endpoint_id] -= 1

    def _send(self, leased: Leased, parcel: Parcel) -> Later | None:
        began = time.perf_counter()
        body = written(cloud_event(parcel.change, self._source))
        status, asked, failure = None, None, None
        try:
            answer = self._posts.post(parcel.endpoint.url, parcel.secrets, parcel.change.leaf_hash, body)
        except NoAnswer as silent:
            failure = f"no answer: {silent}"
            with self._lock:
                self._rests[parcel.endpoint.id] = time.monotonic() + self._rest_s
        except PrivateAddress as private:
            failure = str(private)
        else:
            status, asked, failure = answer.status, answer.wait, _failure_of(answer)
        at = self._clock()
        tried = Tried(at, status, failure, round((time.perf_counter() - began) * 1000))
        if failure is None:
            self._store.submit(
                partial(_arrived, leased=leased, endpoint=parcel.endpoint.id, tried=tried)
            ).result()
            return None
        return self._failed(leased, parcel, tried, asked)

    def _failed(self, leased: Leased, parcel: Parcel, tried: Tried, asked: timedelta | None) -> Later | None:
        endpoint = parcel.endpoint.id
        pause = pause_after(parcel.attempts + 1, asked=asked)
        is_over = self._store.submit(
            partial(
                _note_failure,
                leased=leased,
                endpoint_id=endpoint,
                tried=tried,
                patience=self._patience,
                is_last=pause is None,
            )
        ).result()
        log.warning(
            "webhook.failed", endpoint=str(endpoint), status=tried.status, attempts=parcel.attempts + 1
        )
        if is_over:
            is_gone = tried.status == HTTPStatus.GONE
            because = "it wants no more of them" if is_gone else "it failed for too long"
            self._disable(parcel.endpoint, f"{because}: {tried.failure}", tried.at)
            return None
        if pause is None:
            raise GiveUp(f"{tried.failure}; tried {parcel.attempts + 1} times")
        return Later(pause)

    def _disable(self, endpoint: Endpoint, because: str, at: datetime) -> None:
        # Told first: a crash between the two tells it twice and never not at all.
        self._alarm.disabled(endpoint, because, at)
        self._store.submit(lambda connection: webhooks.disable(connection, endpoint.id, because, at)).result()
        log.error("webhook.disabled", endpoint=str(endpoint.id), because=because)


def _parcel(connection: Transaction, leased: Leased, endpoint_id: EndpointId, at: datetime) -> Parcel | None:
    """None: it was taken back, or the endpoint is gone or disabled."""
    found = webhook_deliveries.place_of(connection, leased.id)
    if found is None:
        return None
    place, attempts = found
    try:
        endpoint = webhooks.one(connection, endpoint_id)
        secrets = webhooks.secrets(connection, endpoint_id, at)
    except NotFound:
        return None
    change = feed.change_at(connection, place)
    if change is None or endpoint.disabled_at:
        return None
    return Parcel(endpoint, secrets, change, attempts)


def _arrived(connection: Transaction, leased: Leased, endpoint: EndpointId, tried: Tried) -> None:
    webhook_deliveries.note(connection, leased.id, tried, is_last=True)
    webhooks.note_working(connection, endpoint, tried.at)


def _note_failure(
    connection: Transaction,
    leased: Leased,
    endpoint_id: EndpointId,
    tried: Tried,
    patience: timedelta,
    *,
    is_last: bool,
) -> bool:
    """Write it down; whether the endpoint is to be disabled: then this delivery too is one that waits."""
    webhooks.note_failing(connection, endpoint_id, tried.at)
    try:
        endpoint = webhooks.one(connection, endpoint_id)
    except NotFound:
        return False
    is_over = tried.status == HTTPStatus.GONE or endpoint.has_failed_too_long(tried.at, patience)
    webhook_deliveries.note(connection, leased.id, tried, is_last=is_last and not is_over)
    return is_over


def _failure_of(answer: Answer) -> str | None:
    return None if answer.is_success else f"it answered {answer.status}"
