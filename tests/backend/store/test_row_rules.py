"""Every reading sees what its sight names, on both engines, by rules that stand in one place."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from backend.domain import commands as c
from backend.domain.authority.sight import EVERYWHERE, NOWHERE, Sight
from backend.domain.ids import ClaimId, FarmId, OrganisationId, PolicyNumber
from backend.domain.words import Lane
from backend.store import people, policies, tables
from backend.store.condition import condition
from backend.store.engine import Transaction, open_engine
from backend.store.migrate import check_schema, migrate
from backend.store.moving import move
from backend.store.postgres_roles import APP, READER, RowsUnprotected, unprotected
from backend.store.row_rules import RULES, Hidden, Open
from backend.store.sights import sight_of, within
from tests.backend.store.county import County, opened_county
from tests.builders import CLAIM_ID, REPORTED_AT, a_policy, a_report, an_officer
from tests.databases import a_database

HERE, THERE = a_policy().county, "511702"
ELSEWHERE = ClaimId(UUID(int=7))
POLICY_THERE = a_policy(number=PolicyNumber("P-there"), farm_id=FarmId("farm-there"), county=THERE)
RULED = sorted(name for name, rule in RULES.items() if not isinstance(rule, Open))
OF_A_CLAIM = ("claims", "events", "claim_photos", "claim_stages", "effects")


@pytest.fixture(scope="module")
def migrated(dialect: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database as ``server migrate`` leaves it."""
    with a_database(dialect, tmp_path_factory.mktemp("ruled"), is_migrated=True) as url:
        yield url


@pytest.fixture
def two_counties(migrated: str) -> Iterator[County]:
    """A claim here and a claim there."""
    with opened_county(migrated) as county:
        county.store.engine.write(_settle_there).result()
        county.report()
        county.report(a_report(claim_id=ELSEWHERE, policy_number=POLICY_THERE.number))
        yield county


def _settle_there(connection: Transaction) -> None:
    farm = policies.Farm(POLICY_THERE.farm_id, POLICY_THERE.farm_name, THERE, boundary=None)
    policies.put_farms(connection, [farm])
    policies.put_policy(connection, POLICY_THERE, "token there")
    people.put_organisation(connection, OrganisationId("vet-there"), "vet there", Lane.VETERINARY, THERE)


def rows(county: County, table: str, sight: Sight) -> int:
    """How many rows a reading with this sight finds."""
    counted = select(func.count()).select_from(tables.metadata.tables[table])
    return int(county.store.engine.read(lambda connection: connection.scalar(counted), sight) or 0)


def test_every_table_is_ruled_or_open_for_a_reason() -> None:
    assert set(RULES) == set(tables.metadata.tables)
    assert all(rule.reason for rule in RULES.values() if isinstance(rule, Open | Hidden))


@pytest.mark.parametrize("table", OF_A_CLAIM)
def test_a_county_sees_its_own_claims_and_what_hangs_on_them(two_counties: County, table: str) -> None:
    everything = rows(two_counties, table, EVERYWHERE)

    here = rows(two_counties, table, Sight(counties=frozenset({HERE})))
    there = rows(two_counties, table, Sight(counties=frozenset({THERE})))

    assert here == there == everything / 2 > 0
    assert rows(two_counties, table, Sight(counties=frozenset({HERE, THERE}))) == everything


def test_a_sight_that_names_nothing_sees_no_row_of_any_ruled_table(two_counties: County) -> None:
    assert {table: rows(two_counties, table, NOWHERE) for table in RULED} == dict.fromkeys(RULED, 0)


@pytest.mark.parametrize(
    "sight",
    [
        EVERYWHERE,
        NOWHERE,
        Sight(counties=frozenset({HERE})),
        Sight(counties=frozenset({HERE, THERE})),
        Sight(policies=frozenset({POLICY_THERE.number})),
        Sight(claims=frozenset({CLAIM_ID})),
        Sight(counties=frozenset({THERE}), claims=frozenset({CLAIM_ID})),
    ],
)
def test_the_guard_a_write_and_a_bounded_reading_agree_on_what_is_seen(
    two_counties: County, sight: Sight
) -> None:
    listed = select(tables.claims.c.id, tables.claims.c.county, tables.claims.c.policy_number)
    engine = two_counties.store.engine

    every = engine.read(lambda connection: connection.execute(listed).all(), EVERYWHERE)
    by_guard = {
        row.id
        for row in every
        if sight.sees(claim=row.id, county=row.county, policy=PolicyNumber(row.policy_number))
    }
    in_a_write = engine.read(
        lambda connection: set(connection.scalars(listed.where(within(sight)))), EVERYWHERE
    )
    bounded = engine.read(lambda connection: set(connection.scalars(listed)), sight)

    assert by_guard == in_a_write == bounded


def test_a_reading_does_not_see_what_the_one_before_it_saw(two_counties: County) -> None:
    assert rows(two_counties, "claims", Sight(counties=frozenset({HERE, THERE}))) == 2

    assert rows(two_counties, "claims", NOWHERE) == 0
    assert rows(two_counties, "claims", EVERYWHERE) == 2


def test_a_farmer_sees_claim_farm_and_policy_and_no_other_policy_of_the_farm(two_counties: County) -> None:
    own = Sight(policies=frozenset({a_policy().number}), farms=frozenset({a_policy().farm_id}))

    assert [rows(two_counties, table, own) for table in ("claims", "farms", "policies")] == [1, 1, 1]


def test_the_holder_of_a_link_sees_one_claim_and_no_farm(two_counties: County) -> None:
    linked = Sight(claims=frozenset({ELSEWHERE}))

    assert [rows(two_counties, table, linked) for table in ("claims", "farms", "policies")] == [1, 0, 0]
    assert rows(two_counties, "events", linked) > 0


@pytest.mark.parametrize("table", [name for name, rule in RULES.items() if isinstance(rule, Hidden)])
def test_what_is_hidden_stays_hidden_whatever_the_sight(two_counties: County, table: str) -> None:
    assert rows(two_counties, table, Sight(counties=frozenset({HERE, THERE}))) == 0


def test_an_office_that_was_asked_to_decide_sees_the_claim_until_it_is_taken_back(
    two_counties: County,
) -> None:
    asked = an_officer(Lane.VETERINARY, organisation="vet-there")
    vet = an_officer(Lane.VETERINARY)

    def seen() -> frozenset[ClaimId]:
        look = lambda connection: sight_of(connection, asked, two_counties.clock())  # noqa: E731 - read twice
        return two_counties.store.engine.read(look, EVERYWHERE).claims

    two_counties.verify()
    ask = c.DelegateLane(officer=vet, lane=Lane.VETERINARY, to=asked.organisation, reason="on leave")
    two_counties.give(ask)
    while_asked = seen()
    take_back = c.DelegateLane(officer=vet, lane=Lane.VETERINARY, to=vet.organisation, reason="back again")
    two_counties.give(take_back)

    assert (while_asked, seen()) == ({CLAIM_ID}, frozenset())


def test_a_bounded_reading_cannot_write(two_counties: County) -> None:
    change = tables.claims.update().values(heads=1)

    with pytest.raises(DBAPIError):
        two_counties.store.engine.read(
            lambda connection: connection.execute(change), Sight(counties=frozenset({HERE}))
        )


def test_postgresql_binds_even_a_superuser_and_the_tables_owner(
    two_counties: County, dialect: str, migrated: str
) -> None:
    if dialect != "postgresql":
        pytest.skip("SQLite has no users")
    engine = create_engine(make_url(migrated))

    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL ROLE {READER}"))
        unset = connection.scalar(text("SELECT count(*) FROM claims"))
        connection.execute(text(f"SET LOCAL ROLE {APP}"))
        as_app = connection.scalar(text("SELECT count(*) FROM claims"))
    engine.dispose()

    assert (unset, as_app) == (0, 2)
    assert two_counties.rows(tables.claims)


def test_a_rule_that_was_taken_out_is_named_and_put_back_by_migrating(dialect: str, migrated: str) -> None:
    if dialect != "postgresql":
        pytest.skip("SQLite keeps no rule in the database")
    engine = create_engine(make_url(migrated))
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE payouts NO FORCE ROW LEVEL SECURITY"))
        connection.execute(text("DROP POLICY seen ON claims"))
        found = unprotected(connection)

    migrate(migrated)

    with engine.begin() as connection:
        after = unprotected(connection)
    engine.dispose()
    assert (sorted(found), after) == (["claims", "payouts"], ())


def test_a_database_without_rules_answers_no_bounded_reading(dialect: str, database: str) -> None:
    if dialect != "postgresql":
        pytest.skip("SQLite keeps no rule in the database")

    with opened_county(database) as county, pytest.raises(RowsUnprotected, match="server migrate"):
        rows(county, "claims", NOWHERE)


@contextmanager
def signing_in_as(url: str, rights: str) -> Iterator[str]:
    """The database's address under a role of its own, which owns the database and may make roles or not."""
    name = f"keeper_{uuid4().hex[:12]}"
    admin = create_engine(make_url(url), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with admin.connect() as connection:
        connection.execute(text(f"CREATE ROLE {name} LOGIN {rights}"))
        connection.execute(text(f"ALTER DATABASE {make_url(url).database} OWNER TO {name}"))
        try:
            yield make_url(url).set(username=name).render_as_string(hide_password=False)
        finally:
            connection.execute(text(f"REASSIGN OWNED BY {name} TO CURRENT_USER"))
            connection.execute(text(f"DROP OWNED BY {name}"))
            connection.execute(text(f"DROP ROLE {name}"))


def test_the_owner_who_migrated_serves_under_the_rules_and_copies_everything(
    dialect: str, database: str, tmp_path: Path
) -> None:
    if dialect != "postgresql":
        pytest.skip("SQLite has no users")
    with signing_in_as(database, "CREATEROLE") as url:
        migrate(url)
        check_schema(url)
        with opened_county(url) as county:
            county.report()
            here = rows(county, "claims", Sight(counties=frozenset({HERE})))
            there = rows(county, "claims", Sight(counties=frozenset({THERE})))
        moved = move(url, f"sqlite:///{tmp_path / 'moved.db'}", lambda _what, _done: None)
        migrate(url)

        assert (here, there) == (1, 0)
        assert {one.table: one.rows for one in moved.tables}["claims"] == 1
        assert condition(url, REPORTED_AT).exposed is None


def test_who_may_not_act_as_app_and_reader_is_told_what_to_run(dialect: str, migrated: str) -> None:
    if dialect != "postgresql":
        pytest.skip("SQLite has no users")

    with a_user(migrated) as url:
        with pytest.raises(RowsUnprotected, match=rf"GRANT {APP}, {READER} TO") as refused:
            open_engine(url)

        assert "no member of" in str(condition(url, REPORTED_AT).exposed)
    assert "CREATE ROLE" in str(refused.value)


def test_migrating_without_the_right_to_make_roles_says_who_has_to(dialect: str, database: str) -> None:
    if dialect != "postgresql":
        pytest.skip("SQLite has no users")

    with signing_in_as(database, "") as url, pytest.raises(RowsUnprotected, match="administrator"):
        migrate(url)


@contextmanager
def a_user(url: str) -> Iterator[str]:
    """The database's address under a role that owns nothing and is a member of nothing."""
    name = f"stranger_{uuid4().hex[:12]}"
    admin = create_engine(make_url(url), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with admin.connect() as connection:
        connection.execute(text(f"CREATE ROLE {name} LOGIN"))
        connection.execute(text(f"GRANT SELECT ON alembic_version TO {name}"))
        try:
            yield make_url(url).set(username=name).render_as_string(hide_password=False)
        finally:
            connection.execute(text(f"DROP OWNED BY {name}"))
            connection.execute(text(f"DROP ROLE {name}"))
