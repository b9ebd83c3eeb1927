"""Compares the rows of a file with the register: new, changed, the same, or refused. Nothing is written here."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any  # a row's values have the types of their fields

from backend.domain.ids import OrganisationId
from backend.domain.register.fields import FIELDS, Register, key_of
from backend.domain.register.judging import Judged, Wrong
from backend.domain.register.problems import ImportUnreadable
from backend.store import registers
from backend.store.engine import Transaction
from backend.store.imports import Change
from backend.texts.columns import known_headings
from backend.workflows.importing.report import Report
from backend.workflows.importing.sheet import Refusal, Sheet, shown

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows may be written: of one county, officers of one office; None, None is whoever runs the server."""

    county: str | None = None
    organisation: OrganisationId | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the sender allows beyond the ordinary."""

    allows_payee_changes: bool = False
    makes_tokens: bool = False
    renews_tokens: bool = False


@dataclass(slots=True)
class Plan:
    """What an import will write, made from the register at one version."""

    register: Register
    version: int
    report: Report
    new: list[Values] = field(default_factory=list)
    changed: list[Values] = field(default_factory=list)  # the key and what moved
    organisations: list[Values] = field(default_factory=list)
    tokens_for: list[str] = field(default_factory=list)


class Rules(ABC):
    """What is particular about one register.

    Attributes:
        defaults: Of a new row, for fields that its file may leave out.
    """

    defaults: Mapping[str, object]

    @abstractmethod
    def judge(self, row: Values, before: Values | None) -> Judged:
        """What is wrong or odd about a row with its gaps filled."""

    def tells(self, value: Any, /) -> str | None:
        """A value as the record keeps it."""
        return None if value is None else str(value)

    def shows(self, _name: str, value: Any, /) -> str | None:
        """A field's value as a report shows it."""
        return self.tells(value)

    def is_same(self, _name: str, before: Any, after: Any, /) -> bool:
        """Whether a field stands unchanged."""
        return bool(before == after)

    def finish(self, plan: Plan, kept: Mapping[int, Values], /) -> None:  # noqa: B027 - most registers need nothing
        """Look at all rows together, once those that stay are known by their index."""


def compare(plan: Plan, sheet: Sheet, standing: Mapping[str, Values], rules: Rules) -> None:
    """Sort every row of the file into the plan.

    Raises:
        ImportUnreadable: New rows need a field that the file has no column for.
    """
    report, key = plan.report, key_of(plan.register).name
    report.refused |= {index: list(refusals) for index, refusals in sheet.refusals.items()}
    _refuse_missing_columns(plan.register, sheet, standing)
    needed = [one.name for one in FIELDS[plan.register] if one.is_needed]
    kept: dict[int, Values] = {}
    for index, given in enumerate(sheet.values):
        if index in report.refused:
            continue
        before = standing.get(given[key])
        row = {**rules.defaults, **(before or {}), **given}
        missing = [name for name in needed if row.get(name) is None]
        judged = Judged() if missing else rules.judge(row, before)
        wrong = [Wrong(name, "is missing", "A new row needs it.") for name in missing] or judged.wrong
        if wrong:
            report.refused[index] = [
                Refusal(index + 1, one.field, shown(_given(rules, one.field, row)), one.why, one.next)
                for one in wrong
            ]
            continue
        for note in judged.notes:
            report.note(index, note)
        kept[index] = row
        if before is None:
            plan.new.append(row)
        else:
            _change(plan, index, before, row, rules)
    report.new, report.changed = len(plan.new), len(plan.changed)
    rules.finish(plan, kept)


def _given(rules: Rules, name: str, row: Values) -> str:
    value = row.get(name)
    return "" if value is None else rules.shows(name, value) or ""


def _change(plan: Plan, index: int, before: Values, row: Values, rules: Rules) -> None:
    key_name = key_of(plan.register).name
    key = row[key_name]
    moved = [name for name in before if name in row and not rules.is_same(name, before[name], row[name])]
    if not moved:
        plan.report.same += 1
        return
    # Nothing but what moved: a token that is used meanwhile must not be written back.
    plan.changed.append({key_name: key, **{name: row[name] for name in moved}})
    for name in moved:
        told = Change(key, name, rules.tells(before[name]), rules.tells(row[name]))
        seen = Change(key, name, rules.shows(name, before[name]), rules.shows(name, row[name]))
        plan.report.changes.append((index, told, seen))


def _refuse_missing_columns(register: Register, sheet: Sheet, standing: Mapping[str, Values]) -> None:
    key = key_of(register).name
    is_new = any(values.get(key) not in standing for values in sheet.values if key in values)
    missing = [one.name for one in FIELDS[register] if one.is_needed and one.name not in sheet.columns.taken]
    if not (is_new and missing):
        return
    wanted = "; ".join(f"{name} ({', '.join(known_headings(register)[name][1:5])})" for name in missing)
    has = ", ".join([*sheet.columns.taken.values(), *sheet.columns.not_taken])
    then = f"Add the column, or name it: --map THEIRS={missing[0]}."
    raise ImportUnreadable(f"new rows need columns that are not there: {wanted}; the file has {has}", then)


def keys_of(register: Register, sheet: Sheet) -> Sequence[str]:
    """The keys that a file names, each once."""
    key = key_of(register).name
    return list(dict.fromkeys(values[key] for values in sheet.values if key in values))


def in_scope(row: Values | None, scope: Scope) -> bool:
    """Whether a farm's row belongs to the scope's county."""
    return row is None or scope.county is None or row["county"] == scope.county


def count_others(connection: Transaction, plan: Plan, scope: Scope, standing: Mapping[str, Values]) -> None:
    """Count rows that the file does not name: they stay as they are."""
    registered = registers.how_many(connection, plan.register, scope.county, scope.organisation)
    plan.report.not_in_file = max(0, registered - len(standing))


def judge_farm(row: Values, before: Values | None, counties: Mapping[str, str], scope: Scope) -> Wrong | None:
    """A row needs a registered farm in the scope's county; the one that it stood on before counts too."""
    if row["farm_id"] not in counties:
        return Wrong(
            "farm_id", "is no registered farm", "Import the farms first: flashclaim farm import FILE."
        )
    farms = {row["farm_id"], before["farm_id"] if before else row["farm_id"]}
    if scope.county is not None and any(counties.get(farm) != scope.county for farm in farms):
        why = f"is a farm of another county than yours, {scope.county}"
        return Wrong("farm_id", why, "Let that county's insurer import it.")
    return None
