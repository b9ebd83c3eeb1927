"""The ``flashclaim`` command: one group a file, heavy imports inside the commands."""

import sys
from typing import Annotated, NoReturn

import typer

from backend.domain.problems import InvalidInput
from cli.approval import app as approval
from cli.audit import app as audit
from cli.certificate import app as certificate
from cli.claim import app as claim
from cli.count import count
from cli.doctor import doctor
from cli.effect import app as effect
from cli.examples import keep_examples
from cli.exits import Exit
from cli.farm import app as farm
from cli.farmer import app as farmer
from cli.fence import app as fence
from cli.flag import app as flag
from cli.handover import app as handover
from cli.herd import app as herd
from cli.imports import app as imports
from cli.indemnity import app as indemnity
from cli.keys import app as keys
from cli.ledger import app as ledger
from cli.model import app as model
from cli.officer import app as officer
from cli.payout import app as payout
from cli.person import app as person
from cli.photo import app as photo
from cli.policy import app as policy
from cli.product import app as product
from cli.programme import app as programme
from cli.reason import app as reason
from cli.render import print_json, say
from cli.review import review
from cli.sandbox import app as sandbox
from cli.server import app as server
from cli.sessions import app as sessions
from cli.signing_in import login, logout, whoami
from cli.simulation import app as simulation
from cli.stats import app as stats
from cli.ticket import app as ticket
from cli.visit import app as visit
from cli.web import web
from cli.webhook import app as webhook

# Typer brings a copy of click or click itself, by its version: the one name of both that it hands out.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]

app = typer.Typer(
    name="flashclaim",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # Plain help starts in half the time of boxes, and its examples can be copied.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (login, logout, whoami, web, doctor, review):
    app.command()(command)
for group in (
    claim,
    handover,
    certificate,
    payout,
    ledger,
    keys,
    sessions,
    approval,
    stats,
    ticket,
    flag,
    reason,
    visit,
    effect,
):
    app.add_typer(group)
for group in (farm, farmer, policy, herd, officer, programme, imports, product, person, webhook):
    app.add_typer(group)
app.command()(count)
app.add_typer(model, name="model")
app.add_typer(fence, name="fence")
app.add_typer(photo, name="photo")
app.add_typer(indemnity, name="indemnity")
app.add_typer(audit)
app.add_typer(simulation)
app.add_typer(server, name="server")
app.add_typer(sandbox, name="sandbox")
keep_examples(app)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"flashclaim {version('flashclaim')}")
        raise typer.Exit


@app.callback(epilog="First: flashclaim login, then flashclaim doctor and flashclaim review.")
def flashclaim(
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Instant claims for livestock insurance 闪赔.

    Exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 not signed in or not
    allowed, 5 conflict, 6 refused by a rule, 7 network, 8 --fail-empty, 130
    interrupted.
    """


def main() -> NoReturn:
    """Entry point of the console script."""
    try:
        code = app(standalone_mode=False)
    except _UsageError as wrong:
        _misused(wrong)
    except typer.Abort:  # Ctrl-C or the end of input, at a question
        say("")
        sys.exit(Exit.INTERRUPTED)
    sys.exit(code if isinstance(code, int) else Exit.OK)


def _misused(wrong: Exception) -> NoReturn:
    """Say which argument cannot be used; also as the one JSON document that a script asked for."""
    context = getattr(wrong, "ctx", None)
    message = str(getattr(wrong, "format_message", wrong.__str__)())
    path = context.command_path if context else "flashclaim"
    if "--json" in sys.argv[1:]:
        print_json(InvalidInput(message).as_json() | {"next": f"Run {path} --help."})
    say(message)
    if not message.startswith("Usage:"):
        say(f"Next: {path} --help")
    sys.exit(Exit.USAGE)
