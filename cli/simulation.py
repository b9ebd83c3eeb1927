"""``flashclaim sim``: counties in virtual time, written as a database that everything else opens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from backend.domain.policy import policy_day
from cli.options import AsJson, Reading
from cli.refusals import told
from cli.render import needs_extra, print_json, say

app = typer.Typer(
    name="sim",
    help="Simulate counties in virtual time: how fast would claims be paid, and with how many people?",
    no_args_is_help=True,
)


@app.callback()
def sim() -> None:
    """Simulate counties in virtual time: how fast would claims be paid, and with how many people?"""


@app.command()
def run(
    counties: Annotated[int, typer.Option("--county", metavar="N", help="How many counties.")] = 1,
    days: Annotated[int, typer.Option("--days", metavar="D", help="How many days.")] = 90,
    claims: Annotated[int, typer.Option("--claims", metavar="N", help="In all counties together.")] = 2000,
    staff: Annotated[
        str,
        typer.Option(
            metavar="OFFICE=N,…",
            help="Of each county: insurer, veterinary, inspection, disposal (collectors with a truck).",
        ),
    ] = "insurer=3,veterinary=2,inspection=2,disposal=3",
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="The same number draws the same.")] = 1,
    begins: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="DAY", help="First day, Asia/Shanghai; else the last is yesterday."
        ),
    ] = None,
    on_call: Annotated[
        bool, typer.Option("--on-call", help="The offices answer round the clock, not in office hours.")
    ] = False,
    database: Annotated[
        str, typer.Option(metavar="FILE_OR_URL", help="Where to: a new SQLite file, or an empty database.")
    ] = "simulated.db",
    processes: Annotated[
        int | None, typer.Option(min=1, max=64, help="That play side by side, a county each.")
    ] = None,
    language: Reading = None,
    as_json: AsJson = False,
) -> None:
    """Play counties day by day, write every claim, and show how fast they were paid.

    Claims are decided by the same rules as live ones; farms, people, phones,
    trucks, bank, frauds and epidemics are made up. The same options give the
    same figures. Nothing is written before everything is.

    Example: flashclaim sim run --days 30 --claims 500 --staff insurer=2,veterinary=1 --seed 7
    """
    with needs_extra("server"):
        from backend.simulating import simulate_counties
        from backend.simulation.plan import Plan, Staff
        from cli.serving import settings_here
        from cli.starting_advice import advised
    with told(as_json=as_json), advised(), _bar(claims, as_json=as_json) as progress:
        plan = Plan(
            counties=counties,
            days=days,
            claims=claims,
            staff=Staff.parse(staff),
            seed=seed,
            begins=begins.date() if begins else policy_day(datetime.now(UTC)) - timedelta(days=days),
            is_on_call=on_call,
        )
        done = simulate_counties(settings_here(), _url(database), plan, progress, processes=processes)
    if as_json:
        print_json(done.as_json())
        return
    from cli.desk import terminal_language
    from cli.screens.figures import headline
    from cli.screens.simulation import simulated_lines, stages_table
    from cli.screens.writing import console

    reads = language or terminal_language()
    typer.echo(headline(done.speed))
    console().print(stages_table(done.speed, reads))
    for line in simulated_lines(done.as_json(), reads):
        typer.echo(line)
    say(f"Next: FLASHCLAIM_DATABASE_URL={done.database} flashclaim server run")


def _url(database: str) -> str:
    if "://" in database:
        return database
    return f"sqlite:///{Path(database).absolute()}"


@contextmanager
def _bar(claims: int, *, as_json: bool) -> Iterator[Callable[[str, int], None]]:
    """How far it is, on a terminal; a script hears nothing of it."""
    from rich.console import Console

    screen = Console(stderr=True)
    if as_json or not screen.is_terminal:
        yield lambda _what, _done: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task("", total=claims)

        def show(what: str, done: int) -> None:
            if what == "claims written":
                bar.update(task, description=what, completed=done)
            else:
                bar.update(task, description=what)

        yield show
