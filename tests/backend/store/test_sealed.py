"""Every sealed column is known to rotation and named in the inventory; rows of before come to be sealed."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, select, text

import backend
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.personal.problems import KeysMissing
from backend.store import contacts, imports, policies, tables
from backend.store.engine import open_engine
from backend.store.migrate import config, migrate
from backend.store.sealed import COLUMNS
from tests.builders import a_policy
from tests.keys import KEYS

INVENTORY = Path(backend.__file__).parents[1] / "docs" / "personal-data.md"
BEFORE = "20261125_2314"
ROWS = """
INSERT INTO farms (id, name, county) VALUES ('{farm}', 'Reed Farm', '430121');
INSERT INTO policies (number, farm_id, species, product, incepted, expires, insured_heads, stock, heads_paid_before,
    deductible_percent, pay_gate, payee_name, payee_account)
  VALUES ('{number}', '{farm}', 'pig', 'pig-bands', '2026-03-01', '2027-02-28', 10, 10, 0, '0', 'HANDOVER',
    '{name}', '{account}');
INSERT INTO farm_contacts (farm_id, phone) VALUES ('{farm}', '+8613812341234');
INSERT INTO imports (id, register, at, file_name, file_sha256, rows_read, rows_new, rows_changed, rows_same,
    rows_refused)
  VALUES ('{import_id}', 'policies', '2026-11-25T00:00:00.000000+00:00', 'a.csv', '0', 1, 0, 1, 0, 0);
INSERT INTO import_changes (import_id, place, key, field, before, after)
  VALUES ('{import_id}', 1, '{number}', 'payee_name', NULL, '{name}');
"""


def test_every_sealed_column_is_in_the_inventory() -> None:
    said = INVENTORY.read_text(encoding="utf-8")

    assert [one.name for one in COLUMNS if f"`{one.name}`" not in said] == []


def test_rows_of_before_are_sealed_when_the_schema_comes_forward(database: str) -> None:
    policy = a_policy()
    _rows_of_before(database)

    with pytest.raises(KeysMissing, match="no key to do it with"):
        migrate(database)
    migrate(database, KEYS)

    engine = open_engine(database, keys=KEYS)
    try:
        read = lambda work: engine.read(work, EVERYWHERE)  # noqa: E731 - one line each
        assert read(lambda one: policies.policy(one, policy.number)).payee == policy.payee
        assert read(lambda one: contacts.farms_with_phone(one, "+8613812341234")) == (policy.farm_id,)
        [(_, change)] = read(lambda one: imports.changes(one, _import_id(one), 0, 10))
        assert (change.before, change.after) == (None, policy.payee.name)
    finally:
        engine.close()
    command.downgrade(config(database, KEYS), BEFORE)
    assert _payee(database) == (policy.payee.name, policy.payee.account)


def _rows_of_before(database: str) -> None:
    migrate(database, KEYS)
    command.downgrade(config(database, KEYS), BEFORE)
    policy = a_policy()
    is_sqlite = database.startswith("sqlite")
    filled = ROWS.format(
        farm=policy.farm_id,
        number=policy.number,
        name=policy.payee.name,
        account=policy.payee.account,
        import_id="0" * 31 + "1" if is_sqlite else "00000000-0000-0000-0000-000000000001",
    )
    engine = create_engine(database)
    with engine.begin() as connection:
        for statement in filled.split(";\n"):
            if statement.strip():
                connection.execute(text(statement.replace(":00", r"\:00")))
    engine.dispose()


def _import_id(connection: object) -> object:
    return connection.scalar(select(tables.imports.c.id))  # type: ignore[attr-defined]


def _payee(database: str) -> tuple[str, str]:
    engine = create_engine(database)
    with engine.connect() as connection:
        row = connection.execute(text("SELECT payee_name, payee_account FROM policies")).one()
    engine.dispose()
    return row.payee_name, row.payee_account
