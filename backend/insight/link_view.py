"""A claim as the holder of a link sees it: what is listed here and nothing else, people by their surname alone.

Listed, not struck out: what a claim's document learns to say later stays unsaid here until somebody decides.
"""

from collections.abc import Mapping, Sequence

from backend.domain.personal.masks import masked_name
from backend.texts.load import Language, Table, sentence

Document = dict[str, object]

_OF_A_CLAIM = (
    *("number", "id", "state", "version", "species", "cause", "occurred_at", "product"),
    *("heads_claimed", "heads_assessed", "reported_at", "due_at", "held_by"),
)
_OF_AN_OFFER = ("amount", "complete", "offer_hash")
_OF_A_LANE = ("state", "at")
_OF_A_PAYOUT = ("state", "amount", "paid_at")
_OF_A_HANDOVER = ("heads", "weight_kg", "handed_over_at")
_OF_A_CERTIFICATE = ("certificate_number", "heads")
_OF_AN_ACCEPTANCE = ("at", "is_current")


def claim_seen(document: Mapping[str, object]) -> Document:
    """Of ``claim show``."""
    farm, payee = _object(document["farm"]), _object(document["payee"])
    lanes = _object(document["lanes"])
    photos = document["photos"]
    return _only(document, _OF_A_CLAIM) | {
        "offer": _part(document["offer"], _OF_AN_OFFER),
        "lanes": {lane: _part(one, _OF_A_LANE) for lane, one in lanes.items()},
        "acceptance": _part(document["acceptance"], _OF_AN_ACCEPTANCE),
        "handover": _part(document["handover"], _OF_A_HANDOVER),
        "certificate": _part(document["certificate"], _OF_A_CERTIFICATE),
        "payout": _part(document["payout"], _OF_A_PAYOUT),
        "farm": {"name": masked_name(str(farm["name"]))},
        "payee": {"name": masked_name(str(payee["name"]))},
        "photos": len(photos) if isinstance(photos, Sequence) else 0,
    }


def timeline_seen(document: Mapping[str, object], language: Language) -> Document:
    """Of ``claim timeline``; what farmer and offices were told is theirs."""
    events = document["events"]
    return _only(document, ("number", "id", "state", "stages", "seconds_to_paid")) | {
        "events": [event_seen(one, language) for one in events] if isinstance(events, list) else []
    }


def event_seen(event: Mapping[str, object], language: Language) -> Document:
    """That it happened and when; who did it, and the words and sums that people gave, stay out."""
    said = sentence(language, Table.EVENT, str(event["type"]))
    return _only(event, ("seq", "at", "type")) | {"text": said}


def _part(document: object, names: Sequence[str]) -> Document | None:
    return None if document is None else _only(_object(document), names)


def _only(document: Mapping[str, object], names: Sequence[str]) -> Document:
    return {name: document[name] for name in names}


def _object(document: object) -> Mapping[str, object]:
    if not isinstance(document, Mapping):
        raise TypeError("a part of the claim's document is no object")
    return document
