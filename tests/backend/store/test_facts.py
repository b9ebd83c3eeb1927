"""What a decision is told of the rest of the county: claim numbers, heads used up, photos and tags seen before."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from backend.domain import commands as c
from backend.domain.claim import Claim
from backend.domain.commands import Report, StartPayout
from backend.domain.ids import ClaimId, PolicyNumber
from backend.domain.words import Path as ClaimPath
from backend.domain.words import ReasonCode, State
from tests.backend.store.county import County, opened_county, utc
from tests.builders import (
    FARMER,
    a_cattle_policy,
    a_policy,
    a_report,
    a_retry,
    assessment,
    confirmed_by_bank,
    failed_at_bank,
    pigs,
    terms,
    under_way,
)

SMALL = a_policy(number=PolicyNumber("P-SMALL"), terms=terms(insured_heads=3, stock=3))
TAG = "137080000000001"


@pytest.fixture
def county(lasting_database: str) -> Iterator[County]:
    with opened_county(lasting_database, more_policies=[SMALL]) as county:
        yield county


def another(**changes: object) -> Report:
    return a_report(**{"claim_id": ClaimId(uuid4()), "photos": (str(uuid4()),), **changes})  # type: ignore[arg-type]


def doubts(claim: Claim) -> set[ReasonCode]:
    return {doubt.code for doubt in claim.findings}


def test_claim_numbers_count_the_days_of_shanghai(county: County) -> None:
    midnight = utc("2026-11-23T16:00")
    numbers = []
    for seconds in (-2, -1, 0, 1, 2):
        report, at = another(), midnight + timedelta(seconds=seconds)
        outcome = county.store.run_blocking(report.claim_id, report, at=at)
        numbers.append(outcome.claim.report.number)

    assert numbers == [
        "FC-20261123-0001",
        "FC-20261123-0002",
        "FC-20261124-0001",
        "FC-20261124-0002",
        "FC-20261124-0003",
    ]


def test_a_late_writer_goes_on_with_yesterdays_numbers(county: County) -> None:
    numbers = []
    for at in ("2026-11-23T15:59", "2026-11-23T16:01", "2026-11-23T15:59"):
        report = another()
        numbers.append(county.store.run_blocking(report.claim_id, report, at=utc(at)).claim.report.number)

    # A sequence goes on counting over midnight, which leaves a gap; a row of the day does not.
    assert numbers[:2] == ["FC-20261123-0001", "FC-20261124-0001"]
    assert numbers[2] in {"FC-20261123-0002", "FC-20261123-0003"}


def test_heads_are_used_up_by_payouts_under_way_and_given_back_by_failed_ones(county: County) -> None:
    claim_id = county.make_payable(another(policy_number=SMALL.number)).report.claim_id

    def heads_left_for_another() -> int:
        """What a new report of three pigs would be shown, in heads of 700.00."""
        shown = county.report(another(policy_number=SMALL.number, heads=3, animals=pigs("95", "95", "95")))
        assert shown.report.lowest_sum_shown is not None
        return shown.report.lowest_sum_shown.fen // 700_00

    assert heads_left_for_another() == 3
    claim = county.give(StartPayout(), claim_id).claim
    assert heads_left_for_another() == 1
    county.give(under_way(claim), claim_id)
    assert heads_left_for_another() == 1
    county.give(failed_at_bank(claim), claim_id)
    assert heads_left_for_another() == 3
    county.give(a_retry(), claim_id)
    claim = county.give(StartPayout(), claim_id).claim
    county.give(confirmed_by_bank(claim), claim_id)
    assert heads_left_for_another() == 1


def test_of_two_claims_that_race_for_the_last_heads_one_is_paid(county: County) -> None:
    first, second = (county.make_payable(another(policy_number=SMALL.number)) for _ in range(2))

    paying = county.give(StartPayout(), first.report.claim_id).claim
    waiting = county.give(StartPayout(), second.report.claim_id).claim

    assert paying.state is State.PAYING
    assert waiting.state is State.TRIAGED
    assert waiting.payout is None
    assert waiting.holds[0].reason == ReasonCode.OVER_INSURED_COUNT


def test_the_policy_that_a_claim_was_reported_under_stays_as_it_was(county: County) -> None:
    claim = county.report(another(policy_number=SMALL.number))

    assert claim.report.policy == SMALL


def test_of_two_claims_with_one_photo_the_one_that_is_triaged_last_sees_the_other(county: County) -> None:
    first, second = another(photos=("pig",)), another(photos=("pig",))
    county.report(first)
    number = county.report(second).report.number
    assert county.verify(second.claim_id).path is ClaimPath.FAST

    held = county.verify(first.claim_id)

    assert held.path is ClaimPath.HOLD
    assert [(doubt.code, doubt.facts["claims"]) for doubt in held.findings] == [
        (ReasonCode.DUPLICATE_PHOTO, number)
    ]


def test_an_announced_photo_that_never_came_holds_nobody(county: County) -> None:
    county.report(another(photos=("pig",)))
    second = another(photos=("pig",))
    county.report(second)

    assert doubts(county.verify(second.claim_id)) == set()


def test_a_photo_that_arrived_with_an_earlier_claim_is_named(county: County) -> None:
    first, second = another(photos=("pig",)), another(photos=("pig",))
    number = county.report(first).report.number
    county.report(second)
    assert county.verify(first.claim_id).path is ClaimPath.FAST

    held = county.verify(second.claim_id)

    assert held.path is ClaimPath.HOLD
    assert [(doubt.code, doubt.facts["claims"]) for doubt in held.findings] == [
        (ReasonCode.DUPLICATE_PHOTO, number)
    ]


def test_of_claims_reported_at_the_same_moment_the_lower_number_is_earlier(county: County) -> None:
    first, second = another(photos=("pig",)), another(photos=("pig",))
    at = county.clock()
    for report in (first, second):
        county.store.run_blocking(report.claim_id, report, at=at)

    assert county.verify(first.claim_id).path is ClaimPath.FAST
    assert county.verify(second.claim_id).path is ClaimPath.HOLD


def test_a_withdrawn_claim_lends_its_photos_and_tags_again(county: County) -> None:
    animals = (replace(pigs("95")[0], tag=TAG),)
    first = another(photos=("pig",), heads=1, animals=animals)
    second = another(photos=("pig",), heads=1, animals=animals)
    county.report(first)
    county.verify(first.claim_id)
    county.give(c.Withdraw(by=FARMER), first.claim_id)

    county.report(second)

    assert county.verify(second.claim_id).path is ClaimPath.FAST


def test_a_tag_of_an_earlier_claim_holds_the_later_one(county: County) -> None:
    animals = (replace(pigs("95")[0], tag=TAG),)
    first, second = (another(heads=1, animals=animals) for _ in range(2))
    number = county.report(first).report.number
    county.report(second)

    held = county.verify(second.claim_id)

    assert held.path is ClaimPath.HOLD
    assert [(doubt.code, doubt.facts["claims"]) for doubt in held.findings] == [
        (ReasonCode.DUPLICATE_TAG, number)
    ]
    assert county.verify(first.claim_id).path is ClaimPath.FAST


def test_tags_follow_the_officers_assessment(county: County) -> None:
    first = another(heads=1, animals=pigs("95"))
    county.report(first)
    county.verify(first.claim_id)
    tagged = tuple(replace(animal, tag=TAG) for animal in pigs("95"))
    county.give(replace(assessment("95"), animals=tagged), first.claim_id)

    second = another(heads=1, animals=tagged)
    county.report(second)
    assert doubts(county.verify(second.claim_id)) == {ReasonCode.DUPLICATE_TAG}

    county.give(assessment("95", reason="the tag was another pig's"), first.claim_id)
    third = another(heads=1, animals=(replace(pigs("95")[0], tag="137080000000002"),))
    county.report(third)
    assert doubts(county.verify(third.claim_id)) == set()


def test_policies_of_one_farm_do_not_share_heads(county: County) -> None:
    county.give(StartPayout(), county.make_payable(another()).report.claim_id)

    claim = county.report(another(policy_number=SMALL.number, heads=3, animals=pigs("95", "95", "95")))

    assert claim.report.lowest_sum_shown is not None
    assert claim.report.lowest_sum_shown.fen == 3 * 700_00
    assert a_cattle_policy().farm_id == SMALL.farm_id


def test_claim_ids_are_the_callers(county: County) -> None:
    wanted = ClaimId(UUID(int=7))

    assert county.report(another(claim_id=wanted)).report.claim_id == wanted
