"""Time, deaths, herd book, people and payee: what is odd is a doubt that people look at, and never more."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any  # a builder's changes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain import commands as c
from backend.domain.claim import Claim
from backend.domain.elsewhere import Elsewhere, Together
from backend.domain.ids import FarmId, OfficerId
from backend.domain.photos import Capture
from backend.domain.policy import Animal
from backend.domain.rules.recount import path_if_counted
from backend.domain.words import HoldKind, Path, ReasonCode, Species, State
from tests.builders import (
    ALL_THREE,
    DIED_AT,
    REPORTED_AT,
    a_photo,
    a_policy,
    a_release,
    a_report,
    a_scene,
    facts,
    photo_checks,
    pigs,
    terms,
)
from tests.stories import a_claim, a_story

TAG, FOREIGN_TAG = "137080012345678", "143012112345678"
DAY = timedelta(days=1)
R = ReasonCode


def keys(claim: Claim) -> list[str]:
    return [doubt.key for doubt in claim.findings]


def known(**what: Any) -> Claim:
    return a_claim(world=facts(elsewhere=Elsewhere(**what)))


def tagged(tag: str, **what: Any) -> Claim:
    report = a_report(heads=1, animals=(replace(pigs("95")[0], tag=tag),))
    return a_claim(report=report, world=facts(elsewhere=Elsewhere(**what)), scene=a_scene(1))


def taken(phone: datetime | None, camera: datetime | None = None, **report: Any) -> Claim:
    photo = replace(a_photo(), capture=Capture(taken_at=phone))
    told = replace(a_report(**report), photos=(photo,))
    return a_claim(report=told, checks=replace(photo_checks(), taken_at=camera))


@pytest.mark.parametrize(
    ("hours", "late"), [(47, None), (48, None), (48.5, "1"), (49, "1"), (50.2, "3")], ids=str
)
def test_a_report_is_late_after_two_days_and_says_by_how_many_hours(hours: float, late: str | None) -> None:
    # The report comes a second after the story begins.
    died = REPORTED_AT + timedelta(seconds=1) - timedelta(hours=hours)

    claim = a_claim(report=a_report(occurred_at=died))

    assert [doubt.facts for doubt in claim.findings if doubt.code is R.LATE_NOTICE] == (
        [{"hours": late}] if late else []
    )
    assert claim.path is (Path.ASSISTED if late else Path.FAST)


def test_a_flocks_notice_counts_from_the_end_of_its_seven_days() -> None:
    died = REPORTED_AT - 8 * DAY
    hens = (Animal("1", Species.POULTRY),)

    pigs_report = a_claim(report=a_report(occurred_at=died))
    hens_report = a_claim(report=a_report(occurred_at=died, species=Species.POULTRY, animals=hens, heads=1))

    assert "LATE_NOTICE:" in keys(pigs_report)
    assert "LATE_NOTICE:" not in keys(hens_report)


@pytest.mark.parametrize(
    ("phone", "camera", "signals"),
    [
        (None, None, None),
        (DIED_AT, None, None),
        (None, DIED_AT, None),
        (REPORTED_AT + timedelta(minutes=10), None, None),
        (DIED_AT - timedelta(hours=24), None, None),
        (REPORTED_AT + timedelta(minutes=11), None, "CLOCK_AHEAD"),
        (None, REPORTED_AT + DAY, "CLOCK_AHEAD"),
        (DIED_AT - timedelta(hours=25), None, "PHOTO_BEFORE_LOSS"),
        (DIED_AT, DIED_AT + timedelta(minutes=11), "CLOCKS_CONTRADICT"),
        (DIED_AT, DIED_AT - 2 * DAY, "PHOTO_BEFORE_LOSS, CLOCKS_CONTRADICT"),
    ],
    ids=str,
)
def test_a_photos_moment_is_neutral_or_a_signal_and_never_holds(
    phone: datetime | None, camera: datetime | None, signals: str | None
) -> None:
    claim = taken(phone, camera)

    assert [doubt.facts["signals"] for doubt in claim.findings] == ([signals] if signals else [])
    assert claim.path is (Path.ASSISTED if signals else Path.FAST)


def test_a_photo_that_never_came_has_no_moment() -> None:
    story = a_story(report=a_report(photos=("photo-1", "photo-2")), verified=False)
    story.give(c.ReceivePhoto(photo_id=a_photo().photo_id, bytes=9, by=story.claim.reported_by))
    story.give(c.RecordPhotoChecks(photo_id=a_photo().photo_id, checks=photo_checks()))

    story.give(c.Triage(scene=a_scene()), after=timedelta(hours=1))

    assert [doubt.code for doubt in story.claim.findings] == [R.EVIDENCE_MISSING]


@pytest.mark.parametrize(
    ("stock", "before", "found"),
    [
        (100, 0, []),
        (100, 28, []),
        (100, 29, ["COUNT_MISMATCH:lately"]),
        (100, 98, ["COUNT_MISMATCH:lately"]),
        (100, 99, ["COUNT_MISMATCH:stock"]),
        (10, 8, []),
        (12, 8, []),
        (11, 9, ["COUNT_MISMATCH:lately"]),
        (10, 9, ["COUNT_MISMATCH:stock"]),
    ],
)
def test_deaths_are_held_against_stock_and_the_last_weeks(stock: int, before: int, found: list[str]) -> None:
    policy = a_policy(terms=terms(stock=stock, insured_heads=stock))

    claim = a_claim(world=facts(policy, elsewhere=Elsewhere(deaths_before=before)))

    assert keys(claim) == found
    assert claim.state is State.JOINT_REVIEW


def test_mass_deaths_of_a_flock_are_what_its_product_pays_for() -> None:
    policy = a_policy(species=Species.POULTRY, product="layer-event", terms=terms(stock=100))
    hens = tuple(Animal(str(place), Species.POULTRY) for place in range(50))
    report = a_report(species=Species.POULTRY, animals=hens, heads=50)

    claim = a_claim(report=report, world=facts(policy), scene=a_scene(50))

    assert not any(key.startswith("COUNT_MISMATCH") for key in keys(claim))


def test_a_recount_leaves_doubts_about_the_herd_alone() -> None:
    claim = known(deaths_before=200)

    assert path_if_counted(claim, a_scene(2)) is Path.ASSISTED


@pytest.mark.parametrize(
    ("tag", "what", "why"),
    [
        (TAG, {}, None),
        (TAG, {"has_herd_book": True, "herds": {TAG: FarmId("farm-1")}}, None),
        (FOREIGN_TAG, {"has_herd_book": True, "herds": {FOREIGN_TAG: FarmId("farm-1")}}, None),
        (TAG, {"has_herd_book": True}, "NOT_IN_HERD_BOOK"),
        (FOREIGN_TAG, {}, "OTHER_COUNTY"),
        (FOREIGN_TAG, {"has_herd_book": True}, "NOT_IN_HERD_BOOK, OTHER_COUNTY"),
        (TAG, {"herds": {TAG: FarmId("farm-2")}}, "OTHER_FARM"),
    ],
    ids=["fits", "listed", "moved and listed", "unlisted", "moved", "unlisted and moved", "another's"],
)
def test_a_tag_fits_the_farm_by_its_herd_book_else_by_its_county(
    tag: str, what: dict[str, Any], why: str | None
) -> None:
    claim = tagged(tag, **what)

    assert [(doubt.key, doubt.facts["why"]) for doubt in claim.findings] == (
        [("TAG_INVALID:herd 1", why)] if why else []
    )
    assert claim.state is State.JOINT_REVIEW


def test_a_malformed_tag_is_one_doubt_not_two() -> None:
    assert keys(tagged("nonsense", has_herd_book=True)) == ["TAG_INVALID:1"]


@settings(max_examples=40, deadline=None)
@given(
    count=st.sampled_from([None, 1, 2]),
    tag=st.sampled_from(["237080012345678", "243012100000001", "137080012345678", "nonsense"]),
    is_listed=st.booleans(),
)
def test_a_tag_alone_never_clears_cattle(*, count: int | None, tag: str, is_listed: bool) -> None:
    book = Elsewhere(herds={tag: FarmId("farm-1")} if is_listed else {}, has_herd_book=True)
    bare = Animal("1", Species.CATTLE)

    without, with_tag = (
        a_claim(
            report=a_report(species=Species.CATTLE, animals=(animal,), heads=1),
            world=facts(elsewhere=book),
            scene=a_scene(count),
        )
        for animal in (bare, replace(bare, tag=tag))
    )

    assert set(keys(without)) <= set(keys(with_tag))


@pytest.mark.parametrize(
    ("pair", "is_doubt"),
    [
        (None, False),
        (Together(OfficerId("li"), OfficerId("shi"), claims=5, of=9, officers=2), True),
        (Together(OfficerId("li"), OfficerId("shi"), claims=5, of=10, officers=2), False),
        (Together(OfficerId("li"), OfficerId("shi"), claims=4, of=4, officers=2), False),
        (Together(OfficerId("li"), OfficerId("shi"), claims=30, of=30, officers=1), False),
    ],
)
def test_people_who_met_on_most_of_a_farms_claims_want_another_look(
    pair: Together | None, *, is_doubt: bool
) -> None:
    claim = known(together=pair)

    assert keys(claim) == (["EVIDENCE_MISSING:people"] if is_doubt else [])


def test_one_account_on_many_farms_is_a_doubt_and_holds_no_money() -> None:
    assert keys(known(payee_farms=3)) == []

    claim = known(payee_farms=4)

    assert keys(claim) == ["PAYEE_MISMATCH:account"]
    assert claim.holds == ()


def test_a_payee_changed_within_seven_days_holds_the_money_and_leaves_the_lanes_open() -> None:
    lately = known(payee_changed_at=REPORTED_AT - 7 * DAY + timedelta(hours=1))
    before = known(payee_changed_at=REPORTED_AT - 7 * DAY)

    assert [hold.kind for hold in lately.holds] == [HoldKind.PAYEE_CHANGED]
    assert (lately.path, lately.state) == (Path.ASSISTED, State.JOINT_REVIEW)
    assert before.findings == before.holds == ()


def test_a_released_change_of_payee_is_not_asked_about_again_and_another_change_is() -> None:
    changed = REPORTED_AT - DAY
    story = a_story(world=facts(elsewhere=Elsewhere(payee_changed_at=changed)))
    story.give(a_release(HoldKind.PAYEE_CHANGED))
    assert story.claim.holds == ()

    story.give(c.AddEvidence(by=story.claim.reported_by, note="the old account is closed"))
    story.give(c.Triage(scene=a_scene()))
    assert story.claim.holds == ()

    story.facts = facts(elsewhere=Elsewhere(payee_changed_at=changed + timedelta(hours=1)))
    story.give(c.AddEvidence(by=story.claim.reported_by, note="and that one too"))
    story.give(c.Triage(scene=a_scene()))
    assert [hold.kind for hold in story.claim.holds] == [HoldKind.PAYEE_CHANGED]


def test_a_payee_changed_after_the_triage_holds_the_payout() -> None:
    story = a_story(approved_by=ALL_THREE, accepted=True, handed_over=True)
    story.facts = facts(elsewhere=Elsewhere(payee_changed_at=story.at, is_payee_current=False))

    story.give(c.StartPayout())

    assert story.claim.payout is None
    (hold,) = story.claim.holds
    assert (hold.kind, hold.reason) == (HoldKind.PAYEE_CHANGED, "PAYEE_CHANGED, PAYEE_MISMATCH")
    story.give(a_release(HoldKind.PAYEE_CHANGED))
    story.pay()
    assert story.state is State.PAID
