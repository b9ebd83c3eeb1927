"""Effects ``notify`` and ``send_code``: people hear what happened, and farmers get the codes that only they have."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from backend.adapters.notices import (
    Notice,
    NoticeRefused,
    Notices,
    NoticeUndelivered,
    Occasion,
    ReceiverResting,
)
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.claim import Claim
from backend.domain.ids import ClaimId
from backend.domain.notices.channels import FARMER, Channel
from backend.domain.notices.problems import CodeNotSent
from backend.domain.notices.steps import Promises
from backend.domain.words import CodePurpose
from backend.store import codes, contacts, events, notices
from backend.store.contacts import Contact
from backend.store.effects import Leased
from backend.store.engine import Transaction
from backend.store.notices import Message
from backend.store.run import Store
from backend.texts.load import Language
from backend.texts.notices import HIDDEN_CODE, code_text
from backend.workflows.clock import Clock
from backend.workflows.secrets import code_hash, new_code
from backend.workflows.telling import Told, told_of
from backend.workflows.worker import LONGEST_WAIT, GiveUp, KeepTrying, Later

PATIENCE = timedelta(hours=72)
"""How long a receiver that fails is tried (Standard Webhooks: several days)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FarmerNotices:
    """What people are told, once each over every channel.

    ``channels`` in order of preference: codes go over the first alone, for each sending makes a new one.
    """

    store: Store
    channels: Mapping[Channel, Notices]
    language: Language
    clock: Clock
    promises: Promises
    patience: timedelta = PATIENCE

    def notify(self, leased: Leased) -> Later | None:
        """Tell one person what one event means, over one channel.

        Sent before it is logged: a crash may repeat it under its key, never lose it.

        Raises:
            KeepTrying: The receiver does not answer, and the patience is not over.
            GiveUp: It is over, or trying again cannot help.
        """
        # Effects of former versions name no channel.
        channel = Channel(leased.arguments.get("channel", self._first))
        audience = leased.arguments.get("to", FARMER)
        seq = int(leased.arguments["seq"])
        told = self.store.engine.read(
            lambda connection: (
                None
                if notices.was_sent(connection, leased.id)
                else told_of(connection, leased.claim_id, seq, audience, self.promises, self.language)
            ),
            EVERYWHERE,
        )
        if told is None:
            return None
        message = Message(
            id=leased.id,
            claim_id=leased.claim_id,
            channel=channel,
            audience=audience,
            seq=seq,
            text=told.text,
            language=told.language,
        )
        return self._tell(message, told, told.occasion.at + self.patience)

    def send_code(self, leased: Leased) -> Later | None:
        """Send the code that an event asks for; a repeat sends a new one, and the older is worth nothing.

        Raises:
            KeepTrying, GiveUp: As ``notify``.
        """
        purpose = CodePurpose(leased.arguments["purpose"])
        return self._issue(leased.claim_id, purpose, leased.id, leased.failures)

    def issue(self, claim_id: ClaimId, purpose: CodePurpose) -> None:
        """Make a code, keep its hash, send it to the farmer. Nothing is sent while there is no sum to agree to.

        Raises:
            CodeNotSent: It was not delivered; a later one may be.
        """
        try:
            later = self._issue(claim_id, purpose, uuid4(), 0)
        except (KeepTrying, GiveUp) as failure:
            raise CodeNotSent(str(failure)) from failure
        if later:
            raise CodeNotSent("the way to the farmer is out of order")

    def _issue(
        self, claim_id: ClaimId, purpose: CodePurpose, message_id: UUID, failures: int
    ) -> Later | None:
        code = new_code()
        bound = self.store.submit(
            lambda connection: _bind(connection, claim_id, purpose, code_hash(claim_id, code))
        ).result()
        if bound is None:
            return None
        claim, contact = bound
        language = Language(contact.language or self.language)
        number, amount = claim.report.number, claim.offer.amount if claim.offer else None
        message = Message(
            id=message_id,
            claim_id=claim_id,
            channel=self._first,
            text=code_text(language, purpose, number, amount, HIDDEN_CODE),
            language=language,
        )
        at = self.clock()
        told = Told(
            claim=claim,
            contact=contact,
            text=code_text(language, purpose, number, amount, code),
            language=language,
            # A new code is a new message: under the old key a gateway would take it for a repeat.
            key=f"code-{uuid4()}",
            occasion=Occasion(f"claim.code_{purpose}", at, {"claim_id": str(claim_id), "audience": FARMER}),
        )
        # Codes know no event's time; by then so many pauses have been made.
        is_over = failures * LONGEST_WAIT >= self.patience
        return self._tell(message, told, at if is_over else at + self.patience)

    @property
    def _first(self) -> Channel:
        return next(iter(self.channels))

    def _tell(self, message: Message, told: Told, until: datetime) -> Later | None:
        way = self.channels.get(message.channel)
        if way is None:
            raise GiveUp(f"channel {message.channel} is not among this process's FLASHCLAIM_NOTICES")
        to = _address(message, told)
        if to is None:
            self._log(message, arrived=False)
            return None
        number = told.claim.report.number
        notice = Notice(to, number, told.language, told.text, told.key, told.occasion)
        try:
            way.send(notice)
        except ReceiverResting as resting:
            return self._again(resting, until)
        except NoticeUndelivered as failure:
            self._log(message, arrived=False)
            return self._again(failure, until)
        except NoticeRefused as refused:
            self._log(message, arrived=False)
            raise GiveUp(str(refused)) from refused
        self._log(message, arrived=True)
        return None

    def _again(self, failure: NoticeUndelivered, until: datetime) -> Later:
        if self.clock() >= until:
            hours = self.patience / timedelta(hours=1)
            raise GiveUp(f"{failure}; tried for {hours:g} hours") from failure
        if failure.wait is None:
            raise KeepTrying(str(failure)) from failure
        return Later(failure.wait)

    def _log(self, message: Message, *, arrived: bool) -> None:
        at: datetime = self.clock()
        self.store.submit(lambda connection: notices.put(connection, message, at, arrived=arrived)).result()


def _address(message: Message, told: Told) -> str | None:
    """Where the message goes over its channel; None where nobody said."""
    if message.channel is Channel.SMS:
        return told.contact.phone
    return told.claim.report.policy.farm_id if message.audience == FARMER else message.audience


def _bind(
    connection: Transaction, claim_id: ClaimId, purpose: CodePurpose, hashed: str
) -> tuple[Claim, Contact] | None:
    """Keep a code for what stands now; read in the same transaction, so that the newest code fits the newest offer."""
    claim = events.load(connection, claim_id)
    bound_to = str(claim_id)
    if purpose is CodePurpose.ACCEPTANCE:
        if claim.offer_hash is None or claim.is_accepted:
            return None
        bound_to = claim.offer_hash
    codes.put(connection, claim_id, purpose, bound_to, hashed)
    return claim, contacts.contact(connection, claim.report.policy.farm_id)
