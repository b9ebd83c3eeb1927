"""Labels and consent: what the counter may learn from a claim, which stands as it stood."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain import commands as c
from backend.domain.fold import fold
from backend.domain.labels import LabelBox, PhotoLabel
from backend.domain.photos import PhotoRefused
from backend.domain.problems import InvalidInput, NotAllowed
from backend.domain.words import Lane, LaneState, Posture, State
from backend.texts.events import event_sentence
from backend.texts.load import Language
from tests.builders import (
    ALL_THREE,
    a_consent,
    a_label,
    a_photo_id,
    a_report,
    photo_checks,
    received,
)
from tests.stories import Story, a_story, a_story_in

BOX = (10, 10, 20, 30)


def label_of(story: Story, name: str = "photo-1") -> PhotoLabel:
    photo = story.claim.photo(a_photo_id(name))
    assert photo is not None
    assert photo.labelled is not None
    return photo.labelled.label


def pointers(story: Story, command: c.Command) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        story.give(command)
    return [error.pointer for error in refused.value.errors]


@pytest.mark.parametrize(
    "state", [state for state in State if state not in {State.REPORTED, State.VERIFYING}]
)
def test_a_label_and_consent_change_nothing_that_a_claim_is_decided_by(state: State) -> None:
    story = a_story_in(state)
    before = story.claim
    if not before.photos:
        return

    story.give(a_label())
    story.give(a_consent())

    after = story.claim
    assert (after.state, after.path, after.lanes) == (before.state, before.path, before.lanes)
    assert (after.offer, after.evidence_hash, after.offer_hash) == (
        before.offer,
        before.evidence_hash,
        before.offer_hash,
    )
    assert after.photos_may_teach
    assert label_of(story).heads == 2


def test_approvals_given_before_a_label_stand_after_it() -> None:
    story = a_story(approved_by=(Lane.INSURER, Lane.VETERINARY))

    story.give(a_label(heads=7))

    assert [record.state for record in story.claim.lanes.values()].count(LaneState.APPROVED) == 2
    assert story.claim.heads == 2


def test_a_later_label_stands_and_the_earlier_stays_in_the_history() -> None:
    story = a_story(approved_by=ALL_THREE)

    story.give(a_label(BOX))
    story.give(a_label(heads=3, lane=Lane.VETERINARY, posture=Posture.LYING, dead=True))

    assert label_of(story) == PhotoLabel(3, None, Posture.LYING, dead=True)
    told = [event_sentence(Language.EN, entry, story.claim) for entry in story.events[-2:]]
    assert told == [
        "A photo was labelled for the counter: heads 1, by li@org-insurer.",
        "A photo was labelled for the counter: heads 3, by li@org-veterinary.",
    ]
    assert event_sentence(Language.ZH, story.events[-1], story.claim) == (
        "Li@org-veterinary标注了一张照片：3 头，供清点模型学习。"
    )


def test_no_heads_is_an_empty_photo_with_no_boxes_to_draw() -> None:
    story = a_story()

    story.give(a_label(heads=0))

    assert label_of(story).boxes == ()


def test_everything_wrong_with_a_label_is_named_at_once() -> None:
    story = a_story()  # a photo of 1280 × 960
    command = replace(
        a_label(BOX),
        heads=-1,
        boxes=(
            LabelBox(BOX, "dragon"),
            LabelBox((5, 5, 5, 9), "pig"),
            LabelBox((0, 0, 1281, 9), "pig"),
            LabelBox(BOX, "pig"),
            LabelBox(BOX, "pig"),
            LabelBox((0, 0, 1280, 960), "sheep"),
        ),
    )

    assert pointers(story, command) == [
        "/heads",
        "/heads",
        "/boxes/0/species",
        "/boxes/1/xyxy",
        "/boxes/2/xyxy",
        "/boxes/4/xyxy",
    ]


def test_only_a_photo_of_this_claim_that_was_looked_at_is_labelled() -> None:
    unread = photo_checks(refused=PhotoRefused("photo-broken", "The photo is cut off", "Send it again."))
    story = a_story(report=a_report(photos=("photo-1", "photo-2")), verified=False)
    assert pointers(story, a_label(heads=1)) == ["/photo"]
    assert pointers(story, a_label(photo="photo-9", heads=1)) == ["/photo"]

    story.give(received())
    story.give(c.RecordPhotoChecks(photo_id=a_photo_id(), checks=unread))

    assert pointers(story, a_label(heads=1)) == ["/photo"]
    assert pointers(story, replace(a_label(heads=1), heads=None)) == ["/photo", "/heads"]


def test_the_collector_labels_nothing() -> None:
    with pytest.raises(NotAllowed):
        a_story().give(a_label(lane=None))


def test_consent_comes_with_the_report_and_goes_at_any_time() -> None:
    story = a_story(report=a_report(photos_may_teach=True))
    assert story.claim.photos_may_teach

    story.give(a_consent(given=False))

    assert not story.claim.photos_may_teach
    assert event_sentence(Language.EN, story.events[-1], story.claim) == (
        "The photos may no longer teach the counter."
    )


labels = st.builds(
    a_label,
    heads=st.integers(0, 5),
    photo=st.sampled_from(["photo-1", "photo-2"]),
    lane=st.sampled_from(Lane),
    posture=st.sampled_from([None, *Posture]),
    dead=st.sampled_from([None, True, False]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(labels, max_size=6))
def test_of_any_row_of_labels_the_last_of_each_photo_stands(given_labels: list[c.LabelPhoto]) -> None:
    story = a_story(report=a_report(photos=("photo-1", "photo-2")))
    before = story.claim

    for command in given_labels:
        story.give(command)

    last = {command.photo_id: command for command in given_labels}
    for photo in story.claim.photos:
        command = last.get(photo.id)
        assert (photo.labelled is None) == (command is None)
        if photo.labelled and command:
            assert photo.labelled.by == command.officer.actor
            assert (photo.labelled.label.heads, photo.labelled.label.posture) == (
                command.heads,
                command.posture,
            )
    assert fold(story.events) == story.claim
    assert story.claim.evidence_hash == before.evidence_hash
