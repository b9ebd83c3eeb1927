"""The one table of moves: every command in every state, and the states that each ends in."""

import pytest

from backend.domain import commands as c
from backend.domain.moves import MOVES, is_allowed
from backend.domain.problems import MoveNotAllowed
from backend.domain.words import State
from tests.builders import FARMER
from tests.stories import a_claim, a_story_in

ENDS = (State.CLOSED, State.REJECTED, State.WITHDRAWN)
BEFORE_PAYMENT = tuple(State)[: tuple(State).index(State.PAYABLE) + 1]


def test_every_command_has_its_line_in_the_table() -> None:
    assert set(MOVES) == set(c.Command.__args__)


@pytest.mark.parametrize("state", State)
def test_a_claim_can_be_brought_into_every_state(state: State) -> None:
    assert a_claim(state).state is state


@pytest.mark.parametrize("state", BEFORE_PAYMENT)
def test_the_farmer_may_withdraw_until_the_money_leaves(state: State) -> None:
    story = a_story_in(state)

    story.give(c.Withdraw(by=FARMER, reason="they live"))

    assert story.state is State.WITHDRAWN


@pytest.mark.parametrize("state", [State.PAYING, State.PAYMENT_UNKNOWN, State.PAYMENT_FAILED, State.PAID])
def test_nothing_is_withdrawn_once_the_money_left(state: State) -> None:
    story = a_story_in(state)

    with pytest.raises(MoveNotAllowed) as refusal:
        story.give(c.Withdraw(by=FARMER))

    assert str(refusal.value) == f"cannot withdraw while the claim is {state}"


@pytest.mark.parametrize("end", ENDS)
def test_after_the_end_only_carcasses_visits_labels_flags_clocks_voices_and_the_banks_late_word_are_still_heard(
    end: State,
) -> None:
    allowed = {command for command in MOVES if is_allowed(command, end)}

    ended_unpaid = {c.RecordHandover, c.IssueCertificate, c.RecordConfirmed, c.StartVisit}
    beside = {c.LabelPhoto, c.ChangeConsent, c.RecordDeadlines, c.JudgeFlag}
    beside |= {c.RateClaim, c.AssignTicket, c.CloseTicket, c.EndVisit}
    assert allowed == {c.RecordReturned} | beside | (set() if end is State.CLOSED else ended_unpaid)
