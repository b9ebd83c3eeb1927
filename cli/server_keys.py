"""``flashclaim server approve-key|rotate-key``: the first officers' keys; a new key for personal data."""

import getpass
from typing import Annotated

import typer

from cli.exits import Exit
from cli.options import AsJson
from cli.progress import shown_progress
from cli.refusals import told
from cli.render import needs_extra, print_json, say


def approve_key(
    keys: Annotated[list[str], typer.Argument(metavar="KEY...", help="Keys, whole: flashclaim keys list.")],
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="How you know whose they are.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Approve keys at the server itself: of an office's first two administrators.

    And where an office has nobody else who could. It stays on record that it was
    done here, by whom and why.

    Example: flashclaim server approve-key 5f3a9c1e5b7d4e2a9c6f1d2e3f4a5b6c --reason "met in the office"
    """
    with needs_extra("server"):
        from backend.domain.ids import KeyId
        from backend.first_keys import approve_keys_here
        from cli.serving import settings_here
        from cli.starting_advice import advised
    wanted = [KeyId("".join(one.split()).lower()) for one in keys]
    with advised(), told(as_json=as_json):
        approved = approve_keys_here(settings_here(), wanted, by=getpass.getuser(), reason=reason)
    if as_json:
        print_json({"approved": [{"key_id": one.id, "officer": one.officer} for one in approved]})
        return
    for one in approved:
        typer.echo(one.id)
        say(f"Approved for {one.officer}, at the server.")


def rotate_key(
    resume: Annotated[
        bool, typer.Option("--resume", help="Carry on what was broken off; make no further key.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a new key for personal data, and encrypt everything anew.

    Servers and workers may go on. A key that nothing is encrypted under any
    more is laid aside in the key folder: backups made until now need it. Keep
    a copy of the key folder apart from the backups. One-time codes that were
    sent before are worth nothing afterwards: new ones are asked for. Broken off, it is carried
    on with --resume. Exit code 1 where something is still under a former key.

    Example: flashclaim server rotate-key --json
    """
    with needs_extra("server"):
        from backend.data_keys import rotate_keys
        from cli.serving import settings_here
        from cli.starting_advice import advised
    with told(as_json=as_json), advised(), shown_progress(as_json=as_json) as progress:
        done = rotate_keys(settings_here(), progress, resumes=resume)
    if as_json:
        print_json(done.as_json())
    else:
        typer.echo(f"Key {done.key} is current: {done.values} values encrypted anew, {done.seconds:.1f} s.")
        for one in done.retired:
            say(f"Key {one} is laid aside in retired/{one}.json: backups made until now need it.")
    say("Next: copy the key folder to where its copy is kept.")
    if done.kept:
        say(f"Still in use: {', '.join(done.kept)}. Next: flashclaim server rotate-key --resume")
        raise typer.Exit(Exit.FAILED)
