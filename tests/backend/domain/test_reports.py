"""A report that cannot be is refused with every fault at once, and nothing is recorded."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from backend.domain.decisions.reporting import LARGEST_PHOTO_BYTES, MOST_HEADS, MOST_PHOTOS
from backend.domain.events import ClaimReported
from backend.domain.ids import claim_number
from backend.domain.money import Money
from backend.domain.problems import InvalidInput
from tests.builders import NUMBER, REPORTED_AT, SECOND, a_photo, a_report, facts, pigs
from tests.stories import Story

TAG = "137080012345678"


def refused(**changes: object) -> list[str]:
    """The pointers of every wrong field of a report with these changes."""
    story = Story(facts())
    with pytest.raises(InvalidInput) as refusal:
        story.give(a_report(**changes))  # type: ignore[arg-type]
    assert story.current is None
    assert story.events == []
    return [error.pointer for error in refusal.value.errors]


@pytest.mark.parametrize("heads", [0, -1, MOST_HEADS + 1])
def test_the_number_of_heads_has_limits(heads: int) -> None:
    assert refused(heads=heads, animals=()) == ["/heads"]


def test_a_loss_cannot_lie_in_the_future() -> None:
    assert refused(occurred_at=REPORTED_AT + timedelta(minutes=11)) == ["/occurred_at"]


def test_a_devices_clock_may_run_ahead_a_little() -> None:
    story = Story(facts())

    story.give(a_report(occurred_at=REPORTED_AT + SECOND + timedelta(minutes=10)))

    assert story.current is not None


def test_no_more_animals_are_listed_than_died() -> None:
    assert refused(heads=1) == ["/animals"]


def test_weights_are_above_zero_and_ages_not_below() -> None:
    first, second = pigs("1", "1")
    wrong = (replace(first, weight_kg=Decimal(0)), replace(second, age_months=-1))

    assert refused(animals=wrong) == ["/animals/0/weight_kg", "/animals/1/age_months"]


def test_one_ear_tag_is_one_animal() -> None:
    assert refused(animals=tuple(replace(pig, tag=TAG) for pig in pigs("95", "95"))) == ["/animals"]


@pytest.mark.parametrize("size", [0, LARGEST_PHOTO_BYTES + 1])
def test_a_photo_has_a_size_that_can_be_uploaded(size: int) -> None:
    story = Story(facts())

    with pytest.raises(InvalidInput) as refusal:
        story.give(replace(a_report(), photos=(replace(a_photo(), bytes=size),)))

    assert [error.pointer for error in refusal.value.errors] == ["/photos/0/bytes"]


def test_a_photo_is_announced_once() -> None:
    assert refused(photos=("photo-1", "photo-1")) == ["/photos/1/sha256"]


def test_a_claim_takes_a_limited_number_of_photos() -> None:
    assert refused(photos=[f"photo-{n}" for n in range(MOST_PHOTOS + 1)]) == ["/photos"]


def test_every_wrong_field_is_named_at_once() -> None:
    wrong = refused(heads=0, occurred_at=REPORTED_AT + timedelta(days=1), photos=("a", "a"))

    assert wrong == ["/occurred_at", "/heads", "/animals", "/photos/1/sha256"]


def test_a_report_keeps_the_policy_the_product_version_and_the_promise() -> None:
    story = Story(facts())

    (event,) = story.give(a_report("95", "55"))

    assert isinstance(event, ClaimReported)
    assert event.number == NUMBER
    assert event.product == "pig-bands@1"
    assert event.policy == facts().policy
    assert event.lowest_sum_shown == Money.parse("1120.00")
    assert event.due_at == story.at + timedelta(minutes=15)


def test_no_sum_is_shown_before_every_weight_is_known() -> None:
    story = Story(facts())

    (event,) = story.give(a_report("95", None))

    assert isinstance(event, ClaimReported)
    assert event.lowest_sum_shown is None


def test_the_number_that_people_read_aloud_counts_the_days_reports() -> None:
    assert claim_number(REPORTED_AT.date(), 42) == "FC-20261123-0042"
