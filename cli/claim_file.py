"""``flashclaim claim file``: the printable claim file 理赔档案, as HTML or PDF."""

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from backend.texts.load import Language
from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ClaimName, ProfileName
from cli.render import print_json, say, unusable


def file(
    claim: ClaimName,
    into: Annotated[Path, typer.Option("--into", metavar="FILE", help="Where to: FILE.html or FILE.pdf.")],
    language: Annotated[
        Language | None,
        typer.Option("--lang", "--language", help="Of the file; as the terminal's where left out."),
    ] = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Write a claim's file for print and archive: photos, map, working, signatures, timeline.

    The page is whole in itself and asks no other address for anything. A PDF is
    printed by the Chromium or Chrome of this machine; without one, open the
    HTML in any browser and print it. An existing file is replaced.

    Example: flashclaim claim file FC-20261123-0042 --lang zh --into claim.html
    """
    if into.suffix.lower() not in {".html", ".pdf"}:
        unusable(f"{into} ends in neither .html nor .pdf", as_json=as_json)
    if not into.parent.is_dir():
        unusable(f"{into.parent} is no folder", as_json=as_json)
    is_pdf = into.suffix.lower() == ".pdf"
    with at_desk(profile, language, as_json=as_json) as desk:
        from cli.chromium import browser, print_page

        # Looked for before the server is asked: what cannot be printed is not fetched.
        printer = browser() if is_pdf else None
        page = desk.api.content("claims", claim, "file")
        written = page if printer is None else print_page(printer, page)
    try:
        into.write_bytes(written)
    except OSError as wrong:
        unusable(f"{into} cannot be written: {wrong.strerror}", as_json=as_json)
    if as_json:
        digest = hashlib.sha256(written).hexdigest()
        print_json({"file": str(into), "bytes": len(written), "sha256": digest})
    else:
        typer.echo(str(into))
        say(f"{len(written):,} bytes. It names people: keep it as you keep the claim.")
