"""Whether the database still holds what a checkpoint that was kept elsewhere stands for, and which record does not.

Read once from its beginning, in flat memory. Against whoever rewrites events, leaf hashes, log and checkpoints so that
they fit each other, the kept root says that something was rewritten, and the kept leaf hashes say what.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection, select

from backend.domain.merkle.checkpoint import Checkpoint
from backend.domain.merkle.tree import Frontier
from backend.domain.proof.keys import Fits
from backend.store import audit_checkpoints, audit_rows, signing_keys, tables
from backend.store.audit_checkpoints import Signed
from backend.store.audit_rows import Side
from backend.store.copying import Progress

MOST_FAULTS = 20
_SAID_EVERY = 10_000


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept outside of the database: a checkpoint, and the leaf hashes (32 bytes each) that it was made over.

    ``leaves`` None: only the checkpoint was kept.
    """

    checkpoint: Checkpoint
    leaves: Iterator[bytes] | None = None


@dataclass(frozen=True, slots=True)
class Bad:
    """A record that is not what it was: ``claim`` is its number, or id, and ``seq`` its place among the claim's events.

    Empty and None where the record is gone and nothing names it; ``place`` counts the log's records from 0.
    """

    what: str
    claim: str = ""
    seq: int | None = None
    place: int | None = None

    @property
    def text(self) -> str:
        """One sentence."""
        name = f"{self.claim}, event {self.seq}: " if self.seq else f"{self.claim}: " if self.claim else ""
        where = "" if self.place is None else f" (place {self.place} of the log)"
        return f"{name}{self.what}{where}"

    def as_json(self) -> dict[str, object]:
        """For scripts."""
        return {
            "claim": self.claim or None,
            "seq": self.seq,
            "place": self.place,
            "what": self.what,
            "text": self.text,
        }


@dataclass(slots=True)
class Verified:
    """What was looked at, and what is bad, the first bad record first."""

    events: int = 0
    checkpoints: int = 0
    root: str = ""
    bad: list[Bad] = field(default_factory=list)


def verify(connection: Connection, fits: Fits, progress: Progress, *, kept: Kept | None = None) -> Verified:
    """Hash every event again and hold it against the log, the stored checkpoints and what was kept elsewhere.

    Args:
        connection: A snapshot.
        fits: Checks a signature.
        progress: Told how many events are done.
        kept: What was kept elsewhere; without it only what does not fit itself is found.
    """
    return _Verification(connection, fits, progress, kept).carried_out()


class _Verification:
    def __init__(self, connection: Connection, fits: Fits, progress: Progress, kept: Kept | None) -> None:
        self._connection = connection
        self._fits = fits
        self._progress = progress
        self._kept = kept
        self._kept_leaves = _Ahead(kept.leaves) if kept and kept.leaves else None
        self._done = Verified()
        self._tree = Frontier()
        self._keys = {one.key_id: one.public_key for one in signing_keys.every(connection)}
        self._stored = iter(audit_checkpoints.every(connection))
        self._next_stored = next(self._stored, None)
        self._late: list[Bad] = []
        self._last: Side | None = None
        self._root_then: str | None = None

    def carried_out(self) -> Verified:
        for side in _with_next(audit_rows.sides(self._connection)):
            self._look(*side)
            if len(self._done.bad) >= MOST_FAULTS:
                break
        else:
            self._end()
        self._done.bad += self._late
        self._done.root = self._tree.root.hex()
        del self._done.bad[MOST_FAULTS:]
        return self._done

    def _look(self, side: Side, following: Side | None) -> None:
        done = self._done
        if side.place != done.events:
            self._bad(Bad("the log has no record here", place=done.events))
            done.events = side.place
        leaf = bytes.fromhex(side.log_leaf) if side.claim is None else side.hashed()
        fault = _own_fault(side, leaf)
        shifted = self._against_kept(leaf, following)
        if fault or shifted:
            self._bad(self._named(side, fault or shifted or ""))
        self._tree.add(leaf)
        self._last = side
        done.events += 1
        self._at_checkpoints()
        if done.events % _SAID_EVERY == 0:
            self._progress("hashing events", done.events)

    def _against_kept(self, leaf: bytes, following: Side | None) -> str | None:
        """How this place differs from what was kept; after a shift every later place would differ too."""
        kept = self._kept_leaves
        if kept is None:
            return None
        was, then = kept.take()
        if was is None or was == leaf:
            return None
        after = following.hashed() if following and following.claim is not None else None
        if leaf == then and after == was:
            return "was put before the record that it followed"
        if leaf == then:
            self._kept_leaves = None
            return f"stands where another record was kept (leaf {was.hex():.16}…), which is gone"
        if after == was:
            self._kept_leaves = None
            return "was put in: it is not among the records that were kept"
        if kept.swapped is not None and leaf == kept.swapped:
            return "was put behind the record that it came before"
        return f"was changed: it was kept with leaf {was.hex():.16}…, and now has {leaf.hex():.16}…"

    def _at_checkpoints(self) -> None:
        size = self._tree.size
        while (stored := self._next_stored) and stored.checkpoint.size <= size:
            self._done.checkpoints += 1
            if stored.checkpoint.size == size:
                self._late += self._stored_faults(stored)
            self._next_stored = next(self._stored, None)
        if self._kept and self._kept.checkpoint.size == size:
            self._root_then = self._tree.root.hex()

    def _stored_faults(self, stored: Signed) -> Iterator[Bad]:
        checkpoint = stored.checkpoint
        if checkpoint.root != self._tree.root.hex():
            yield Bad(f"the checkpoint over {checkpoint.size} records is not over those that stand here")
        key = self._keys.get(stored.signature.key_id)
        if key is None or not self._fits(key, stored.signature, checkpoint.document):
            yield Bad(f"the checkpoint over {checkpoint.size} records is not signed by the installation")

    def _end(self) -> None:
        self._cut_short()
        for claim, seq in audit_rows.unplaced(self._connection, most=MOST_FAULTS):
            self._bad(Bad("was put in: no command wrote it into the log", self._number(claim), seq))
        for gap in audit_rows.gaps(self._connection, most=MOST_FAULTS):
            missing = audit_rows.first_missing(self._connection, gap.number)
            # Named already where the log itself still says what it has lost.
            if (gap.number, missing) not in {(one.claim, one.seq) for one in self._done.bad}:
                self._bad(
                    Bad(
                        f"is gone: the claim counts {gap.version} events, {gap.events} are here",
                        gap.number,
                        missing,
                    )
                )
        kept = self._kept
        if kept and self._root_then not in {None, kept.checkpoint.root} and not self._done.bad:
            told = f"the first {kept.checkpoint.size} records are not those of the checkpoint that was kept"
            self._bad(Bad(f"{told}; which one differs, only kept leaf hashes can tell"))

    def _cut_short(self) -> None:
        here, kept = self._tree.size, self._kept
        longest = max(
            (kept.checkpoint.size if kept else 0),
            max((one.checkpoint.size for one in self._rest()), default=0),
        )
        if longest <= here:
            return
        leaf = self._kept_leaves.take()[0] if self._kept_leaves else None
        which = f"; the first of them was kept with leaf {leaf.hex():.16}…" if leaf else ""
        last = "" if self._last is None else f"; the last that is left is {self._name(self._last)}"
        self._bad(
            Bad(f"{longest - here} records are gone from here to the log's end{which}{last}", place=here)
        )

    def _rest(self) -> Iterator[Signed]:
        while self._next_stored:
            yield self._next_stored
            self._next_stored = next(self._stored, None)

    def _bad(self, one: Bad) -> None:
        self._done.bad.append(one)

    def _named(self, side: Side, what: str) -> Bad:
        if side.claim is None:
            return Bad(what, self._number(side.log_claim), side.log_seq, side.place)
        return Bad(what, self._number(side.claim), side.seq, side.place)

    def _name(self, side: Side) -> str:
        return f"{self._number(side.log_claim)}, event {side.log_seq}"

    def _number(self, claim_id: str) -> str:
        dashed = audit_rows.dashed(claim_id)
        try:
            wanted = select(tables.claims.c.number).where(tables.claims.c.id == UUID(dashed))
        except ValueError:
            return dashed
        return self._connection.scalar(wanted) or dashed


def _own_fault(side: Side, leaf: bytes) -> str | None:
    """What a record and its own row of the log contradict each other in."""
    if side.claim is None:
        return "is gone"
    if leaf.hex() != side.log_leaf:
        return "was changed: it is not what its leaf hash in the log says"
    if (side.claim, side.seq) != (side.log_claim, side.log_seq):
        return f"stands in the log as event {side.log_seq} of {audit_rows.dashed(side.log_claim)}"
    if side.leaf != side.log_leaf:
        return "carries another leaf hash than the log"
    return None


class _Ahead:
    """Kept leaves one by one, each with the one after it; ``swapped`` is the one before the last that was taken."""

    def __init__(self, leaves: Iterator[bytes]) -> None:
        self._leaves = leaves
        self._next = next(leaves, None)
        self._taken: bytes | None = None
        self.swapped: bytes | None = None

    def take(self) -> tuple[bytes | None, bytes | None]:
        self.swapped, self._taken = self._taken, self._next
        self._next = next(self._leaves, None)
        return self._taken, self._next


def _with_next(sides: Iterator[Side]) -> Iterator[tuple[Side, Side | None]]:
    before: Side | None = None
    for side in sides:
        if before is not None:
            yield before, side
        before = side
    if before is not None:
        yield before, None
