"""The facts that a decision needs, gathered in the same transaction that records it."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    and_,
    or_,
    select,
)

from backend.domain.claim import Claim
from backend.domain.commands import Assess, Command, LiftPaymentHolds, Report, StartPayout, Triage
from backend.domain.decisions.facts import Clocks, Facts
from backend.domain.elsewhere import Elsewhere
from backend.domain.ids import PhotoId, claim_number
from backend.domain.parties import Policy
from backend.domain.policy import Terms, policy_day
from backend.domain.words import State
from backend.products.catalogue import Catalogue
from backend.store import payment_gate, policies, tables
from backend.store.numbers import next_serial


def gather_for_report(
    connection: Connection, command: Report, catalogue: Catalogue, clocks: Clocks, at: datetime
) -> Facts:
    """Facts for a new claim: its policy, its product, the next claim number.

    Raises:
        NotFound: No such policy.
    """
    policy, committed = policies.policy_with_heads_committed(connection, command.policy_number)
    number = claim_number(policy_day(at), next_serial(connection, policy_day(at)))
    product = catalogue.find(policy.product, policy.terms.incepted)
    return Facts(policy, product, _used_up(policy, committed), number=number, clocks=clocks)


def gather(
    connection: Connection, claim: Claim, command: Command, catalogue: Catalogue, clocks: Clocks, at: datetime
) -> Facts:
    """Facts for a command on a claim that stands; only what this kind of command looks at is read."""
    report = claim.report
    product = catalogue.find(report.product, report.policy.terms.incepted)
    if isinstance(command, StartPayout):
        payment_gate.hold(connection, alone=clocks.daily_limit is not None)
    if not isinstance(command, Triage | Assess | StartPayout):
        facts = Facts(report.policy, product, report.policy.terms, clocks=clocks)
        return _above_all(connection, facts, at) if isinstance(command, LiftPaymentHolds) else facts
    # Two claims of one policy must not both see the last insured head as free.
    policies.lock(connection, report.policy.number)
    committed = policies.heads_committed(connection, report.policy.number)
    facts = Facts(report.policy, product, _used_up(report.policy, committed), clocks=clocks)
    if isinstance(command, StartPayout):
        return _above_all(connection, facts, at)
    if not isinstance(command, Triage):
        return facts
    return replace(
        facts,
        elsewhere=Elsewhere(by_photo=_sightings(connection, claim), by_tag=_tag_claims(connection, claim)),
    )


def _above_all(connection: Connection, facts: Facts, at: datetime) -> Facts:
    limit = payment_gate.limit(connection, facts.clocks.daily_limit, at)
    return replace(facts, stop=payment_gate.standing(connection), limit=limit)


def _used_up(policy: Policy, heads_committed: int) -> Terms:
    return replace(policy.terms, heads_paid=policy.terms.heads_paid + heads_committed)


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
    wanted = [animal.tag for animal in claim.animals if animal.tag]
    return _shared(
        connection, claim, theirs, theirs.c.tag, and_(theirs.c.tag.in_(wanted), _is_earlier(claim))
    )


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
