"""``flashclaim herd``: herd books 存栏台账."""

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
)

app = typer.Typer(name="herd", help="Herd books: the animals of farms, by ear tag.", no_args_is_help=True)


@app.callback()
def herd() -> None:
    """Herd books: the animals of farms, by ear tag."""


@app.command("import")
def import_herds(
    file: ImportFile,
    dry_run: DryRun = False,
    skip_refused: SkipRefused = False,
    column_map: ColumnMap = None,
    encoding: Encoding = "",
    layer: Layer = "",
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Import animals by ear tag; one that is registered elsewhere moves to the farm of its row.

    Example: flashclaim herd import docs/examples/import/herds.csv --dry-run
    """
    from cli.importing import Wanted, bring

    wanted = Wanted(
        dry_run=dry_run,
        skip_refused=skip_refused,
        encoding=encoding,
        layer=layer,
        columns=column_map or (),
    )
    bring(Register.HERDS, file, wanted, profile=profile, as_json=as_json)
