"""``flashclaim officer``: officers 工作人员 of your own office, who covers whom, who is tied to a farm, who is told."""

import typer

from backend.domain.register.fields import Register
from cli.officer_duties import cover, covers, serve, service, tie, ties, uncover, untie
from cli.officer_people import (
    administrator,
    invitations,
    invite,
    listed,
    regulator,
    reinstate,
    suspend,
    uninvite,
)
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

app = typer.Typer(name="officer", help="Officers: register, covers, ties, service.", no_args_is_help=True)


app.command("list")(listed)
for one in (invite, invitations, uninvite, suspend, reinstate, administrator, regulator):
    app.command()(one)
for command in (cover, covers, uncover, tie, ties, untie, serve, service):
    app.command()(command)


@app.callback()
def officer() -> None:
    """Officers: register, covers, ties, service."""


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
