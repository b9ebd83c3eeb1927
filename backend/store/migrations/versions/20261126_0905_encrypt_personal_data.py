"""Encrypt personal data in its columns, and keep what events commit to beside them.

Rows in place: payees, phones, kept answers, values that imports changed and payment files are encrypted under the
current key; without keys a database that holds any is refused. Events of before keep the form that their leaf hashes
cover: whoever is named in one cannot be erased from it. Whoever migrates clears what was overwritten out of the file
afterwards (``store.scrub``).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from backend.domain.personal.problems import KeysMissing
from backend.store import columns
from backend.store.vault import OPTION, Vault

revision = "20261126_0905"
down_revision = "20261126_0904"
branch_labels = None
depends_on = None

_AT_ONCE = 1_000


@dataclass(frozen=True)
class _Sealed:
    """A column that becomes a sealed one: its row's key, its type until now, and the column that finds it."""

    table: str
    key: tuple[tuple[str, Any], ...]
    column: str
    was: Any
    index: str | None = None
    needed: bool = False


_NUMBER = (("number", sa.String()),)
_CHANGE = (("import_id", sa.Uuid()), ("place", sa.Integer()))
_SEALED = (
    _Sealed("policies", _NUMBER, "payee_name", sa.String(100)),
    _Sealed("policies", _NUMBER, "payee_account", sa.String(40), "payee_account_index"),
    _Sealed("farm_contacts", (("farm_id", sa.String()),), "phone", sa.String(16), "phone_index"),
    _Sealed("requests", (("who", sa.String()), ("key", sa.String())), "answer", sa.Text(), needed=True),
    _Sealed("import_changes", _CHANGE, "before", sa.Text()),
    _Sealed("import_changes", _CHANGE, "after", sa.Text()),
    _Sealed("bank_files", (("message_id", sa.String()),), "content", sa.Text()),
)


def upgrade() -> None:
    """Bring the schema forward."""
    _require_keys()
    op.create_table(
        "data_keys",
        sa.Column("key_id", sa.String(length=8), nullable=False),
        sa.Column("made_at", columns.UtcDateTime(), nullable=False),
        sa.Column("retired_at", columns.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_data_keys")),
    )
    op.create_table(
        "personal_values",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_personal_values_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", "seq", "field", name=op.f("pk_personal_values")),
    )
    _keep_looks_and_erasures()
    op.add_column("policies", sa.Column("holder_id_number", sa.LargeBinary(), nullable=True))
    op.drop_index(op.f("ix_policies_payee_account"), "policies")
    for one in _SEALED:
        _seal(one)
    op.create_index(op.f("ix_policies_payee_account_index"), "policies", ["payee_account_index"])
    op.create_index(op.f("ix_farm_contacts_phone_index"), "farm_contacts", ["phone_index"])


def downgrade() -> None:
    """Take it back, where no event has anything beside it: its leaf hash could not be kept."""
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM personal_values")):
        raise RuntimeError("events have personal data beside them: an earlier schema cannot hold it")
    op.drop_index(op.f("ix_farm_contacts_phone_index"), "farm_contacts")
    op.drop_index(op.f("ix_policies_payee_account_index"), "policies")
    for one in reversed(_SEALED):
        _open(one)
    op.create_index(op.f("ix_policies_payee_account"), "policies", ["payee_account"])
    op.drop_column("policies", "holder_id_number")
    for table in ("erasures", "personal_looks", "personal_values", "data_keys"):
        op.drop_table(table)


def _require_keys() -> None:
    """Refused before anything is changed: SQLite keeps the tables that a migration made before it failed."""
    for one in _SEALED:
        table = sa.table(one.table, sa.column(one.column))
        known = sa.select(sa.literal(1)).select_from(table).where(table.c[one.column].is_not(None))
        if op.get_bind().execute(known.limit(1)).first():
            _vault()


def _keep_looks_and_erasures() -> None:
    op.create_table(
        "personal_looks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", columns.UtcDateTime(), nullable=False),
        sa.Column("officer_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("policy_number", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_personal_looks_officer_id")),
        sa.ForeignKeyConstraint(
            ["policy_number"], ["policies.number"], name=op.f("fk_personal_looks_policy_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_looks")),
    )
    op.create_index(op.f("ix_personal_looks_at"), "personal_looks", ["at"])
    op.create_index(op.f("ix_personal_looks_policy_number"), "personal_looks", ["policy_number"])
    op.create_table(
        "erasures",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", columns.UtcDateTime(), nullable=False),
        sa.Column("officer_id", sa.String(length=40), nullable=False),
        sa.Column("policy_number", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("erased", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_erasures_officer_id")),
        sa.ForeignKeyConstraint(
            ["policy_number"], ["policies.number"], name=op.f("fk_erasures_policy_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index(op.f("ix_erasures_policy_number"), "erasures", ["policy_number"])


def _seal(one: _Sealed) -> None:
    op.add_column(one.table, sa.Column(_next(one), sa.LargeBinary(), nullable=True))
    if one.index:
        op.add_column(one.table, sa.Column(one.index, sa.String(length=64), nullable=True))
    name = f"{one.table}.{one.column}"

    def sealed(clear: str, row: Sequence[Any]) -> dict[str, object]:
        vault = _vault()
        found = {one.index: vault.index(clear, name)} if one.index else {}
        return {_next(one): vault.seal(clear, name, *row), **found}

    _change(one, one.column, sealed, sa.LargeBinary())
    _take_its_place(one, sa.LargeBinary())


def _open(one: _Sealed) -> None:
    op.add_column(one.table, sa.Column(_next(one), one.was, nullable=True))
    name = f"{one.table}.{one.column}"
    _change(
        one,
        one.column,
        lambda kept, row: {_next(one): _vault().open(kept, name, *row)},
        sa.Text(),
        before=sa.LargeBinary(),
    )
    if one.index:
        op.drop_column(one.table, one.index)
    is_needed = one.needed or (one.table, one.column) != ("farm_contacts", "phone")
    _take_its_place(one, one.was, needed=is_needed and one.table != "import_changes")


def _take_its_place(one: _Sealed, kind: Any, *, needed: bool | None = None) -> None:
    with op.batch_alter_table(one.table) as batch:
        batch.drop_column(one.column)
    with op.batch_alter_table(one.table) as batch:
        batch.alter_column(
            _next(one),
            new_column_name=one.column,
            existing_type=kind,
            nullable=not (one.needed if needed is None else needed),
        )


def _change(
    one: _Sealed,
    column: str,
    changed: Callable[[Any, Sequence[Any]], dict[str, object]],
    kind: Any,
    *,
    before: Any = None,
) -> None:
    keys = [sa.column(name, kind_of) for name, kind_of in one.key]
    extra = [sa.column(one.index, sa.String())] if one.index else []
    old = sa.column(column, before or sa.Text())
    table = sa.table(one.table, *keys, old, sa.column(_next(one), kind), *extra)
    bind = op.get_bind()
    update = sa.update(table).where(*(key == sa.bindparam(f"the_{key.name}") for key in keys))
    for rows in _pages(bind, sa.select(*keys, old).where(old.is_not(None)), keys):
        given = [
            {f"the_{key.name}": part for key, part in zip(keys, row[:-1], strict=True)}
            | changed(row[-1], row[:-1])
            for row in rows
        ]
        names = [name for name in given[0] if not name.startswith("the_")]
        bind.execute(update.values({name: sa.bindparam(name) for name in names}), given)


def _pages(bind: sa.Connection, wanted: sa.Select[Any], keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    last: Sequence[Any] | None = None
    while True:
        page = wanted.order_by(*keys).limit(_AT_ONCE)
        if last is not None:
            page = page.where(
                sa.tuple_(*keys)
                > sa.tuple_(*(sa.literal(part, key.type) for part, key in zip(last, keys, strict=True)))
            )
        rows = bind.execute(page).all()
        if not rows:
            return
        yield rows
        last = rows[-1][:-1]


def _next(one: _Sealed) -> str:
    return f"{one.column}_next"


def _vault() -> Vault:
    vault = context.config.attributes.get(OPTION)
    if not isinstance(vault, Vault):
        raise KeysMissing("there is personal data to encrypt, and no key to do it with")
    return vault
