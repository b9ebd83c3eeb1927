"""Lists, queues and stages agree with the events, whatever is done in whatever order."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.domain import commands as c
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.claim import Claim
from backend.domain.fold import fold
from backend.domain.ids import ClaimId, PayoutId
from backend.domain.ledger import journal
from backend.domain.problems import NotFound, Problem
from backend.domain.stages import stages_of
from backend.domain.words import Decision, HoldKind, Lane, LaneState, PayoutState, State
from backend.store import claims, ledger, projection, tables
from backend.store.claims import Wanted
from tests.backend.store.county import County, opened_county
from tests.builders import (
    ALL_THREE,
    CLAIM_ID,
    FARMER,
    a_hold,
    a_policy,
    a_release,
    a_report,
    a_retry,
    a_scene,
    acceptance,
    assessment,
    certificate,
    checked,
    confirmed_by_bank,
    decision,
    evidence,
    failed_at_bank,
    handover,
    received,
    rejection,
    returned_by_bank,
    unanswered,
    under_way,
)

MOVES: tuple[Callable[[Claim], c.Command], ...] = (
    lambda _: received(),
    lambda _: received("photo-2"),
    lambda _: checked(),
    lambda _: checked("photo-2"),
    lambda claim: c.Triage(scene=a_scene(claim.heads)),
    lambda _: c.Triage(scene=a_scene(7)),
    lambda _: evidence("photo-2", note="one more"),
    lambda _: assessment("95", "88.5"),
    lambda _: assessment("95"),
    *(lambda claim, lane=lane: decision(claim, lane) for lane in Lane),
    lambda claim: decision(claim, Lane.INSPECTION, Decision.ASK),
    rejection,
    acceptance,
    lambda claim: handover(claim.heads, str(sum(animal.weight_kg or 0 for animal in claim.animals))),
    lambda _: handover(9, "900", receipt="R-2"),
    lambda claim: certificate(claim.heads),
    lambda _: a_hold(),
    lambda _: a_hold(HoldKind.STOP_PAYMENTS),
    lambda _: a_release(),
    lambda _: a_release(HoldKind.STOP_PAYMENTS),
    lambda _: c.StartPayout(),
    lambda _: c.Withdraw(by=FARMER),
    lambda _: a_retry(),
    *(
        lambda claim, news=news: news(claim) if claim.payout else c.StartPayout()
        for news in (under_way, unanswered, confirmed_by_bank, failed_at_bank, returned_by_bank)
    ),
)
ON_THE_WAY = (0, 2, 4, 9, 10, 11, 14, 15)
"""The moves that a clean claim makes up to the payout: random orders around them go deep."""

COMMITTED = {PayoutState.STARTED, PayoutState.ACCEPTED, PayoutState.UNKNOWN, PayoutState.CONFIRMED}
orders = st.lists(st.integers(0, len(MOVES) - 1), max_size=14).flatmap(
    lambda odd: st.permutations([*ON_THE_WAY, *odd]) | st.just([*ON_THE_WAY, *odd])
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(orders)
def test_the_projection_is_the_fold_after_any_sequence_of_commands(
    lasting_database: str, order: list[int]
) -> None:
    with opened_county(lasting_database) as county:
        claim = county.report()
        for place in order:
            with suppress(Problem):
                claim = county.give(MOVES[place](claim)).claim

        history = county.history()
        assert fold(history) == claim == county.claim()
        assert county.store.engine.read(
            lambda one: projection.stages(one, CLAIM_ID), EVERYWHERE
        ) == stages_of(history)
        _assert_rows_are(county, claim)


def _assert_rows_are(county: County, claim: Claim) -> None:
    [row] = county.rows(tables.claims)
    assert (row.version, row.state, row.path, row.heads) == (
        claim.version,
        claim.state,
        claim.path,
        claim.heads,
    )
    assert row.amount == (claim.offer.amount if claim.offer else None)
    assert [row._mapping[lane] for lane in Lane] == [claim.lanes[lane].state for lane in Lane]
    is_committed = claim.payout is not None and claim.payout.state in COMMITTED
    assert row.heads_committed == (claim.offer.heads_payable if is_committed and claim.offer else 0)
    assert row.paid_at == claim.paid_at
    photos = {(row.photo_id, row.received_at) for row in county.rows(tables.claim_photos)}
    assert photos == {(photo.id, photo.received_at) for photo in claim.photos}
    payouts = {(row.id, row.no, row.amount, row.state) for row in county.rows(tables.payouts)}
    assert payouts == {(one.id, one.no, one.amount, one.state) for one in claim.payouts}
    assert len(county.rows(tables.events)) == claim.version
    assert county.store.engine.read(lambda one: ledger.entries(one, CLAIM_ID), EVERYWHERE) == journal(
        county.history()
    )


def read(county: County, work: Callable[..., Any]) -> Any:
    return county.store.engine.read(work, EVERYWHERE)


def test_a_claim_is_found_by_its_number_and_by_its_id(county: County) -> None:
    number = county.report().report.number

    for name in (number, number.lower(), str(CLAIM_ID), str(CLAIM_ID).upper()):
        assert read(county, lambda one, name=name: claims.find(one, name)) == CLAIM_ID
    for name in ("FC-20261123-9999", str(uuid4()), "", "'; DROP TABLE claims"):
        with pytest.raises(NotFound):
            read(county, lambda one, name=name: claims.find(one, name))


def test_a_payout_leads_to_its_claim(county: County) -> None:
    county.make_payable()
    payout = county.give(c.StartPayout()).claim.payout
    assert payout is not None

    assert read(county, lambda one: claims.claim_of_payout(one, payout.id)) == CLAIM_ID
    with pytest.raises(NotFound):
        read(county, lambda one: claims.claim_of_payout(one, PayoutId(UUID(int=1))))
    [row] = read(county, lambda one: claims.payouts(one, 10))
    assert (row.number, row.payee_name) == (county.claim().report.number, a_policy().payee.name)


def test_pages_of_a_list_follow_each_other_newest_first(county: County) -> None:
    for _ in range(5):
        county.report(a_report(claim_id=ClaimId(uuid4())))

    first = read(county, lambda one: claims.listed(one, Wanted(most=3)))
    second = read(county, lambda one: claims.listed(one, Wanted(most=3, after=first[-1].number)))

    assert [row.number[-4:] for row in (*first, *second)] == ["0005", "0004", "0003", "0002", "0001"]


def test_a_list_may_be_narrowed_to_a_state_a_policy_or_what_is_open(county: County) -> None:
    county.report()
    county.give(c.Withdraw(by=FARMER))
    county.report(a_report(claim_id=ClaimId(uuid4())))

    def numbers(wanted: Wanted) -> list[str]:
        return [row.number[-4:] for row in read(county, lambda one: claims.listed(one, wanted))]

    assert numbers(Wanted(state=State.WITHDRAWN)) == ["0001"]
    assert numbers(Wanted(open_only=True)) == ["0002"]
    assert numbers(Wanted(policy=a_policy().number)) == ["0002", "0001"]


def test_a_lane_queue_holds_what_this_lane_has_yet_to_approve(county: County) -> None:
    county.report()
    claim = county.verify()
    county.give(decision(claim, Lane.VETERINARY))

    waiting = {lane: read(county, lambda one, lane=lane: claims.queue_length(one, lane)) for lane in Lane}

    assert waiting == {Lane.INSURER: 1, Lane.VETERINARY: 0, Lane.INSPECTION: 1}
    assert [row.id for row in read(county, lambda one: claims.queue(one, Lane.INSPECTION, 5))] == [CLAIM_ID]


def test_a_claim_on_hold_waits_for_the_insurer_alone(county: County) -> None:
    county.report()
    county.verify()
    county.give(a_hold())

    waiting = {lane: read(county, lambda one, lane=lane: claims.queue_length(one, lane)) for lane in Lane}

    assert waiting == {Lane.INSURER: 1, Lane.VETERINARY: 0, Lane.INSPECTION: 0}


def test_the_oldest_open_claim_is_not_one_that_ended(county: County) -> None:
    assert read(county, claims.oldest_open) is None
    county.report()
    county.give(c.Withdraw(by=FARMER))
    second = county.report(a_report(claim_id=ClaimId(uuid4())))

    assert read(county, claims.oldest_open) == second.reported_at


def test_approvals_stand_in_the_lanes_columns(county: County) -> None:
    claim = county.make_payable()

    [row] = county.rows(tables.claims)

    assert {row._mapping[lane] for lane in ALL_THREE} == {LaneState.APPROVED}
    assert row.state == claim.state == State.PAYABLE
