"""Visits under way as people read them: who comes, how far they are, when they are expected."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from backend.domain.ids import ClaimId, OfficerId
from backend.domain.visits.words import ExpectedFrom
from backend.insight.approach import Approach, approach_to
from backend.insight.claim_file import Reader
from backend.store import people, visits
from backend.store.visits import UnderWay
from backend.texts.load import Language, Table, sentence
from backend.texts.notices import shown_time

Document = dict[str, object]
_METRES_A_KM = 1000


def visits_of_claim(connection: Connection, claim_id: ClaimId, reader: Reader, now: datetime) -> Document:
    """A claim's visits under way for whoever reads it; the holder of a link learns that somebody comes, and when.

    Offices read distance and direction; the drawing and the phone are for the farmer, who opens the gate.

    ``digest`` differs whenever anything here does.
    """
    under_way = visits.of_claim(connection, claim_id, now)
    shown = [
        _seen_by_link(one, reader.language, now) if reader.is_link else _whole(connection, one, reader, now)
        for one in under_way
    ]
    return {"claim_id": str(claim_id), "visits": shown, "digest": digest_of(under_way)}


def digest_of(under_way: Sequence[UnderWay]) -> str:
    """One short text for what is known of these visits; empty where there is none."""
    if not under_way:
        return ""
    known = [[one.no, str(one.expected_at), str(one.whereabouts)] for one in under_way]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()[:16]


def claims_digest(connection: Connection, claim_id: ClaimId, now: datetime) -> str:
    """``digest_of`` for one claim."""
    return digest_of(visits.of_claim(connection, claim_id, now))


def visit_rows(under_way: Sequence[UnderWay], language: Language, now: datetime) -> list[Document]:
    """Visits for an officer's list: claim, who, how far, when; no place and no drawing."""
    rows = []
    for one in under_way:
        near = _approach(one)
        rows.append(
            {
                "claim_id": str(one.claim_id),
                "number": one.number,
                "farm": one.farm_name,
                "officer": one.officer,
            }
            | _seen_by_link(one, language, now)
            | {
                "distance_m": near.distance_m if near else None,
                "position_at": _moment(one.whereabouts.at),
                "ends_at": one.ends_at.isoformat(),
                "text": _told(one, near, language, now),
            }
        )
    return rows


def sentences_of(connection: Connection, claim_id: ClaimId, language: Language, now: datetime) -> list[str]:
    """Each visit under way in a sentence, for pages that draw nothing."""
    return [_told(one, _approach(one), language, now) for one in visits.of_claim(connection, claim_id, now)]


def _whole(connection: Connection, one: UnderWay, reader: Reader, now: datetime) -> Document:
    who, near = people.officer(connection, OfficerId(one.officer)), _approach(one)
    is_farmer = reader.table is Table.FARMER
    return _seen_by_link(one, reader.language, now) | {
        "name": who.name,
        "office": people.office_name(connection, who.organisation),
        "phone": one.whereabouts.phone if is_farmer else None,
        "distance_m": near.distance_m if near else None,
        "direction": near.direction if near else None,
        "position_at": _moment(one.whereabouts.at),
        "drawing": near.drawing if near and is_farmer else None,
        "text": _told(one, near, reader.language, now),
    }


def _seen_by_link(one: UnderWay, language: Language, now: datetime) -> Document:
    expected_at, source = one.newest
    return {
        "visit": one.no,
        "kind": one.kind,
        "started_at": one.started_at.isoformat(),
        "expected_at": _moment(expected_at),
        "expected_from": source,
        "text": _told(one, None, language, now),
    }


def _approach(one: UnderWay) -> Approach | None:
    said = one.whereabouts
    if said.lon is None or said.lat is None:
        return None
    return approach_to(one.boundary, (said.lon, said.lat))


def _told(one: UnderWay, near: Approach | None, language: Language, now: datetime) -> str:
    expected_at, source = one.newest
    named = "about" if source is ExpectedFrom.DISTANCE else "expected"
    facts: dict[str, object] = {"visitor": one.kind}
    if expected_at and expected_at > now:
        facts[named] = shown_time(language, expected_at, now)
    if near and one.whereabouts.at:
        facts["seen"] = shown_time(language, one.whereabouts.at, now)
    if near and near.distance_m == 0:
        return sentence(language, Table.NOTICE, "visit-near", **facts)
    if near:
        facts |= {"km": f"{near.distance_m / _METRES_A_KM:.1f}", "direction": near.direction}
    return sentence(language, Table.NOTICE, "visit-approach", **facts)


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
