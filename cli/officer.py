"""``flashclaim officer``: officers 工作人员 of your own office."""

import typer

from backend.domain.register.fields import Register
from cli.options import (
    DEFAULT_PROFILE,
    AsJson,
    ColumnMap,
    DryRun,
    Encoding,
    ImportFile,
    Layer,
    ProfileName,
    SkipRefused,
    TokenFile,
)

app = typer.Typer(name="officer", help="Officers of your own office.", no_args_is_help=True)


@app.callback()
def officer() -> None:
    """Officers of your own office."""


@app.command("import")
def import_officers(
    file: ImportFile,
    dry_run: DryRun = False,
    skip_refused: SkipRefused = False,
    tokens: TokenFile = "",
    column_map: ColumnMap = None,
    encoding: Encoding = "",
    layer: Layer = "",
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Import officers of your own office; --tokens FILE holds what they sign in with.

    Other offices register their own; new offices: flashclaim server import.

    Example: flashclaim officer import docs/examples/import/officers.csv --tokens login-tokens.csv
    """
    from cli.importing import Wanted, bring

    wanted = Wanted(
        dry_run=dry_run,
        skip_refused=skip_refused,
        encoding=encoding,
        layer=layer,
        columns=column_map or (),
        tokens=tokens,
    )
    bring(Register.OFFICERS, file, wanted, profile=profile, as_json=as_json)
