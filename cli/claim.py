"""``flashclaim claim``: the group; its commands stand in files by what they are for."""

import typer

from cli.claim_answering import answer
from cli.claim_assessing import assess
from cli.claim_assisting import assist
from cli.claim_deciding import approve, ask, reject
from cli.claim_duties import delegate, recuse
from cli.claim_export import export
from cli.claim_farmer import accept, code, withdraw
from cli.claim_file import file
from cli.claim_holding import hold, release
from cli.claim_labelling import consent, label
from cli.claim_links import link, links, unlink
from cli.claim_notices import notices
from cli.claim_prompting import nudge, reassign
from cli.claim_rating import rate
from cli.claim_reading import list_claims, show, timeline
from cli.claim_reporting import report
from cli.claim_watching import watch

app = typer.Typer(name="claim", help="Claims: report, look, decide.", no_args_is_help=True)
app.command("list")(list_claims)
for command in (
    show,
    timeline,
    notices,
    file,
    export,
    watch,
    report,
    assist,
    answer,
    assess,
    approve,
    ask,
    reject,
    hold,
    release,
    recuse,
    delegate,
    nudge,
    reassign,
    withdraw,
    code,
    accept,
    rate,
    label,
    consent,
    link,
    links,
    unlink,
):
    app.command()(command)


@app.callback()
def claim() -> None:
    """Claims: report, look, decide."""
