"""``flashclaim effect``: what the worker has to do, and what it gave up on. The insurer's to see and do."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

import typer

from cli.desk import at_desk
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, FailEmpty, Limit, ProfileName
from cli.render import print_json, say


class EffectState(StrEnum):
    """Where an effect stands; a dead one waits for a person."""

    PENDING = "pending"
    DONE = "done"
    DEAD = "dead"


app = typer.Typer(name="effect", help="What the worker does, and gave up on.", no_args_is_help=True)


@app.callback()
def effect() -> None:
    """What the worker does, and gave up on."""


@app.command("list")
def list_effects(
    state: Annotated[EffectState | None, typer.Option(help="Only effects in this state.")] = None,
    limit: Limit = 50,
    fail_empty: FailEmpty = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """List effects: transfers, notices, checks; those given up are dead letters.

    Example: flashclaim effect list --state dead
    """
    with at_desk(profile, as_json=as_json) as desk:
        page = desk.api.get("effects", state=state, limit=limit)
    if as_json:
        print_json(page)
    elif page["effects"]:
        from cli.screens.lists import effects_table
        from cli.screens.writing import console

        console().print(effects_table(page["effects"]))
    else:
        say("No effects.")
    if fail_empty and not page["effects"]:
        raise typer.Exit(Exit.EMPTY)


@app.command()
def retry(
    effect: Annotated[UUID, typer.Argument(metavar="EFFECT", help="The effect's id.")],
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Try a dead effect again.

    Example: flashclaim effect retry 0b6a1f5e-2d4c-5a7e-8b1d-7c2e9f30a4d2
    """
    with at_desk(profile, as_json=as_json) as desk:
        answer = desk.api.post("effects", str(effect), "retry", body={})
    if as_json:
        print_json(answer)
    else:
        typer.echo(f"{answer['id']}: {answer['state']}")
