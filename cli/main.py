"""The ``flashclaim`` command: one group a file, heavy imports inside the commands."""

import typer

app = typer.Typer(
    name="flashclaim",
    help="Instant claims for livestock insurance 闪赔.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Entry point of the console script."""
    app()
