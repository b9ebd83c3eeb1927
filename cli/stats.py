"""``flashclaim stats``: how fast claims are paid, whose minutes pass, what is stuck."""

from pathlib import Path
from typing import Annotated, Any  # figures, as the API sends them

import typer

from backend.domain.words import Species
from cli.desk import Desk, at_desk, terminal_language
from cli.exits import Exit
from cli.export_kinds import ExportKind
from cli.options import DEFAULT_PROFILE, AsJson, FailEmpty, Limit, ProfileName, Reading
from cli.render import print_json, say, unusable
from cli.stats_comparing import compare

app = typer.Typer(
    name="stats",
    help="Figures: how fast claims are paid, whose minutes pass, what is stuck.",
    no_args_is_help=True,
)
app.command()(compare)

InCounty = Annotated[str | None, typer.Option("--county", metavar="CODE", help="Of the farm.")]
OfProduct = Annotated[
    str | None, typer.Option("--product", metavar="NAME", help="Without a version: all versions.")
]
OfSpecies = Annotated[Species | None, typer.Option("--species", help="Of the animals.")]
FromDay = Annotated[
    str | None, typer.Option("--from", metavar="DAY", help="First day of reports, Asia/Shanghai: 2026-11-01.")
]
ToDay = Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last day of reports.")]
ApartBy = Annotated[
    str | None, typer.Option("--by", metavar="NAME", help="Apart by county, product, species, path or week.")
]


@app.callback()
def stats() -> None:
    """Figures: how fast claims are paid, whose minutes pass, what is stuck."""


@app.command()
def speed(
    county: InCounty = None,
    product: OfProduct = None,
    species: OfSpecies = None,
    first: FromDay = None,
    last: ToDay = None,
    by: ApartBy = None,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Show p50, p90 and p95 by stage; open claims count as observations that last.

    A figure in brackets is a limit of the 95 % band; - is what too many open
    claims leave unknown.

    Example: flashclaim stats speed --by week --json
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        told = _asked(desk, _filter(county, product, species, first, last) | {"by": by})
    if as_json:
        print_json(told)
        return
    from cli.screens.figures import groups_table, headline, speed_table
    from cli.screens.writing import console

    typer.echo(headline(told))
    console().print(speed_table(told, desk.language))
    if told["groups"]:
        console().print(groups_table(told["groups"], str(by)))


@app.command()
def minutes(
    county: InCounty = None,
    product: OfProduct = None,
    species: OfSpecies = None,
    first: FromDay = None,
    last: ToDay = None,
    by: ApartBy = None,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Show whose minutes pass from the report to the money; each minute counts once.

    Time that several lanes hold a claim is theirs in equal parts. Holds,
    quarantine and waiting for evidence stand apart, and what comes after the
    money.

    Example: flashclaim stats minutes --by product
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        told = _asked(desk, _filter(county, product, species, first, last) | {"by": by})
    if as_json:
        print_json(told)
        return
    from cli.screens.figures import minutes_by_group, minutes_table
    from cli.screens.writing import console

    console().print(minutes_table(told["minutes"], desk.language))
    if told["groups"]:
        console().print(minutes_by_group(told["groups"], str(by)))


@app.command()
def stuck(
    county: InCounty = None,
    product: OfProduct = None,
    species: OfSpecies = None,
    first: FromDay = None,
    last: ToDay = None,
    limit: Limit = 50,
    fail_empty: FailEmpty = False,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Show claims at risk (75 % of a clock used up) or late: who has them, and why.

    What can still be kept comes first. Below: which promises break within the
    hour if nobody does anything.

    Example: flashclaim stats stuck --limit 20
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        asked = _filter(county, product, species, first, last)
        told = desk.api.get("insight", "stuck", limit=limit, **asked)
    if as_json:
        print_json(told)
    elif told["claims"]:
        from cli.screens.figures import forecast_lines, holders_line, stuck_table
        from cli.screens.writing import console

        console().print(stuck_table(told["claims"], desk.language))
        typer.echo(holders_line(told["by_holder"], desk.language))
        for line in forecast_lines(told["forecast"], desk.language):
            typer.echo(line)
    else:
        say("Nothing is stuck.")
    if fail_empty and not told["claims"]:
        raise typer.Exit(Exit.EMPTY)


@app.command()
def quality(
    county: InCounty = None,
    product: OfProduct = None,
    species: OfSpecies = None,
    first: FromDay = None,
    last: ToDay = None,
    by: ApartBy = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Each raw figure, its points, its weight, and why.")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="The figures as CSV on stdout.")] = False,
    export_file: Annotated[
        Path | None,
        typer.Option(
            "--from-export", metavar="FILE", help="Work it out from a CSV of stats export; needs no server."
        ),
    ] = None,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Show the service quality index, 0 to 100.

    Formula and weights are published; anyone can work it out again from stats
    export, with --from-export and without a server.

    Example: flashclaim stats quality --explain
    """
    if export_file is not None:
        asked = _filter(county, product, species, first, last) | {"by": by}
        if any(asked.values()):
            unusable("--from-export takes the whole file: filter the export", as_json=as_json)
        told, reads = _from_export(export_file, as_json=as_json), language or terminal_language()
    else:
        with at_desk(profile, language, as_json=as_json) as desk:
            asked = _filter(county, product, species, first, last) | {"by": by}
            told, reads = desk.api.get("insight", "quality", **asked), desk.language
    if as_json:
        print_json(told)
        return
    if as_csv:
        _write_figures(told["figures"])
        return
    from cli.screens.quality import explained, index_line, indexes_table
    from cli.screens.writing import console

    typer.echo(index_line(told))
    if explain:
        console().print(explained(told["figures"], reads))
        typer.echo(told["formula"])
    if told.get("groups"):
        console().print(indexes_table(told["groups"], str(by)))


@app.command()
def model(
    county: InCounty = None,
    product: OfProduct = None,
    species: OfSpecies = None,
    first: FromDay = None,
    last: ToDay = None,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Show how the counter's heads agree with those that all offices approved.

    By species, network and week of the report; and what the network's card
    says of photos that it had never seen.

    Example: flashclaim stats model --species pig
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        told = desk.api.get("insight", "model", **_filter(county, product, species, first, last))
    if as_json:
        print_json(told)
        return
    from cli.screens.counting import card_lines, counting_table
    from cli.screens.writing import console

    console().print(counting_table(told, desk.language))
    for line in card_lines(told["card"]):
        typer.echo(line)


@app.command()
def money(
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Show payouts by state, the reserve, the ledger's sums and the day's limit. The insurer's.

    Example: flashclaim stats money --json
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        told = desk.api.get("insight", "money")
    if as_json:
        print_json(told)
        return
    from cli.screens.funds import funds_lines, funds_table
    from cli.screens.writing import console

    console().print(funds_table(told, desk.language))
    for line in funds_lines(told):
        typer.echo(line)


@app.command()
def regulator(
    month: Annotated[
        str | None,
        typer.Option("--month", metavar="MONTH", help="Of the reports: 2026-10; else the last whole one."),
    ] = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Show one month as a regulator reads it: counts below 5 are hidden.

    So is whatever would give them away. There is one table a month, and no other
    filter: no two tables can be subtracted.

    Example: flashclaim stats regulator --month 2026-10 --json
    """
    with at_desk(profile, as_json=as_json) as desk:
        told = desk.api.get("insight", "regulator", month=month)
    if as_json:
        print_json(told)
        return
    from cli.screens.quality import regulator_table
    from cli.screens.writing import console

    console().print(regulator_table(told))


@app.command()
def export(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="As --into.")] = None,
    into: Annotated[Path | None, typer.Option("--into", metavar="FILE", help="The file to write.")] = None,
    kind: Annotated[
        ExportKind | None, typer.Option("--format", help="What the file's ending says, where left out.")
    ] = None,
    county: InCounty = None,
    product: OfProduct = None,
    species: OfSpecies = None,
    first: FromDay = None,
    last: ToDay = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Write every claim with its seconds by stage and by holder. The insurer's.

    csv and parquet: the claims, from which stats speed and stats minutes can be
    worked out again. geoparquet: with the premises, for a map. xes: with every
    event, for process mining. A download that breaks off leaves no file.

    Example: flashclaim stats export --format geoparquet --into claims.parquet --from 2026-11-01
    """
    from cli.exporting import save_export

    asked = _filter(county, product, species, first, last)
    save_export(into or file, kind, asked, profile, as_json=as_json)


def _write_figures(figures: list[dict[str, Any]]) -> None:
    import csv
    import sys

    names = ("name", "raw", "points", "weight", "worst", "best", "scale", "fewest")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([one[name] for name in names] for one in figures)


def _from_export(file: Path, *, as_json: bool) -> dict[str, Any]:
    """The index of an export's rows; whoever doubts the server's needs nothing of it."""
    import csv

    from backend.domain.problems import InvalidInput
    from backend.domain.quality.from_rows import quality_of
    from backend.service_index.load import weights

    try:
        with file.open(newline="", encoding="utf-8") as opened:
            return quality_of(csv.DictReader(opened), weights())
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        unusable(f"{file} cannot be read: {fault}", as_json=as_json)
    except InvalidInput as wrong:
        first = wrong.errors[0]
        unusable(f"{file}: {wrong.detail}: {first.pointer} {first.detail}", as_json=as_json)


def _asked(desk: Desk, asked: dict[str, object]) -> dict[str, Any]:
    return dict(desk.api.get("insight", **asked))


def _filter(
    county: str | None, product: str | None, species: Species | None, first: str | None, last: str | None
) -> dict[str, object]:
    return {"county": county, "product": product, "species": species, "from": first, "to": last}
