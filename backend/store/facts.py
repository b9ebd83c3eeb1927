"""The facts that a decision needs, gathered in the same transaction that records it."""

from datetime import datetime

from sqlalchemy import Connection

from backend.domain.claim import Claim
from backend.domain.commands import (
    Assess,
    AssignLane,
    Command,
    DecideLane,
    DelegateLane,
    JudgeFlag,
    LiftPaymentHolds,
    Nudge,
    RateClaim,
    RecordConfirmed,
    RecordDeadlines,
    RecordFailed,
    RecordReturned,
    ReleaseHold,
    Report,
    RetryPayout,
    StartPayout,
    StartVisit,
    Triage,
)
from backend.domain.commitments import NOTHING, commitment_of
from backend.domain.decisions.facts import Clocks, Facts
from backend.domain.decisions.prompting import holders_of
from backend.domain.ids import OfficerId, PolicyNumber, claim_number
from backend.domain.indemnity.market import market_week
from backend.domain.policy import policy_day
from backend.domain.replacing import replace
from backend.domain.stages import DISPOSAL, stage_of
from backend.domain.words import Cause, Lane
from backend.store import duties, elsewhere, limits, market_prices, payment_gate, people, policies, voices
from backend.store.numbers import next_serial
from backend.store.products import Shelf


def gather_for_report(
    connection: Connection, command: Report, products: Shelf, clocks: Clocks, at: datetime
) -> Facts:
    """Facts for a new claim: its policy, its product, the next claim number.

    Raises:
        NotFound: No such policy.
    """
    number = claim_number(policy_day(at), next_serial(connection, policy_day(at)))
    facts = gather_for_quote(connection, command.policy_number, command.cause, command.occurred_at, products)
    return replace(facts, number=number, clocks=clocks)


def gather_for_quote(
    connection: Connection, number: PolicyNumber, cause: Cause, occurred_at: datetime, products: Shelf
) -> Facts:
    """Facts that a sum turns on before anything is reported; nothing is written.

    Raises:
        NotFound: No such policy.
    """
    policy, committed = policies.policy_with_heads_committed(connection, number)
    product = products.find(connection, policy.product, policy.terms.incepted)
    terms = replace(policy.terms, heads_paid=policy.terms.heads_paid + committed)
    return _priced(connection, Facts(policy, product, terms), cause, occurred_at)


def gather(
    connection: Connection, claim: Claim, command: Command, products: Shelf, clocks: Clocks, at: datetime
) -> Facts:
    """Facts for a command on a claim that stands; only what this kind of command looks at is read."""
    report, policy = claim.report, claim.report.policy
    product = products.find(connection, report.product, policy.terms.incepted)
    facts = Facts(policy, product, policy.terms, clocks=clocks)
    if isinstance(command, StartPayout):
        payment_gate.hold(connection, alone=clocks.daily_limit is not None)
    if isinstance(command, Triage | Assess | StartPayout) or _moves_commitment(claim, command):
        # Two claims of one policy must not both see the last insured head as free.
        limits.lock_policy(connection, policy.number)
    match command:
        case StartPayout():
            facts = replace(facts, elsewhere=elsewhere.around_payee(connection, claim))
            return _above_all(connection, _used_up(connection, facts, hold=True), at)
        case LiftPaymentHolds():
            limit = limits.programme_limit(connection, policy.programme)
            return _above_all(connection, replace(facts, programme=limit), at)
        case Assess():
            facts = _priced(connection, _used_up(connection, facts), report.cause, report.occurred_at)
            return _about_people(connection, claim, command, facts, at)
        case Triage():
            facts = _priced(connection, _used_up(connection, facts), report.cause, report.occurred_at)
            return replace(facts, elsewhere=elsewhere.around(connection, claim))
        case _ if _moves_commitment(claim, command):
            # Held, not looked at: the claim's row, which is locked next, comes after the programme's everywhere.
            limits.programme_limit(connection, policy.programme, hold=True)
    return _about_people(connection, claim, command, facts, at)


def _moves_commitment(claim: Claim, command: Command) -> bool:
    """Whether the bank's word, or a person's, may give heads and money back, or take them again."""
    is_committing = commitment_of(claim) != NOTHING
    if isinstance(command, RecordConfirmed):
        return not is_committing
    return is_committing and isinstance(command, RecordFailed | RecordReturned | RetryPayout)


def _used_up(connection: Connection, facts: Facts, *, hold: bool = False) -> Facts:
    limit = limits.programme_limit(connection, facts.policy.programme, hold=hold)
    return replace(facts, terms=limits.used_up(connection, facts.policy), programme=limit)


def _about_people(
    connection: Connection, claim: Claim, command: Command, facts: Facts, at: datetime
) -> Facts:
    """Who decides, or who is told, where the command turns on it."""
    timetable, policy = facts.clocks.timetable, claim.report.policy
    match command:
        case Assess(officer=officer) | ReleaseHold(officer=officer) | JudgeFlag(officer=officer):
            found = duties.offices(connection, officer, policy, None, timetable, at)
        case DecideLane(officer=officer, lane=lane):
            found = duties.offices(connection, officer, policy, lane, timetable, at)
        case DelegateLane(officer=officer, lane=lane, to=to):
            found = duties.offices(connection, officer, policy, lane, timetable, at, asked=to)
        case RecordDeadlines():
            stage = stage_of(claim)
            holders = {Lane(one) for one in (stage[1] if stage else "").split("+") if one in set(Lane)}
            levels = {step.level for step in timetable.steps}
            told = duties.to_tell(connection, policy.county, holders or {Lane.INSURER}, levels)
            return replace(facts, to_tell=told)
        case RateClaim():
            return replace(facts, candidates=voices.candidates(connection, policy.county, at))
        case Nudge():
            return replace(facts, holders=_holders(connection, claim))
        case AssignLane(officer=officer, to=to):
            named = people.active(connection, to, at)
            found = duties.offices(connection, named or officer, policy, Lane.INSURER, timetable, at)
            return replace(facts, offices=found, named=named)
        case StartVisit(officer=officer):
            found = duties.offices(connection, officer, policy, None, timetable, at)
            facts = replace(facts, office_county=duties.county_of(connection, officer.organisation))
        case _:
            return facts
    return replace(facts, offices=found)


def _holders(connection: Connection, claim: Claim) -> tuple[OfficerId, ...]:
    """Officers who hold the claim: of its open lanes, or collectors; one who was named, for theirs."""
    held_by = holders_of(claim)
    lanes: set[Lane | None] = {Lane(one) for one in held_by if one in set(Lane)}
    if DISPOSAL in held_by:
        lanes.add(None)
    named = (claim.assigned,) if claim.assigned and Lane.INSURER in lanes else ()
    if named:
        lanes.discard(Lane.INSURER)
    return (*named, *duties.holding(connection, claim.report.policy.county, lanes))


def _above_all(connection: Connection, facts: Facts, at: datetime) -> Facts:
    limit = payment_gate.limit(connection, facts.clocks.daily_limit, at)
    return replace(facts, stop=payment_gate.standing(connection), limit=limit)


def _priced(connection: Connection, facts: Facts, cause: Cause, occurred_at: datetime) -> Facts:
    """With the market price of the farm's county and the week of the death, where the product pays by it."""
    if "market_price_per_kg" not in facts.product.needs(cause).loss:
        return facts
    week = market_week(occurred_at)
    price = market_prices.find(connection, facts.policy.county, facts.policy.species, week)
    return replace(facts, market_price=price)
