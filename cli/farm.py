"""``flashclaim farm``: farms 养殖场 and their boundaries."""

from typing import Annotated

import typer

from backend.domain.register.fields import Register
from cli.farm_contact import contact
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

app = typer.Typer(name="farm", help="Farms and their insured boundaries.", no_args_is_help=True)


app.command()(contact)


@app.callback()
def farm() -> None:
    """Farms and their insured boundaries."""


@app.command("import")
def import_farms(
    file: ImportFile,
    dry_run: DryRun = False,
    skip_refused: SkipRefused = False,
    datum: Annotated[
        str,
        typer.Option(
            metavar="wgs84|gcj02|bd09", help="What the coordinates are given in, where the file says less."
        ),
    ] = "",
    column_map: ColumnMap = None,
    encoding: Encoding = "",
    layer: Layer = "",
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Import farms from CSV, GeoJSON, GeoPackage, Shapefile, KML, GeoParquet or FlatGeobuf.

    Outlines are mended with a note or refused with a reason. Nothing is
    written while a row is refused. Farms that the file does not name stay.

    Example: flashclaim farm import docs/examples/import/farms.geojson --dry-run
    """
    from cli.importing import Wanted, bring

    wanted = Wanted(
        dry_run=dry_run,
        skip_refused=skip_refused,
        encoding=encoding,
        layer=layer,
        columns=column_map or (),
        datum=datum,
    )
    bring(Register.FARMS, file, wanted, profile=profile, as_json=as_json)
