"""What a triage is told of herd books, deaths, people and payees, on both engines."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any  # a builder's changes
from uuid import uuid4

import pytest

from backend.domain import commands as c
from backend.domain.claim import Claim
from backend.domain.commands import Report
from backend.domain.elsewhere import Elsewhere, Together
from backend.domain.events import ClaimTriaged
from backend.domain.ids import ClaimId, FarmId, PolicyNumber
from backend.domain.parties import Payee
from backend.domain.register.fields import Register
from backend.domain.words import HoldKind, Lane, Species, State
from backend.domain.words import Path as ClaimPath
from backend.store import people, policies, registers
from backend.store.policies import Farm, HerdAnimal
from tests.backend.store.county import County, opened_county
from tests.builders import FARMER, a_policy, a_release, a_report, an_officer, pigs, rejection

OURS, LISTED, THEIRS, NOBODYS = (f"1370800000000{number:02d}" for number in range(1, 5))
OTHER_FARM = FarmId("farm-2")
SHARED = [
    a_policy(number=PolicyNumber(f"P-{place}"), farm_id=farm, payee=a_policy().payee)
    for place, farm in enumerate((OTHER_FARM, OTHER_FARM, FarmId("farm-3"), FarmId("farm-4")), start=1)
]


@pytest.fixture
def county(lasting_database: str) -> Iterator[County]:
    with opened_county(lasting_database) as county:
        yield county


def another(*weights: str, **changes: Any) -> Report:
    return a_report(*weights, **{"claim_id": ClaimId(uuid4()), "photos": (str(uuid4()),), **changes})


def known(county: County, claim: Claim) -> Elsewhere:
    """What the claim's last triage recorded of the world beside it."""
    triages = [
        entry.event
        for entry in county.history(claim.report.claim_id)
        if isinstance(entry.event, ClaimTriaged)
    ]
    assert triages[-1].elsewhere is not None
    return triages[-1].elsewhere


def judged(county: County, report: Report | None = None) -> Claim:
    report = report or another()
    county.report(report)
    return county.verify(report.claim_id)


def with_herds(county: County) -> None:
    farms = [Farm(OTHER_FARM, "Reed Farm", "370800", None)]
    herd = [
        HerdAnimal(OURS, a_policy().farm_id, Species.PIG),
        HerdAnimal(THEIRS, OTHER_FARM, Species.PIG),
        HerdAnimal("237080000000009", a_policy().farm_id, Species.CATTLE),
    ]
    county.store.submit(lambda connection: policies.put_farms(connection, farms, herd)).result()


def change_payee(county: County, payee: Payee) -> None:
    """As an import does it."""
    row = {
        "number": a_policy().number,
        "payee_name": payee.name,
        "payee_account": payee.account,
        "payee_changed_at": county.clock(),
    }
    county.store.submit(
        lambda connection: registers.change_rows(connection, Register.POLICIES, [row])
    ).result()


def test_each_tag_is_looked_up_in_every_herd_book(county: County) -> None:
    with_herds(county)
    animals = tuple(
        replace(pig, tag=tag)
        for pig, tag in zip(pigs("95", "95", "95"), (OURS, THEIRS, NOBODYS), strict=True)
    )

    claim = judged(county, another(heads=3, animals=animals))

    assert known(county, claim).herds == {OURS: a_policy().farm_id, THEIRS: OTHER_FARM}
    assert known(county, claim).has_herd_book
    assert [(doubt.subject, doubt.facts["why"]) for doubt in claim.findings] == [
        ("herd 2", "OTHER_FARM"),
        ("herd 3", "NOT_IN_HERD_BOOK"),
    ]
    assert claim.path is ClaimPath.ASSISTED


def test_a_herd_book_of_another_species_says_nothing(county: County) -> None:
    herd = [HerdAnimal("237080000000009", a_policy().farm_id, Species.CATTLE)]
    county.store.submit(
        lambda connection: policies.put_farms(connection, [Farm(FarmId("x"), "x", "1", None)], herd)
    ).result()

    assert not known(county, judged(county)).has_herd_book


def test_deaths_of_the_last_thirty_days_are_added_up_without_those_that_do_not_count(county: County) -> None:
    judged(county, another("95", "95", "95"))
    county.clock.move(timedelta(days=20))
    withdrawn = judged(county, another())
    county.give(c.Withdraw(by=FARMER), withdrawn.report.claim_id)
    rejected = judged(county, another())
    county.give(rejection(rejected), rejected.report.claim_id)
    county.clock.move(timedelta(days=9))
    judged(county, another("95"))

    near = judged(county, another())
    county.clock.move(timedelta(days=2))
    far = judged(county, another())

    assert known(county, near).deaths_before == 4
    assert known(county, far).deaths_before == 3
    assert near.state is State.JOINT_REVIEW


def test_a_later_report_does_not_count_against_an_earlier_one(county: County) -> None:
    first = another()
    county.report(first)
    judged(county, another("95", "95", "95"))

    assert known(county, county.verify(first.claim_id)).deaths_before == 0


def test_farms_whose_policies_pay_one_account_are_counted_once_each(county: County) -> None:
    assert known(county, judged(county)).payee_farms == 1
    farms = [Farm(farm, farm, "370800", None) for farm in (OTHER_FARM, FarmId("farm-3"), FarmId("farm-4"))]
    county.store.submit(lambda connection: policies.put_farms(connection, farms)).result()
    for number, policy in enumerate(SHARED):
        put = (policy, f"token of {number}")
        county.store.submit(lambda connection, put=put: policies.put_policy(connection, *put)).result()

    claim = judged(county)

    assert known(county, claim).payee_farms == 4
    assert [doubt.key for doubt in claim.findings] == ["PAYEE_MISMATCH:account"]


def test_a_payee_that_changed_after_the_report_stops_the_money_until_the_insurer_has_asked(
    county: County,
) -> None:
    claim_id = county.make_payable(another()).report.claim_id
    change_payee(county, Payee("Wang Fang", "6222000099990000"))

    held = county.give(c.StartPayout(), claim_id).claim

    assert held.payout is None
    assert [hold.kind for hold in held.holds] == [HoldKind.PAYEE_CHANGED]
    county.give(a_release(HoldKind.PAYEE_CHANGED), claim_id)
    assert county.give(c.StartPayout(), claim_id).claim.state is State.PAYING


def test_a_payee_that_changed_before_the_report_is_held_at_the_triage(county: County) -> None:
    change_payee(county, Payee("Wang Fang", "6222000099990000"))

    claim = judged(county)

    assert known(county, claim).is_payee_current
    assert [hold.kind for hold in claim.holds] == [HoldKind.PAYEE_CHANGED]
    assert claim.state is State.JOINT_REVIEW


def test_officer_and_collector_who_meet_on_a_farm_are_named_with_how_often(county: County) -> None:
    colleague = an_officer(Lane.INSPECTION, name="zhao")
    county.store.submit(lambda connection: people.put_officer(connection, colleague)).result()
    for _ in range(5):
        county.make_payable(another("95"), approved_by=(Lane.INSPECTION,))

    claim = judged(county, another("95"))

    assert known(county, claim).together == Together(
        officer=an_officer(Lane.INSPECTION).id, collector=an_officer(None).id, claims=5, of=5, officers=2
    )
    assert [doubt.key for doubt in claim.findings] == ["EVIDENCE_MISSING:people"]


def test_claims_that_nobody_collected_bring_nobody_together(county: County) -> None:
    judged(county)

    assert known(county, judged(county)).together is None
