"""What lists, queues and figures read: rows kept in step with the events, in their transaction."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from backend.domain.claim import Claim, Payout
from backend.domain.commitments import commitment_of
from backend.domain.ids import ClaimId, Digest
from backend.domain.stages import Stage, Standstill
from backend.domain.words import Lane
from backend.store import counts, delegations, flags, limits, tables, visits

# Built once: building a statement costs more than SQLite needs to carry it out.
_INSERT_CLAIM = insert(tables.claims)
_INSERT_PHOTOS = insert(tables.claim_photos)
_INSERT_TAGS = insert(tables.claim_tags)
_INSERT_STAGES = insert(tables.claim_stages)
_UPDATE_CLAIM = update(tables.claims).where(
    tables.claims.c.id == bindparam("claim"), tables.claims.c.version == bindparam("loaded")
)
_STAGES = (
    select(tables.claim_stages)
    .where(tables.claim_stages.c.claim_id == bindparam("claim"))
    .order_by(tables.claim_stages.c.place)
)
_UPDATE_STAGE = update(tables.claim_stages).where(
    tables.claim_stages.c.claim_id == bindparam("claim"), tables.claim_stages.c.place == bindparam("at_place")
)


class VersionClash(Exception):
    """Another writer recorded events on this claim since it was loaded: decide again."""


def claim_row(claim: Claim) -> dict[str, object]:
    """What stands in ``claims`` for this claim, all but the hash of the report's body."""
    fixed = {
        "id": claim.report.claim_id,
        "number": claim.report.number,
        "policy_number": claim.report.policy.number,
        "farm_id": claim.report.policy.farm_id,
        "county": claim.report.policy.county,
        "species": claim.report.species,
        "product": claim.report.product,
        "reported_at": claim.reported_at,
        "due_at": claim.report.due_at,
        "programme": claim.report.policy.programme,
        "assisted_by": claim.assisted_by,
    }
    return fixed | _moving(claim)


def insert_claim(connection: Connection, claim: Claim, body_hash: Digest) -> None:
    """The rows of a claim that was just reported."""
    connection.execute(_INSERT_CLAIM, claim_row(claim) | {"body_hash": body_hash})
    if claim.photos:
        connection.execute(_INSERT_PHOTOS, photo_rows(claim))
    if tags := tag_rows(claim):
        connection.execute(_INSERT_TAGS, tags)


def photo_rows(claim: Claim) -> list[dict[str, object]]:
    """What stands in ``claim_photos`` for this claim."""
    claim_id = claim.report.claim_id
    return [
        {"claim_id": claim_id, "photo_id": photo.id, "received_at": photo.received_at}
        for photo in claim.photos
    ]


def tag_rows(claim: Claim) -> list[dict[str, object]]:
    """What stands in ``claim_tags`` for this claim."""
    tags = {animal.tag for animal in claim.animals if animal.tag}
    return [{"claim_id": claim.report.claim_id, "tag": tag} for tag in sorted(tags)]


def stage_rows(claim_id: ClaimId, stages: Sequence[Stage]) -> list[dict[str, object]]:
    """What stands in ``claim_stages`` for a claim that went through these."""
    return [{"claim_id": claim_id, "place": place} | _stage(stage) for place, stage in enumerate(stages)]


def payout_rows(claim: Claim) -> list[dict[str, object]]:
    """What stands in ``payouts`` for this claim."""
    return [_first_of(claim, payout) | _payout(payout) for payout in claim.payouts]


def update_claim(connection: Connection, before: Claim, after: Claim) -> None:
    """Bring a claim's rows from one version to the next.

    Raises:
        VersionClash: The row is not at the version that *before* was loaded at.
    """
    claim_id = after.report.claim_id
    loaded = {"claim": claim_id, "loaded": before.version}
    changed = connection.execute(_UPDATE_CLAIM, loaded | _moving(after))
    if changed.rowcount != 1:
        raise VersionClash
    _update_photos(connection, before, after)
    flags.follow(connection, before, after)
    counts.follow(connection, before, after)
    visits.follow(connection, before, after)
    if before.delegated != after.delegated:
        delegations.follow(connection, after)
    if before.payouts != after.payouts:
        _update_payouts(connection, before, after)
        limits.move(connection, before, after)
    if before.animals != after.animals:
        connection.execute(delete(tables.claim_tags).where(tables.claim_tags.c.claim_id == claim_id))
        if tags := tag_rows(after):
            connection.execute(_INSERT_TAGS, tags)


def stages(connection: Connection, claim_id: ClaimId) -> tuple[Stage, ...]:
    """The claim's stages in order, a row for each stretch that somebody held it."""
    rows = connection.execute(_STAGES, {"claim": claim_id})
    return tuple(
        Stage(
            row.name,
            row.held_by,
            row.entered_at,
            row.started_at,
            row.ended_at,
            row.standstill and Standstill(row.standstill),
        )
        for row in rows
    )


def update_stages(
    connection: Connection, claim_id: ClaimId, before: tuple[Stage, ...], after: tuple[Stage, ...]
) -> None:
    """Write the stages that an event opened, closed or handed to another holder."""
    for place, stage in enumerate(after):
        if place < len(before) and before[place] == stage:
            continue
        values = _stage(stage)
        if place < len(before):
            connection.execute(_UPDATE_STAGE, {"claim": claim_id, "at_place": place} | values)
        else:
            connection.execute(_INSERT_STAGES, {"claim_id": claim_id, "place": place} | values)


def _moving(claim: Claim) -> dict[str, object]:
    return {
        "version": claim.version,
        "heads": claim.heads,
        "state": claim.state,
        "path": claim.path,
        "amount": claim.offer.amount if claim.offer else None,
        "heads_committed": commitment_of(claim).heads,
        "paid_at": claim.paid_at,
        "receipt_differs": claim.has_differing_receipt,
    } | {lane.value: claim.lanes[lane].state for lane in Lane}


def _update_photos(connection: Connection, before: Claim, after: Claim) -> None:
    photos = tables.claim_photos
    had = {photo.id: photo for photo in before.photos}
    claim_id = after.report.claim_id
    for photo in after.photos:
        if photo.id not in had:
            row = {"claim_id": claim_id, "photo_id": photo.id, "received_at": photo.received_at}
            connection.execute(_INSERT_PHOTOS, row)
        elif had[photo.id].received_at != photo.received_at:
            connection.execute(
                update(photos)
                .where(photos.c.claim_id == claim_id, photos.c.photo_id == photo.id)
                .values(received_at=photo.received_at)
            )


def _update_payouts(connection: Connection, before: Claim, after: Claim) -> None:
    payouts = tables.payouts
    had = {payout.id: payout for payout in before.payouts}
    for payout in after.payouts:
        if had.get(payout.id) == payout:
            continue
        if payout.id in had:
            connection.execute(update(payouts).where(payouts.c.id == payout.id).values(_payout(payout)))
        else:
            connection.execute(insert(payouts), _first_of(after, payout) | _payout(payout))


def _stage(stage: Stage) -> dict[str, object]:
    return {
        "name": stage.name,
        "held_by": stage.held_by,
        "entered_at": stage.entered_at,
        "started_at": stage.started_at,
        "ended_at": stage.ended_at,
        "standstill": stage.standstill,
    }


def _payout(payout: Payout) -> dict[str, object]:
    return {
        "state": payout.state,
        "bank_reference": payout.bank_reference,
        "reason": payout.reason,
        "confirmed_at": payout.confirmed_at,
        "returned_at": payout.returned_at,
    }


def _first_of(claim: Claim, payout: Payout) -> dict[str, object]:
    return {
        "id": payout.id,
        "claim_id": claim.report.claim_id,
        "no": payout.no,
        "amount": payout.amount,
        "started_at": payout.started_at,
        "bank_file": payout.bank_file,
    }
