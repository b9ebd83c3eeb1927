"""``flashclaim audit verify`` and ``new-key``: the file of a claim anywhere, the whole database at the server."""

from pathlib import Path
from typing import Annotated

import typer

from cli.audit_proof import verify_file
from cli.exits import Exit
from cli.options import AsJson
from cli.progress import shown_progress
from cli.refusals import told
from cli.render import needs_extra, print_json, say


def verify(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A claim that audit export wrote.")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(metavar="CHECKPOINT", help="Kept earlier: by audit checkpoint --save, or by cosign."),
    ] = None,
    accept_key: Annotated[
        str,
        typer.Option(metavar="KEY", help="A key of the installation that was confirmed after one was lost."),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Check an exported claim without any server; or, without FILE, the whole database at the server.

    A claim: each check by name, from the records' bytes up to the keys that
    signed. The database: every record is hashed again, and held against the log
    and, with --against, what somebody kept. A change, a removal, an insertion,
    another order and a cut end are found. Exit code 1, and the first bad record
    is named by claim and event.

    Example: flashclaim audit verify --against checkpoint.json
    """
    if file:
        verify_file(file, against, accept_key, as_json=as_json)
        return
    with needs_extra("server"):
        from backend.auditing import verify_installation
        from cli.serving import settings_here
        from cli.starting_advice import advised
    with told(as_json=as_json), advised(), shown_progress(as_json=as_json) as progress:
        from cli.kept_log import kept_leaves, read_kept

        kept = read_kept(against) if against else None
        leaves = kept_leaves(against) if against else None
        checkpoint = kept.checkpoint if kept else None
        done = verify_installation(settings_here(), checkpoint, leaves, progress=progress)
    if as_json:
        print_json(
            {
                "events": done.events,
                "checkpoints": done.checkpoints,
                "root": done.root,
                "against": None if checkpoint is None else checkpoint.size,
                "with_leaves": leaves is not None,
                "bad": [one.as_json() for one in done.bad],
            }
        )
    else:
        typer.echo(f"{done.events} records hashed again, root {done.root}; {done.checkpoints} checkpoints.")
        for one in done.bad:
            typer.echo(one.text)
    _end([one.text for one in done.bad], against)


def new_key(
    lost: Annotated[
        bool, typer.Option("--lost", help="The former key is gone and cannot vouch for the new one.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Replace the key that signs for the installation; what the former one signed stays valid.

    Runs at the server; servers may go on. The former key vouches for the new
    one, so that nobody has to do anything. After --lost each office is told so
    at its next co-signature, and confirms the new key's id by phone.

    Example: flashclaim audit new-key
    """
    with needs_extra("server"):
        from backend.auditing import new_signing_key
        from cli.serving import settings_here
        from cli.starting_advice import advised
    with told(as_json=as_json), advised():
        made = new_signing_key(settings_here(), is_lost=lost)
    if as_json:
        print_json({"key_id": made, "vouched_for": not lost})
    else:
        typer.echo(made)
    say(
        f"The installation signs with key {made} from now on. Next: copy the key folder to where you keep it."
    )


def _end(bad: list[str], against: Path | None) -> None:
    if bad:
        say(f"The first bad record: {bad[0]}.")
        say("Next: keep this database as it is, tell the three offices, and compare with a backup.")
        raise typer.Exit(Exit.FAILED)
    if against is None:
        say("It does not contradict itself. Next: --against a checkpoint that was kept elsewhere shows more.")
    else:
        say("Nothing was changed, removed, put in, reordered or cut since that checkpoint.")
