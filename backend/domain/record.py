"""An event as the audit log covers it: one canonical text, whose hash is a leaf."""

from json.encoder import encode_basestring


def record_text(*, actor: str, at: str, claim_id: str, payload: str, seq: int, event_type: str) -> str:
    """The RFC 8785 form of an event's record.

    Args:
        actor: ``actor_text``, or the canonical JSON of the actor.
        at: RFC 3339 in UTC with microseconds.
        claim_id: A UUID with its dashes.
        payload: The event's own facts as they are stored; the record holds this text as a string.
        seq: Counts the claim's events from 1.
        event_type: Such as ``claim-reported``.
    """
    # The canonical form of an object with these keys, written out: a verification does this for every event.
    return (
        f'{{"actor":{actor},"at":"{at}","claim_id":"{claim_id}","payload":{encode_basestring(payload)},'
        f'"seq":{seq},"type":{encode_basestring(event_type)}}}'
    )


def actor_text(kind: str, actor_id: str, organisation: str | None) -> str:
    """The canonical JSON of who caused an event."""
    office = "null" if organisation is None else encode_basestring(organisation)
    return f'{{"id":{encode_basestring(actor_id)},"kind":{encode_basestring(kind)},"organisation":{office}}}'
