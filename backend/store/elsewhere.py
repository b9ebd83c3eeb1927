"""What rules know beside a claim, read in the transaction that judges it; every query here goes by an index."""

from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    and_,
    exists,
    func,
    or_,
    select,
)

from backend.domain.claim import Claim
from backend.domain.elsewhere import Elsewhere, Together, who_met
from backend.domain.events import HandoverRecorded, LaneDecided
from backend.domain.ids import FarmId, PhotoId
from backend.domain.replacing import replace
from backend.domain.rules.versions import CURRENT
from backend.domain.words import State
from backend.store import tables
from backend.store.policies import payee_of
from backend.store.sealed import PAYEE_ACCOUNT
from backend.store.vault import vault_of

_MOST_CLAIMS = 30
"""Of a farm's claims the newest so many say who meets there; a large farm has hundreds."""
_UNSAID = (State.WITHDRAWN, State.REJECTED)


def around(connection: Connection, claim: Claim) -> Elsewhere:
    """All that rules know beside this claim."""
    return replace(
        around_payee(connection, claim),
        by_photo=_sightings(connection, claim),
        by_tag=_tag_claims(connection, claim),
        herds=_herds(connection, claim),
        has_herd_book=_has_herd_book(connection, claim),
        deaths_before=_deaths_before(connection, claim),
        together=_together(connection, claim),
    )


def around_payee(connection: Connection, claim: Claim) -> Elsewhere:
    """Only what is known of the payee: what a payout looks at."""
    policies, payee = tables.policies, claim.report.policy.payee
    others = policies.alias()
    farms = (
        select(func.count(others.c.farm_id.distinct()))
        .where(others.c.payee_account_index.in_(vault_of(connection).indexes(payee.account, PAYEE_ACCOUNT)))
        .scalar_subquery()
    )
    row: Any = connection.execute(
        select(
            policies.c.payee_name, policies.c.payee_account, policies.c.payee_changed_at, farms.label("farms")
        ).where(policies.c.number == claim.report.policy.number)
    ).one()
    return Elsewhere(
        payee_farms=max(1, int(row.farms)),
        payee_changed_at=row.payee_changed_at,
        is_payee_current=payee_of(connection, claim.report.policy.number, row) == payee,
    )


def _sightings(connection: Connection, claim: Claim) -> dict[PhotoId, tuple[str, ...]]:
    """Claims that hold a photo of this one: reported before it, or sooner with the photo.

    A copy may arrive, and its claim be triaged, while the photo of the earlier report is still on its way: of two
    claims with one photo, whichever is triaged last has to see the other.
    """
    theirs, ours = tables.claim_photos, tables.claim_photos.alias()
    is_copy = and_(
        ours.c.claim_id == claim.report.claim_id,
        ours.c.photo_id == theirs.c.photo_id,
        theirs.c.received_at.is_not(None),
    )
    came_sooner = theirs.c.received_at < ours.c.received_at
    shared = theirs.join(ours, is_copy)
    found = _shared(connection, claim, shared, theirs.c.photo_id, or_(_is_earlier(claim), came_sooner))
    return {PhotoId(photo_id): numbers for photo_id, numbers in found.items()}


def _tag_claims(connection: Connection, claim: Claim) -> dict[str, tuple[str, ...]]:
    theirs = tables.claim_tags
    return _shared(
        connection, claim, theirs, theirs.c.tag, and_(theirs.c.tag.in_(_tags(claim)), _is_earlier(claim))
    )


def _herds(connection: Connection, claim: Claim) -> dict[str, FarmId]:
    herd = tables.herd_animals
    rows = connection.execute(select(herd.c.tag, herd.c.farm_id).where(herd.c.tag.in_(_tags(claim))))
    return {row.tag: FarmId(row.farm_id) for row in rows}


def _has_herd_book(connection: Connection, claim: Claim) -> bool:
    herd = tables.herd_animals
    listed = exists().where(
        herd.c.farm_id == claim.report.policy.farm_id, herd.c.species == claim.report.species
    )
    return bool(connection.scalar(select(listed)))


def _deaths_before(connection: Connection, claim: Claim) -> int:
    claims = tables.claims
    since = claim.reported_at - CURRENT.thresholds.deaths_within
    wanted = (
        claims.c.policy_number == claim.report.policy.number,
        claims.c.reported_at >= since,
        claims.c.state.not_in(_UNSAID),
        claims.c.id != claim.report.claim_id,
        _is_earlier(claim),
    )
    return int(connection.scalar(select(func.coalesce(func.sum(claims.c.heads), 0)).where(*wanted)) or 0)


def _together(connection: Connection, claim: Claim) -> Together | None:
    """The officer and the collector who met most often on the farm's newest earlier claims."""
    claims, policies, events = tables.claims, tables.policies, tables.events
    newest = (
        select(claims.c.id)
        .join(policies, policies.c.number == claims.c.policy_number)
        .where(
            policies.c.farm_id == claim.report.policy.farm_id,
            claims.c.reported_at >= claim.reported_at - CURRENT.thresholds.together_within,
            claims.c.id != claim.report.claim_id,
            _is_earlier(claim),
        )
        .order_by(claims.c.reported_at.desc())
        .limit(_MOST_CLAIMS)
    )
    rows: Any = connection.execute(
        select(events.c.claim_id, events.c.type, events.c.actor).where(
            events.c.claim_id.in_(newest), events.c.type.in_((LaneDecided.type, HandoverRecorded.type))
        )
    )
    officers: dict[object, set[str]] = {}
    collectors: dict[object, set[str]] = {}
    for row in rows:
        found = officers if row.type == LaneDecided.type else collectors
        found.setdefault(row.claim_id, set()).add(row.actor)
    return who_met(officers, collectors, lambda officer: _in_office_of(connection, officer))


def _in_office_of(connection: Connection, officer: str) -> int:
    people, theirs = tables.officers, tables.officers.alias()
    office = select(theirs.c.organisation_id).where(theirs.c.id == officer).scalar_subquery()
    return int(
        connection.scalar(
            select(func.count(people.c.id)).where(
                people.c.organisation_id == office, people.c.is_agent.is_(False)
            )
        )
        or 0
    )


def _tags(claim: Claim) -> list[str]:
    return [animal.tag for animal in claim.animals if animal.tag]


def _is_earlier(claim: Claim) -> ColumnElement[bool]:
    claims = tables.claims
    return or_(
        claims.c.reported_at < claim.reported_at,
        and_(claims.c.reported_at == claim.reported_at, claims.c.number < claim.report.number),
    )


def _shared(
    connection: Connection, claim: Claim, among: FromClause, what: Column[str], wanted: ColumnElement[bool]
) -> dict[str, tuple[str, ...]]:
    """Numbers of other claims that are not withdrawn, by what they share with this one."""
    claims = tables.claims
    rows = connection.execute(
        select(what.label("what"), claims.c.number)
        .select_from(among.join(claims, claims.c.id == what.table.c.claim_id))
        .where(wanted, claims.c.id != claim.report.claim_id, claims.c.state != State.WITHDRAWN)
        .order_by(claims.c.number)
    )
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        found[row.what] = (*found.get(row.what, ()), row.number)
    return found
