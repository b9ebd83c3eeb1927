"""``flashclaim claim assess``: heads and weights as the insurer's officer found them 定损."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any  # the claim's document and the officer's file are JSON

import typer

from backend.domain.problems import FieldError, InvalidInput
from cli.claim_reading import print_moved
from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ClaimName, ProfileName, Reading, Why
from cli.refusals import told
from cli.render import say

Animals = list[dict[str, Any]]


def assess(
    claim: ClaimName,
    reason: Why = "",
    heads: Annotated[int | None, typer.Option(help="Dead heads; as they stand where left out.")] = None,
    weight: Annotated[
        list[str] | None, typer.Option(help="Weight of an animal, by its ref; repeatable.", metavar="REF=KG")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(help="Leave this animal out, by its ref; repeatable.", metavar="REF")
    ] = None,
    file: Annotated[
        str, typer.Option(help='{"heads", "animals", "reason"} instead of options.', metavar="FILE.json")
    ] = "",
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Assess a loss again: a new offer; approvals of the old one become void.

    Example: flashclaim claim assess FC-20261123-0042 --weight 1=82.5 --reason "weighed on site"
    """
    with told(as_json=as_json):
        weights = _weights(weight or [])
        given = _read(file) if file else {}
    with at_desk(profile, language, as_json=as_json) as desk:
        shown = desk.show(claim)
        body = {
            "heads": shown["heads_assessed"] if heads is None else heads,
            "animals": assessed_animals(shown["animals"], weights, without or ()),
            "reason": reason,
        } | given
        if reason:
            body["reason"] = reason
        moved = desk.api.post("claims", shown["id"], "assessments", body=body)
        was, now = (_sum(one) for one in (shown, moved))
        say(f"The offer was {was} and is {now}; approvals of another offer are void.")
        print_moved(desk, moved, as_json=as_json)


def assessed_animals(
    animals: Sequence[dict[str, Any]], weights: dict[str, str], without: Sequence[str]
) -> Animals:
    """The shown animals with an officer's weights; a ref that is not listed yet is a new animal.

    Raises:
        InvalidInput: A ref to leave out that is not there.
    """
    listed = {one["ref"]: one for one in animals}
    unknown = [ref for ref in without if ref not in listed]
    if unknown:
        refs = ", ".join(listed) or "none"
        error = FieldError("/without", f"{', '.join(unknown)} is not among the animals: {refs}")
        raise InvalidInput("an animal to leave out is not there", errors=[error])
    found = {ref: one for ref, one in listed.items() if ref not in without}
    for ref, weight_kg in weights.items():
        weighed = {"weight_kg": weight_kg, "weight_source": "officer"}
        found[ref] = found.get(ref, {"ref": ref}) | weighed
    return list(found.values())


def _weights(given: Sequence[str]) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    wrong = [f"{ref}{equals}{kg}" for ref, equals, kg in pairs if not (ref and kg)]
    if wrong:
        error = FieldError("/weight", f"{', '.join(wrong)} is not REF=KG, such as 1=82.5")
        raise InvalidInput("a weight cannot be used", errors=[error])
    return {ref: kg for ref, _, kg in pairs}


def _read(name: str) -> dict[str, Any]:
    try:
        document = json.loads(Path(name).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as wrong:
        raise InvalidInput(f"{name} is no JSON file that can be read: {wrong}") from wrong
    if not isinstance(document, dict):
        raise InvalidInput(f"{name} holds no JSON object")
    return document


def _sum(shown: dict[str, Any]) -> str:
    from backend.domain.money import Money

    return f"{Money.parse(shown['offer']['amount']).grouped()} CNY" if shown["offer"] else "none"
