"""Cover and its days: a quote out of cover is 0.00 with its grounds, never a refusal."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from backend.domain.indemnity.product import Product
from backend.domain.indemnity.quote import quote
from backend.domain.policy import SHANGHAI, Loss, Terms
from backend.domain.words import Cause, ReasonCode
from tests.backend.domain.losses import a_loss, cattle, pigs, terms, the_product

PIG_BANDS = the_product("pig-bands@1")
IN_FORCE = terms()
LAST_OBSERVED = datetime(2026, 3, 20, 23, 59, 59, tzinfo=SHANGHAI)
FIRST_COVERED = datetime(2026, 3, 21, 0, 0, tzinfo=SHANGHAI)


def grounds(loss: Loss, product: Product = PIG_BANDS, cover: Terms = IN_FORCE) -> list[ReasonCode]:
    found = quote(product, cover, loss, pigs("95"))
    assert found.covered is (not found.findings)
    assert found.covered or str(found.payable) == "0.00"
    return [finding.code for finding in found.findings]


def test_disease_on_the_last_observed_day_is_not_covered() -> None:
    assert grounds(a_loss(Cause.DISEASE, LAST_OBSERVED)) == [ReasonCode.OBSERVATION_PERIOD]


def test_disease_on_the_day_after_the_observation_period_is_covered() -> None:
    assert grounds(a_loss(Cause.DISEASE, FIRST_COVERED)) == []


@pytest.mark.parametrize("cause", [Cause.ACCIDENT, Cause.NATURAL_EVENT, Cause.CULL])
def test_other_causes_are_covered_at_once(cause: Cause) -> None:
    assert grounds(a_loss(cause, datetime(2026, 3, 1, 0, 0, tzinfo=SHANGHAI))) == []


@pytest.mark.parametrize(
    ("at", "covered"),
    [
        (datetime(2026, 2, 28, 23, 59, 59, tzinfo=SHANGHAI), False),
        (datetime(2026, 3, 1, 0, 0, tzinfo=SHANGHAI), True),
        (datetime(2026, 2, 28, 16, 0, tzinfo=UTC), True),
        (datetime(2027, 2, 28, 23, 59, 59, tzinfo=SHANGHAI), True),
        (datetime(2027, 2, 28, 16, 0, tzinfo=UTC), False),
    ],
)
def test_cover_runs_from_inception_to_expiry_in_days_of_shanghai(at: datetime, covered: bool) -> None:  # noqa: FBT001
    assert grounds(a_loss(at=at)) == ([] if covered else [ReasonCode.NOT_IN_FORCE])


def test_a_cause_that_is_not_insured_is_named_along_with_the_other_grounds() -> None:
    only_accidents = replace(PIG_BANDS, perils=frozenset({Cause.ACCIDENT}))

    found = grounds(a_loss(Cause.DISEASE, LAST_OBSERVED), only_accidents)

    assert found == [ReasonCode.OBSERVATION_PERIOD, ReasonCode.PERIL_EXCLUDED]


def test_out_of_cover_every_line_carries_the_grounds() -> None:
    found = quote(PIG_BANDS, terms(), a_loss(Cause.DISEASE, LAST_OBSERVED), pigs("95", "30"))

    assert [line.codes for line in found.lines] == [(ReasonCode.OBSERVATION_PERIOD,)] * 2
    assert found.heads_payable == 0


def test_a_finding_refers_to_a_person() -> None:
    found = quote(PIG_BANDS, terms(), a_loss(Cause.DISEASE, LAST_OBSERVED), pigs("95"))

    assert found.as_json()["findings"] == [
        {
            "code": "OBSERVATION_PERIOD",
            "result": "refer",
            "text": "disease on 2026-03-20 is in the observation period; it is covered from 2026-03-21",
        }
    ]


def test_a_loss_of_another_species_alone_is_out_of_cover() -> None:
    found = quote(PIG_BANDS, terms(), a_loss(), cattle())

    assert not found.covered
    assert [finding.code for finding in found.findings] == [ReasonCode.SPECIES_NOT_INSURED]
    assert found.lines[0].codes == (ReasonCode.SPECIES_NOT_INSURED,)


def test_a_policy_at_the_end_of_the_calendar_has_no_first_day_beyond_it() -> None:
    end = terms(incepted=date(9999, 12, 20), expires=date(9999, 12, 31))

    assert grounds(a_loss(Cause.DISEASE, datetime(9999, 12, 25, tzinfo=SHANGHAI)), cover=end) == [
        ReasonCode.OBSERVATION_PERIOD
    ]
