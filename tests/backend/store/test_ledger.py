"""The ledger's rows: one event, one balanced entry; summed up; made anew for claims already in place."""

from datetime import UTC, date, datetime

import pytest
from alembic import command
from sqlalchemy import create_engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from backend.domain import commands as c
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ledger import journal
from backend.domain.money import ZERO, Money
from backend.domain.words import LedgerAccount
from backend.store import ledger, tables
from backend.store.ledger import BalanceBy
from backend.store.migrate import config, migrate
from tests.backend.store.county import County, opened_county
from tests.builders import CLAIM_ID, a_policy, a_retry, confirmed_by_bank, returned_by_bank


def paid_twice_and_back_once(county: County) -> None:
    county.make_payable()
    claim = county.give(c.StartPayout()).claim
    county.give(confirmed_by_bank(claim))
    county.give(returned_by_bank(claim))
    county.give(a_retry())
    claim = county.give(c.StartPayout()).claim
    county.give(confirmed_by_bank(claim))


def sums(county: County, by: BalanceBy) -> dict[tuple[object, str], str]:
    rows = county.store.engine.read(lambda connection: ledger.balance(connection, by), EVERYWHERE)
    return {(row.part, row.account): str(row.amount) for row in rows if row.amount}


def test_the_rows_are_the_journal_of_the_events(county: County) -> None:
    paid_twice_and_back_once(county)

    rows = county.store.engine.read(lambda connection: ledger.entries(connection, CLAIM_ID), EVERYWHERE)

    assert rows == journal(county.history())
    assert len(rows) == 14


def test_a_line_cannot_be_written_twice(county: County) -> None:
    paid_twice_and_back_once(county)
    [row, *_] = county.rows(tables.ledger_entries)

    with pytest.raises(IntegrityError):
        county.store.submit(
            lambda one: one.execute(insert(tables.ledger_entries), dict(row._mapping))
        ).result()


def test_balances_stand_by_account_county_and_day_and_add_up_to_nothing(county: County) -> None:
    county.clock.now = datetime(2026, 11, 23, 15, 59, 56, tzinfo=UTC)  # triaged at midnight in Shanghai
    paid_twice_and_back_once(county)

    whole = {"incurred": "1400.00", "paid": "-2800.00", "returned": "1400.00"}
    assert sums(county, BalanceBy.ACCOUNT) == {(None, account): amount for account, amount in whole.items()}
    assert sums(county, BalanceBy.COUNTY) == {
        (a_policy().county, account): amount for account, amount in whole.items()
    }
    days = {part for part, _ in sums(county, BalanceBy.DAY)}
    assert days == {date(2026, 11, 24)}
    assert county.store.engine.read(ledger.total, EVERYWHERE) == ZERO


def test_claims_of_an_older_installation_have_the_ledger_that_their_events_make(database: str) -> None:
    url = database
    with opened_county(url) as county:
        paid_twice_and_back_once(county)
        before = county.rows(tables.ledger_entries)
        county.store.submit(lambda one: one.execute(delete(tables.ledger_entries))).result()
    # The tables were made without Alembic: told which revision they are, then back and forth over ours.
    command.stamp(config(url), "head")
    command.downgrade(config(url), "20261123_2050")

    migrate(url)

    engine = create_engine(url)
    with engine.connect() as connection:
        after = connection.execute(select(tables.ledger_entries)).all()
    engine.dispose()
    assert sorted(map(tuple, after)) == sorted(map(tuple, before))
    total = Money.total(row.amount for row in after if row.account == LedgerAccount.PAID)
    assert total == Money.parse("-2800.00")
