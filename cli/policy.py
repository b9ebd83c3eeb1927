"""``flashclaim policy``: policies 保单."""

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
from cli.policy_card import card
from cli.policy_payee import app as payee

app = typer.Typer(name="policy", help="Policies: what they insure and whom they pay.", no_args_is_help=True)
app.add_typer(payee)


app.command()(card)
app.add_typer(payee, name="payee")


@app.callback()
def policy() -> None:
    """Policies: what they insure and whom they pay."""


@app.command("import")
def import_policies(
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
    """Import policies from CSV, or from the table of any file that farms come from.

    A policy that is registered keeps its number; whom it pays changes only
    by flashclaim policy payee change.

    Example: flashclaim policy import docs/examples/import/policies.csv --dry-run
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
    bring(Register.POLICIES, file, wanted, profile=profile, as_json=as_json)
