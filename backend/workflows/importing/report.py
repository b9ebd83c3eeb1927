"""What an import would do, or did, as its sender reads it: counts in full, lists to a bound."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from backend.domain.register.fields import Register
from backend.store.imports import Change
from backend.workflows.importing.sheet import Refusal, Sheet, shown

MOST_LISTED = 200
"""Refusals, notes and changes that a report lists; it counts all of them."""


@dataclass(slots=True)
class Report:
    """An import against the register as it stood.

    Attributes:
        changes: Index of the row, the change as the record keeps it, and as the report shows it.
    """

    register: Register
    file_name: str
    sha256: str
    sheet: Sheet
    new: int = 0
    changed: int = 0
    same: int = 0
    not_in_file: int = 0
    refused: dict[int, list[Refusal]] = field(default_factory=dict)
    notes: dict[int | None, list[str]] = field(default_factory=dict)
    changes: list[tuple[int, Change, Change]] = field(default_factory=list)

    def note(self, index: int | None, what: str) -> None:
        """Keep a note about a row, or about the file."""
        self.notes.setdefault(index, []).append(what)

    def as_json(self, *, dry_run: bool, skips_refused: bool) -> dict[str, object]:
        """The report as the API answers it (docs/importing.md)."""
        refusals = [one for index in sorted(self.refused) for one in self.refused[index]]
        notes = list(self._said())
        return {
            "noun": self.register,
            "file": self.file_name,
            "sha256": self.sha256,
            "dry_run": dry_run,
            "skip_refused": skips_refused,
            "rows": len(self.sheet.values),
            "new": self.new,
            "changed": self.changed,
            "same": self.same,
            "not_in_file": self.not_in_file,
            "refused_rows": len(self.refused),
            "refused": [_refusal(one) for one in refusals[:MOST_LISTED]],
            "refused_total": len(refusals),
            "notes": [{"row": row, "note": note} for row, note in notes[:MOST_LISTED]],
            "notes_total": len(notes),
            "changes": [_change(index, seen) for index, _, seen in self.changes[:MOST_LISTED]],
            "changes_total": len(self.changes),
            "columns": dict(self.sheet.columns.taken),
            "columns_not_taken": list(self.sheet.columns.not_taken),
            "next": self._next(dry_run=dry_run, skips_refused=skips_refused),
        }

    def _said(self) -> Iterator[tuple[int | None, str]]:
        """Notes about the file, then about rows in their order; a refused row's fate says enough about it."""
        for note in (*self.sheet.notes.get(None, ()), *self.notes.get(None, ())):
            yield None, note
        rows = {
            index
            for index in (*self.sheet.notes, *self.notes)
            if index is not None and index not in self.refused
        }
        for index in sorted(rows):
            for note in (*self.sheet.notes.get(index, ()), *self.notes.get(index, ())):
                yield index + 1, note

    def _next(self, *, dry_run: bool, skips_refused: bool) -> str:
        if self.refused and not skips_refused:
            return (
                "Mend the refused rows, or leave them out with --skip-refused; until then nothing is written."
            )
        if not self.new and not self.changed:
            return "Nothing to do: every row that is not refused is registered as it stands here."
        return (
            "Run it again without --dry-run to write it."
            if dry_run
            else "Done. Importing the file again is safe."
        )


def _refusal(one: Refusal) -> Mapping[str, object]:
    return {"row": one.row, "field": one.field, "value": one.value, "why": one.why, "next": one.next}


def _change(index: int, one: Change) -> Mapping[str, object]:
    before, after = one.before, one.after
    return {
        "row": index + 1,
        "key": one.key,
        "field": one.field,
        "before": None if before is None else shown(before),
        "after": None if after is None else shown(after),
    }
