"""Proposals in the database: two hands, once, in time."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.domain.four_eyes.problems import AlreadyProposed, ProposalOver, SamePerson
from backend.domain.four_eyes.proposal import Proposal
from backend.domain.four_eyes.words import Ending, ProposalKind
from backend.domain.ids import PolicyNumber
from backend.domain.parties import Officer, Payee
from backend.domain.problems import NotAllowed, Problem
from backend.domain.words import Lane
from backend.store import people
from backend.store.engine import Transaction
from backend.workflows.four_eyes.deciding import FourEyes
from backend.workflows.four_eyes.hands import a_payee, a_payee_asked_for
from tests.backend.store.county import County
from tests.builders import SECOND, an_officer

WEEK = timedelta(days=7)
FIRST = an_officer(Lane.INSURER)
OTHER, THIRD = (an_officer(Lane.INSURER, name=name) for name in ("wang", "zhao"))
STRANGER = an_officer(Lane.VETERINARY)
PAYEE = Payee("李秀英", "6228480031234567")


class Desk:
    """Proposals of a county, and what was carried out."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.done: list[str] = []
        self.four_eyes = FourEyes({ProposalKind.PAYEE: self._hand}, WEEK)

    def _hand(
        self, _connection: Transaction, proposal: Proposal, second: Officer, _at: datetime
    ) -> Mapping[str, object]:
        self.done.append(f"{proposal.draft.subject} by {proposal.draft.officer} and {second.id}")
        return {}

    def write(self, work: Any) -> Any:
        return self.county.store.submit(work).result()

    def propose(self, number: str = "P-1", payee: Payee = PAYEE) -> Proposal:
        draft, at = a_payee(FIRST, PolicyNumber(number), payee, "a new card"), self.county.clock()
        return self.write(lambda c: self.four_eyes.propose(c, draft, FIRST, at))  # type: ignore[no-any-return]

    def approve(self, proposal: Proposal, by: Officer) -> Proposal:
        at = self.county.clock()
        return self.write(lambda c: self.four_eyes.approve(c, proposal.id, by, at))[0]  # type: ignore[no-any-return]

    def refuse(self, proposal: Proposal, by: Officer) -> Proposal:
        at = self.county.clock()
        return self.write(lambda c: self.four_eyes.refuse(c, proposal.id, by, "no", at))  # type: ignore[no-any-return]


@pytest.fixture
def desk(county: County) -> Desk:
    made = Desk(county)
    for colleague in (OTHER, THIRD):
        made.write(lambda c, one=colleague: people.put_officer(c, one))
    return made


def test_a_farmers_wish_takes_two_officers(desk: Desk) -> None:
    wish = a_payee_asked_for(FIRST.organisation, "policy P-1", PolicyNumber("P-1"), PAYEE, "a new card")
    proposal = desk.write(lambda c: desk.four_eyes.propose(c, wish, None, desk.county.clock()))

    taken_up = desk.approve(proposal, OTHER)
    with pytest.raises(SamePerson):
        desk.approve(proposal, OTHER)
    ended = desk.approve(proposal, THIRD)

    assert (taken_up.draft.officer, taken_up.ending) == (OTHER.id, None)
    assert ended.ending is Ending.APPROVED
    assert desk.done == [f"P-1 by {OTHER.id} and {THIRD.id}"]


def test_what_nobody_decided_in_time_may_be_proposed_anew(desk: Desk) -> None:
    old = desk.propose()
    with pytest.raises(AlreadyProposed):
        desk.propose(payee=Payee("王", "6228480039999999"))

    desk.county.clock.move(WEEK)
    with pytest.raises(ProposalOver, match="expired"):
        desk.approve(old, OTHER)
    new = desk.propose(payee=Payee("王", "6228480039999999"))

    assert new.id != old.id
    assert desk.done == []


def test_an_approval_that_cannot_be_carried_out_changes_nothing(desk: Desk) -> None:
    def refuses(*_: object) -> Mapping[str, object]:
        raise NotAllowed("not now")

    broken = FourEyes({ProposalKind.PAYEE: refuses}, WEEK)
    proposal = desk.propose()

    with pytest.raises(NotAllowed):
        desk.write(lambda c: broken.approve(c, proposal.id, OTHER, desk.county.clock()))

    assert desk.approve(proposal, OTHER).ending is Ending.APPROVED


STEPS = st.lists(
    st.tuples(st.sampled_from(["approve", "refuse"]), st.sampled_from([FIRST, OTHER, STRANGER])), max_size=5
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_nothing_is_carried_out_but_once_and_by_another_than_who_proposed(
    desk: Desk, steps: list[tuple[str, Officer]]
) -> None:
    desk.done.clear()
    desk.county.clock.move(WEEK + SECOND)
    proposal = desk.propose()

    for what, officer in steps:
        try:
            getattr(desk, what)(proposal, officer)
        except Problem:
            continue

    effective = [step for step in steps if step[1] is not STRANGER and step != ("approve", FIRST)]
    carried_out = bool(effective) and effective[0] == ("approve", OTHER)
    assert desk.done == ([f"P-1 by {FIRST.id} and {OTHER.id}"] if carried_out else [])
