"""``flashclaim server``: run the API, run a worker apart, migrate, seed."""

from pathlib import Path
from typing import Annotated

import typer

from backend.domain.register.fields import Register
from cli.options import ColumnMap, DryRun, Encoding, ImportFile, Layer, SkipRefused, TokenFile
from cli.render import needs_extra, print_json, say
from cli.server_keeping import backup, move, restore
from cli.server_keys import approve_key, rotate_key

app = typer.Typer(name="server", help="Run the server: API, worker, database.", no_args_is_help=True)

_AS_JSON = typer.Option("--json", help="One JSON document on stdout.")


@app.command()
def run(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.")] = 8000,
    ready_file: Annotated[Path | None, typer.Option(help="Written with the URL once it serves.")] = None,
) -> None:
    """Serve the API (and carry out effects, unless FLASHCLAIM_EMBEDDED_WORKER=0).

    Example: flashclaim server migrate && flashclaim server run --port 8000
    """
    with needs_extra("server"):
        from cli.serving import serve
    serve(host, port, ready_file)


@app.command()
def worker() -> None:
    """Carry out effects in a process of its own, until SIGTERM.

    Example: FLASHCLAIM_EMBEDDED_WORKER=0 flashclaim server run & flashclaim server worker
    """
    with needs_extra("server"):
        from cli.serving import work
    work()


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema; safe to repeat.

    Example: flashclaim server migrate
    """
    with needs_extra("server"):
        from backend.keeping import migrate_database
        from cli.serving import settings_here
        from cli.starting_advice import advised
    with advised():
        say(f"The database is at schema {migrate_database(settings_here())}.")


@app.command()
def seed(
    farms: Annotated[int, typer.Option(min=1, max=5000, help="How many farms.")] = 20,
    number: Annotated[int, typer.Option("--seed", help="The same number makes the same county.")] = 1,
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """Fill an empty database with a made-up county, and print every token once.

    Example: flashclaim server migrate && flashclaim server seed --farms 20 --json > county.json
    """
    with needs_extra("server"):
        from backend.keeping import seed_database
        from cli.serving import settings_here
        from cli.starting_advice import advised
    with advised():
        county = seed_database(settings_here(), farms=farms, seed=number)
    if not as_json:
        say("Keep these tokens: they are shown once. Officers: flashclaim login --token TOKEN")
    print_json(county)


@app.command("import")
def import_here(
    register: Annotated[Register, typer.Argument(help="What the rows are.")],
    file: ImportFile,
    dry_run: DryRun = False,
    skip_refused: SkipRefused = False,
    tokens: TokenFile = "",
    renew_tokens: Annotated[
        bool, typer.Option("--renew-tokens", help="New tokens for every row, whoever holds an old one.")
    ] = False,
    allow_payee_changes: Annotated[
        bool, typer.Option("--allow-payee-changes", help="Policies may pay someone else from now on.")
    ] = False,
    datum: Annotated[
        str, typer.Option(metavar="wgs84|gcj02|bd09", help="What coordinates are given in.")
    ] = "",
    column_map: ColumnMap = None,
    encoding: Encoding = "",
    layer: Layer = "",
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """Import at the server itself: the first offices and officers, any county, lost tokens.

    Example: flashclaim server import officers docs/examples/import/officers.csv --tokens login-tokens.csv
    """
    with needs_extra("server"):
        from cli.importing import Wanted
        from cli.importing_here import bring_here
    wanted = Wanted(
        dry_run=dry_run,
        skip_refused=skip_refused,
        encoding=encoding,
        layer=layer,
        columns=column_map or (),
        datum=datum,
        allow_payee_changes=allow_payee_changes,
        tokens=tokens,
    )
    bring_here(register, file, wanted, renew_tokens=renew_tokens, as_json=as_json)


for command in (approve_key, backup, restore, move, rotate_key):
    app.command()(command)
