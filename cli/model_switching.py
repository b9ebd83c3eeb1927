"""``flashclaim model use`` and ``history``: which network counts, who said so, and what that rests on."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.counters import known_predictor, refusing
from cli.exits import Exit
from cli.options import AsJson, FailEmpty, Limit, PredictorName
from cli.refusals import told
from cli.render import needs_extra, print_json, say

if TYPE_CHECKING:
    from backend.settings import Settings


def use(
    network: Annotated[
        str, typer.Argument(metavar="NAME@VERSION", help="As flashclaim model list names it.")
    ],
    predictor: PredictorName = "",
    without_comparison: Annotated[
        str, typer.Option(metavar="REASON", help="Why it was not compared on past claims.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Count with this network from the next start on.

    The network is loaded first; what cannot count is not chosen. Without
    --predictor the one in use stays. Once claims were paid, another network is
    compared with the one in use first (flashclaim model compare). The switch is
    recorded in the database and leads on every machine; model.json of each data
    folder follows it at the next start. Before there is a database, model.json
    alone keeps the choice.

    Example: flashclaim model use carcass-counter@1 --predictor onnx
    """
    known_predictor(predictor, as_json=as_json)
    with needs_extra("server"):
        from backend.learning import switch_network
        from cli.claims_done import who_runs_this
        from cli.counters import settings_here
        from cli.starting_advice import advised
        from models.choice import FILE
        from models.counter import Predictor
    with told(as_json=as_json), advised(), refusing(as_json=as_json):
        settings = settings_here()
        done = switch_network(
            settings,
            network,
            Predictor(predictor) if predictor else None,
            by=who_runs_this(),
            without_comparison=without_comparison,
        )
    choice = done.choice
    undo = f"flashclaim model use {choice.former[0]} --predictor {choice.former[1]}"
    overruled = _overruled(settings)
    if as_json:
        print_json(
            choice.as_json()
            | {
                "file": str(settings.data_folder / FILE),
                "changed": done.changed,
                "recorded": done.recorded,
                "comparison": done.comparison_id,
                "reason": done.reason,
                "undo": undo,
                "overruled_by": overruled,
            }
        )
        return
    if not done.changed:
        say(f"{choice.model} through {choice.predictor} is the choice already; nothing changed.")
    else:
        say(f"{choice.model} through {choice.predictor} counts from the next start of server and worker on.")
        if done.recorded:
            say("Recorded. Install it on every machine that counts, then restart servers and workers.")
        else:
            say("There is no database yet: model.json keeps it, and the first start records it.")
        if choice.former != (choice.model, choice.predictor):  # the first choice may be what counted anyway
            say(f"To undo: {undo}")
    for variable in overruled:
        say(f"{variable} is set here and comes first wherever it is set.")


def history(limit: Limit = 50, fail_empty: FailEmpty = False, as_json: AsJson = False) -> None:
    """Show every switch of the network: who, when, from what to what, and the comparison behind it.

    Example: flashclaim model history --json
    """
    with needs_extra("server"):
        from backend.learning import switches
        from cli.serving import settings_here
        from cli.starting_advice import advised
    with told(as_json=as_json), advised():
        found = switches(settings_here(), limit)
    if as_json:
        print_json({"switches": found})
    elif found:
        from cli.screens.switches import switches_screen
        from cli.screens.writing import console

        console().print(switches_screen(found))
    else:
        say("No switch is recorded yet; the first start of a server records what counts.")
    if fail_empty and not found:
        raise typer.Exit(Exit.EMPTY)


def _overruled(settings: "Settings") -> list[str]:
    """The variables of this environment that come before the choice."""
    set_here = {
        "FLASHCLAIM_MODEL_FOLDER": settings.model_folder,
        "FLASHCLAIM_PREDICTOR": settings.predictor,
    }
    return [variable for variable, value in set_here.items() if value]
