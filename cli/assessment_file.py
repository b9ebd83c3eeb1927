"""An assessment from a file: JSON as the server takes it, or a table with one row a head."""

import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # the claim's document and the officer's file are JSON

from backend.domain.problems import FieldError, InvalidInput
from backend.texts.columns import field_of, known_headings, word_of
from cli.refusals import Refused

REGISTER = "assessment"
_POINTER = re.compile(r"/animals/([0-9]+)/(\w+)")
_MOST_BYTES = 5_000_000

Animals = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class AssessmentFile:
    """What a file says; ``lines`` are the file's own lines of the animals, empty where it is JSON."""

    fields: Mapping[str, Any]
    lines: tuple[int, ...] = ()

    def named_by_row(self, refused: Refused) -> Refused:
        """The same refusal with each animal's fault named by the row that it stands in."""
        if not self.lines:
            return refused
        errors = [self._by_row(error) for error in refused.body.get("errors", ())]
        return Refused(refused.body | {"errors": errors})

    def _by_row(self, error: Mapping[str, str]) -> Mapping[str, str]:
        found = _POINTER.match(error["pointer"])
        if found is None or int(found[1]) >= len(self.lines):
            return error
        return {**error, "detail": f"row {self.lines[int(found[1])]}, {found[2]}: {error['detail']}"}


def read_assessment(name: str, shown: Sequence[Mapping[str, Any]]) -> AssessmentFile:
    """The assessment in a file.

    A table lists every head; one that it does not list is left out. A row is the animal with its ``ref``, else with
    its ``tag``, else a new one. A blank cell leaves a value as it stands.

    Args:
        name: Of a ``.json`` file, or of a table in CSV, UTF-8 or GB18030.
        shown: The animals as they stand.

    Raises:
        InvalidInput: It cannot be read, or columns or rows that cannot be; all of them are named.
    """
    text = _text(Path(name))
    if Path(name).suffix.lower() == ".json" or text.lstrip()[:1] in {"{", "["}:
        return AssessmentFile(_json(name, text))
    return _table(name, text, shown)


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as wrong:
        raise InvalidInput(f"{path} cannot be read: {wrong}") from wrong
    if len(content) > _MOST_BYTES:
        raise InvalidInput(f"{path} is larger than {_MOST_BYTES:,} bytes")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidInput(f"{path} is neither UTF-8 nor GB18030: save it as UTF-8")


def _json(name: str, text: str) -> dict[str, Any]:
    try:
        # Figures stay as they were written: a float would change a weight.
        document = json.loads(text, parse_float=str)
    except (ValueError, RecursionError) as wrong:
        raise InvalidInput(f"{name} is no JSON: {wrong}") from wrong
    if isinstance(document, list):
        return {"heads": len(document), "animals": document}
    if not isinstance(document, dict):
        raise InvalidInput(f'{name} holds neither {{"heads", "animals", "reason"}} nor a list of animals')
    return document


def _table(name: str, text: str, shown: Sequence[Mapping[str, Any]]) -> AssessmentFile:
    reader = csv.reader(text.splitlines(), strict=True)
    animals: Animals = []
    lines: list[int] = []
    errors: list[FieldError] = []
    try:
        headings = next(reader, [])
        fields = [field_of(REGISTER, heading) for heading in headings]
        errors += _wrong_headings(headings, fields)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(headings):
                fault = f"row {reader.line_num} has {len(cells)} cells under {len(headings)} headings"
                errors.append(FieldError(f"/animals/{len(lines)}", fault))
            given = {field: cell.strip() for field, cell in zip(fields, cells, strict=False) if field}
            animals.append(_animal({field: cell for field, cell in given.items() if cell}, shown))
            lines.append(reader.line_num)
    except csv.Error as wrong:
        raise InvalidInput(f"{name} is no table: row {reader.line_num}: {wrong}") from wrong
    if not animals:
        errors.append(FieldError("/animals", "no row lists an animal"))
    if errors:
        raise InvalidInput(f"{name} cannot be used", errors=errors)
    return AssessmentFile({"heads": len(animals), "animals": animals}, tuple(lines))


def _wrong_headings(headings: Sequence[str], fields: Sequence[str | None]) -> list[FieldError]:
    known = ", ".join(known_headings(REGISTER))
    wrong = [
        FieldError("/animals", f"column {heading!r} is not one of {known}")
        for heading, field in zip(headings, fields, strict=True)
        if field is None
    ]
    twice = {field for field in fields if field and fields.count(field) > 1}
    return wrong + [FieldError("/animals", f"column {field} stands there twice") for field in sorted(twice)]


def _animal(given: dict[str, str], shown: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    key = next((field for field in ("ref", "tag") if field in given), None)
    stands = next((one for one in shown if key and one[key] == given[key]), {})
    animal = {**stands, **{field: word_of(field, cell) for field, cell in given.items()}}
    if "weight_kg" in given:
        animal |= {"size_band": None, "weight_source": animal_source(given)}
    return animal


def animal_source(given: Mapping[str, str]) -> str:
    """Who gave a row's weight: the officer where the row does not say."""
    return word_of("weight_source", given["weight_source"]) if "weight_source" in given else "officer"
