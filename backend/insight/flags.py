"""Flags 警示 as people and scripts read them: what was found, on whose claim, beside what, and what was said of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import Connection

from backend.domain.claim import Claim
from backend.domain.findings import Refer
from backend.domain.flags.flag import Flag
from backend.domain.flags.words import FlagKind, FlagState
from backend.domain.ids import ClaimId, OfficerId, PhotoId
from backend.domain.problems import NotFound
from backend.store import events, flags, people
from backend.store.flags import Wanted
from backend.texts.load import Language, Table, sentence

Document = dict[str, object]


def flag_list(connection: Connection, wanted: Wanted, language: Language) -> Document:
    """A page of flags of the claims that are seen, newest first, and how many there are of each kind and state.

    ``next`` is the cursor for the page after.
    """
    rows = flags.listed(connection, wanted)
    claims = {row.claim_id: events.load(connection, ClaimId(row.claim_id)) for row in rows}
    found = [(claims[row.claim_id], claims[row.claim_id].flags[row.key]) for row in rows]
    beside = _beside(connection, (flag for _, flag in found))
    names = people.names(connection, {OfficerId(one) for _, flag in found for one in _people(flag)})
    return {
        "flags": [_document(claim, flag, language, beside, names) for claim, flag in found],
        "tally": _tally(connection, wanted.county),
        "next": flags.place_of(rows[-1]) if len(rows) == wanted.most else None,
    }


def flags_of(connection: Connection, claim_id: ClaimId, language: Language) -> list[Document]:
    """One claim's flags, in the order in which they were raised.

    Raises:
        NotFound: No such claim.
    """
    claim = events.load(connection, claim_id)
    standing = claim.flags.values()
    beside = _beside(connection, standing)
    names = people.names(connection, {OfficerId(one) for flag in standing for one in _people(flag)})
    return [_document(claim, flag, language, beside, names) for flag in standing]


def flag_of(connection: Connection, claim_id: ClaimId, key: str, language: Language) -> Document:
    """One flag of a claim.

    Raises:
        NotFound: No such claim, or no such flag of it.
    """
    for one in flags_of(connection, claim_id, language):
        if one["key"] == key:
            return one
    raise NotFound("flag", key)


def _document(
    claim: Claim,
    flag: Flag,
    language: Language,
    beside: Mapping[str, list[Document]],
    names: Mapping[str, str],
) -> Document:
    finding, report = flag.finding, claim.report
    facts = finding.facts
    return {
        "key": flag.key,
        "kind": flag.kind,
        "code": finding.code,
        "state": flag.state,
        "text": sentence(language, Table.OFFICER, finding.code, **facts),
        "facts": dict(facts),
        "holds": finding.holds,
        "raised_at": flag.raised_at.isoformat(),
        "judged": None
        if flag.judged_by is None or flag.judged_at is None
        else {
            "by": flag.judged_by.id,
            "name": names.get(flag.judged_by.id),
            "organisation": flag.judged_by.organisation,
            "at": flag.judged_at.isoformat(),
            "reason": flag.reason,
            "with_the_hold": flag.by_release,
        },
        "claim": {
            "number": report.number,
            "id": str(report.claim_id),
            "state": claim.state,
            "farm_id": report.policy.farm_id,
            "county": report.policy.county,
            "species": report.species,
            "heads_claimed": report.heads,
            "heads_assessed": claim.heads,
            "reported_at": claim.reported_at.isoformat(),
        },
        "photo": _photo(claim, finding.subject) if flag.kind is FlagKind.PHOTO else None,
        "elsewhere": [one for one in beside.get(flag.key, ()) if one["number"] != report.number],
        "pair": _pair(finding, report.policy.farm_id, names) if flag.kind is FlagKind.PEOPLE else None,
        "count": _count(claim) if flag.kind is FlagKind.COUNT else None,
    }


def _photo(claim: Claim, photo_id: str) -> Document | None:
    photo = claim.photo(PhotoId(photo_id))
    if photo is None:
        return None
    return {
        "sha256": photo.id,
        "received_at": photo.received_at.isoformat() if photo.received_at else None,
        "taken_at": photo.announced.capture.taken_at.isoformat()
        if photo.announced.capture.taken_at
        else None,
        "fence": photo.checks.fence.decision if photo.checks else None,
    }


def _pair(finding: Refer, farm: str, names: Mapping[str, str]) -> Document:
    officer, collector = finding.facts["officer"], finding.facts["collector"]
    return {
        "officer": officer,
        "officer_name": names.get(officer),
        "collector": collector,
        "collector_name": names.get(collector),
        "farm_id": farm,
        "claims": int(finding.facts["times"]),
    }


def _count(claim: Claim) -> Document:
    scene, terms = claim.scene, claim.report.policy.terms
    return {
        "claimed": claim.report.heads,
        "counted": scene.count if scene else None,
        "low": scene.low if scene else None,
        "high": scene.high if scene else None,
        "unsure": scene.unsure if scene else None,
        "assessed": claim.heads,
        "stock": terms.stock,
        "photos": [photo.id for photo in claim.photos if photo.received_at],
    }


def _beside(connection: Connection, standing: Iterable[Flag]) -> dict[str, list[Document]]:
    """Other claims that share what a flag is about: of those that the reader does not see, the number alone.

    Read from the finding, which names them as they were when it was raised, and for photos from the claims that hold
    the same bytes now, or the photo that this one is a copy of.
    """
    found: dict[str, list[Document]] = defaultdict(list)
    listed = list(standing)
    seen = _seen(connection, [_other_photo(flag) for flag in listed if flag.kind is FlagKind.PHOTO])
    named = flags.numbered(connection, {number for flag in listed for number in _named(flag)})
    for flag in listed:
        here = seen.get(_other_photo(flag), {}) if flag.kind is FlagKind.PHOTO else {}
        for number in sorted({*_named(flag), *here}):
            claim_id = here.get(number) or named.get(number)
            claim = events.load(connection, ClaimId(claim_id)) if claim_id else None
            found[flag.key].append(_other(number, claim, flag))
    return found


def _named(flag: Flag) -> list[str]:
    return [one for one in flag.finding.facts.get("claims", "").split(", ") if one]


def _other(number: str, claim: Claim | None, flag: Flag) -> Document:
    if claim is None:
        return {
            "number": number,
            "id": None,
            "state": None,
            "farm_id": None,
            "reported_at": None,
            "photo": None,
        }
    return {
        "number": number,
        "id": str(claim.report.claim_id),
        "state": claim.state,
        "farm_id": claim.report.policy.farm_id,
        "reported_at": claim.reported_at.isoformat(),
        "photo": _photo(claim, _other_photo(flag)) if flag.kind is FlagKind.PHOTO else None,
    }


def _other_photo(flag: Flag) -> str:
    """The photo as other claims hold it: the same bytes, or the one that it was copied from."""
    return flag.finding.facts.get("copied_photo", flag.finding.subject)


def _seen(connection: Connection, photo_ids: list[str]) -> dict[str, dict[str, UUID]]:
    found: dict[str, dict[str, UUID]] = defaultdict(dict)
    for photo_id, number, claim_id in flags.with_photo(connection, photo_ids) if photo_ids else ():
        found[photo_id][number] = claim_id
    return found


def _people(flag: Flag) -> Iterable[str]:
    if flag.judged_by:
        yield flag.judged_by.id
    if flag.kind is FlagKind.PEOPLE:
        yield from (flag.finding.facts["officer"], flag.finding.facts["collector"])


def _tally(connection: Connection, county: str | None) -> list[Document]:
    counted = flags.tally(connection, county)
    return [
        {"kind": kind} | {state.value: counted.get((kind, state), 0) for state in FlagState}
        for kind in FlagKind
    ]
