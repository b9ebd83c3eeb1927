"""``flashclaim audit``: whether what stands is what happened."""

from typing import Annotated

import typer

from cli.audit_checkpoint import checkpoint, cosign
from cli.audit_looks import looks
from cli.audit_proof import export, prove
from cli.audit_verify import new_key, verify
from cli.exits import Exit
from cli.options import AsJson
from cli.progress import shown_progress
from cli.refusals import told
from cli.render import needs_extra, print_json, say

app = typer.Typer(name="audit", help="Whether what stands is what happened.", no_args_is_help=True)


app.command()(looks)


@app.callback()
def audit() -> None:
    """Whether what stands is what happened."""


@app.command()
def replay(
    claim: Annotated[
        str | None, typer.Option("--claim", metavar="CLAIM", help="This one alone, by number or id.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fold every claim again from its events, and make the machine's decisions again.

    Runs at the server, on its database as it stands at one moment; the server
    may go on. Leaf hashes, states, sums, stages, payouts and ledger are worked
    out anew, and findings, paths, offers line by line, acceptances in advance
    and payouts under the rule and product version that each names. Exit code 1
    where anything differs, the first difference named. Decisions whose events
    are of an older form, without the facts they rested on, are counted.

    Example: flashclaim audit replay --claim FC-20261123-0042
    """
    with needs_extra("server"):
        from backend.keeping import replay_installation
        from cli.serving import settings_here
        from cli.starting_advice import advised
    with told(as_json=as_json), advised(), shown_progress(as_json=as_json) as progress:
        done = replay_installation(settings_here(), claim, progress=progress)
    if as_json:
        print_json(
            {
                "claims": done.claims,
                "events": done.events,
                "decisions": done.decisions,
                "older_forms": done.older_forms,
                "erased": done.erased,
                "folded_only": dict(sorted(done.folded.items())),
                "differences": [one.as_json() for one in done.found],
            }
        )
    else:
        typer.echo(f"{done.claims} claims, {done.events} events, {done.decisions} decisions made again.")
        if done.erased:
            say(f"Personal data of {done.erased} events has been erased; their hashes stand.")
        for kind, times in sorted(done.folded.items()):
            say(f"Taken as recorded, not made again: {times} × {kind}.")
        for fault in done.faults:
            typer.echo(fault)
    if done.found:
        say("What stands is not what happened. Next: keep this database as it is, and compare with a backup.")
        raise typer.Exit(Exit.FAILED)


for command in (checkpoint, cosign, prove, export, verify, new_key):
    app.command()(command)
