"""Sends text messages that are about no claim, one after the other, until stopped."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread

import structlog

from backend.adapters.notices import Notice, NoticeRefused, Notices, NoticeUndelivered, Occasion
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.notices.channels import Channel
from backend.domain.sign_in.words import CodeFor, Message
from backend.store import farmer_codes, farmer_messages
from backend.store.farmer_messages import Letter
from backend.store.run import Store
from backend.texts.load import Language, Table, sentence
from backend.workflows.clock import Clock
from backend.workflows.secrets import new_code, phone_code_hash
from backend.workflows.worker import backoff

_POLL = timedelta(seconds=0.25)
_CODES = frozenset(Message(purpose) for purpose in CodeFor)

log = structlog.get_logger()


class PostRoom:
    """Sends over the first of the channels alone: each sending of a code makes a new one.

    At-least-once: a sender that dies may have sent; the message is sent again a minute later under its key.
    """

    def __init__(
        self, store: Store, channels: Mapping[Channel, Notices], language: Language, clock: Clock
    ) -> None:
        self._store = store
        self._channel, self._way = next(iter(channels.items()))
        self._language = language
        self._clock = clock
        self._stopping = Event()
        self._news = Event()
        self._leave: Callable[[], None] = lambda: None
        self._thread = Thread(target=self._work, name="post-room", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._leave = self._store.listen_for_effects(self.wake)
        self._thread.start()

    def wake(self) -> None:
        """There may be something to send."""
        self._news.set()

    def stop(self) -> None:
        """Finish what is in hand; what waits stays."""
        self._leave()
        self._stopping.set()
        self._news.set()
        self._thread.join()

    def send_all(self) -> None:
        """Send everything that is due, in the calling thread."""
        while self._send_one():
            pass

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                if not self._send_one():
                    self._wait()
            except Exception:
                log.exception("post_room.failed")
                self._stopping.wait(1.0)

    def _wait(self) -> None:
        due, now = self._store.engine.read(farmer_messages.next_due, EVERYWHERE), self._clock()
        wait = _POLL if due is None else min(_POLL, max(timedelta(0), due - now))
        self._news.wait(wait.total_seconds() + 0.001)
        self._news.clear()

    def _send_one(self) -> bool:
        now = self._clock()
        # Looked at first: an idle installation writes nothing.
        due = self._store.engine.read(farmer_messages.next_due, EVERYWHERE)
        if due is None or due > now:
            return False
        letter = self._store.submit(lambda connection: farmer_messages.take(connection, now)).result()
        if letter is None:
            return False
        self._see_to(letter)
        return True

    def _see_to(self, letter: Letter) -> None:
        to = letter.phone if self._channel is Channel.SMS else letter.farm_id
        if to is None or letter.farm_id is None:
            self._drop(letter)
            return
        if letter.kind in _CODES:
            made = self._with_code(letter)
            if made is None:
                self._drop(letter)
                return
            letter = made
        try:
            self._way.send(self._notice(letter, to))
        except NoticeUndelivered as failure:
            self._try_later(letter, failure)
        except NoticeRefused as refused:
            log.error("farmer_message.given_up", kind=letter.kind.value, reason=str(refused))  # noqa: TRY400 - the reason says all
            self._drop(letter)
        else:
            log.info("farmer_message.sent", kind=letter.kind.value, message_id=str(letter.id))
            self._drop(letter)

    def _with_code(self, letter: Letter) -> Letter | None:
        """The message with a new code, whose hash is kept before it leaves; None: nobody waits for it any more."""
        code, request_id, now = new_code(), letter.request_id, self._clock()
        if request_id is None:
            return None
        hashed = phone_code_hash(request_id, letter.phone or "", code)
        is_kept = self._store.submit(
            lambda connection: farmer_codes.keep(connection, request_id, hashed, now)
        ).result()
        return replace(letter, facts={**letter.facts, "code": code}) if is_kept else None

    def _notice(self, letter: Letter, to: str) -> Notice:
        language = Language(letter.language or self._language)
        text = sentence(language, Table.ACCOUNT, letter.kind, **letter.facts)
        about = {"audience": "farmer", "farm_id": letter.farm_id, "phone": letter.phone}
        occasion = Occasion(f"account.{letter.kind.replace('-', '_')}", letter.asked_at, about)
        # Each failure made another code: under the old key a gateway would take it for a repeat.
        key = f"{letter.id}-{letter.failures}" if letter.kind in _CODES else str(letter.id)
        return Notice(to, None, language, text, key, occasion)

    def _try_later(self, letter: Letter, failure: NoticeUndelivered) -> None:
        due_at = self._clock() + (failure.wait or backoff(letter.failures + 1))
        if due_at >= letter.ends_at:
            log.error("farmer_message.given_up", kind=letter.kind.value, reason=str(failure))
            self._drop(letter)
            return
        log.warning("farmer_message.failed", kind=letter.kind.value, reason=str(failure))
        self._store.submit(lambda connection: farmer_messages.again(connection, letter.id, due_at)).result()

    def _drop(self, letter: Letter) -> None:
        self._store.submit(lambda connection: farmer_messages.drop(connection, letter.id)).result()
