"""``flashclaim server backup``, ``restore`` and ``move``: what is at rest, kept and carried elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from cli.exits import Exit
from cli.options import AsJson
from cli.progress import shown_progress
from cli.refusals import told
from cli.render import needs_extra, print_json, say

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Holds dated backups, and their photos once.")]


def backup(folder: Folder, as_json: AsJson = False) -> None:
    """Save database and photos, while the server runs.

    Each run adds a dated folder with every table as it stood at one moment, and
    the photos that FOLDER does not have yet. Exit code 1 when recorded photos
    are missing in the photo store: the backup stands without them.

    Example: flashclaim server backup /srv/backup
    """
    with needs_extra("server"):
        from backend.keeping import back_up_installation
        from cli.serving import settings_here
        from cli.starting_advice import advised
    with told(as_json=as_json), advised(), shown_progress(as_json=as_json) as progress:
        saved = back_up_installation(settings_here(), folder, progress=progress)
    if as_json:
        print_json(saved.as_json())
    else:
        typer.echo(str(saved.path))
        facts = saved.as_json()
        say(
            f"{facts['rows']} rows of {len(saved.manifest.tables)} tables, {saved.manifest.photos} photos"
            f" ({saved.photos_new} new), {saved.seconds:.1f} s."
        )
    lost = saved.manifest.photos_missing
    if lost:
        say(f"{len(lost)} recorded photos are gone or damaged in the photo store, the first {lost[0]}.")
        say(
            "Next: have them sent again, or restore them from an earlier backup; this one stands without them."
        )
        raise typer.Exit(Exit.FAILED)


def restore(
    folder: Folder,
    at: Annotated[
        str | None, typer.Option(help="Not the newest but the backup of this name.", metavar="NAME")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Read and check every byte; restore nothing.")
    ] = False,
    photos_stay: Annotated[
        bool, typer.Option("--photos-stay", help="Photos may be there already: those that are right stay.")
    ] = False,
    payouts_go_on: Annotated[
        bool,
        typer.Option("--payouts-go-on", help="Do not stop payments: nothing was paid since the backup."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup back into an empty database and photo store, and prove it.

    Everything is checked before anything is written. Afterwards every event's
    hash is worked out anew and every claim folded from its events. Payments are
    stopped then: what would leave may have been paid since the backup.

    Example: flashclaim server restore /srv/backup --check
    """
    with needs_extra("server"):
        from backend.keeping import check_backup, restore_installation
        from cli.serving import settings_here
        from cli.starting_advice import advised
    with told(as_json=as_json), advised(), shown_progress(as_json=as_json) as progress:
        if check:
            done = check_backup(folder, at, progress=progress)
        else:
            done = restore_installation(
                settings_here(),
                folder,
                at,
                photos_stay=photos_stay,
                payouts_go_on=payouts_go_on,
                progress=progress,
            )
    facts = done.as_json()
    if as_json:
        print_json(facts)
    else:
        made = f"the backup of {done.manifest.made_at:%Y-%m-%d %H:%M} UTC"
        what = f"{facts['rows']} rows, {done.manifest.photos} photos, {done.seconds:.1f} s"
        if done.replayed is None:
            say(f"{made} is whole: {what}.")
        else:
            say(f"Restored {made}: {what}.")
            say(f"{done.replayed.claims} claims and {done.replayed.events} events are what their hashes say.")
    if done.replayed is not None:
        since = f"{done.manifest.made_at:%Y-%m-%d %H:%M} UTC"
        if done.is_stopped:
            say(f"Payments are stopped: what was paid after {since} is not known here.")
            say(
                "Next: flashclaim server run; compare the account's statement since then; flashclaim payout resume"
            )
        else:
            say(f"Payments go on: whatever was paid after {since} and is approved again is sent again.")
            say("Next: flashclaim server run")


def move(
    to: Annotated[str, typer.Option(help="Where to: an empty database.", metavar="URL")],
    as_json: AsJson = False,
) -> None:
    """Copy the database into another, empty one: SQLite to PostgreSQL, or back.

    Server and workers have to be stopped. Every table is compared row by row,
    and every event's hash worked out anew, before the target keeps anything.
    The source stays as it is; photos are not touched.

    Example: flashclaim server move --to postgresql+psycopg://user@host/name
    """
    with needs_extra("server"):
        from backend.keeping import move_database
        from cli.serving import settings_here
        from cli.starting_advice import advised
    with told(as_json=as_json), advised(), shown_progress(as_json=as_json) as progress:
        moved = move_database(settings_here(), to, progress)
    if as_json:
        print_json(moved.as_json())
    else:
        from rich.table import Column, Table

        from cli.screens.writing import console

        table = Table("table", Column("rows", justify="right"), "fingerprint on both sides", box=None)
        for one in moved.tables:
            table.add_row(one.table, f"{one.rows:,}", f"{one.fingerprint:.16}…")
        console().print(table)
        say(f"{moved.rows:,} rows in {moved.seconds:.1f} s; all events' hashes: {moved.events_digest:.16}…")
    say(
        f"Next: FLASHCLAIM_DATABASE_URL={moved.target} for every server and worker, then flashclaim server run."
    )
