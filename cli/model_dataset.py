"""``flashclaim model dataset``: officers' labels and their photos, for a counter of one's own."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson
from cli.refusals import told
from cli.render import needs_extra, print_json, say

if TYPE_CHECKING:
    from backend.workflows.dataset_export import Exported

app = typer.Typer(help="Labelled photos to train a counter with 标注数据.", no_args_is_help=True)

_WHY = {
    "no_consent": "without the farmer's consent",
    "shows_people": "on which people can be recognised",
    "twice": "that stand on an earlier claim too",
    "before_since": "labelled before --since",
    "unreadable": "gone or damaged in the photo store",
}


@app.callback()
def dataset() -> None:
    """Labelled photos to train a counter with 标注数据."""


@app.command("export")
def export_dataset(
    into: Annotated[
        Path, typer.Argument(metavar="INTO", help="A new folder, or one that an earlier export wrote.")
    ],
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only labels given since this day.", metavar="YYYY-MM-DD"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write labelled photos as a YOLO data set, while the server runs.

    Only photos whose farmers consented. Pictures are made anew: upright, and
    without position, device or time. A farm's photos are all in one split. The
    folder is written beside and put in place whole; the same labels give the
    same bytes. What was exported before and is withdrawn since is named.

    Example: flashclaim model dataset export runs/own-labels --since 2026-11-01
    """
    with needs_extra("server"):
        from backend.learning import export_dataset as write
        from cli.claims_done import claims_done, who_runs_this
        from cli.serving import settings_here
        from cli.starting_advice import advised
    with told(as_json=as_json), advised(), claims_done("labelled claims", as_json=as_json) as progress:
        done = write(
            settings_here(),
            into,
            since=since.date() if since else None,
            by=who_runs_this(),
            progress=progress,
        )
    if as_json:
        print_json(done.as_json())
    else:
        _tell(done)


def _tell(done: "Exported") -> None:
    if done.into is None:
        say("No labelled photo may be exported yet; nothing was written.")
    else:
        typer.echo(str(done.into))
        split = ", ".join(f"{count} {name}" for name, count in sorted(done.splits.items()))
        say(
            f"{done.photos} photos of {done.claims} claims with {done.boxes} boxes"
            f"{f' ({split})' if split else ''}, {done.counted_only} with the number alone (counts.csv)."
        )
        if not done.changed:
            say("The folder held exactly this already.")
    for why, count in sorted(done.left_out.items()):
        say(f"Left out: {count} {_WHY[why]}.")
    if done.withdrawn:
        say(f"{len(done.withdrawn)} photos were exported before their consent was withdrawn:")
        for one in done.withdrawn:
            say(f"  {one.claim_number} {one.photo_id[:12]} in {one.folder}, {one.exported_at:%Y-%m-%d}")
        say("Next: remove them there, and train without them from now on.")
    elif done.into is None:
        say("Next: flashclaim claim label CLAIM; the farmer's consent: flashclaim claim consent CLAIM --give")
