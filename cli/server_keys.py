"""``flashclaim server approve-key``: the first keys, before there is anybody who could approve them."""

import getpass
from typing import Annotated

import typer

from cli.render import needs_extra, print_json, say


def approve_key(
    keys: Annotated[list[str], typer.Argument(metavar="KEY...", help="Keys, whole: flashclaim keys list.")],
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="How you know whose they are.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Approve keys at the server itself: of an office's first two administrators.

    And where an office has nobody else who could. It stays on record that it was
    done here, by whom and why.

    Example: flashclaim server approve-key 5f3a9c1e5b7d4e2a9c6f1d2e3f4a5b6c --reason "met in the office"
    """
    with needs_extra("server"):
        from backend.domain.ids import KeyId
        from backend.first_keys import approve_keys_here
        from cli.refusals import told
        from cli.serving import advised, settings_here
    wanted = [KeyId("".join(one.split()).lower()) for one in keys]
    with advised(), told(as_json=as_json):
        approved = approve_keys_here(settings_here(), wanted, by=getpass.getuser(), reason=reason)
    if as_json:
        print_json({"approved": [{"key_id": one.id, "officer": one.officer} for one in approved]})
        return
    for one in approved:
        typer.echo(one.id)
        say(f"Approved for {one.officer}, at the server.")
