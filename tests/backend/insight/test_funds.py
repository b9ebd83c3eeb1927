"""The money page's figures against the events of a county with a claim in almost every state."""

from typing import Any

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ledger import balances
from backend.domain.money import ZERO, Money
from backend.domain.words import LedgerAccount
from backend.insight.funds import funds
from backend.store import tables
from tests.backend.store.county import County


def told(county: County) -> dict[str, Any]:
    return county.store.engine.read(
        lambda connection: funds(connection, None, ZERO, "gateway", EVERYWHERE, county.clock()), EVERYWHERE
    )


def test_payouts_reserve_and_ledger_are_what_the_claims_say(busy: County) -> None:
    claims = [busy.claim(row.id) for row in busy.rows(tables.claims)]
    payouts = [payout for claim in claims for payout in claim.payouts]

    found = told(busy)

    assert {row["state"]: (row["payouts"], row["amount"]) for row in found["payouts"] if row["payouts"]} == {
        state: (
            sum(one.state is state for one in payouts),
            str(Money.total(one.amount for one in payouts if one.state is state)),
        )
        for state in {one.state for one in payouts}
    }
    reserve = Money.total(ZERO - balances(claim)[LedgerAccount.RESERVE] for claim in claims)
    assert found["reserve"]["amount"] == str(reserve)
    assert str(ZERO - reserve) == found["ledger"]["balances"]["reserve"]
    assert found["reserve"]["claims"] == sum(row["claims"] for row in found["reserve"]["by_state"])
    assert (found["ledger"]["balanced"], found["ledger"]["sum"]) == (True, "0.00")


def test_an_empty_county_has_nothing_and_says_so(county: County) -> None:
    found = told(county)

    assert found["reserve"] == {"amount": "0.00", "claims": 0, "by_state": []}
    assert {row["payouts"] for row in found["payouts"]} == {0}
    assert found["status"]["waiting"]["count"] == 0
