"""``flashclaim claim export``: paid claims for an insurer's core system."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any  # documents, as the API sends them

import typer

from backend.domain.policy import SHANGHAI
from cli.desk import Desk, at_desk
from cli.options import DEFAULT_PROFILE, ProfileName
from cli.render import say, unusable


class Format(StrEnum):
    """How the documents are written."""

    JSON = "json"
    CSV = "csv"


def export(
    claim: Annotated[str | None, typer.Argument(metavar="[CLAIM]", help="Claim number or id.")] = None,
    paid: Annotated[bool, typer.Option("--paid", help="All that were paid, instead of one.")] = False,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="With --paid: from this day on, Asia/Shanghai.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="With --paid: to this day, the last one included.")
    ] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="json, or csv with a row a head.")
    ] = Format.JSON,
    profile: ProfileName = DEFAULT_PROFILE,
) -> None:
    """Write paid claims to stdout as a core system imports them. The insurer's to read.

    Fields are described in docs/core-import.md and stay put. Many claims are
    written page by page as they come; the sum of a CSV's head_amount is what
    was paid.

    Example: flashclaim claim export --paid --since 2026-11-01 --format csv
    """
    if paid == (claim is not None) or (paid and since is None) or (claim and (since or until)):
        unusable("give one CLAIM, or --paid with --since DATE", as_json=False)
    first, last = _day(since, "--since"), _day(until, "--until")
    written = claims = 0
    with at_desk(profile) as desk:
        pages = (
            _pages(desk, first, last) if claim is None else iter([desk.api.get("claims", claim, "export")])
        )
        for page in pages:
            _write(page, format_, first=written == 0)
            written += 1
            claims += len(page["claims"])
        if format_ is Format.JSON:
            sys.stdout.write("\n]}\n")
    say(f"{claims} paid claims.")


def _pages(desk: Desk, since: date | None, until: date | None) -> Iterator[dict[str, Any]]:
    after, asked = None, {"since": _begins(since), "until": _begins(until and until + timedelta(days=1))}
    while True:
        page = desk.api.get("exports", "paid-claims", after=after, **asked)
        yield page
        after = page["next"]
        if after is None:
            return


def _write(page: dict[str, Any], format_: Format, *, first: bool) -> None:
    if format_ is Format.CSV:
        from backend.domain.core_import import csv_text

        # Line ends are RFC 4180's, whatever the machine's own are.
        sys.stdout.buffer.write(csv_text(page["claims"], headed=first).encode())
        sys.stdout.buffer.flush()
        return
    if first:
        sys.stdout.write(f'{{"format": {json.dumps(page["format"])}, "claims": [')
    for place, one in enumerate(page["claims"]):
        sys.stdout.write(("\n" if first and place == 0 else ",\n") + json.dumps(one, ensure_ascii=False))


def _day(text: str | None, option: str) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        unusable(f"{option} {text} is no date such as 2026-11-01", as_json=False)


def _begins(day: date | None) -> str | None:
    return None if day is None else datetime.combine(day, time(), SHANGHAI).astimezone(UTC).isoformat()
