"""PostgreSQL's row-level security: two roles that nobody signs in as, and a policy a table (docs/decisions/0025).

``flashclaim_app`` may write every row and owns nothing: the worker, commands and unbounded readings.
``flashclaim_reader`` may only read, and of ruled tables what the transaction's sight names: unset, nothing.
Whoever the database's address names signs in, and is a member of both.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Row, text

from backend.domain.authority.sight import Sight
from backend.store.row_rules import RULES, Kind, Open, condition, named_by

APP, READER = "flashclaim_app", "flashclaim_reader"
_BETWEEN = "\x1f"
"""No number, code or id holds it."""
SEE = "SELECT set_config('role', %(role)s, true), " + ", ".join(
    f"set_config('flashclaim.{kind}', %({kind})s, true)" for kind in Kind
)
"""One round trip for a bounded reading. ``true``: until the transaction ends, never for the connection's next user."""

_MAKE = "DO $$ BEGIN CREATE ROLE {role} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
_GRANTS = (
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP}",
    f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {APP}",
    f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER}",
)
_STANDING = text(
    "SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS is_forced,"
    " obj_description(p.oid, 'pg_policy') AS digest"
    " FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = 'seen'"
    " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
)


_HELD = text(
    "SELECT name, r.oid IS NOT NULL AS is_there, coalesce(pg_has_role(current_user, r.oid, 'MEMBER'), false) AS is_held"
    " FROM unnest(CAST(:names AS text[])) AS name LEFT JOIN pg_roles r ON r.rolname = name"
)


class RowsUnprotected(Exception):
    """Nothing would keep a reading to what it may see: no server works on such a database."""


def sight_parameters(sight: Sight) -> dict[str, str]:
    """What ``SEE`` is executed with."""
    return {"role": READER} | {kind.value: _BETWEEN.join(values) for kind, values in named_by(sight).items()}


def role_for(connection: Connection) -> str | None:
    """The role to work as: the app's, once the rules stand; None in a database that has none of our tables yet.

    Raises:
        RowsUnprotected: The rules stand, and whoever signs in may not act as the app or the reader.
    """
    if not _is_protected(connection):
        return None
    wrong = [row.name for row in _held(connection) if not row.is_held]
    if wrong:
        raise RowsUnprotected(
            f"{_user(connection)} is no member of {' and '.join(wrong)}. {_advice(connection)}"
        )
    return APP


def unprotected(connection: Connection) -> tuple[str, ...]:
    """Tables whose rule does not stand as it is declared; on SQLite none, where no rule is kept in the database."""
    if connection.dialect.name != "postgresql":
        return ()
    standing = {row.name: row for row in connection.execute(_STANDING)}
    ruled = (name for name, rule in RULES.items() if not isinstance(rule, Open))
    return tuple(
        name
        for name in ruled
        if name in standing and not (standing[name].is_forced and standing[name].digest == _digest(name))
    )


def require_protected(connection: Connection) -> None:
    """Refuse a database whose rows are not protected.

    Raises:
        RowsUnprotected: Naming the tables.
    """
    wrong = unprotected(connection)
    if wrong:
        raise RowsUnprotected(
            f"rows of {', '.join(wrong)} are not protected. Next: flashclaim server migrate"
        )


def protect(connection: Connection) -> None:
    """Make the roles, and bring every table's rule to what is declared; what stands already is not touched.

    Raises:
        RowsUnprotected: Whoever migrates may not make roles: with what an administrator of the server has to run.
    """
    _make_roles(connection)
    for table in unprotected(connection):
        for statement in _policy(table):
            connection.execute(text(statement))
    for statement in _GRANTS:
        connection.execute(text(statement))


def relax(connection: Connection) -> None:
    """Let the tables' owner see all rows, for a migration. Whoever serves is no owner, and stays bound."""
    for row in connection.execute(_STANDING).all():
        if row.is_forced:
            connection.execute(text(f"ALTER TABLE {row.name} NO FORCE ROW LEVEL SECURITY"))


def see_everything(connection: Connection) -> None:
    """Act as the app from now on where the rules stand: for whoever copies or examines a database from outside.

    Raises:
        RowsUnprotected: Whoever signs in may not.
    """
    if connection.dialect.name != "postgresql":
        return
    if role_for(connection):
        connection.execute(text(f"SET ROLE {APP}"))
    connection.commit()


@contextmanager
def as_who_signed_in(connection: Connection) -> Iterator[None]:
    """Within the transaction act as the session's own role, which may be told of other sessions."""
    role = connection.scalar(text("SELECT quote_ident(current_user)"))
    connection.execute(text("SET LOCAL ROLE NONE"))
    yield
    connection.execute(text(f"SET LOCAL ROLE {role}"))


def _is_protected(connection: Connection) -> bool:
    return any(row.is_forced for row in connection.execute(_STANDING))


def _held(connection: Connection) -> Sequence[Row[Any]]:
    return connection.execute(_HELD, {"names": [APP, READER]}).all()


def _make_roles(connection: Connection) -> None:
    may = connection.scalar(
        text("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
    )
    for row in _held(connection):
        if row.is_held:
            continue
        if not may:
            raise RowsUnprotected(
                f"{_user(connection)} may not make the role {row.name}. {_advice(connection)}"
            )
        if not row.is_there:
            # Another installation on the same server may be making it at this moment.
            connection.execute(text(_MAKE.format(role=row.name)))
        connection.execute(text(f"GRANT {row.name} TO CURRENT_USER"))


def _user(connection: Connection) -> str:
    return str(connection.scalar(text("SELECT current_user")))


def _advice(connection: Connection) -> str:
    user = _user(connection)
    return (
        "Next, as an administrator of the database server, those that are missing of: "
        f"CREATE ROLE {APP} NOLOGIN; CREATE ROLE {READER} NOLOGIN; GRANT {APP}, {READER} TO {user};"
        " then flashclaim server migrate."
    )


def _policy(table: str) -> Iterator[str]:
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield f"DROP POLICY IF EXISTS works ON {table}"
    yield f"CREATE POLICY works ON {table} TO {APP} USING (true) WITH CHECK (true)"
    yield f"DROP POLICY IF EXISTS seen ON {table}"
    yield f"CREATE POLICY seen ON {table} FOR SELECT TO {READER} USING ({_wanted(table)})"
    yield f"COMMENT ON POLICY seen ON {table} IS '{_digest(table)}'"


def _wanted(table: str) -> str:
    return condition(RULES[table], table, _among) or "true"


def _digest(table: str) -> str:
    """What the policy is known by: PostgreSQL writes its text anew, so that it cannot be compared."""
    return hashlib.sha256(_wanted(table).encode()).hexdigest()[:16]


def _among(column: str, kind: Kind) -> str:
    # A subquery is worked out once a statement; the bare call would be made for every row.
    named = f"(SELECT string_to_array(current_setting('flashclaim.{kind}', true), chr({ord(_BETWEEN)})))"
    return f"{column} = ANY ({named}::{'uuid' if kind is Kind.CLAIM else 'text'}[])"
