"""Who fills a lane: its own office, one that was asked, a cover; never whoever stepped back or is tied to the farm."""

from dataclasses import replace

import pytest

from backend.domain import commands as c
from backend.domain.duties.offices import Offices
from backend.domain.duties.problems import (
    AnotherOfficesPart,
    CannotStandIn,
    OfficeNotNamed,
    OfficerHasRecused,
    SecondLookNeeded,
    TiedToFarm,
)
from backend.domain.duties.words import Basis, TieKind
from backend.domain.elsewhere import Elsewhere, Together
from backend.domain.ids import OfficerId, OrganisationId
from backend.domain.lanes import decision_document
from backend.domain.parties import Officer
from backend.domain.problems import NotAllowed, OnePersonOneLane, ReasonNeeded, WrongLane
from backend.domain.words import Decision, Lane, LaneState, State
from tests.builders import (
    ALL_THREE,
    CLAIM_ID,
    a_digest,
    a_release,
    an_officer,
    assessment,
    decision,
    facts,
)
from tests.stories import Story, a_story, a_story_in

HOME, NEIGHBOUR = OrganisationId("org-veterinary"), OrganisationId("org-next-county")
VET = an_officer(Lane.VETERINARY)
COLLEAGUE = an_officer(Lane.VETERINARY, name="wang")
STRANGER = an_officer(Lane.VETERINARY, name="zhao", organisation=NEIGHBOUR)
AT_HOME = Offices(home=frozenset({HOME}))


def a_review(offices: Offices = AT_HOME) -> Story:
    story = a_story()
    story.facts = replace(facts(), offices=offices)
    return story


def said(
    story: Story, by: Officer, *, place: OrganisationId | None = None, what: Decision = Decision.APPROVE
) -> c.DecideLane:
    return replace(decision(story.claim, Lane.VETERINARY, what, by=by), on_behalf_of=place)


def delegation(
    by: Officer = VET, to: OrganisationId = NEIGHBOUR, reason: str = "our vet is ill"
) -> c.DelegateLane:
    return c.DelegateLane(officer=by, lane=Lane.VETERINARY, to=to, reason=reason)


def test_an_office_of_another_county_has_no_part_in_a_claim() -> None:
    story = a_review()

    with pytest.raises(AnotherOfficesPart, match="org-veterinary"):
        story.give(said(story, STRANGER))
    with pytest.raises(AnotherOfficesPart):
        story.give(said(story, STRANGER, place=HOME))


def test_where_no_office_of_the_county_is_registered_any_of_the_lane_decides() -> None:
    story = a_review(Offices())

    story.give(said(story, STRANGER))

    assert story.claim.lanes[Lane.VETERINARY].state is LaneState.APPROVED


def test_an_office_that_was_asked_decides_and_says_for_whom() -> None:
    story = a_review(replace(AT_HOME, asked=Lane.VETERINARY))
    story.give(delegation())

    with pytest.raises(OfficeNotNamed, match="org-veterinary"):
        story.give(said(story, STRANGER))
    story.give(said(story, STRANGER, place=HOME))

    given = story.claim.lanes[Lane.VETERINARY].decided
    assert given is not None
    assert (given.by, given.on_behalf_of, given.basis) == (STRANGER.id, HOME, Basis.DELEGATION)


def test_the_office_that_asked_may_still_decide_and_may_take_it_back() -> None:
    story = a_review(replace(AT_HOME, asked=Lane.VETERINARY))
    story.give(delegation())

    story.give(delegation(to=HOME))

    assert story.claim.delegated == {}
    assert story.give(delegation(to=HOME)) == []
    with pytest.raises(AnotherOfficesPart):
        story.give(said(story, STRANGER, place=HOME))
    story.give(said(story, VET))
    assert story.claim.lanes[Lane.VETERINARY].state is LaneState.APPROVED


def test_a_cover_decides_only_for_an_office_that_is_closed_now() -> None:
    story = a_review(replace(AT_HOME, covered=frozenset({HOME})))

    story.give(said(story, STRANGER, place=HOME))

    given = story.claim.lanes[Lane.VETERINARY].decided
    assert given is not None
    assert given.basis is Basis.COVER


def test_what_is_signed_names_the_office_in_whose_place_and_is_as_before_where_there_is_none() -> None:
    said = {
        "claim_id": CLAIM_ID,
        "lane": Lane.VETERINARY,
        "decision": Decision.APPROVE,
        "reason_code": None,
        "evidence_hash": a_digest("evidence"),
        "offer_hash": a_digest("offer"),
    }

    own, other = decision_document(**said), decision_document(**said, on_behalf_of=HOME)  # type: ignore[arg-type]

    assert b"on_behalf_of" not in own
    assert b'"on_behalf_of":"org-veterinary"' in other


@pytest.mark.parametrize(
    ("by", "asked", "reason", "refused"),
    [
        (an_officer(Lane.INSURER), Lane.VETERINARY, "ill", WrongLane),
        (an_officer(None), Lane.VETERINARY, "ill", WrongLane),
        (STRANGER, Lane.VETERINARY, "ill", AnotherOfficesPart),
        (VET, Lane.INSURER, "ill", CannotStandIn),
        (VET, None, "ill", CannotStandIn),
        (VET, Lane.VETERINARY, "  ", ReasonNeeded),
    ],
)
def test_who_may_ask_whom(by: Officer, asked: Lane | None, reason: str, refused: type[Exception]) -> None:
    story = a_review(replace(AT_HOME, asked=asked))

    with pytest.raises(refused):
        story.give(delegation(by=by, reason=reason))


def test_a_service_officer_who_may_asks_for_an_office_that_does_not_answer() -> None:
    story = a_review(replace(AT_HOME, asked=Lane.VETERINARY, may_delegate=True))

    story.give(delegation(by=an_officer(Lane.INSURER)))

    assert story.claim.delegated[Lane.VETERINARY].on_behalf_of == HOME


def test_three_organisations_decide_also_where_one_stands_in() -> None:
    story = a_review(Offices(home=frozenset({HOME}), covered=frozenset({HOME})))
    story.facts = replace(story.facts, offices=Offices())
    story.give(decision(story.claim, Lane.INSURER, by=an_officer(Lane.INSURER, organisation=NEIGHBOUR)))
    story.facts = replace(story.facts, offices=Offices(home=frozenset({HOME}), covered=frozenset({HOME})))

    with pytest.raises(OnePersonOneLane):
        story.give(said(story, STRANGER, place=HOME))


def test_whoever_stepped_back_decides_nothing_and_a_colleague_does() -> None:
    story = a_review()
    story.give(c.Recuse(officer=VET, reason="my brother's farm"))

    for what in (Decision.APPROVE, Decision.ASK, Decision.REJECT):
        with pytest.raises(OfficerHasRecused):
            story.give(said(story, VET, what=what))
    story.give(said(story, COLLEAGUE))

    assert story.claim.lanes[Lane.VETERINARY].state is LaneState.APPROVED
    assert story.give(c.Recuse(officer=VET, reason="again")) == []


@pytest.mark.parametrize("state", [State.JOINT_REVIEW, State.OFFERED, State.ACCEPTED, State.PAYABLE])
def test_what_they_had_approved_is_void_and_the_lane_open(state: State) -> None:
    story = a_story_in(state)
    if state is State.JOINT_REVIEW:
        story.give(decision(story.claim, Lane.VETERINARY))

    story.give(c.Recuse(officer=VET, reason="my brother's farm"))

    assert story.claim.lanes[Lane.VETERINARY].state is LaneState.VOID
    assert story.state is State.JOINT_REVIEW


def test_who_steps_back_says_why_and_has_a_lane_to_step_back_from() -> None:
    story = a_review()

    with pytest.raises(ReasonNeeded):
        story.give(c.Recuse(officer=VET, reason=" "))
    with pytest.raises(NotAllowed):
        story.give(c.Recuse(officer=an_officer(None), reason="my brother's farm"))


@pytest.mark.parametrize("kind", TieKind)
def test_nobody_decides_assesses_or_releases_on_a_farm_they_are_tied_to(kind: TieKind) -> None:
    story = a_review(replace(AT_HOME, tie=kind))

    for command in (said(story, VET), assessment("95", "95"), a_release()):
        with pytest.raises(TiedToFarm, match=str(kind)):
            story.give(command)
    assert {lane: story.claim.lanes[lane].decided for lane in ALL_THREE} == dict.fromkeys(ALL_THREE)


def met_often() -> Story:
    pair = Together(VET.id, OfficerId("shi"), claims=5, of=5, officers=2)
    story = a_story(world=facts(elsewhere=Elsewhere(together=pair)))
    story.facts = replace(story.facts, offices=AT_HOME)
    return story


def test_who_met_the_collector_too_often_does_not_approve_and_a_colleague_does() -> None:
    story = met_often()

    with pytest.raises(SecondLookNeeded, match="shi met on 5 claims"):
        story.give(replace(said(story, VET), note="looked at"))
    story.give(replace(said(story, COLLEAGUE), note="looked at"))

    assert story.claim.lanes[Lane.VETERINARY].state is LaneState.APPROVED


def test_asking_and_rejecting_stay_open_to_who_met_too_often() -> None:
    story = met_often()

    story.give(replace(said(story, VET, what=Decision.ASK), note="another photo, please"))

    assert story.state is State.EVIDENCE_REQUESTED
