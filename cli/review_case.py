"""A claim on the officer's table, and what became of it while the officer read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self  # the claim's document, as the API sends it

from backend.domain.words import Lane, LaneState, Path, ReasonCode, State


@dataclass(frozen=True, slots=True)
class Case:
    """A claim on the table: its document, the photos that were opened, by sha-256, and a small first one.

    ``thumbnail`` is None where no photo has arrived, and empty where the first one cannot be shown.
    """

    shown: dict[str, Any]
    photos: dict[str, bytes]
    thumbnail: bytes | None = None
    opened: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """The claim's id."""
        return str(self.shown["id"])

    @property
    def version(self) -> int:
        """How many events the claim had; 0 from a server that does not say."""
        return int(self.shown.get("version", 0))

    @property
    def received(self) -> tuple[dict[str, Any], ...]:
        """Photos whose bytes the server has."""
        return tuple(photo for photo in self.shown["photos"] if photo["received"])

    @property
    def unopened(self) -> tuple[str, ...]:
        """Photos that the officer has yet to open."""
        return tuple(photo["sha256"] for photo in self.received if photo["sha256"] not in self.opened)

    @property
    def is_doubted(self) -> bool:
        """An approval needs the photos opened and a note typed."""
        return bool(self.shown["path"] == Path.ASSISTED)

    def waits_for(self, lane: Lane | None) -> bool:
        """Whether there is still something to decide in this lane; on hold, only the insurer looks."""
        if self.shown["state"] == State.JOINT_REVIEW:
            return lane is None or self.shown["lanes"][lane]["state"] != LaneState.APPROVED
        is_insurers = self.shown["state"] == State.TRIAGED or has_differing_receipt(self.shown)
        return is_insurers and lane in {None, Lane.INSURER}

    def with_photo(self, sha256: str, content: bytes) -> Self:
        """The case once a photo was opened."""
        return replace(self, photos=self.photos | {sha256: content}, opened=self.opened | {sha256})

    def renewed(self, fresh: Self) -> Self:
        """The claim as it is now, with what the officer has opened of it."""
        return replace(fresh, photos=self.photos | fresh.photos, opened=self.opened)


def has_differing_receipt(shown: Mapping[str, Any]) -> bool:
    """Whether all have agreed, and the receipt does not fit: the insurer assesses again."""
    return shown["state"] == State.ACCEPTED and bool(
        {ReasonCode.WEIGHT_MISMATCH, ReasonCode.COUNT_MISMATCH}
        & set((shown["handover"] or {}).get("gaps", ()))
    )


def changes(before: Case, after: Case) -> Iterator[str]:
    """What differs in what a decision rests on: evidence, sum, doubts, holds. Another office's decision does not."""
    was, now = before.shown, after.shown
    if was["evidence_hash"] != now["evidence_hash"]:
        yield "new evidence"
    if (was["offer"] or {}).get("offer_hash") != (now["offer"] or {}).get("offer_hash"):
        yield f"the offer, {_amount(was)} before and {_amount(now)} now"
    if was["path"] != now["path"]:
        yield f"the path, now {now['path']}"
    if [one["kind"] for one in was["holds"]] != [one["kind"] for one in now["holds"]]:
        yield "the holds"


def _amount(shown: dict[str, Any]) -> str:
    return str(shown["offer"]["amount"]) if shown["offer"] else "none"
