"""What the counter said of a claim beside the heads that all three offices agreed to, as rows for figures."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, insert, select, update

from backend.domain.claim import Claim
from backend.domain.policy import policy_day
from backend.store import tables
from backend.store.doubt_tables import claim_counts

COLUMNS = ("week", "model", "counted", "low", "high", "unsure", "heads_claimed", "heads_agreed")
"""What a claim's events say of its count."""
SUMS = (
    *("claims", "uncounted", "unsure", "agreed", "exact", "sure", "wrong"),
    *("inside", "heads", "off", "corrected"),
)
"""What ``figures`` adds up."""


def rows_of(claim: Claim) -> list[dict[str, object]]:
    """One row in the order of COLUMNS, or none before the scene has been looked at."""
    scene = claim.scene
    if scene is None:
        return []
    return [
        {
            "week": week_of(claim),
            "model": _counted_by(claim),
            "counted": scene.count,
            "low": scene.low,
            "high": scene.high,
            "unsure": scene.unsure,
            "heads_claimed": claim.report.heads,
            "heads_agreed": heads_agreed(claim),
        }
    ]


def week_of(claim: Claim) -> date:
    """The Monday of the report, Asia/Shanghai."""
    day = policy_day(claim.reported_at)
    return day - timedelta(days=day.weekday())


def heads_agreed(claim: Claim) -> int | None:
    """The heads that all three lanes have approved; None while one is open, or where nothing is paid."""
    return None if claim.open_lanes or claim.has_ended_unpaid else claim.heads


def follow(connection: Connection, before: Claim, after: Claim) -> None:
    """Bring a claim's row from one version to the next."""
    had, has = rows_of(before), rows_of(after)
    if had == has:
        return
    claim_id = after.report.claim_id
    if had:
        connection.execute(update(claim_counts).where(claim_counts.c.claim_id == claim_id).values(has[0]))
    else:
        connection.execute(insert(claim_counts), {"claim_id": claim_id} | has[0])


def figures(by: Sequence[ColumnElement[Any]]) -> Select[Any]:
    """Sums of the counts of claims, told apart by some columns; a filter of ``claims`` narrows it.

    ``agreed`` are claims whose heads all offices agreed to and whose photos were counted, ``sure`` those of them where
    the counter was sure; ``off`` are heads, added up without their sign.
    """
    counts, claims = claim_counts, tables.claims
    is_agreed = and_(counts.c.heads_agreed.is_not(None), counts.c.counted.is_not(None))
    is_sure = and_(is_agreed, counts.c.unsure.is_(False))
    is_exact = counts.c.counted == counts.c.heads_agreed
    is_inside = and_(counts.c.low <= counts.c.heads_agreed, counts.c.heads_agreed <= counts.c.high)
    return (
        select(
            *by,
            func.count().label("claims"),
            _how_many(counts.c.counted.is_(None)).label("uncounted"),
            _how_many(and_(counts.c.counted.is_not(None), counts.c.unsure.is_(True))).label("unsure"),
            _how_many(is_agreed).label("agreed"),
            _how_many(and_(is_agreed, is_exact)).label("exact"),
            _how_many(is_sure).label("sure"),
            _how_many(and_(is_sure, ~is_exact)).label("wrong"),
            _how_many(and_(is_agreed, is_inside)).label("inside"),
            _sum(case((is_agreed, counts.c.heads_agreed), else_=0)).label("heads"),
            _sum(case((is_agreed, func.abs(counts.c.counted - counts.c.heads_agreed)), else_=0)).label("off"),
            _how_many(and_(is_agreed, counts.c.heads_agreed != counts.c.heads_claimed)).label("corrected"),
        )
        .select_from(counts.join(claims, claims.c.id == counts.c.claim_id))
        .group_by(*by)
    )


def _counted_by(claim: Claim) -> str | None:
    """The network that counted last; photos of one claim may have been counted by two, across a change of networks."""
    models = [photo.checks.count.model for photo in claim.photos if photo.checks and photo.checks.count]
    return models[-1] if models else None


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return _sum(case((condition, 1), else_=0))


def _sum(what: ColumnElement[int]) -> ColumnElement[int]:
    return func.coalesce(func.sum(what), 0)
