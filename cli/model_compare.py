"""``flashclaim model compare``: a network that may come, and the one that counts, on the photos of past claims."""

from typing import TYPE_CHECKING, Annotated, Any  # a comparison's document is JSON

import typer

from cli.counters import refusing
from cli.options import AsJson
from cli.refusals import told
from cli.render import needs_extra, print_json, say

if TYPE_CHECKING:
    from rich.console import RenderableType

_MEASURES = {
    "heads_off": "heads off, on average",
    "exact": "exact",
    "sure": "sure",
    "wrong_among_sure": "wrong among the sure",
}
_BASES = {"labels": "photos with a label", "approved_heads": "claims without one (heads as approved)"}


def compare(
    network: Annotated[
        str, typer.Argument(metavar="NAME@VERSION", help="As flashclaim model list names it.")
    ],
    against: Annotated[
        str, typer.Option(metavar="NAME@VERSION", help="What counts now where left out.")
    ] = "",
    claims: Annotated[int, typer.Option(min=1, help="At most so many, the newest.")] = 200,
    as_json: AsJson = False,
) -> None:
    """Count the photos of past claims with two networks, before one takes over.

    Held against officers' labels where there are any, else against the heads
    that all three lanes agreed to. Says which claims would have taken another
    path (FAST or ASSISTED), and where the network is furthest off. No claim
    changes; the figures are kept, for flashclaim model use rests on them.

    Example: flashclaim model compare own-farms@7 --claims 500
    """
    with needs_extra("server"):
        from backend.learning import compare_networks
        from cli.claims_done import claims_done, who_runs_this
        from cli.serving import settings_here
        from cli.starting_advice import advised
    with (
        told(as_json=as_json),
        advised(),
        refusing(as_json=as_json),
        claims_done("past claims", as_json=as_json) as progress,
    ):
        compared = compare_networks(
            settings_here(), network, against, most=claims, by=who_runs_this(), progress=progress
        )
    document = compared.as_json()
    if as_json:
        print_json(document)
    elif compared.id is None:
        say("There is no claim yet that somebody labelled or agreed to; nothing was compared.")
        say("Next: flashclaim claim label CLAIM, or wait for claims that all three lanes approved.")
    else:
        _print(document)
        say(f"Comparison {compared.id}; to switch: flashclaim model use {compared.model.name}")


def _print(document: dict[str, Any]) -> None:
    from cli.screens.writing import console

    screen = console()
    screen.print(f"past claims: {document['claims']} · photos: {document['photos']}")
    for basis, name in _BASES.items():
        if document[basis]["cases"]:
            screen.print()
            screen.print(_figures(document, basis, name))
    paths = document["paths"]
    screen.print()
    screen.print(f"claims on another path: {paths['changed'] or 'none'}")
    for way, count in paths["ways"].items():
        named = [one["claim"] for one in paths["claims"] if f"{one['from']} → {one['to']}" == way]
        screen.print(f"  {way}: {count} ({', '.join(named[:_NAMED])}{', …' if count > _NAMED else ''})")
    if document["worst"]:
        screen.print()
        screen.print(_worst(document))
    if document["unreadable"]:
        say(f"{document['unreadable']} photos are gone or damaged and were left out.")


_NAMED = 5


def _figures(document: dict[str, Any], basis: str, name: str) -> "RenderableType":
    from cli.screens.tables import folded, right, table
    from cli.screens.writing import text

    found = document[basis]
    rows = table(folded(f"{name}: {found['cases']}"), right(document["model"]), right(document["against"]))
    for measure, words in _MEASURES.items():
        sides = (found[side][measure] for side in ("model", "against"))
        rows.add_row(text(words), *(_shown(measure, value) for value in sides))
    return rows


def _worst(document: dict[str, Any]) -> "RenderableType":
    from cli.screens.tables import number, right, table

    rows = table(number(), "photo", right("heads"), right(document["model"]), right(document["against"]), "")
    for one in document["worst"]:
        photo = one["photo"][:8] if one["photo"] else "all"
        doubt = "unsure" if one["unsure"] else "sure"
        rows.add_row(one["claim"], photo, *(str(one[side]) for side in ("heads", "model", "against")), doubt)
    return rows


def _shown(measure: str, value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.2f}" if measure == "heads_off" else f"{value:.1%}"
