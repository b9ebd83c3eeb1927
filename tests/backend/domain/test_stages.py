"""Where the minutes go: stages from events alone."""

import itertools
from datetime import timedelta

from backend.domain.stages import stage_of, stages_of
from backend.domain.words import Decision, Lane, State
from tests.builders import a_photo_id, decision, evidence, received
from tests.stories import a_story, a_story_in


def test_the_stages_of_a_paid_claim_add_up_to_its_way_from_report_to_money() -> None:
    story = a_story_in(State.PAID)

    stages = stages_of(story.events)
    over = [stage for stage in stages if stage.ended_at]

    assert [stage.name for stage in stages][:3] == ["upload", "verification", "joint_review"]
    assert stages[-1].name == "certificate"
    assert stages[-1].ended_at is None
    assert all(before.ended_at == after.started_at for before, after in itertools.pairwise(stages))
    paid_at = story.claim.payout.confirmed_at if story.claim.payout else None
    assert paid_at is not None
    total = sum((stage.ended_at - stage.started_at for stage in over if stage.ended_at), timedelta(0))
    assert total == paid_at - story.claim.reported_at


def test_the_joint_review_is_held_by_the_lanes_that_have_not_decided() -> None:
    story = a_story_in(State.JOINT_REVIEW)
    story.give(decision(story.claim, Lane.INSURER))

    last = stages_of(story.events)[-1]

    assert last.held_by == "veterinary+inspection"


def test_asking_for_evidence_gives_the_claim_back_to_the_farmer() -> None:
    story = a_story()
    story.give(decision(story.claim, Lane.VETERINARY, Decision.ASK, note="show the tag"))
    asked = stage_of(story.claim)
    story.give(evidence("photo-2"))
    sending = stage_of(story.claim)
    story.give(received("photo-2"))

    assert asked == ("evidence", "farmer")
    assert sending == ("upload", "farmer")
    assert stage_of(story.claim) == ("verification", "machine")
    assert story.claim.unchecked_photos == (a_photo_id("photo-2"),)


def test_nothing_is_awaited_once_a_claim_has_ended() -> None:
    for state in (State.CLOSED, State.REJECTED, State.WITHDRAWN):
        story = a_story_in(state)

        assert stage_of(story.claim) is None
        assert all(stage.ended_at for stage in stages_of(story.events))
