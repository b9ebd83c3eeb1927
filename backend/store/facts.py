"""The facts that a decision needs, gathered in the same transaction that records it."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from backend.domain.claim import Claim
from backend.domain.commands import Assess, Command, LiftPaymentHolds, Report, StartPayout, Triage
from backend.domain.decisions.facts import Clocks, Facts
from backend.domain.ids import claim_number
from backend.domain.indemnity.market import market_week
from backend.domain.parties import Policy
from backend.domain.policy import Terms, policy_day
from backend.domain.words import Cause
from backend.store import elsewhere, market_prices, payment_gate, policies
from backend.store.numbers import next_serial
from backend.store.products import Shelf


def gather_for_report(
    connection: Connection, command: Report, products: Shelf, clocks: Clocks, at: datetime
) -> Facts:
    """Facts for a new claim: its policy, its product, the next claim number.

    Raises:
        NotFound: No such policy.
    """
    policy, committed = policies.policy_with_heads_committed(connection, command.policy_number)
    number = claim_number(policy_day(at), next_serial(connection, policy_day(at)))
    product = products.find(connection, policy.product, policy.terms.incepted)
    facts = Facts(policy, product, _used_up(policy, committed), number=number, clocks=clocks)
    return _priced(connection, facts, command.cause, command.occurred_at)


def gather(
    connection: Connection, claim: Claim, command: Command, products: Shelf, clocks: Clocks, at: datetime
) -> Facts:
    """Facts for a command on a claim that stands; only what this kind of command looks at is read."""
    report = claim.report
    product = products.find(connection, report.product, report.policy.terms.incepted)
    if isinstance(command, StartPayout):
        payment_gate.hold(connection, alone=clocks.daily_limit is not None)
    if not isinstance(command, Triage | Assess | StartPayout):
        facts = Facts(report.policy, product, report.policy.terms, clocks=clocks)
        return _above_all(connection, facts, at) if isinstance(command, LiftPaymentHolds) else facts
    # Two claims of one policy must not both see the last insured head as free.
    policies.lock(connection, report.policy.number)
    committed = policies.heads_committed(connection, report.policy.number)
    facts = Facts(report.policy, product, _used_up(report.policy, committed), clocks=clocks)
    if isinstance(command, StartPayout):
        facts = replace(facts, elsewhere=elsewhere.around_payee(connection, claim))
        return _above_all(connection, facts, at)
    facts = _priced(connection, facts, report.cause, report.occurred_at)
    if not isinstance(command, Triage):
        return facts
    return replace(facts, elsewhere=elsewhere.around(connection, claim))


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


def _used_up(policy: Policy, heads_committed: int) -> Terms:
    return replace(policy.terms, heads_paid=policy.terms.heads_paid + heads_committed)
