"""What the groups' ``import`` do: send the file, show the report, keep the tokens to their owner."""

import csv
import io
import json
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self  # JSON from the server
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZipFile

import typer

from backend.domain.problems import FieldError, InvalidInput
from backend.domain.register.fields import Register
from cli.desk import at_desk
from cli.exits import Exit
from cli.refusals import Refused, told
from cli.render import print_json, say

_BESIDE_SHAPEFILE = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
_TOKEN_HEADINGS = {
    Register.POLICIES: ("policy_number", "card"),
    Register.OFFICERS: ("officer_id", "login_token"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The options of an import; empty texts are options that were not given."""

    dry_run: bool
    skip_refused: bool
    encoding: str = ""
    layer: str = ""
    columns: Sequence[str] = ()
    datum: str = ""
    allow_payee_changes: bool = False
    tokens: str = ""

    def mapping(self) -> dict[str, str]:
        """Our fields by their columns.

        Raises:
            InvalidInput: Something else than THEIRS=OURS.
        """
        mapping = {}
        for one in self.columns:
            theirs, equals, ours = one.rpartition("=")
            if not (theirs.strip() and equals and ours.strip()):
                error = FieldError("/map", f"{one!r} is not THEIRS=OURS")
                raise InvalidInput("a column cannot be mapped", errors=[error])
            mapping[theirs.strip()] = ours.strip()
        return mapping

    def as_query(self, name: str) -> dict[str, object]:
        """As the API's query parameters."""
        query = {
            "file": name,
            "dry_run": str(self.dry_run).lower(),
            "skip_refused": str(self.skip_refused).lower(),
            "encoding": self.encoding,
            "layer": self.layer,
            "datum": self.datum,
            "columns": [f"{theirs}={ours}" for theirs, ours in self.mapping().items()],
        }
        return {name: value for name, value in query.items() if value}


def bring(register: Register, file: str, wanted: Wanted, *, profile: str, as_json: bool) -> None:
    """Send a file to be imported and print the report."""
    with told(as_json=as_json), packed(Path(file)) as path, TokenFileKept(wanted.tokens, register) as kept:
        seed = {"Token-Seed": secrets.token_urlsafe(32)} if wanted.tokens else {}
        with at_desk(profile, as_json=as_json) as desk:
            try:
                report = desk.api.send_file(
                    "registers",
                    register,
                    "imports",
                    file=path,
                    query=wanted.as_query(path.name),
                    headers=seed,
                    key=uuid4().hex,
                )
            except Refused as refused:
                show_refused(refused, as_json=as_json)
                raise
        finish(report, kept, as_json=as_json)


def finish(report: dict[str, Any], kept: "TokenFileKept", *, as_json: bool) -> None:
    """Write the tokens, print the report, and end as the real run would where rows are refused."""
    tokens = report.pop("tokens", None) or []
    written = kept.write(tokens)
    if as_json:
        print_json(report)
    else:
        show(report)
    if written:
        say(f"{len(tokens)} tokens written to {written}, for you alone to read: hand each to its owner.")
    if report["refused_rows"] and not report["skip_refused"]:
        raise typer.Exit(Exit.USAGE)


def show(report: dict[str, Any]) -> None:
    """Print a report for a person."""
    from cli.screens.imports import report_screen
    from cli.screens.writing import console

    screen = console()
    for part in report_screen(report):
        screen.print(part)
    say(f"Next: {report['next']}")


def show_refused(refused: Refused, *, as_json: bool) -> None:
    """Show the report of a refused import before it is refused in words."""
    report = refused.body.get("report")
    if report and not as_json:
        show(report)


@contextmanager
def packed(path: Path) -> Iterator[Path]:
    """The file to send: a Shapefile with the files beside it in one archive, any other as it is.

    Raises:
        InvalidInput: There is no such file.
    """
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise InvalidInput(f"{path} {what}", errors=[FieldError("/file", "name a file that can be read")])
    if path.suffix.lower() != ".shp":
        yield path
        return
    with TemporaryDirectory() as folder:
        archive = Path(folder) / f"{path.stem}.zip"
        with ZipFile(archive, "w", ZIP_DEFLATED, compresslevel=1) as together:
            for beside in sorted(path.parent.glob(f"{path.stem}.*")):
                if beside.suffix.lower() in _BESIDE_SHAPEFILE:
                    together.write(beside, beside.name)
        yield archive


class TokenFileKept:
    """A new file for tokens that only its owner can read; it is made before anything is sent, and goes if unused."""

    def __init__(self, name: str, register: Register) -> None:
        self._path = Path(name) if name else None
        self._register = register
        self._is_written = False

    def __enter__(self) -> Self:
        if self._path:
            try:
                os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            except FileExistsError as exists:
                error = FieldError(
                    "/tokens", f"{self._path} exists and is not overwritten; name another file"
                )
                raise InvalidInput("the tokens cannot be written", errors=[error]) from exists
            except OSError as locked:
                error = FieldError("/tokens", f"{self._path}: {locked.strerror}")
                raise InvalidInput("the tokens cannot be written", errors=[error]) from locked
        return self

    def __exit__(self, *_: object) -> None:
        if self._path and not self._is_written:
            with suppress(OSError):
                self._path.unlink()

    def write(self, tokens: Sequence[dict[str, str]]) -> Path | None:
        """Write them as CSV, or as JSON where the file is called so; where to, None when there are none."""
        if self._path is None or not tokens:
            return None
        key, token = _TOKEN_HEADINGS[self._register]
        rows = [{key: one["key"], token: one["token"]} for one in tokens]
        text = io.StringIO()
        if self._path.suffix.lower() == ".json":
            json.dump(rows, text, ensure_ascii=False, indent=2)
        else:
            writer = csv.DictWriter(text, [key, token], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        self._path.write_text(text.getvalue(), encoding="utf-8", newline="")
        self._is_written = True
        return self._path
