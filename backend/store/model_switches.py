"""Which network counts since when, who switched, and the comparison that it rests on: rows are only ever added."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Row, and_, func, insert, or_, select

from backend.store import tables

_LOCK = 7_266_971_111
"""Our own number among the database's advisory locks."""


@dataclass(frozen=True, slots=True)
class Network:
    """A network by name and hash, and the predictor that it counts through."""

    model: str
    sha256: str
    predictor: str

    def counts_as(self, other: "Network") -> bool:
        """Whether both are one version of one network: what it counts is the same through either predictor."""
        return (self.model, self.sha256) == (other.model, other.sha256)


@dataclass(frozen=True, slots=True)
class Switch:
    """From which network to which; ``former`` None: nothing is known to have counted before.

    ``chosen``: a person chose it, and every machine of the installation follows; else it came with flashclaim.
    """

    to: Network
    former: Network | None
    by: str
    at: datetime
    chosen: bool
    comparison_id: int | None = None
    reason: str | None = None

    def as_json(self) -> dict[str, object]:
        """For ``model history --json``."""
        return {
            "at": self.at.isoformat(),
            "by": self.by,
            "chosen": self.chosen,
            "to": asdict(self.to),
            "from": None if self.former is None else asdict(self.former),
            "reason": self.reason,
        }


def hold(connection: Connection) -> None:
    """Let nobody else switch until this transaction ends: SQLite writes one at a time, PostgreSQL has a lock for it."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def standing(connection: Connection) -> Switch | None:
    """The last switch."""
    last = next(iter(history(connection, most=1)), None)
    return None if last is None else last[0]


def history(connection: Connection, most: int) -> Sequence[tuple[Switch, Mapping[str, object] | None]]:
    """Every switch, the newest first, each with the comparison that it rests on."""
    switches, compared = tables.model_switches, tables.model_comparisons
    rows = connection.execute(select(switches).order_by(switches.c.id.desc()).limit(most)).all()
    wanted = {row.comparison_id for row in rows if row.comparison_id is not None}
    found = connection.execute(select(compared).where(compared.c.id.in_(wanted))).all()
    comparisons = {row.id: _comparison(row) for row in found}
    return [(_switch(row), comparisons.get(row.comparison_id)) for row in rows]


def record(connection: Connection, switch: Switch) -> None:
    """Add a switch; whoever decides on it holds the lock."""
    former = switch.former
    connection.execute(
        insert(tables.model_switches),
        {
            "at": switch.at,
            "by": switch.by,
            "model": switch.to.model,
            "sha256": switch.to.sha256,
            "predictor": switch.to.predictor,
            "former_model": former and former.model,
            "former_sha256": former and former.sha256,
            "former_predictor": former and former.predictor,
            "chosen": switch.chosen,
            "comparison_id": switch.comparison_id,
            "reason": switch.reason,
        },
    )


def record_comparison(
    connection: Connection,
    *,
    by: str,
    at: datetime,
    model: tuple[str, str],
    against: tuple[str, str],
    claims: int,
    figures: Mapping[str, object],
) -> int:
    """Add a comparison of two networks, each by name and hash; returns its number."""
    compared = tables.model_comparisons
    row = {
        "at": at,
        "by": by,
        "model": model[0],
        "sha256": model[1],
        "against": against[0],
        "against_sha256": against[1],
        "claims": claims,
        "figures": figures,
    }
    return int(connection.execute(insert(compared).returning(compared.c.id), row).scalar_one())


def newest_comparison(connection: Connection, one: Network, other: Network) -> int | None:
    """The last comparison of these two networks, whichever was compared with which, through any predictor.

    By name and hash: a version may have the weights of another one, and count otherwise by the scores that it asks for.
    """
    compared = tables.model_comparisons
    pairs = [
        and_(
            *(compared.c.model == first.model, compared.c.sha256 == first.sha256),
            *(compared.c.against == second.model, compared.c.against_sha256 == second.sha256),
        )
        for first, second in ((one, other), (other, one))
    ]
    newest: int | None = connection.scalar(
        select(compared.c.id).where(or_(*pairs)).order_by(compared.c.id.desc()).limit(1)
    )
    return newest


def has_paid(connection: Connection) -> bool:
    """Whether money ever arrived for a claim of this installation."""
    confirmed = select(tables.payouts.c.id).where(tables.payouts.c.confirmed_at.is_not(None)).limit(1)
    return connection.scalar(confirmed) is not None


def _switch(row: Row[Any]) -> Switch:
    known = row.former_model is not None
    former = Network(row.former_model, row.former_sha256, row.former_predictor) if known else None
    to = Network(row.model, row.sha256, row.predictor)
    return Switch(to, former, row.by, row.at, row.chosen, row.comparison_id, row.reason)


def _comparison(row: Row[Any]) -> Mapping[str, object]:
    return {
        "id": row.id,
        "at": row.at.isoformat(),
        "by": row.by,
        "model": row.model,
        "against": row.against,
        "claims": row.claims,
        "figures": row.figures,
    }
