"""Programmes from files: whose they are, how far a limit may fall, and which policies may name them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.commands import LiftPaymentHolds, StartPayout
from backend.domain.ids import ClaimId, PolicyNumber, ProgrammeId
from backend.domain.register.fields import Register
from backend.domain.register.problems import ImportRefused
from backend.domain.words import HoldKind, State
from backend.store import limits, programmes
from tests.backend.workflows.importing import Office, notes, opened_office, totals
from tests.builders import a_report

PIGS = ProgrammeId("G-PIG")
HEADINGS = ("项目编号", "项目名称", "区县代码", "起始日期", "终止日期", "项目限额（元）")
PLAIN = {
    "id": PIGS,
    "name": "生猪政策性保险",
    "county": "370800",
    "begins": "2026-01-01",
    "ends": "2026/12/31",
    "most": "2,000.00",
}


@pytest.fixture
def office(lasting_database: str, tmp_path: Path) -> Iterator[Office]:
    with opened_office(lasting_database, tmp_path) as opened:
        yield opened


def bring(office: Office, **changes: str) -> dict[str, Any]:
    return office.bring(Register.PROGRAMMES, office.table(HEADINGS, tuple((PLAIN | changes).values())))


def join(office: Office, programme: str = PIGS) -> dict[str, Any]:
    file = office.table(("policy_number", "项目编号"), ("P-2026-001", programme))
    return office.bring(Register.POLICIES, file)


def why_not(refused: pytest.ExceptionInfo[ImportRefused]) -> str:
    listed = refused.value.report["refused"]
    assert isinstance(listed, list)
    return "; ".join(f"{one['field']} {one['why']}" for one in listed)


def test_a_programme_comes_in_and_again_is_the_same(office: Office) -> None:
    first, again = bring(office), bring(office)

    assert (totals(first), totals(again)) == ((1, 0, 0, 0), (0, 0, 1, 0))
    row = office.county.store.engine.read(lambda c: programmes.one(c, PIGS, "370800"), EVERYWHERE)
    assert (str(row.most), str(row.committed), row.policies) == ("2000.00", "0.00", 0)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"ends": "2025-12-31"}, "ends is before the first day"),
        ({"most": "0"}, "most is not above 0.00"),
        ({"most": "-5"}, "most is not an amount"),
        ({"most": "1.001"}, "most is not an amount"),
        ({"county": "370801"}, "county is not your county, 370800"),
    ],
)
def test_a_programme_that_cannot_stand_is_refused_by_field(
    office: Office, changes: dict[str, str], why: str
) -> None:
    with pytest.raises(ImportRefused) as refused:
        bring(office, **changes)

    assert why in why_not(refused)


def test_a_policy_names_a_registered_programme_of_its_year(office: Office) -> None:
    with pytest.raises(ImportRefused) as unknown:
        join(office)
    bring(office, begins="2026-04-01")
    with pytest.raises(ImportRefused) as too_late:
        join(office)
    bring(office)

    joined = join(office)

    assert "programme is no registered programme" in why_not(unknown)
    assert "programme runs from 2026-04-01 to 2026-12-31" in why_not(too_late)
    assert totals(joined) == (0, 1, 0, 0)


def test_a_limit_never_falls_below_what_is_paid_or_about_to_be_and_rises_for_those_who_wait(
    office: Office,
) -> None:
    bring(office)
    join(office)
    first, second = (
        office.county.make_payable(
            a_report(claim_id=number, photos=(str(number),), policy_number=PolicyNumber("P-2026-001"))
        ).report.claim_id
        for number in (ClaimId(UUID(int=1)), ClaimId(UUID(int=2)))
    )
    office.county.give(StartPayout(), first)
    waiting = office.county.give(StartPayout(), second).claim

    with pytest.raises(ImportRefused) as refused:
        bring(office, most="1399.99")
    raised = bring(office, most="2800.00")
    lifted = office.county.give(LiftPaymentHolds(), second).claim
    paying = office.county.give(StartPayout(), second).claim

    assert [hold.kind for hold in waiting.holds] == [HoldKind.PROGRAMME_LIMIT]
    assert "most is less than the 1400.00 paid or about to be" in why_not(refused)
    assert "1400.00 of 2800.00 are left" in notes(raised)
    assert (lifted.state, paying.state) == (State.PAYABLE, State.PAYING)
    limit = office.county.store.engine.read(lambda c: limits.programme_limit(c, PIGS), EVERYWHERE)
    assert limit is not None
    assert str(limit.left) == "0.00"
