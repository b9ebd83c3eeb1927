"""Notices as Standard Webhooks 1.0.0: signed, under an id that repeats keep, with a CloudEvents 1.0 body."""

import json
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus

from backend.adapters.notices import Notice, NoticeRefused, NoticeUndelivered, ReceiverResting
from backend.adapters.signed_post import ANSWER_S, NoAnswer, SignedPosts
from backend.domain.plain import moment

_REST = timedelta(seconds=15)


class WebhookNotices:
    """Posts each notice to one address; one instance serves many threads."""

    def __init__(
        self,
        url: str,
        secrets: Sequence[bytes],
        clock: Callable[[], datetime],
        *,
        allow_private: bool = False,
        source: str = "/flashclaim",
        answer_timeout_s: float = ANSWER_S,
        rest: timedelta = _REST,
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            url: Where to, https; redirects are not followed.
            secrets: See ``read_secrets``.
            clock: The moment of a sending, aware; receivers allow it to be minutes off theirs.
            allow_private: Whether the address may be one that the internet cannot reach.
            source: Which installation this is, a URI reference.
            answer_timeout_s: Longest silence of the receiver.
            rest: How long it is left alone after it failed.
        """
        self._url = url
        self._secrets = tuple(secrets)
        self._source = source
        self._rest_s = rest.total_seconds()
        self._rests_until = 0.0
        self._posts = SignedPosts(clock, allow_private=allow_private, answer_timeout_s=answer_timeout_s)

    def close(self) -> None:
        """Close the idle connections."""
        self._posts.close()

    def send(self, notice: Notice) -> None:
        """See ``Notices.send``.

        A receiver that fails is left alone for a while: one that hangs would otherwise keep every thread of the worker
        from payouts.

        Raises:
            NoticeUndelivered: No connection, no answer in time, or anything but 2xx.
            NoticeRefused: 410 Gone, or the address is private.
        """
        left_s = self._rests_until - time.monotonic()
        if left_s > 0:
            raise ReceiverResting("the receiver failed a moment ago", wait=timedelta(seconds=left_s))
        body = cloud_event(notice, self._source)
        try:
            answer = self._posts.post(self._url, self._secrets, notice.key, body)
        except NoAnswer as failure:
            self._rests_until = time.monotonic() + self._rest_s
            raise NoticeUndelivered(f"no answer: {failure}") from failure
        if answer.is_success:
            return
        if answer.status == HTTPStatus.GONE:
            raise NoticeRefused("the receiver answered 410: it wants no more of them")
        raise NoticeUndelivered(f"the receiver answered {answer.status}", wait=answer.wait)


def cloud_event(notice: Notice, source: str) -> bytes:
    """The body: a CloudEvent, with the ``timestamp`` that Standard Webhooks asks for beside its ``time``."""
    occasion = notice.occasion
    told = {"claim_number": notice.claim_number, "to": notice.to, "language": notice.language}
    event = {
        "specversion": "1.0",
        "id": notice.key,
        "source": source,
        "type": f"flashclaim.{occasion.type if occasion else 'notice'}",
        "datacontenttype": "application/json",
        "data": {**(occasion.facts if occasion else {}), **told, "text": notice.text},
    }
    if notice.claim_number:
        event["subject"] = notice.claim_number
    if occasion:
        event |= {"time": moment(occasion.at), "timestamp": moment(occasion.at)}
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
