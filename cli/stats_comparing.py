"""``flashclaim stats compare``: two periods side by side."""

from typing import Annotated

import typer

from backend.domain.words import Species
from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ProfileName
from cli.render import print_json

Against = Annotated[
    str | None, typer.Option("--against-from", metavar="DAY", help="First day of the other period.")
]
AgainstTo = Annotated[str | None, typer.Option("--against-to", metavar="DAY", help="Its last day.")]


def compare(
    county: Annotated[str | None, typer.Option("--county", metavar="CODE", help="Of the farm.")] = None,
    product: Annotated[
        str | None, typer.Option("--product", metavar="NAME", help="Without a version: all versions.")
    ] = None,
    species: Annotated[Species | None, typer.Option("--species", help="Of the animals.")] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="First day of reports, Asia/Shanghai.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last day of reports.")] = None,
    against_first: Against = None,
    against_last: AgainstTo = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Compare two periods: each figure, its difference, and whether that is sure.

    Without days: the last seven, and the seven before. A difference is sure
    where its 95 % limits leave zero out.

    Example: flashclaim stats compare --from 2026-11-01 --to 2026-11-15
    """
    with at_desk(profile, as_json=as_json) as desk:
        asked = {"county": county, "product": product, "species": species, "from": first, "to": last}
        against = {"against_from": against_first, "against_to": against_last}
        told = desk.api.get("insight", "comparison", **asked, **against)
    if as_json:
        print_json(told)
        return
    from cli.screens.comparison import comparison_table, periods_line
    from cli.screens.writing import console

    typer.echo(periods_line(told))
    console().print(comparison_table(told["figures"]))
