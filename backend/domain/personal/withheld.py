"""Which facts of events are personal, and what stands in an event's payload in their place.

A payload says ``"withheld:<kind>:<sha-256>"`` where the fact itself stood: a commitment over a salt of 128 random bits
and the fact's canonical text. Salt and fact are kept beside the event, encrypted. The audit log's leaf covers the
payload with its commitments: what is beside can be erased and every proof stays whole, and no guess at an account or a
place can be tried against a leaf without its salt.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any  # a fact is whatever its event's field holds

from backend.domain.events import ClaimReported, ClaimWithdrawn, Event, EvidenceAdded
from backend.domain.parties import Payee
from backend.domain.personal.masks import ERASED
from backend.domain.personal.problems import PersonalDataAltered
from backend.domain.photos import Capture
from backend.domain.plain import canonical_text
from backend.domain.problems import FieldError, InvalidInput
from backend.domain.ratings.events import ClaimRated
from backend.domain.replacing import replace
from backend.domain.tickets.events import TicketClosed

SALT_BYTES = 16

_PATHS: Mapping[type[Event], tuple[tuple[str, ...], ...]] = {
    # A farm 养殖户 mostly bears its holder's name. A capture says where, when and with which phone.
    ClaimReported: (("policy", "payee"), ("policy", "farm_name"), ("photos", "*", "capture"), ("note",)),
    EvidenceAdded: (("photos", "*", "capture"), ("note",)),
    ClaimWithdrawn: (("reason",),),
    ClaimRated: (("words",),),
    TicketClosed: (("words",), ("name",)),
}
_WITHHOLDING = frozenset(kind.type for kind in _PATHS)
_ERASED_FORMS: Mapping[type, tuple[str, str]] = {
    str: ("text", canonical_text(ERASED)),
    Payee: ("payee", canonical_text(Payee(ERASED, ""))),
    Capture: ("capture", canonical_text(Capture())),
}
_ERASED = dict(_ERASED_FORMS.values())
_COMMITMENT = re.compile(r'"withheld:(text|payee|capture):([0-9a-f]{64})"')
_SAYS_NOTHING = frozenset({"", canonical_text(""), canonical_text(Capture())})


def withheld(event: Event, keep: Callable[[str, str], str]) -> str:
    """The event's payload, with the commitment that *keep* gives in the place of every personal fact.

    Args:
        event: What happened.
        keep: Given a fact's place in its event, a JSON pointer, and its canonical text: its ``commitment``.

    Raises:
        InvalidInput: Somebody wrote what only stands for a fact.
    """
    paths = _PATHS.get(type(event))
    if paths is None:
        return canonical_text(event)
    kept = []

    def counted(at: str, text: str) -> str:
        kept.append(at)
        return keep(at, text)

    changed: Any = event
    for path in paths:
        changed = _without(changed, path, "", counted)
    payload = canonical_text(changed)
    # A text of another field that reads like a commitment would be taken for one.
    if len(_COMMITMENT.findall(payload)) != len(kept):
        errors = [FieldError("", "a text begins with 'withheld:', as only the record itself may")]
        raise InvalidInput("a text cannot be kept", errors=errors)
    return payload


def commitment(salt: bytes, text: str) -> str:
    """sha-256 over the salt and a fact's canonical text."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def is_withholding(event_type: str, payload: str) -> bool:
    """Whether facts stand beside this payload, or stood there.

    Of events without personal facts none does, whatever words somebody wrote into them.
    """
    return event_type in _WITHHOLDING and '"withheld:' in payload


def opened(payload: str, beside: Mapping[str, str]) -> str:
    """The payload with each fact in its place, in its erased form where it is not *beside* any more.

    Args:
        payload: As its leaf hash covers it.
        beside: The canonical text of facts, by their commitments.

    Raises:
        PersonalDataAltered: A fact is beside that this payload has not committed to.
    """
    found = set()

    def fact(match: re.Match[str]) -> str:
        found.add(match[2])
        return beside.get(match[2]) or _ERASED[match[1]]

    text = _COMMITMENT.sub(fact, payload)
    if strange := beside.keys() - found:
        raise PersonalDataAltered(
            f"a value beside the event is not what it committed to ({min(strange):.12}…)"
        )
    return text


def has_erased(payload: str, beside: Mapping[str, str]) -> bool:
    """Whether a fact that this payload committed to is gone."""
    return any(match[2] not in beside for match in _COMMITMENT.finditer(payload))


def _without(value: Any, path: tuple[str, ...], at: str, keep: Callable[[str, str], str]) -> Any:
    if not path:
        return _kept(value, at, keep)
    head, rest = path[0], path[1:]
    if head == "*":
        return tuple(_without(one, rest, f"{at}/{place}", keep) for place, one in enumerate(value))
    return replace(value, **{head: _without(getattr(value, head), rest, f"{at}/{head}", keep)})


def _kept(value: Any, at: str, keep: Callable[[str, str], str]) -> Any:
    text = canonical_text(value)
    if text in _SAYS_NOTHING:
        return value
    return f"withheld:{_ERASED_FORMS[type(value)][0]}:{keep(at, text)}"
