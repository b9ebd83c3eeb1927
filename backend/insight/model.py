"""Whether the counter is worth trusting: what it counted beside what all three offices agreed to, from events alone.

One query behind page, ``flashclaim stats model`` and the API. A count says nothing about a claim that is still open:
agreement is told of claims whose heads all offices have approved.
"""

from collections import Counter, defaultdict
from datetime import datetime

from sqlalchemy import Connection

from backend.insight.card import card_of
from backend.insight.claim_rows import narrowed
from backend.insight.wanted import Wanted
from backend.store import counts, tables
from backend.store.doubt_tables import claim_counts
from models.bootstrap import wilson

Document = dict[str, object]
Sums = Counter[str]
"""Of ``counts.SUMS``, by name."""


def model_figures(connection: Connection, wanted: Wanted, now: datetime) -> Document:
    """Agreement and unsure share: of all together, by species, by network and by week of the report.

    ``card`` is what was measured of each network on photos that it had never seen, where flashclaim ships the figures.
    """
    by = (tables.claims.c.species, claim_counts.c.model, claim_counts.c.week)
    # Read once: every figure is a sum, and so the sum of its parts.
    rows = connection.execute(narrowed(counts.figures(by), wanted)).all()
    together: Sums = Counter()
    apart: tuple[dict[str, Sums], ...] = tuple(defaultdict(Counter) for _ in by)
    for row in rows:
        sums = Counter({name: int(getattr(row, name)) for name in counts.SUMS})
        together.update(sums)
        for groups, name in zip(apart, row[: len(by)], strict=True):
            groups["none" if name is None else str(name)].update(sums)
    species, models, weeks = (
        [{"group": name} | _figures(groups[name]) for name in sorted(groups)] for groups in apart
    )
    return {
        "as_of": now.isoformat(),
        "filter": wanted.as_json(),
        "together": _figures(together),
        "by_species": species,
        "by_model": models,
        "by_week": weeks,
        "card": [card for one in models if (card := card_of(str(one["group"])))],
    }


def _figures(sums: Sums) -> Document:
    """Counts and shares of one group; a share is None where there is nothing to share."""
    interval = wilson(sums["wrong"], sums["sure"])
    counted = sums["claims"] - sums["uncounted"]
    return {
        "claims": sums["claims"],
        "uncounted": sums["uncounted"],
        "unsure": sums["unsure"],
        "unsure_share": _share(sums["unsure"], counted),
        "agreed": sums["agreed"],
        "exact": sums["exact"],
        "exact_share": _share(sums["exact"], sums["agreed"]),
        "inside_share": _share(sums["inside"], sums["agreed"]),
        "heads": sums["heads"],
        "heads_off": _share(sums["off"], sums["agreed"]),
        "sure": sums["sure"],
        "wrong": sums["wrong"],
        "wrong_share": _share(sums["wrong"], sums["sure"]),
        "wrong_share_interval": None if interval is None else [round(one, 4) for one in interval],
        "corrected": sums["corrected"],
        "corrected_share": _share(sums["corrected"], sums["agreed"]),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
