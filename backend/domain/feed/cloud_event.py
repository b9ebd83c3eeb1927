"""A state change as a CloudEvent 1.0: the same document in the feed and in every webhook, byte for byte.

``id`` is the hash of the event's record in the audit log: the same event has the same id however often and over which
way it comes, and two different ones never do. ``sequence`` (CloudEvents' extension of that name) orders events as text;
``cursor`` is where to go on from. Attributes of our own beside them: ``timestamp``, which Standard Webhooks asks for.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from backend.domain.claim import Claim
from backend.domain.events import Recorded
from backend.domain.feed.cursor import Cursor
from backend.domain.feed.told import facts_of
from backend.domain.ids import Digest
from backend.domain.plain import moment

TYPE_PREFIX = "org.flashclaim.claim."
TRIAL_TYPE = "org.flashclaim.webhook.test"
SOURCE = "/flashclaim"
"""Of an installation that has no public address."""
_DIGITS = 18
Document = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange:
    """One event of a claim at its place in the audit log, with the claim before (None: it had none) and after it.

    The claims are read without personal facts: their payee, farm's name, captures and words are in the erased form.
    """

    place: int
    leaf_hash: Digest
    recorded: Recorded
    before: Claim | None
    after: Claim

    @property
    def cursor(self) -> Cursor:
        """Where to go on from after this one."""
        return Cursor.at(self.place, self.leaf_hash)


def type_of(event_type: str) -> str:
    """The CloudEvents type of an event such as ``payout-confirmed``."""
    return TYPE_PREFIX + event_type


def cloud_event(change: StateChange, source: str) -> Document:
    """The event for other systems; *source* is a URI reference that names the installation."""
    recorded, after = change.recorded, change.after
    at = moment(recorded.at)
    return {
        "specversion": "1.0",
        "id": change.leaf_hash,
        "source": source,
        "type": type_of(recorded.event.type),
        "subject": after.report.number,
        "time": at,
        "timestamp": at,
        "datacontenttype": "application/json",
        "sequence": f"{change.place:0{_DIGITS}}",
        "cursor": str(change.cursor),
        "data": _data(change),
    }


def trial_event(endpoint: str, at: datetime, source: str, message_id: str) -> Document:
    """What ``flashclaim webhook test`` sends: no change of any claim."""
    said = moment(at)
    return {
        "specversion": "1.0",
        "id": message_id,
        "source": source,
        "type": TRIAL_TYPE,
        "time": said,
        "timestamp": said,
        "datacontenttype": "application/json",
        "data": {"endpoint": endpoint},
    }


def written(document: Document) -> bytes:
    """The bytes that are signed and sent."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _data(change: StateChange) -> Document:
    before, after, recorded = change.before, change.after, change.recorded
    report, payout = after.report, after.payout
    return {
        "claim_id": str(report.claim_id),
        "claim_number": report.number,
        "policy_number": report.policy.number,
        "county": report.policy.county,
        "product": report.product,
        "event": recorded.event.type,
        "seq": recorded.seq,
        "by": {"kind": recorded.actor.kind.value, "organisation": recorded.actor.organisation},
        "state_before": before.state.value if before else None,
        "state": after.state.value,
        "path": after.path.value if after.path else None,
        "holds": [hold.kind.value for hold in after.holds],
        "heads": after.heads,
        "offer": str(after.offer.amount) if after.offer else None,
        "payout": payout and {"no": payout.no, "id": str(payout.id), "amount": str(payout.amount)},
        "currency": "CNY",
        "facts": facts_of(recorded.event),
    }
