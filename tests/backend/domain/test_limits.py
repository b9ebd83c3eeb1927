"""Heads and programme money over two claims: in whatever order they are decided, neither limit is passed."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain import commands as c
from backend.domain.claim import Claim
from backend.domain.commitments import NOTHING, Commitment, commitment_of
from backend.domain.decisions.facts import Facts
from backend.domain.events import HoldPlaced, PayoutStarted
from backend.domain.ids import ClaimId, ProgrammeId
from backend.domain.money import Money
from backend.domain.problems import Problem
from backend.domain.programme import ProgrammeLimit, lies_in
from backend.domain.words import HoldKind, Lane, LaneState, Path, ReasonCode, State
from tests.builders import (
    ALL_THREE,
    CLAIM_ID,
    a_policy,
    a_release,
    a_report,
    a_retry,
    acceptance,
    assessment,
    confirmed_by_bank,
    decision,
    facts,
    failed_at_bank,
    handover,
    returned_by_bank,
    terms,
    unanswered,
)
from tests.stories import Story, a_story, a_story_in

PROGRAMME = ProgrammeId("XY-2026-PIG")
OTHER_ID = ClaimId(CLAIM_ID.__class__(int=CLAIM_ID.int + 1))


def limit(most: str, used: str = "0.00") -> ProgrammeLimit:
    return ProgrammeLimit(PROGRAMME, Money.parse(most), Money.parse(used))


def within(programme: ProgrammeLimit | None) -> Facts:
    return replace(facts(a_policy(programme=PROGRAMME)), programme=programme)


class Two:
    """Two claims of one policy and one programme, each of which sees what the other has committed."""

    def __init__(self, insured_heads: int, most: Money) -> None:
        self.policy = a_policy(
            terms=terms(insured_heads=insured_heads, stock=insured_heads), programme=PROGRAMME
        )
        self.most = most
        ids = (CLAIM_ID, OTHER_ID)
        self.stories = [
            a_story(
                report=a_report(claim_id=one),
                world=facts(self.policy),
                approved_by=ALL_THREE,
                accepted=True,
                handed_over=True,
            )
            for one in ids
        ]

    def committed(self) -> Commitment:
        both = [commitment_of(story.claim) for story in self.stories]
        return Commitment(sum(one.heads for one in both), Money.total(one.amount for one in both))

    def give(self, place: int, command: Callable[[Claim], c.Command]) -> None:
        story, taken = self.stories[place], self.committed()
        world = facts(self.policy, heads_paid=taken.heads)
        story.facts = replace(world, programme=ProgrammeLimit(PROGRAMME, self.most, taken.amount))
        try:
            story.give(command(story.claim))
        except (Problem, AssertionError):
            return


def either_hold(claim: Claim) -> c.Command:
    return a_release(claim.holds[0].kind if claim.holds else HoldKind.SIGNALS)


STEPS: dict[str, Callable[[Claim], c.Command]] = {
    "start": lambda _: c.StartPayout(),
    "fail": failed_at_bank,
    "return": returned_by_bank,
    "confirm": confirmed_by_bank,
    "unanswered": unanswered,
    "retry": lambda _: a_retry(),
    "release": either_hold,
    "lift": lambda _: c.LiftPaymentHolds(),
    "assess two": lambda _: assessment("95", "95"),
    "assess smaller": lambda _: assessment("55", "55", reason="the scale says so"),
    "approve": lambda claim: decision(
        claim,
        next((lane for lane in Lane if claim.lanes[lane].state is not LaneState.APPROVED), Lane.INSURER),
    ),
    "accept": acceptance,
    "hand over": lambda claim: handover(claim.heads, "190"),
}
steps = st.lists(st.tuples(st.integers(0, 1), st.sampled_from(sorted(STEPS))), max_size=40)


@given(
    steps=steps, insured=st.integers(1, 5), most=st.sampled_from(["0.01", "700", "1400", "2099.99", "9000"])
)
def test_no_order_of_steps_passes_the_heads_or_the_money(
    steps: list[tuple[int, str]], insured: int, most: str
) -> None:
    both = Two(insured, Money.parse(most)) if insured > 1 else Two(2, Money.parse(most))

    for place, step in steps:
        before = both.committed()
        is_late = step == "confirm" and commitment_of(both.stories[place].claim) == NOTHING
        if is_late:
            continue  # A bank that pays against its own word is a fact, which no decision can keep out.
        both.give(place, STEPS[step])

        taken = both.committed()
        assert taken.heads <= both.policy.terms.insured_heads or taken.heads <= before.heads
        assert taken.amount <= both.most or taken.amount <= before.amount
        assert all(story.state is not State.REJECTED for story in both.stories)


def test_a_sum_above_what_the_programme_has_left_is_told_to_people_and_stays() -> None:
    story = a_story(world=within(limit("2000", used="700")))

    doubt = next(one for one in story.claim.findings if one.code is ReasonCode.PROGRAMME_LIMIT)
    assert story.claim.path is Path.ASSISTED
    assert (doubt.facts["limit"], doubt.facts["left"], doubt.holds) == ("2000.00", "1300.00", False)
    assert story.claim.offer is not None
    assert str(story.claim.offer.amount) == "1400.00"


@pytest.mark.parametrize("world", [None, limit("1400"), limit("2100", used="700")])
def test_a_sum_that_the_programme_has_left_to_the_fen_is_fast(world: ProgrammeLimit | None) -> None:
    assert a_story(world=within(world)).claim.path is Path.FAST


def payable_beyond_the_programme() -> Story:
    """Approved and accepted, and by the time of the payout another claim has left 1 399.99."""
    story = a_story_in(State.PAYABLE)
    story.facts = within(limit("2000", used="600.01"))
    return story


def test_a_payout_beyond_the_programme_waits_whole_and_is_no_doubt_about_the_claim() -> None:
    story = payable_beyond_the_programme()

    recorded = story.give(c.StartPayout())

    assert [type(event) for event in recorded] == [HoldPlaced]
    assert (story.state, story.claim.path) == (State.ACCEPTED, Path.FAST)
    assert [hold.kind for hold in story.claim.holds] == [HoldKind.PROGRAMME_LIMIT]
    assert commitment_of(story.claim) == NOTHING


def test_a_higher_limit_lets_the_claim_go_on_under_the_same_approvals() -> None:
    story = payable_beyond_the_programme()
    story.give(c.StartPayout())
    assert story.give(c.LiftPaymentHolds()) == []
    story.facts = within(limit("2000.01", used="600.01"))

    story.give(c.LiftPaymentHolds())
    recorded = story.give(c.StartPayout())

    assert [type(event) for event in recorded] == [PayoutStarted]
    assert commitment_of(story.claim) == Commitment(2, Money.parse("1400.00"))


def test_a_smaller_assessment_is_another_way_out_and_asks_everyone_again() -> None:
    story = payable_beyond_the_programme()
    story.give(c.StartPayout())

    story.give(assessment("55", "55", reason="the docket says 110 kg"))

    assert {record.state for record in story.claim.lanes.values()} == {LaneState.VOID}
    assert not story.claim.is_accepted
    story.give(c.LiftPaymentHolds())
    assert story.claim.holds == ()


def test_what_a_payout_commits_is_what_was_offered_when_it_started() -> None:
    story = a_story_in(State.PAYABLE)
    story.give(c.StartPayout())
    story.give(failed_at_bank(story.claim))
    first = story.claim.payouts[0]
    story.give(a_retry())
    story.give(a_release()) if story.claim.holds else None

    # The bank, which had refused, says that it paid after all.
    story.give(c.RecordConfirmed(payout_id=first.id, bank_reference="B-9"))

    assert commitment_of(story.claim) == Commitment(2, Money.parse("1400.00"))


@pytest.mark.parametrize(
    ("county", "area", "inside"),
    [
        ("430624", "430624", True),
        ("430624", "430600", True),
        ("430624", "430000", True),
        ("430625", "430624", False),
        ("440624", "430000", False),
        ("430700", "430700", True),
    ],
)
def test_a_programme_reaches_the_counties_of_its_area(county: str, area: str, *, inside: bool) -> None:
    assert lies_in(county, area) is inside
