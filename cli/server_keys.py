"""``flashclaim server rotate-key``: a new key for personal data."""

from typing import Annotated

import typer

from cli.exits import Exit
from cli.options import AsJson
from cli.progress import shown_progress
from cli.refusals import told
from cli.render import needs_extra, print_json, say


def rotate_key(
    resume: Annotated[
        bool, typer.Option("--resume", help="Carry on what was broken off; make no further key.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a new key for personal data, and encrypt everything anew.

    Servers and workers may go on. A key that nothing is encrypted under any
    more is laid aside in the key folder: backups made until now need it. Keep
    a copy of the key folder apart from the backups. Broken off, it is carried
    on with --resume. Exit code 1 where something is still under a former key.

    Example: flashclaim server rotate-key --json
    """
    with needs_extra("server"):
        from backend.data_keys import rotate_keys
        from cli.serving import advised, settings_here
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
