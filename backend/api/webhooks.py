"""Webhooks 推送 of an insurer's own system, and the feed with which it catches up."""

import asyncio
from http import HTTPStatus
from time import perf_counter
from typing import Annotated
from uuid import UUID, uuid4

from litestar import Controller, Response, delete, get, post
from litestar.params import FromPath, QueryParameter

from backend.adapters.public_addresses import PrivateAddress
from backend.adapters.signed_post import NoAnswer, SignedPosts
from backend.api import fields
from backend.api.auth import Acting
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.keyed import answer_once
from backend.api.schemas.webhooks import ReplayBody, WebhookBody
from backend.api.web import AnyRequest, Running, Sees
from backend.bootstrap import Parts
from backend.domain.authority.words import Reach, Role
from backend.domain.edges.limited import Limited
from backend.domain.feed.cloud_event import SOURCE, trial_event, written
from backend.domain.feed.cursor import Cursor
from backend.domain.problems import FieldError, InvalidInput
from backend.domain.webhooks.endpoint import Endpoint, EndpointId
from backend.insight.webhooks import delivery_rows, endpoint_document, feed_document, listed_document
from backend.store import audit_log, feed, webhook_deliveries, webhooks
from backend.store.codec import EVENT_TYPES
from backend.store.engine import Transaction
from backend.workflows.webhooks import registering

Document = dict[str, object]
_ADMINISTRATOR = may(Role.ADMINISTRATOR, over=Reach.ORGANISATION)
_SENDS = may(Role.ADMINISTRATOR, over=Reach.ORGANISATION, counts=Limited.EXPORTS)
MOST_EVENTS = 1000


class WebhookController(Controller):
    """Of one's own office; an administrator's of the insurer."""

    path = "/webhooks"
    tags = ("webhooks",)

    @post("/", operation_id="add_webhook", opt=_SENDS, operation_class=body_of(WebhookBody))
    async def add(self, request: AnyRequest, parts: Running, officer: Acting) -> Response[bytes]:
        """Post every state change to an address; the secret and the feed token are shown this once."""
        body = fields.read(WebhookBody, await request.body())
        at, allow_private = parts.clock(), parts.settings.webhook_allow_private

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            made = registering.add(
                connection, officer, body.url, body.types, body.after, at, allow_private=allow_private
            )
            shown = {"secret": made.secret, "feed_token": made.feed_token}
            cursor = {"cursor": None if made.cursor is None else str(made.cursor)}
            return HTTPStatus.CREATED, endpoint_document(made.endpoint) | shown | cursor

        return await answer_once(request, officer, parts, work)

    @get("/", operation_id="list_webhooks", opt=_ADMINISTRATOR)
    async def listed(self, parts: Running, sight: Sees, officer: Acting) -> Document:
        """The office's webhooks, how they fare, and how much is on the way."""
        office = registering.require_feeds(officer)

        def look(connection: Transaction) -> list[Document]:
            size = audit_log.size(connection)
            rows = webhooks.of_organisation(connection, office)
            return [listed_document(webhooks.endpoint_of(row), row, size) for row in rows]

        return {"webhooks": await parts.store.read(look, sight=sight)}

    @get("/{webhook:uuid}", operation_id="show_webhook", opt=_ADMINISTRATOR)
    async def show(self, parts: Running, sight: Sees, officer: Acting, webhook: FromPath[UUID]) -> Document:
        """One webhook, without what is secret."""
        return endpoint_document(await _own(parts, sight, officer, webhook))

    @get("/{webhook:uuid}/deliveries", operation_id="webhook_deliveries", opt=_ADMINISTRATOR)
    async def deliveries(
        self,
        parts: Running,
        sight: Sees,
        officer: Acting,
        webhook: FromPath[UUID],
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50,
    ) -> Document:
        """What was sent there lately, and how it ended; kept for 30 days."""
        endpoint = await _own(parts, sight, officer, webhook)
        rows = await parts.store.read(
            lambda connection: webhook_deliveries.listed(connection, endpoint.id, limit), sight=sight
        )
        return {"deliveries": delivery_rows(rows)}

    @post("/{webhook:uuid}/test", operation_id="test_webhook", opt=_SENDS, status_code=HTTPStatus.OK)
    async def test(self, parts: Running, sight: Sees, officer: Acting, webhook: FromPath[UUID]) -> Document:
        """Send one signed trial event now, and say how it was answered; it is recorded nowhere."""
        endpoint, at = await _own(parts, sight, officer, webhook), parts.clock()
        secrets = await parts.store.read(
            lambda connection: webhooks.secrets(connection, endpoint.id, at), sight=sight
        )
        return await asyncio.to_thread(_try_out, parts, endpoint, secrets)

    @post("/{webhook:uuid}/rotation", operation_id="rotate_webhook", opt=_ADMINISTRATOR)
    async def rotate(
        self, request: AnyRequest, parts: Running, officer: Acting, webhook: FromPath[UUID]
    ) -> Response[bytes]:
        """Sign with another secret, shown this once; the former one signs too for a day."""
        at = parts.clock()

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            secret, until = registering.rotate(connection, officer, EndpointId(webhook), at)
            said = {"id": str(webhook), "secret": secret, "former_signs_until": until.isoformat()}
            return HTTPStatus.OK, said

        return await answer_once(request, officer, parts, work)

    @post(
        "/{webhook:uuid}/replay",
        operation_id="replay_webhook",
        opt=_SENDS,
        operation_class=body_of(ReplayBody),
    )
    async def replay(
        self, request: AnyRequest, parts: Running, officer: Acting, webhook: FromPath[UUID]
    ) -> Response[bytes]:
        """Send everything that follows a cursor again, under the same ids; one that was disabled is enabled."""
        body, at = fields.read(ReplayBody, await request.body()), parts.clock()

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            wound = registering.replay(connection, officer, EndpointId(webhook), body.after, at)
            return HTTPStatus.OK, endpoint_document(wound)

        return await answer_once(request, officer, parts, work)

    @post("/{webhook:uuid}/enabling", operation_id="enable_webhook", opt=_ADMINISTRATOR)
    async def enable(
        self, request: AnyRequest, parts: Running, officer: Acting, webhook: FromPath[UUID]
    ) -> Response[bytes]:
        """Go on where a webhook was disabled; nothing of what happened meanwhile is left out."""
        at = parts.clock()

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            enabled = registering.enable(connection, officer, EndpointId(webhook), at)
            return HTTPStatus.OK, endpoint_document(enabled)

        return await answer_once(request, officer, parts, work)

    @delete("/{webhook:uuid}", operation_id="remove_webhook", opt=_ADMINISTRATOR, status_code=HTTPStatus.OK)
    async def remove(self, parts: Running, officer: Acting, webhook: FromPath[UUID]) -> Document:
        """Send nothing more there; its feed token reads nothing any more."""
        at = parts.clock()
        await parts.store.write(
            lambda connection: registering.remove(connection, officer, EndpointId(webhook), at)
        )
        return {"id": str(webhook), "removed_at": at.isoformat()}


class FeedController(Controller):
    """Every state change in one order."""

    path = "/events"
    tags = ("webhooks",)

    @get(
        operation_id="read_feed",
        opt=may(Role.INSURER, Role.FEED, over=Reach.COUNTY, counts=Limited.EXPORTS),
    )
    async def read(
        self,
        parts: Running,
        sight: Sees,
        after: Annotated[str | None, QueryParameter(max_length=40)] = None,
        types: Annotated[str | None, QueryParameter(max_length=1000)] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=MOST_EVENTS)] = 200,
    ) -> Document:
        """State changes that follow a cursor, as the CloudEvents that webhooks are sent: none left out, none twice.

        Ask again after `next`, at once while `more` is true. `types` names events, parted by commas.
        """
        cursor = None if after is None else Cursor.parse(after)
        wanted = _types(types)
        page = await parts.store.read(
            lambda connection: feed.page(connection, cursor, wanted, limit), sight=sight
        )
        return feed_document(page, parts.settings.public_url or SOURCE)


async def _own(parts: Parts, sight: Sees, officer: Acting, webhook: UUID) -> Endpoint:
    office = registering.require_feeds(officer)
    return await parts.store.read(
        lambda connection: webhooks.one(connection, EndpointId(webhook), office), sight=sight
    )


def _try_out(parts: Parts, endpoint: Endpoint, secrets: tuple[bytes, ...]) -> Document:
    settings, began = parts.settings, perf_counter()
    message_id = f"test-{uuid4()}"
    event = trial_event(str(endpoint.id), parts.clock(), settings.public_url or SOURCE, message_id)
    posts = SignedPosts(parts.clock, allow_private=settings.webhook_allow_private)
    status, failure = None, None
    try:
        answer = posts.post(endpoint.url, secrets, message_id, written(event))
    except (NoAnswer, PrivateAddress) as silent:
        failure = str(silent)
    else:
        status, failure = answer.status, None if answer.is_success else f"it answered {answer.status}"
    finally:
        posts.close()
    took_ms = round((perf_counter() - began) * 1000)
    return {
        "id": message_id,
        "arrived": failure is None,
        "status": status,
        "failure": failure,
        "took_ms": took_ms,
    }


def _types(text: str | None) -> tuple[str, ...]:
    wanted = tuple(one.strip() for one in (text or "").split(",") if one.strip())
    unknown = [one for one in wanted if one not in EVENT_TYPES]
    if unknown:
        errors = [FieldError("/types", f"{one!r} is no event") for one in unknown]
        raise InvalidInput("there are no such events", errors=errors)
    return wanted
