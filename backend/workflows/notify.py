"""Effects ``notify`` and ``send_code``: the farmer hears what happened, and gets the codes that only the farmer has."""

from dataclasses import dataclass

from backend.adapters.notices import Notice, Notices
from backend.domain.claim import Claim
from backend.domain.fold import fold
from backend.domain.ids import ClaimId
from backend.domain.words import CodePurpose
from backend.store import codes, events, notices
from backend.store.effects import Leased
from backend.store.engine import Transaction
from backend.store.run import Store
from backend.texts.events import event_sentence
from backend.texts.load import Language, Table, sentence
from backend.workflows.clock import Clock
from backend.workflows.secrets import code_hash, new_code


@dataclass(frozen=True, slots=True)
class FarmerNotices:
    """What the farmer is told, once each."""

    store: Store
    notices: Notices
    language: Language
    clock: Clock

    def notify(self, leased: Leased) -> None:
        """Tell what one event means. Sent before it is logged: a crash may repeat it, never lose it."""
        if self.store.engine.read(lambda connection: notices.was_sent(connection, leased.id)):
            return
        history = self.store.engine.read(lambda connection: events.history(connection, leased.claim_id))
        so_far = history[: int(leased.arguments["seq"])]
        claim = fold(so_far)
        text = f"{claim.report.number}: {event_sentence(self.language, so_far[-1], claim)}"
        self._send(claim, text, str(leased.id))
        at = self.clock()
        self.store.submit(
            lambda connection: notices.put(connection, leased.id, leased.claim_id, text, at)
        ).result()

    def send_code(self, leased: Leased) -> None:
        """Send the code that an event asks for; a repeat sends a new one, and the older is worth nothing."""
        self.issue(leased.claim_id, CodePurpose(leased.arguments["purpose"]))

    def issue(self, claim_id: ClaimId, purpose: CodePurpose) -> None:
        """Make a code, keep its hash, send it to the farmer. Nothing is sent while there is no sum to agree to."""
        code = new_code()
        claim = self.store.submit(
            lambda connection: _bind(connection, claim_id, purpose, code_hash(claim_id, code))
        ).result()
        if claim is None:
            return
        amount = claim.offer.amount if claim.offer else None
        text = sentence(
            self.language, Table.NOTICE, purpose, number=claim.report.number, amount=amount, code=code
        )
        self._send(claim, text, f"{claim_id}/{purpose}")

    def _send(self, claim: Claim, text: str, key: str) -> None:
        self.notices.send(
            Notice(
                to=claim.report.policy.farm_id,
                claim_number=claim.report.number,
                language=self.language,
                text=text,
                key=key,
            )
        )


def _bind(connection: Transaction, claim_id: ClaimId, purpose: CodePurpose, hashed: str) -> Claim | None:
    """Keep a code for what stands now; read in the same transaction, so that the newest code fits the newest offer."""
    claim = events.load(connection, claim_id)
    if purpose is CodePurpose.HANDOVER:
        codes.put(connection, claim_id, purpose, str(claim_id), hashed)
        return claim
    if claim.offer_hash is None or claim.is_accepted:
        return None
    codes.put(connection, claim_id, purpose, claim.offer_hash, hashed)
    return claim
