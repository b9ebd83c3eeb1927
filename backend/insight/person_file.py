"""Everything that is known of a person, as one document for them (PIPL art. 45), and what officers see of it masked."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any  # a row's columns are what its statement selects

import shapely
from sqlalchemy import Connection, Row, select

from backend.domain.ids import ClaimId, PolicyNumber
from backend.domain.personal.masks import masked_id, masked_name, masked_phone
from backend.domain.plain import plain
from backend.store import assistances, contacts, device_keys, events, looks, notices, policies, tables
from backend.store.assistances import Consent
from backend.store.looks import Field, Holder

Document = dict[str, object]
FORMAT = "flashclaim-person-1"


def masked_holder(number: PolicyNumber, found: Holder) -> Document:
    """Who holds a policy, as whoever needs no more sees them."""
    return {
        "policy_number": number,
        "payee": {"name": masked_name(found.payee.name), "account_last4": found.payee.account_last4},
        "phone": masked_phone(found.phone),
        "id_number": masked_id(found.id_number),
        "payee_changed_at": found.payee_changed_at.isoformat() if found.payee_changed_at else None,
    }


def clear_value(found: Holder, field: Field) -> object:
    """What a look at one field shows."""
    match field:
        case Field.PAYEE:
            return {"name": found.payee.name, "account": found.payee.account}
        case Field.PHONE:
            return found.phone
        case Field.ID_NUMBER:
            return found.id_number
        case Field.EVERYTHING:
            return {
                "payee": clear_value(found, Field.PAYEE),
                "phone": found.phone,
                "id_number": found.id_number,
            }


def person_file(connection: Connection, numbers: Sequence[PolicyNumber], at: datetime) -> Document:
    """All of it, in clear, for the holder of these policies."""
    return {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "policies": [_policy(connection, number) for number in numbers],
    }


def look_rows(rows: Sequence[Row[Any]]) -> list[Document]:
    """Looks for a list."""
    return [
        {
            "id": str(row.id),
            "at": row.at.isoformat(),
            "officer": row.officer_id,
            "organisation": row.organisation_id,
            "policy_number": row.policy_number,
            "field": row.field,
            "reason": row.reason,
        }
        for row in rows
    ]


def _policy(connection: Connection, number: PolicyNumber) -> Document:
    policy, found = policies.policy(connection, number), looks.holder(connection, number)
    boundary = policies.boundary(connection, policy.farm_id)
    contact = contacts.contact(connection, policy.farm_id)
    claims = connection.scalars(
        select(tables.claims.c.id)
        .where(tables.claims.c.policy_number == number)
        .order_by(tables.claims.c.number)
    ).all()
    return {
        "number": number,
        "species": policy.species,
        "product": policy.product,
        "terms": plain(policy.terms),
        "holder": clear_value(found, Field.EVERYTHING),
        "farm": {
            "id": policy.farm_id,
            "name": policy.farm_name,
            "county": policy.county,
            "premises": json.loads(shapely.to_geojson(shapely.from_wkb(boundary))) if boundary else None,
        },
        "contact": {"phone": contact.phone, "language": contact.language},
        "devices": [_device(row) for row in device_keys.of_farm(connection, policy.farm_id)],
        "may_report": [_consent(one) for one in assistances.of_policy(connection, number)],
        "claims": [_claim(connection, ClaimId(claim_id)) for claim_id in claims],
        "looked_at_by": look_rows(looks.of_policy(connection, number)),
    }


def _device(row: Row[Any]) -> Document:
    """A phone that took photos for the farm: known by its key, which says nothing of whose it is."""
    return {
        "key_id": row.key_id,
        "first_photo_at": row.first_at.isoformat(),
    }


def _consent(one: Consent) -> Document:
    """Whom the holder let report for them, by what, and until when."""
    return {
        "officer": one.officer,
        "claim_id": str(one.claim_id),
        "proof": one.proof,
        "accepts_in_advance": one.accepts_in_advance,
        "given_at": one.given_at.isoformat(),
        "ends_at": one.ends_at.isoformat(),
    }


def _claim(connection: Connection, claim_id: ClaimId) -> Document:
    history = events.history(connection, claim_id)
    told = notices.of_claim(connection, claim_id)
    return {
        "id": str(claim_id),
        "events": [
            {
                "seq": entry.seq,
                "at": entry.at.isoformat(),
                "type": entry.event.type,
                "actor": plain(entry.actor),
                "facts": plain(entry.event),
            }
            for entry in history
        ],
        "told": [
            {
                "channel": row.channel,
                "text": row.text,
                "sent_at": row.sent_at.isoformat() if row.sent_at else None,
            }
            for row in told
        ],
    }
