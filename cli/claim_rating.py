"""``flashclaim claim rate``: how the farmer found it, stage by stage."""

from typing import Annotated, Any  # JSON from the server

import typer

from backend.domain.ratings.words import RatedStage
from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ClaimName, ProfileName, Reading
from cli.render import print_json, unusable

Scores = Annotated[
    list[str] | None,
    typer.Option("--score", metavar="STAGE=1-5", help="reporting, checking, deciding, handover or payment."),
]


def rate(
    claim: ClaimName,
    score: Scores = None,
    recommend: Annotated[
        int | None, typer.Option("--recommend", min=0, max=10, help="Once paid: 0, never, to 10, surely.")
    ] = None,
    words: Annotated[str, typer.Option("--words", metavar="TEXT", help="In your own words.")] = "",
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Rate stages that are over, 1 (bad) to 5 (good); with nothing to say, show what can be rated.

    A bad rating opens a ticket that an officer answers. You may say otherwise
    within 24 hours. The farmer's to do.

    Example: flashclaim claim rate FC-20261123-0042 --score payment=5 --recommend 9
    """
    scores = {}
    for said in score or ():
        stage, _, figure = said.partition("=")
        if stage not in set(RatedStage) or not figure.isdecimal():
            unusable(f"--score {said}: write it as payment=5", as_json=as_json)
        scores[stage] = int(figure)
    with at_desk(profile, language, as_json=as_json) as desk:
        if scores or recommend is not None:
            body = {"scores": scores, "recommend": recommend, "words": words}
            told = desk.api.post("claims", claim, "ratings", body=body)
        else:
            told = desk.api.get("claims", claim, "ratings")
    if as_json:
        print_json(told)
        return
    for line in _lines(told):
        typer.echo(line)


def _lines(told: dict[str, Any]) -> list[str]:
    lines = [f"{one['stage']:<10} {one['score'] or '-'}" for one in told["stages"]]
    figure = told["recommend"]["figure"]
    lines.append(f"{'recommend':<10} {'-' if figure is None else figure}")
    return lines + [answer["text"] for answer in told["answers"]]
