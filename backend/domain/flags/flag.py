"""Which doubts are flags 警示, and what has become of each: folded with the claim, never decided by the machine."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from backend.domain.findings import Refer
from backend.domain.flags.events import FlagJudged
from backend.domain.flags.words import FlagKind, FlagState
from backend.domain.parties import Actor
from backend.domain.replacing import replace
from backend.domain.rules.people import SECOND_LOOK
from backend.domain.words import ReasonCode

_KINDS: Mapping[ReasonCode, FlagKind] = {
    ReasonCode.DUPLICATE_PHOTO: FlagKind.PHOTO,
    ReasonCode.DUPLICATE_ANIMAL: FlagKind.PHOTO,
    ReasonCode.DUPLICATE_TAG: FlagKind.TAG,
    ReasonCode.COUNT_MISMATCH: FlagKind.COUNT,
    ReasonCode.PAYEE_MISMATCH: FlagKind.PAYEE,
}


@dataclass(frozen=True, slots=True)
class Flag:
    """One doubt that a person has to look at on its own, beside the decision on the claim.

    ``judged_by``, ``judged_at`` and ``reason`` are of the last who looked; ``by_release``: with the hold, all at once.
    """

    finding: Refer
    kind: FlagKind
    raised_at: datetime
    state: FlagState = FlagState.OPEN
    judged_by: Actor | None = None
    judged_at: datetime | None = None
    reason: str = ""
    by_release: bool = False

    @property
    def key(self) -> str:
        """The identity of its doubt across repeated triage."""
        return self.finding.key

    @property
    def named_officer(self) -> str | None:
        """Whom the flag is about, and who therefore does not clear it."""
        return self.finding.facts.get("officer") if self.kind is FlagKind.PEOPLE else None


Flags = Mapping[str, Flag]
"""A claim's flags by key."""


def kind_of(finding: Refer) -> FlagKind | None:
    """The kind of flag that a doubt is; None for doubts that only want a look, such as a missing weight."""
    if finding.facts.get("what") == SECOND_LOOK:
        return FlagKind.PEOPLE
    return _KINDS.get(finding.code)


def raised(standing: Flags, findings: Iterable[Refer], at: datetime) -> dict[str, Flag]:
    """The flags after a triage: new doubts are open, what was judged stays, what is no longer found goes."""
    found = {one.key: (one, kind) for one in findings if (kind := kind_of(one))}
    kept = {key: flag for key, flag in standing.items() if key in found or flag.state is not FlagState.OPEN}
    for key, (finding, kind) in found.items():
        kept[key] = replace(kept[key], finding=finding) if key in kept else Flag(finding, kind, at)
    return kept


def judged(standing: Flags, event: FlagJudged, by: Actor, at: datetime) -> dict[str, Flag]:
    """The flags after a person's word on one of them."""
    flags = dict(standing)
    if flag := flags.get(event.flag):
        flags[event.flag] = replace(
            flag, state=event.state, judged_by=by, judged_at=at, reason=event.reason, by_release=False
        )
    return flags


def released(standing: Flags, keys: Collection[str], by: Actor, at: datetime, reason: str) -> dict[str, Flag]:
    """The flags after a person released the hold that these doubts were behind: what was open of them is cleared."""
    return {
        key: replace(
            flag, state=FlagState.CLEARED, judged_by=by, judged_at=at, reason=reason, by_release=True
        )
        if key in keys and flag.state is FlagState.OPEN
        else flag
        for key, flag in standing.items()
    }
