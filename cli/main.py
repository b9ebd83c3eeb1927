"""The ``flashclaim`` command: one group a file, heavy imports inside the commands."""

import typer

from cli.fence import app as fence
from cli.indemnity import app as indemnity
from cli.photo import app as photo
from cli.sandbox import app as sandbox
from cli.server import app as server

app = typer.Typer(
    name="flashclaim",
    help="Instant claims for livestock insurance 闪赔.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(fence, name="fence")
app.add_typer(photo, name="photo")
app.add_typer(indemnity, name="indemnity")
app.add_typer(server, name="server")
app.add_typer(sandbox, name="sandbox")


def main() -> None:
    """Entry point of the console script."""
    app()
