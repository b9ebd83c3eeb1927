"""Decisions made again from the events alone: the same on every path, and the first field that differs is named."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from backend.domain.events import (
    ClaimAssessed,
    ClaimTriaged,
    Event,
    HoldPlaced,
    OfferAccepted,
    PayoutStarted,
    Recorded,
)
from backend.domain.money import Money
from backend.domain.offer import Offer
from backend.domain.words import Path, State
from tests.builders import OUTSIDE, a_digest, a_photo_id, a_report, a_scene, assessment, facts, photo_checks
from tests.replayed import made_again, replayed
from tests.stories import Story, a_story, a_story_in


def in_advance() -> Story:
    return a_story(report=a_report(accept_in_advance=True))


def on_hold() -> Story:
    return a_story(world=facts(sightings={a_photo_id(): ("FC-20261120-0009",)}))


def assessed() -> Story:
    story = a_story(report=a_report("95", None))
    story.give(assessment("95", "55"))
    return story


def changed(story: Story, kind: type[Event], change: Callable[[Event], Event]) -> list[Recorded]:
    """The history with its events of one kind changed."""
    return [
        replace(entry, event=change(entry.event)) if isinstance(entry.event, kind) else entry
        for entry in story.events
    ]


def without(story: Story, kind: type[Event]) -> list[Recorded]:
    kept = [entry for entry in story.events if not isinstance(entry.event, kind)]
    return [replace(entry, seq=place) for place, entry in enumerate(kept, start=1)]


@pytest.mark.parametrize("state", State)
def test_a_claim_in_every_state_comes_out_the_same(state: State) -> None:
    again, differences = made_again(a_story_in(state).events)

    assert differences == []
    assert again.made >= 1


@pytest.mark.parametrize("make", [in_advance, on_hold, assessed])
def test_acceptance_holds_and_assessments_come_out_the_same(make: Callable[[], Story]) -> None:
    again, differences = made_again(make().events)

    assert differences == []
    assert again.folded == []


def test_a_photo_outside_of_the_fence_is_doubted_again() -> None:
    story = a_story(checks=photo_checks(fence=OUTSIDE), scene=a_scene(2))

    assert story.claim.findings
    assert replayed(story.events) == []


def _line_raised(offer: Offer) -> Offer:
    first, *rest = offer.lines
    return replace(offer, lines=(replace(first, amount=Money.parse("701.00")), *rest))


def test_a_line_that_pays_a_yuan_more_is_named_to_the_fen() -> None:
    story = a_story()
    forged = changed(story, ClaimTriaged, lambda one: replace(one, offer=_line_raised(one.offer)))

    first = replayed(forged)[0]

    assert (first.field, first.recorded, first.replayed) == ("offer.lines[0].amount", "701.00", "700.00")
    assert first.seq == next(entry.seq for entry in story.events if isinstance(entry.event, ClaimTriaged))


def test_another_evidence_hash_than_the_officers_were_shown_is_named() -> None:
    story = a_story()
    forged = changed(story, ClaimTriaged, lambda one: replace(one, evidence_hash=a_digest("another")))

    assert [one.field for one in replayed(forged)] == ["evidence_hash"]


def test_a_doubt_that_was_left_out_is_named() -> None:
    story = a_story(checks=photo_checks(fence=OUTSIDE))
    forged = changed(story, ClaimTriaged, lambda one: replace(one, findings=(), path=Path.FAST))

    assert [one.field for one in replayed(forged)] == ["number of findings"]


def test_another_path_than_the_doubts_lead_to_is_named() -> None:
    forged = changed(a_story(), ClaimTriaged, lambda one: replace(one, path=Path.ASSISTED))

    assert [(one.field, one.recorded, one.replayed) for one in replayed(forged)] == [
        ("path", "ASSISTED", "FAST")
    ]


@pytest.mark.parametrize(("make", "kind"), [(on_hold, HoldPlaced), (in_advance, OfferAccepted)])
def test_what_the_machine_had_to_record_and_did_not_is_named(
    make: Callable[[], Story], kind: type[Event]
) -> None:
    first = replayed(without(make(), kind))[0]

    assert (first.field, first.recorded, first.replayed) == ("type", "nothing", kind.type)


def test_an_acceptance_that_no_offer_asked_for_is_named() -> None:
    story = in_advance()
    forged = changed(story, ClaimTriaged, lambda one: replace(one, offer=replace(one.offer, complete=False)))

    assert [one.field for one in replayed(forged)] == ["offer.complete", "type"]


def test_another_amount_than_the_offers_leaves_nothing_unseen() -> None:
    forged = changed(
        a_story_in(State.PAID), PayoutStarted, lambda one: replace(one, amount=Money.parse("1.00"))
    )

    assert [one.field for one in replayed(forged)] == ["amount"]


def test_rules_that_this_release_does_not_have_are_named() -> None:
    forged = changed(a_story(), ClaimTriaged, lambda one: replace(one, rule_version="2031-01"))

    assert "2031-01" in replayed(forged)[0].replayed


def test_a_product_that_this_installation_does_not_have_is_named() -> None:
    forged = changed(
        assessed(), ClaimAssessed, lambda one: replace(one, offer=replace(one.offer, product="pig-bands@99"))
    )

    assert "no version 99" in replayed(forged)[0].replayed


def test_more_heads_than_were_left_are_named() -> None:
    forged = changed(a_story_in(State.PAID), PayoutStarted, lambda one: replace(one, heads_paid=99))

    assert replayed(forged)[0].replayed == "nothing: 1 insured heads were left"


def test_what_its_event_does_not_say_is_counted_and_not_made_up() -> None:
    def as_before(event: Event) -> Event:
        return replace(event, elsewhere=None, offer=replace(event.offer, basis=None))

    again, differences = made_again(changed(a_story(), ClaimTriaged, as_before))

    assert differences == []
    assert again.folded == ["sum of an offer of an older form", "findings of a triage of an older form"]
