"""How a key stands, why one is revoked, and what is kept of decisions about people, keys and webhooks."""

from enum import StrEnum


class KeyStanding(StrEnum):
    """What a key is worth at a moment."""

    PENDING = "pending"
    """待批准: made and registered, and waits for a second administrator; it signs nothing."""
    APPROVED = "approved"
    REFUSED = "refused"
    REVOKED = "revoked"
    """已吊销: what it signed before stays valid."""


class Revocation(StrEnum):
    """Why a key ends."""

    LOST = "lost"
    STOLEN = "stolen"
    """Claims that were signed with it since then are listed for a person to look at."""
    LEFT = "left"
    ROTATED = "rotated"


class Deed(StrEnum):
    """What was done about an officer, a key or a webhook; each is kept for good, with who did it."""

    INVITED = "invited"
    INVITATION_WITHDRAWN = "invitation-withdrawn"
    KEY_REGISTERED = "key-registered"
    KEY_APPROVED = "key-approved"
    KEY_REFUSED = "key-refused"
    KEY_REVOKED = "key-revoked"
    ADMINISTRATOR_NAMED = "administrator-named"
    ADMINISTRATOR_ENDED = "administrator-ended"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    SESSION_ENDED = "session-ended"
    WEBHOOK_ADDED = "webhook-added"
    """From then on changes of claims go to an address: such deeds are about the officer who did them."""
    WEBHOOK_ROTATED = "webhook-rotated"
    WEBHOOK_REPLAYED = "webhook-replayed"
    WEBHOOK_ENABLED = "webhook-enabled"
    WEBHOOK_REMOVED = "webhook-removed"
