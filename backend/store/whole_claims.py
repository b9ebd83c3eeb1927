"""Whole claims into an empty database: the rows that stand for a claim in the end, each written once.

The rows are made by the functions that make those of a claim that lives here, event by event. Making them needs no
database: other processes do it, and hand over rows as the database's driver takes them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from sqlalchemy import Connection, Table, insert
from sqlalchemy.engine import make_url

from backend.domain.claim import Claim
from backend.domain.clocks.deadlines import Timetable
from backend.domain.effects import Effect
from backend.domain.fold import Step
from backend.domain.ids import ClaimId, Digest, PolicyNumber
from backend.domain.parties import Policy
from backend.domain.personal.keys import Keys
from backend.domain.policy import policy_day
from backend.domain.stages import Stage, after_event
from backend.store import (
    audit_log,
    clock_rows,
    counts,
    effects,
    events,
    flags,
    ledger,
    packing,
    projection,
    tables,
)
from backend.store.bound_rows import Form
from backend.store.doubt_tables import claim_counts, claim_flags
from backend.store.duty_tables import claim_clocks
from backend.store.limit_tables import cover_periods
from backend.store.packing import CountyDay
from backend.store.personal_tables import personal_values
from backend.store.vault import Vault

Bound = Mapping[str, Sequence[tuple[object, ...]]]
"""Rows by the name of their table, values in the order of its columns and in the form that the driver takes."""

_FORMS = (
    *(tables.claims, tables.events, personal_values, tables.claim_photos, tables.claim_tags),
    *(tables.claim_stages, tables.payouts, tables.ledger_entries, claim_clocks),
    *(claim_flags, claim_counts),
)
"""In the order in which rows refer to each other."""


@dataclass(frozen=True, slots=True)
class WholeClaim:
    """A claim with every step that it went through, and the hash of its report."""

    steps: Sequence[Step]
    body_hash: Digest

    @property
    def claim(self) -> Claim:
        """As it stands after the last step."""
        return self.steps[-1][2]

    @property
    def place(self) -> CountyDay:
        """The pack of figures that it counts in."""
        return CountyDay(policy_day(self.claim.reported_at), self.claim.report.policy.county)


class RowMaker:
    """Makes the rows of whole claims for one kind of database."""

    def __init__(self, url: str, keys: Keys, timetable: Timetable) -> None:
        dialect = make_url(url).get_dialect()()
        self._forms = {table: Form(table, dialect) for table in _FORMS}
        self._vault = Vault(keys)
        self._timetable = timetable

    def rows_of(self, whole: Iterable[WholeClaim]) -> Bound:
        """All rows of these claims."""
        found: dict[str, list[tuple[object, ...]]] = {table.name: [] for table in _FORMS}
        for one in whole:
            for table, rows in self._made(one):
                found[table.name] += map(self._forms[table].bind, rows)
        return found

    def _made(self, one: WholeClaim) -> Iterable[tuple[Table, Sequence[Mapping[str, object]]]]:
        claim = one.claim
        claim_id = claim.report.claim_id
        appended = events.rows_of(claim_id, [entry for _, entry, _ in one.steps], self._vault)
        stages: tuple[Stage, ...] = ()
        for _, entry, became in one.steps:
            stages = after_event(stages, became, entry.at)
        return (
            (tables.claims, [projection.claim_row(claim) | {"body_hash": one.body_hash}]),
            (tables.events, appended.events),
            (personal_values, appended.beside),
            (tables.claim_photos, projection.photo_rows(claim)),
            (tables.claim_tags, projection.tag_rows(claim)),
            (tables.claim_stages, projection.stage_rows(claim_id, stages)),
            (tables.payouts, projection.payout_rows(claim)),
            (tables.ledger_entries, ledger.rows_of(one.steps)),
            (claim_clocks, clock_rows.rows_of(claim, self._timetable)),
            (claim_flags, [{"claim_id": claim_id} | row for row in flags.rows_of(claim)]),
            (claim_counts, [{"claim_id": claim_id} | row for row in counts.rows_of(claim)]),
        )


class Filling:
    """One transaction that an empty database is filled in; the caller keeps it, or takes it back."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._forms = {table.name: Form(table, connection.dialect) for table in _FORMS}
        self._last_event = 0

    @property
    def events(self) -> int:
        """How many were written."""
        return self._last_event

    def put(self, bound: Bound) -> None:
        """Write rows of whole claims; their events have their places in the audit log at once."""
        for name, rows in bound.items():
            if rows and name == tables.events.name:
                self._put_events(rows)
            elif rows:
                self._forms[name].write(self.connection, rows)

    def pack(self, places: Iterable[CountyDay]) -> None:
        """Pack the figures of these days and counties, of which every claim is there by now."""
        for place in places:
            packing.keep(self.connection, packing.make(self.connection, place))

    def commit_heads(self, held: Mapping[PolicyNumber, int], policies: Iterable[Policy]) -> None:
        """Write what payouts hold of each cover period; nothing for a policy that was never paid."""
        rows = [_committed(policy, held[policy.number]) for policy in policies if policy.number in held]
        if rows:
            self.connection.execute(insert(cover_periods), rows)

    def leave_to_do(self, claim_id: ClaimId, asked: Sequence[Effect]) -> None:
        """Leave effects for whoever opens the database next."""
        effects.put(self.connection, claim_id, asked)

    def _put_events(self, rows: Sequence[tuple[object, ...]]) -> None:
        form = self._forms[tables.events.name]
        first = self._last_event + 1
        numbered = [(number, *row) for number, row in enumerate(rows, start=first)]
        form.write(self.connection, numbered, before=("id",))
        placed = itemgetter(*(form.names.index(name) for name in ("claim_id", "seq", "leaf_hash")))
        audit_log.place_at_once(self.connection, first, list(map(placed, rows)))
        self._last_event += len(rows)


def _committed(policy: Policy, heads: int) -> dict[str, object]:
    terms = policy.terms
    return {
        "policy_number": policy.number,
        "incepted": terms.incepted,
        "expires": terms.expires,
        "insured_heads": terms.insured_heads,
        "heads_before": terms.heads_paid,
        "heads_committed": heads,
        "heads_beyond": max(0, terms.heads_paid + heads - terms.insured_heads),
    }
