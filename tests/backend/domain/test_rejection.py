"""The machine may approve, never deny: only a person rejects, with a reason (domain.md §1)."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any  # fields of a command

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain import commands as c
from backend.domain.events import SceneFound
from backend.domain.photos import CountFound, PhotoChecks, PhotoRefused
from backend.domain.policy import Animal
from backend.domain.problems import MoveNotAllowed, ReasonNeeded
from backend.domain.words import Cause, Lane, LaneState, Path, ReasonCode, Species, State
from tests.builders import (
    INSIDE,
    NO_FIX,
    OUTSIDE,
    a_photo_id,
    a_report,
    an_officer,
    decision,
    facts,
    photo_checks,
    rejection,
)
from tests.stories import Story, a_story


@pytest.mark.parametrize("lane", Lane)
def test_one_lanes_reject_ends_the_claim_and_closes_the_open_lanes(lane: Lane) -> None:
    story = a_story()

    story.give(rejection(story.claim, lane))

    assert story.state is State.REJECTED
    assert story.claim.rejection is not None
    assert story.claim.rejection.decision.by == an_officer(lane).id
    assert story.claim.rejection.decision.reason_code is ReasonCode.PERIL_EXCLUDED
    states = {other: record.state for other, record in story.claim.lanes.items()}
    assert states == {other: LaneState.REJECTED if other is lane else LaneState.VOID for other in Lane}


def test_approvals_that_were_given_stay_visible_beside_a_rejection() -> None:
    story = a_story(approved_by=(Lane.INSURER,))

    story.give(rejection(story.claim))

    assert story.claim.lanes[Lane.INSURER].state is LaneState.APPROVED
    assert story.claim.lanes[Lane.INSPECTION].state is LaneState.VOID


@pytest.mark.parametrize("gap", [{"reason_code": None}, {"note": ""}, {"note": "  "}])
def test_a_rejection_needs_a_reason_code_and_a_note_for_the_farmer(gap: dict[str, Any]) -> None:
    story = a_story()

    with pytest.raises(ReasonNeeded):
        story.give(rejection(story.claim, **gap))

    assert story.state is State.JOINT_REVIEW


def test_a_rejected_claim_takes_no_further_decision_and_no_money() -> None:
    story = a_story()
    story.give(rejection(story.claim))

    for command in (
        decision(story.claim, Lane.INSURER),
        rejection(story.claim, Lane.INSPECTION),
        c.StartPayout(),
        c.Withdraw(by=story.claim.reported_by),
    ):
        with pytest.raises(MoveNotAllowed):
            story.give(command)


def test_an_assisted_claim_is_rejected_by_the_same_rule() -> None:
    story = a_story(checks=photo_checks(fence=OUTSIDE))
    assert story.claim.path is Path.ASSISTED

    with pytest.raises(ReasonNeeded):
        story.give(rejection(story.claim, reason_code=None))
    story.give(rejection(story.claim))

    assert story.state is State.REJECTED


some_animals = st.builds(
    Animal,
    ref=st.uuids().map(str),
    species=st.sampled_from(Species),
    tag=st.none() | st.sampled_from(["137080012345678", "237080012345678", "nonsense"]),
    weight_kg=st.none() | st.decimals(Decimal("0.1"), 400, places=1),
)
some_checks = st.builds(
    photo_checks,
    fence=st.sampled_from([INSIDE, OUTSIDE, NO_FIX, replace(INSIDE, decision="INSIDE_WITHIN_UNCERTAINTY")]),
    count=st.builds(
        lambda heads, unsure: CountFound("shipped-1", heads, heads, heads, unsure),
        st.integers(0, 9),
        st.booleans(),
    ),
    signals=st.sampled_from([(), ("EXIF_CONTRADICTS_DEVICE",)]),
    refused=st.none() | st.just(PhotoRefused("photo-truncated", "The photo is damaged", "Send it again.")),
)
some_scenes = st.builds(
    SceneFound,
    count=st.none() | st.integers(0, 9),
    low=st.none() | st.integers(0, 9),
    high=st.none() | st.integers(0, 9),
    unsure=st.booleans(),
)
some_moments = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    max_value=datetime(2026, 11, 22),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)


@settings(max_examples=150, deadline=None)
@given(
    animals=st.lists(some_animals, max_size=4, unique_by=lambda animal: animal.tag or animal.ref),
    extra=st.integers(0, 2),
    species=st.sampled_from(Species),
    cause=st.sampled_from(Cause),
    died_at=some_moments,
    checks=some_checks,
    scene=some_scenes,
    is_known_elsewhere=st.booleans(),
    heads_paid=st.integers(0, 100),
)
def test_no_finding_of_the_machine_ends_in_a_rejection(
    *,
    animals: list[Animal],
    extra: int,
    species: Species,
    cause: Cause,
    died_at: datetime,
    checks: PhotoChecks,
    scene: SceneFound,
    is_known_elsewhere: bool,
    heads_paid: int,
) -> None:
    elsewhere = ("FC-20261120-0009",)
    world = facts(
        heads_paid=heads_paid,
        sightings={a_photo_id(): elsewhere} if is_known_elsewhere else {},
        tag_claims={"137080012345678": elsewhere} if is_known_elsewhere else {},
    )
    story = Story(world)
    story.give(
        a_report(
            animals=tuple(animals),
            heads=max(1, len(animals) + extra),
            species=species,
            cause=cause,
            occurred_at=died_at,
        )
    )

    story.verify(checks, scene)

    assert story.claim.rejection is None
    assert story.state in {State.TRIAGED, State.JOINT_REVIEW}
    assert story.claim.path is not None
    assert (story.state is State.TRIAGED) == (story.claim.path is Path.HOLD)
