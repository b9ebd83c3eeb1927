"""Carries an import out: read once, compared with the register, written in one transaction with its record."""

import hashlib
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.parties import Officer
from backend.domain.register.fields import Register
from backend.domain.register.problems import ImportRefused, RegisterBusy
from backend.store import imports, registers
from backend.store.engine import Transaction
from backend.store.news import EFFECTS
from backend.store.requests import Answer, Keyed, once
from backend.store.run import Store
from backend.workflows.clock import Clock
from backend.workflows.importing.farms import FarmRules
from backend.workflows.importing.herds import HerdRules
from backend.workflows.importing.officers import OfficerRules
from backend.workflows.importing.plan import (
    Plan,
    Rules,
    Scope,
    Values,
    Wishes,
    compare,
    count_others,
    keys_of,
)
from backend.workflows.importing.policies import PAYEE_FIELDS, PolicyRules
from backend.workflows.importing.programmes import ProgrammeRules, let_go_on
from backend.workflows.importing.report import Report
from backend.workflows.importing.sheet import Declared, Sheet, read_sheet
from backend.workflows.secrets import token_from, token_hash

_MOST_CLASHES = 5
_LONGEST_NAME = 200
_CHUNK = 1 << 20
_TOKEN_COLUMN = {Register.POLICIES: "report_token_hash", Register.OFFICERS: "login_token_hash"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One file and what is to be done with it.

    Attributes:
        register: What its rows are.
        path: Where it lies; the suffix says what it is.
        name: What its sender calls it.
        by: The officer; None is whoever runs the server, at the server.
        declared: What the sender says about the file.
        dry_run: Write nothing, say what would be written.
        skips_refused: Write the good rows although others are refused.
        allows_payee_changes: Write policies that pay someone else from now on.
        token_seed: What tokens of new policies and officers are made from; None makes none.
        renews_tokens: Every row of the file gets a token, whoever held one.
    """

    register: Register
    path: Path
    name: str
    by: Officer | None
    declared: Declared = field(default_factory=Declared)
    dry_run: bool = False
    skips_refused: bool = False
    allows_payee_changes: bool = False
    token_seed: str | None = None
    renews_tokens: bool = False


class Imports:
    """Imports of one process, one at a time: each holds a whole county in memory while it is read."""

    def __init__(self, store: Store, clock: Clock, most_bytes: int) -> None:
        self._store = store
        self._clock = clock
        self._most_bytes = most_bytes
        self.executor = ThreadPoolExecutor(1, "importing")

    def close(self) -> None:
        """Finish the import that is under way; those that wait are dropped, nothing of them was written."""
        self.executor.shutdown(cancel_futures=True)

    def carry_out(self, order: Order, keyed: Keyed | None = None) -> dict[str, object]:
        """Do it, in the calling thread; the report says what was, or would be, written.

        Args:
            order: What to do.
            keyed: The request that asked for it: again under its key, the first answer is given.

        Raises:
            ImportUnreadable: The file as a whole cannot be used.
            ImportRefused: Rows are refused and not to be skipped; nothing was written.
            RegisterBusy: Other changes came in between, again and again; nothing was written.
            IdempotencyKeyReused: The key stands for another request.
        """
        sheet = read_sheet(order.register, order.path, order.name, order.declared, self._most_bytes)
        digest = sha256_of(order.path)
        for _ in range(_MOST_CLASHES):
            plan = self._store.engine.read(
                lambda connection: self._plan(connection, order, sheet, digest), EVERYWHERE
            )
            document = plan.report.as_json(dry_run=order.dry_run, skips_refused=order.skips_refused)
            if order.dry_run:
                return document | {"import": None, "tokens": None}
            try:
                step = partial(self._once, order=order, plan=plan, document=document, keyed=keyed)
                return _with_tokens(order, json.loads(self._store.submit(step).result().body))
            except registers.RegisterMoved:
                continue
        raise RegisterBusy(f"the register of {order.register} changed {_MOST_CLASHES} times meanwhile")

    def _plan(self, connection: Transaction, order: Order, sheet: Sheet, digest: str) -> Plan:
        version = registers.version(connection, order.register)
        scope = Scope()
        if order.by:
            office = order.by.organisation
            scope = Scope(registers.county_of(connection, office), office)
        keys = keys_of(order.register, sheet)
        standing = registers.standing(connection, order.register, keys)
        report = Report(order.register, _told(order.name), digest, sheet)
        plan = Plan(order.register, version, report)
        wishes = Wishes(order.allows_payee_changes, order.token_seed is not None, order.renews_tokens)
        compare(
            plan, sheet, standing, self._rules(connection, order.register, scope, wishes, standing, sheet)
        )
        count_others(connection, plan, scope, standing)
        return plan

    def _rules(
        self,
        connection: Transaction,
        register: Register,
        scope: Scope,
        wishes: Wishes,
        standing: Mapping[str, Values],
        sheet: Sheet,
    ) -> Rules:
        farms = _named(sheet, "farm_id")
        match register:
            case Register.FARMS:
                return FarmRules(connection, scope, standing)
            case Register.POLICIES:
                catalogue = self._store.products.catalogue(connection)
                named = _named(sheet, "programme")
                return PolicyRules(connection, scope, wishes, catalogue, standing, farms, named)
            case Register.HERDS:
                return HerdRules(connection, scope, standing, farms)
            case Register.OFFICERS:
                return OfficerRules(connection, scope, wishes, standing)
            case Register.PROGRAMMES:
                return ProgrammeRules(scope)

    def _once(
        self,
        connection: Transaction,
        order: Order,
        plan: Plan,
        document: dict[str, object],
        keyed: Keyed | None,
    ) -> Answer:
        def write() -> Answer:
            # Also under a key that was used: a refusal is not kept, so that mended files may follow.
            if plan.report.refused and not order.skips_refused:
                raise ImportRefused(document)
            done = self._write(connection, order, plan)
            return Answer(HTTPStatus.OK, json.dumps(document | done, ensure_ascii=False))

        return once(connection, keyed, self._clock(), write) if keyed else write()

    def _write(self, connection: Transaction, order: Order, plan: Plan) -> dict[str, object]:
        registers.count_up(connection, plan.register, plan.version)
        column, seed = _TOKEN_COLUMN.get(plan.register), order.token_seed
        tokens = {}
        if column and seed:
            tokens = {key: token_hash(token_from(seed, plan.register, key)) for key in plan.tokens_for}
        key = registers.key_name(plan.register)
        registers.put_organisations(connection, plan.organisations)
        registers.put_rows(
            connection,
            plan.register,
            [_with_token(row, column, tokens.pop(row[key], None)) for row in plan.new],
        )
        registers.change_rows(
            connection, plan.register, [_with_payee_day(row, self._clock()) for row in plan.changed]
        )
        if column:
            given = [{key: name, column: hashed} for name, hashed in tokens.items()]
            registers.change_rows(connection, plan.register, given)
        if plan.register is Register.PROGRAMMES:
            let_go_on(connection, plan, self._clock())
            self._store.engine.announce(connection, EFFECTS)
        report = plan.report
        done = imports.Import(
            id=uuid4(),
            register=plan.register,
            at=self._clock(),
            officer=order.by.id if order.by else None,
            file_name=report.file_name,
            file_sha256=report.sha256,
            read=len(report.sheet.values),
            new=report.new,
            changed=report.changed,
            same=report.same,
            refused=len(report.refused),
        )
        imports.record(connection, done, [told for _, told, _ in report.changes])
        return {"import": str(done.id), "tokens_for": plan.tokens_for if seed else []}


def _named(sheet: Sheet, name: str) -> list[str]:
    """What the file's rows say in a field, each once."""
    return list(dict.fromkeys(row[name] for row in sheet.values if row.get(name)))


def _with_token(row: Values, column: str | None, hashed: str | None) -> Values:
    return row | {column: hashed} if column and hashed else row


def _with_payee_day(row: Values, at: datetime) -> Values:
    """A policy that pays someone else from now on; for some days its claims wait for a person (domain.md §1, payee)."""
    return row | {"payee_changed_at": at} if PAYEE_FIELDS & row.keys() else row


def _with_tokens(order: Order, kept: dict[str, object]) -> dict[str, object]:
    """Tokens are made from the sender's seed anew each time, so that none is ever kept on the server."""
    named = kept.pop("tokens_for")
    if order.token_seed is None or not isinstance(named, list):
        return kept | {"tokens": None}
    made = [{"key": key, "token": token_from(order.token_seed, order.register, key)} for key in named]
    return kept | {"tokens": made}


def sha256_of(path: Path) -> str:
    """The hash of a file's content."""
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            hashed.update(chunk)
    return hashed.hexdigest()


def _told(name: str) -> str:
    plain = "".join(sign if sign.isprintable() else "�" for sign in name)
    return plain[-_LONGEST_NAME:]
