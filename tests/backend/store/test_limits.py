"""The rows that payouts are held to: a mistake is not committed, the bank's contradiction is; heads are by period."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import Connection, update
from sqlalchemy.exc import IntegrityError

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.claim import Claim
from backend.domain.commands import RecordConfirmed, StartPayout
from backend.domain.decide import decide_and_apply
from backend.domain.ids import ClaimId, PolicyNumber, ProgrammeId
from backend.domain.money import Money
from backend.domain.register.fields import Register
from backend.domain.words import HoldKind, State
from backend.store import limits, projection, registers, tables
from backend.store.limit_tables import cover_periods, programmes
from backend.store.replay import replay
from tests.backend.store.county import County, opened_county
from tests.builders import a_policy, a_release, a_report, a_retry, facts, failed_at_bank, terms

FEW = a_policy(number=PolicyNumber("P-FEW"), terms=terms(insured_heads=3, stock=3))
PIGS = ProgrammeId("G-PIG")
WITH_MONEY = [a_policy(number=PolicyNumber(f"P-G{one}"), programme=PIGS) for one in (1, 2)]


@pytest.fixture
def county(database: str) -> Iterator[County]:
    with opened_county(database, more_policies=[FEW, *WITH_MONEY]) as county:
        days = FEW.terms
        row = {
            "id": PIGS,
            "name": "pigs",
            "county": FEW.county,
            "begins": days.incepted,
            "ends": days.expires,
            "most": Money.parse("2000.00"),
            "paid_before": Money(0),
        }
        county.store.submit(lambda c: registers.put_rows(c, Register.PROGRAMMES, [row])).result()
        yield county


def payable(county: County, policy: PolicyNumber) -> ClaimId:
    report = a_report(claim_id=ClaimId(uuid4()), photos=(str(uuid4()),), policy_number=policy)
    return county.make_payable(report).report.claim_id


def start_blindly(county: County, claim: Claim) -> None:
    """Start a payout as code would that looked at nobody else's."""

    def work(connection: Connection) -> None:
        after, _ = decide_and_apply(claim, StartPayout(), facts(claim.report.policy), county.clock())
        assert after is not None
        projection.update_claim(connection, claim, after)

    county.store.submit(work).result()


def faults(county: County) -> list[str]:
    return county.store.engine.read(lambda c: replay(c, lambda _what, _done: None), EVERYWHERE).faults


@pytest.mark.parametrize(
    ("policies", "check"),
    [
        ((FEW.number, FEW.number), "ck_cover_periods_heads"),
        ((WITH_MONEY[0].number, WITH_MONEY[1].number), "ck_programmes_money"),
    ],
)
def test_a_payout_that_a_mistake_started_beyond_a_limit_is_not_committed(
    county: County, policies: tuple[PolicyNumber, PolicyNumber], check: str
) -> None:
    first, second = (payable(county, policy) for policy in policies)
    county.give(StartPayout(), first)

    with pytest.raises(IntegrityError, match=check):
        start_blindly(county, county.claim(second))

    assert county.claim(second).state is State.PAYABLE
    assert faults(county) == []


def test_a_bank_that_pays_against_its_own_word_is_recorded_beyond_the_limit(county: County) -> None:
    """The refused payout gave its heads and money back, another claim took them, and then it was paid after all."""
    first, second = (payable(county, FEW.number) for _ in range(2))
    refused = county.give(StartPayout(), first).claim
    county.give(failed_at_bank(refused), first)
    county.give(StartPayout(), second)
    assert refused.payout is not None

    county.give(RecordConfirmed(payout_id=refused.payout.id, bank_reference="B-9"), first)

    (row,) = county.rows(cover_periods)
    assert (row.heads_committed, row.heads_beyond) == (4, 1)
    third = payable_without_offer(county)
    assert third.offer is not None
    assert third.offer.heads_payable == 0
    assert faults(county) == []


def payable_without_offer(county: County) -> Claim:
    report = a_report(claim_id=ClaimId(uuid4()), photos=(str(uuid4()),), policy_number=FEW.number)
    county.report(report)
    return county.verify(report.claim_id)


def test_of_two_claims_of_a_programme_the_second_waits_until_the_first_gives_its_money_back(
    county: County,
) -> None:
    first, second = (payable(county, policy.number) for policy in WITH_MONEY)
    paying = county.give(StartPayout(), first).claim

    waiting = county.give(StartPayout(), second).claim
    county.give(failed_at_bank(paying), first)
    county.give(a_release(HoldKind.PROGRAMME_LIMIT), second)
    second_paying = county.give(StartPayout(), second).claim
    county.give(a_retry(), first)
    first_waiting = county.give(StartPayout(), first).claim

    assert [hold.kind for hold in waiting.holds] == [HoldKind.PROGRAMME_LIMIT]
    assert (second_paying.state, first_waiting.state) == (State.PAYING, State.ACCEPTED)
    (row,) = county.rows(programmes)
    assert (str(row.committed), str(row.beyond)) == ("1400.00", "0.00")
    assert faults(county) == []


def test_a_renewed_policy_begins_with_no_heads_used_and_a_mended_date_does_not(county: County) -> None:
    county.give(StartPayout(), payable(county, FEW.number))
    mended = replace(FEW, terms=terms(insured_heads=3, stock=3, incepted=FEW.terms.incepted.replace(day=2)))
    renewed = replace(
        FEW,
        terms=terms(
            insured_heads=3,
            stock=3,
            incepted=FEW.terms.expires.replace(month=3, day=1),
            expires=FEW.terms.expires.replace(year=2028),
        ),
    )

    used = [
        county.store.engine.read(lambda c, one=one: limits.used_up(c, one), EVERYWHERE).heads_paid
        for one in (FEW, mended, renewed)
    ]

    assert used == [2, 2, 0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (update(cover_periods).values(heads_committed=0), "policy P-FEW from 2026-03-01: 0 heads"),
        (update(programmes).values(committed=Money(1)), "programme G-PIG: 0.01 is committed"),
        (cover_periods.delete(), "0 heads are committed, its claims say 2"),
    ],
)
def test_a_limit_row_that_is_changed_past_the_events_is_named(
    county: County, change: object, said: str
) -> None:
    county.give(StartPayout(), payable(county, FEW.number))
    county.store.submit(lambda c: c.execute(change) and None).result()  # type: ignore[call-overload]

    assert [fault for fault in faults(county) if said in fault]


def test_what_earlier_systems_paid_and_became_known_later_counts_too(county: County) -> None:
    found = update(tables.policies).where(tables.policies.c.number == FEW.number).values(heads_paid_before=2)
    county.store.submit(lambda c: c.execute(found) and None).result()

    assert county.store.engine.read(lambda c: limits.used_up(c, FEW), EVERYWHERE).heads_paid == 2
