"""Every move of the table is made by a walk over all that a claim can be; those that nothing reaches are named."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache

from backend.domain import commands as c
from backend.domain.claim import Claim
from backend.domain.decide import decide_and_apply
from backend.domain.decisions.facts import Clocks, Facts
from backend.domain.duties.offices import Offices
from backend.domain.events import LaneDecided
from backend.domain.flags.words import FlagState
from backend.domain.ids import OrganisationId
from backend.domain.moves import MOVES
from backend.domain.parties import BANK, MACHINE
from backend.domain.problems import Problem
from backend.domain.spending import PaymentStop
from backend.domain.words import Decision, HoldKind, Lane, PayoutState, State
from backend.timetables.load import timetable
from tests.builders import (
    ALL_THREE,
    FARMER,
    REPORTED_AT,
    a_consent,
    a_flag_judgement,
    a_hold,
    a_label,
    a_release,
    a_report,
    a_retry,
    a_scene,
    acceptance,
    an_officer,
    assessment,
    certificate,
    checked,
    decision,
    evidence,
    facts,
    handover,
    received,
    rejection,
)
from tests.stories import a_story

S = State
BUT_VERIFYING = frozenset(
    {S.REPORTED, S.EVIDENCE_REQUESTED, S.TRIAGED, S.JOINT_REVIEW, S.OFFERED, S.ACCEPTED}
)
PAID_FOR = frozenset({S.PAYABLE, S.PAYING, S.PAYMENT_UNKNOWN})
UNREACHED: Mapping[type[c.Command], tuple[frozenset[State], str]] = {
    c.RecordPhotoChecks: (
        BUT_VERIFYING,
        "a photo that arrives takes the claim to VERIFYING; the table answers late repeats",
    ),
    c.RecordHandover: (PAID_FOR, "a claim that may be paid has a receipt that fits, which no other replaces"),
    c.LabelPhoto: (frozenset({S.REPORTED}), "nothing to label has arrived"),
    c.ReleaseHold: (frozenset({S.PAYABLE}), "a payable claim has no hold"),
    c.LiftPaymentHolds: (
        frozenset({S.REPORTED, S.PAYABLE}),
        "a payout placed the hold, so the claim was triaged, and a payable one has none",
    ),
    c.RecordUnanswered: (frozenset({S.PAYMENT_UNKNOWN}), "silence after silence says nothing new"),
    c.RecordConfirmed: (frozenset({S.REPORTED}), "a payout was started, so the claim was triaged"),
    c.RecordReturned: (frozenset({S.REPORTED}), "as above"),
    c.RecordDeadlines: (frozenset({S.CLOSED}), "a closed claim waits for nothing but the answer to a rating"),
    c.JudgeFlag: (frozenset({S.REPORTED}), "a triage raises flags"),
}
"""States in which the table allows a command and it can record nothing, and why that is no gap."""

BESIDE = frozenset({c.RateClaim, c.AssignTicket, c.CloseTicket, c.StartVisit, c.EndVisit})
"""Beside the claim's course: ``test_ratings`` and ``test_visits`` give them in every state."""

BY_THE_MACHINE = (
    c.RecordPhotoChecks,
    c.Triage,
    c.StartPayout,
    c.LiftPaymentHolds,
    c.RecordAccepted,
    c.RecordUnanswered,
    c.RecordConfirmed,
    c.RecordFailed,
    c.RecordReturned,
    c.RecordDeadlines,
)
WORLD = facts()
STOPPED = replace(WORLD, stop=PaymentStop(an_officer(Lane.INSURER).id, REPORTED_AT, "audit"))
TIMED = replace(WORLD, clocks=Clocks(timetable=timetable()))
DELEGATION = c.DelegateLane(
    officer=an_officer(Lane.VETERINARY),
    lane=Lane.VETERINARY,
    to=OrganisationId("org-next-county"),
    reason="our vet is ill",
)
MOST_CLAIMS = 4_000


@dataclass(frozen=True)
class Walk:
    """What a walk over everything found."""

    made: frozenset[tuple[type[c.Command], State]]
    machine_ends: frozenset[State]


def offered(claim: Claim) -> Iterator[tuple[c.Command, Facts, timedelta]]:
    """Everything that someone might do next."""
    soon, later = timedelta(seconds=1), timedelta(hours=1)
    yield received("photo-1"), WORLD, soon
    yield received("photo-2"), WORLD, soon
    yield checked("photo-1"), WORLD, soon
    yield checked("photo-2"), WORLD, soon
    yield evidence("photo-2"), WORLD, soon
    yield evidence(note="another word"), WORLD, soon
    yield c.Triage(scene=a_scene(2)), WORLD, later
    yield assessment("55", "55"), WORLD, soon
    for lane in Lane:
        yield decision(claim, lane), WORLD, soon
    yield decision(claim, Lane.INSPECTION, Decision.ASK), WORLD, soon
    yield rejection(claim), WORLD, soon
    yield acceptance(claim), WORLD, soon
    yield handover(claim.heads, str(sum(animal.weight_kg or 0 for animal in claim.animals))), WORLD, soon
    yield certificate(), WORLD, soon
    yield a_label(), WORLD, soon
    for flag in claim.flags.values():
        yield a_flag_judgement(flag.key, confirmed=flag.state is not FlagState.CONFIRMED), WORLD, soon
    yield a_consent(given=not claim.photos_may_teach), WORLD, soon
    for kind in (HoldKind.SIGNALS, HoldKind.QUARANTINE):
        yield a_hold(kind), WORLD, soon
        yield a_release(kind), WORLD, soon
    yield c.Withdraw(by=FARMER), WORLD, soon
    yield c.StartPayout(), WORLD, soon
    yield c.StartPayout(), STOPPED, soon
    yield c.LiftPaymentHolds(), WORLD, soon
    for payout in claim.payouts:
        yield c.RecordAccepted(payout_id=payout.id, bank_reference="B"), WORLD, soon
        yield c.RecordUnanswered(payout_id=payout.id, reason="silence"), WORLD, soon
        yield c.RecordConfirmed(payout_id=payout.id, bank_reference="B"), WORLD, soon
        yield c.RecordFailed(payout_id=payout.id, reason="closed"), WORLD, soon
        yield c.RecordReturned(payout_id=payout.id, bank_reference="B", reason="closed"), WORLD, soon
    yield c.RecordDeadlines(), TIMED, later
    yield c.Recuse(officer=an_officer(Lane.VETERINARY), reason="my brother's farm"), WORLD, soon
    yield DELEGATION, replace(WORLD, offices=Offices(asked=Lane.VETERINARY)), soon
    insurer = an_officer(Lane.INSURER)
    yield c.Nudge(officer=insurer), replace(WORLD, holders=(insurer.id,)), soon
    naming = c.AssignLane(officer=insurer, to=insurer.id, reason="on leave")
    yield naming, replace(WORLD, named=insurer), soon
    yield a_retry(), WORLD, soon
    yield a_retry(missing=True), WORLD, later


def shape(claim: Claim) -> tuple[object, ...]:
    """What tells claims apart for this walk: two of one shape take the same moves."""
    return (
        claim.state,
        frozenset((hold.kind, hold.is_above_all) for hold in claim.holds),
        len(claim.open_lanes),
        tuple(payout.state for payout in claim.payouts),
        claim.is_accepted,
        bool(claim.carcass_gaps),
        claim.certificate is not None,
        bool(claim.unchecked_photos),
        bool(claim.missing_photos),
    )


def is_worth_following(claim: Claim) -> bool:
    """A second retry and a heap of holds open no move that the first did not."""
    retired = sum(payout.state is PayoutState.RETIRED for payout in claim.payouts)
    own = sum(not hold.is_above_all for hold in claim.holds)
    return len(claim.payouts) < 2 + retired and retired < 2 and own < 2


@cache
def everything() -> Walk:
    """Walk from fresh reports and from a claim that is ready to pay, breadth first."""
    starts = [
        # First, so that whatever comes of it has a flag: flags change no shape.
        a_story(report=a_report(photos=("photo-1", "photo-2")), scene=a_scene(7)).claim,
        a_story(report=a_report(photos=("photo-1", "photo-2")), verified=False).claim,
        a_story(report=a_report(photos=()), verified=False).claim,
        a_story(scene=a_scene(7), approved_by=ALL_THREE, accepted=True, handed_over=True).claim,
    ]
    waiting, met = deque(starts), {shape(claim) for claim in starts}
    made: set[tuple[type[c.Command], State]] = set()
    ends: set[State] = set()
    at = REPORTED_AT
    while waiting and len(met) < MOST_CLAIMS:
        claim = waiting.popleft()
        for command, world, wait in offered(claim):
            at += wait
            try:
                became, recorded = decide_and_apply(claim, command, world, at)
            except Problem:
                continue
            if not recorded or became is None:
                continue
            made.add((type(command), claim.state))
            if isinstance(command, BY_THE_MACHINE):
                ends.add(became.state)
                assert all(entry.actor in {MACHINE, BANK} for entry in recorded)
                assert not any(isinstance(entry.event, LaneDecided) for entry in recorded)
                assert became.rejection == claim.rejection, command
            if shape(became) not in met and is_worth_following(became):
                met.add(shape(became))
                waiting.append(became)
    return Walk(frozenset(made), frozenset(ends))


def unreached(command: type[c.Command]) -> frozenset[State]:
    return UNREACHED[command][0] if command in UNREACHED else frozenset()


def test_every_move_of_the_table_is_made_or_named() -> None:
    reached = everything().made
    allowed = {(command, state) for command, states in MOVES.items() for state in states}
    allowed = {pair for pair in allowed if pair[0] not in BESIDE}

    missed = {pair for pair in allowed - reached if pair[1] not in unreached(pair[0])}

    assert reached <= allowed
    assert missed == set(), "moves that no test reaches"


def test_a_move_that_is_named_as_unreached_is_not_made() -> None:
    reached = everything().made
    named = {(command, state) for command, (states, _) in UNREACHED.items() for state in states}

    assert {pair for pair in named if pair[1] in MOVES[pair[0]]} == named
    assert named & reached == set()


def test_no_command_of_the_machine_or_the_bank_ends_a_claim_unpaid() -> None:
    """Whatever a claim has been through: only a person rejects, and only the farmer withdraws."""
    ends = everything().machine_ends

    assert State.JOINT_REVIEW in ends
    assert State.PAID in ends
