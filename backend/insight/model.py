"""Whether the counter is worth trusting: what it counted beside what all three offices agreed to, from events alone.

One query behind page, ``flashclaim stats model`` and the API. A count says nothing about a claim that is still open:
agreement is told of claims whose heads all offices have approved.
"""

from datetime import datetime
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import ColumnElement, Connection, Row

from backend.insight.card import card_of
from backend.insight.claim_rows import narrowed
from backend.insight.wanted import Wanted
from backend.store import counts, tables
from backend.store.doubt_tables import claim_counts
from models.bootstrap import wilson

Document = dict[str, object]


def model_figures(connection: Connection, wanted: Wanted, now: datetime) -> Document:
    """Agreement and unsure share: of all together, by species, by network and by week of the report.

    ``card`` is what was measured of each network on photos that it had never seen, where flashclaim ships the figures.
    """
    parts = (tables.claims.c.species, claim_counts.c.model, claim_counts.c.week)

    def told(by: ColumnElement[Any]) -> list[Document]:
        rows = connection.execute(narrowed(counts.figures((by,)), wanted)).all()
        return [
            {"group": "none" if row[0] is None else str(row[0])} | _figures(row)
            for row in sorted(rows, key=lambda row: str(row[0] or ""))
        ]

    models = told(parts[1])
    return {
        "as_of": now.isoformat(),
        "filter": wanted.as_json(),
        "together": _figures(connection.execute(narrowed(counts.figures(()), wanted)).one()),
        "by_species": told(parts[0]),
        "by_model": models,
        "by_week": told(parts[2]),
        "card": [card for one in models if (card := card_of(str(one["group"])))],
    }


def _figures(row: Row[Any]) -> Document:
    """Counts and shares of one group; a share is None where there is nothing to share."""
    interval = wilson(row.wrong, row.sure)
    counted = row.claims - row.uncounted
    return {
        "claims": row.claims,
        "uncounted": row.uncounted,
        "unsure": row.unsure,
        "unsure_share": _share(row.unsure, counted),
        "agreed": row.agreed,
        "exact": row.exact,
        "exact_share": _share(row.exact, row.agreed),
        "inside_share": _share(row.inside, row.agreed),
        "heads": row.heads,
        "heads_off": _share(row.off, row.agreed),
        "sure": row.sure,
        "wrong": row.wrong,
        "wrong_share": _share(row.wrong, row.sure),
        "wrong_share_interval": None if interval is None else [round(one, 4) for one in interval],
        "corrected": row.corrected,
        "corrected_share": _share(row.corrected, row.agreed),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
