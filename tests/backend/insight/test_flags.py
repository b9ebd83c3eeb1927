"""Flags in lists: which claims have them, what stands beside them, and whom they are shown to."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from backend.domain import commands as c
from backend.domain.authority.sight import EVERYWHERE, Sight
from backend.domain.copies import Changed, NearCopy
from backend.domain.flags.words import FlagKind, FlagState
from backend.domain.ids import ClaimId
from backend.domain.problems import NotFound
from backend.insight.flags import flag_list, flag_of
from backend.store.flags import Wanted
from backend.texts.load import Language
from tests.backend.store.county import County
from tests.builders import FARMER, a_flag_judgement, a_photo_id, a_report, a_scene, photo_checks

PHOTO_FLAG = f"DUPLICATE_PHOTO:{a_photo_id()}"


def told(county: County, sight: Sight = EVERYWHERE, **wanted: Any) -> dict[str, Any]:
    return county.store.engine.read(
        lambda connection: flag_list(connection, Wanted(**wanted), Language.EN), sight
    )


def reused(county: County) -> tuple[ClaimId, ClaimId]:
    """Two claims with one photo: the first, and the one that is flagged."""
    found = []
    for _ in range(2):
        report = a_report(claim_id=ClaimId(uuid4()))
        report = replace(report, animals=tuple(replace(one, tag=None) for one in report.animals))
        found.append(county.report(report).report.claim_id)
        county.verify(found[-1])
    return found[0], found[1]


def test_a_flag_is_listed_with_the_photo_and_the_claim_that_holds_it_too(county: County) -> None:
    first, second = reused(county)

    [flag] = told(county)["flags"]

    assert (flag["kind"], flag["state"], flag["holds"]) == ("photo", "open", True)
    assert flag["claim"]["id"] == str(second)
    assert flag["photo"]["sha256"] == a_photo_id()
    assert [(one["id"], one["photo"]["sha256"]) for one in flag["elsewhere"]] == [(str(first), a_photo_id())]


def test_a_tag_that_was_claimed_before_is_listed_with_the_claim_that_names_it_too(county: County) -> None:
    found = []
    for photo in ("one pig", "another pig"):
        report = a_report("95", photos=(photo,), claim_id=ClaimId(uuid4()))
        animals = tuple(replace(one, tag="143012400000077") for one in report.animals)
        found.append(county.report(replace(report, animals=animals)).report.claim_id)
        county.verify(found[-1])

    [flag] = told(county, kind=FlagKind.TAG)["flags"]

    assert flag["claim"]["id"] == str(found[1])
    assert [one["id"] for one in flag["elsewhere"]] == [str(found[0])]
    unseen = told(county, Sight(claims=frozenset({found[1]})), kind=FlagKind.TAG)["flags"][0]["elsewhere"]
    assert [(one["number"] != "", one["id"]) for one in unseen] == [(True, None)]


def test_a_judged_flag_says_who_looked_and_is_found_by_its_state(county: County) -> None:
    _, second = reused(county)
    county.give(a_flag_judgement(PHOTO_FLAG), second)

    [flag] = told(county, state=FlagState.CLEARED)["flags"]

    assert flag["judged"]["reason"] == "compared both photos"
    assert told(county, state=FlagState.OPEN)["flags"] == []
    assert {one["kind"]: one["cleared"] for one in told(county)["tally"]}["photo"] == 1


def test_pages_follow_each_other_without_a_gap(county: County) -> None:
    for _ in range(2):
        reused(county)

    everything = [one["claim"]["number"] for one in told(county)["flags"]]
    pages: list[str] = []
    after = None
    while True:
        page = told(county, most=1, after=after)
        pages += [one["claim"]["number"] for one in page["flags"]]
        after = page["next"]
        if after is None:
            break

    assert len(everything) == 3
    assert pages == everything


def test_what_is_not_seen_is_not_listed_and_not_found(county: County) -> None:
    _, second = reused(county)
    nobody = Sight(counties=frozenset({"000000"}))

    assert told(county, nobody)["flags"] == []
    assert told(county, kind=FlagKind.PEOPLE)["flags"] == []
    with pytest.raises(NotFound):
        county.store.engine.read(
            lambda connection: flag_of(connection, second, "COUNT_MISMATCH:", Language.EN), EVERYWHERE
        )


def copied(county: County) -> tuple[ClaimId, ClaimId]:
    """Two claims with photos of their own, of which the second's is a copy of the first's."""
    first, second = ClaimId(uuid4()), ClaimId(uuid4())
    for claim_id, name in ((first, "photo-1"), (second, "photo-2")):
        report = a_report(claim_id=claim_id, photos=(name,))
        county.report(replace(report, animals=tuple(replace(one, tag=None) for one in report.animals)))
    number = county.verify(first).report.number
    copy = NearCopy(number, a_photo_id(), Decimal("0.02"), Changed(mirrored=True, cropped=12))
    (photo,) = county.claim(second).photos
    county.give(c.ReceivePhoto(photo_id=photo.id, bytes=90_000, by=FARMER), second)
    county.give(c.RecordPhotoChecks(photo_id=photo.id, checks=photo_checks()), second)
    county.give(c.Triage(scene=a_scene(2), near_copies={photo.id: (copy,)}), second)
    return first, second


def test_a_copys_flag_shows_both_photos_and_tells_what_was_done_to_it(county: County) -> None:
    first, second = copied(county)

    [flag] = told(county, kind=FlagKind.PHOTO)["flags"]

    assert (flag["claim"]["id"], flag["holds"]) == (str(second), False)
    assert flag["photo"]["sha256"] == a_photo_id("photo-2")
    assert [(one["id"], one["photo"]["sha256"]) for one in flag["elsewhere"]] == [(str(first), a_photo_id())]
    assert "as a near copy, mirrored, cropped 12 %." in flag["text"]


def test_a_copy_of_a_photo_in_another_county_is_told_and_not_shown(county: County) -> None:
    first, second = copied(county)
    only_second = Sight(claims=frozenset({second}))

    [flag] = told(county, only_second)["flags"]

    [other] = flag["elsewhere"]
    assert other["number"] == county.claim(first).report.number
    assert (other["id"], other["photo"], other["farm_id"]) == (None, None, None)
