"""``flashclaim claim assess``: heads and weights as the insurer's officer found them 定损."""

import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any  # the claim's document and the officer's file are JSON

import typer

from backend.domain.problems import FieldError, InvalidInput
from backend.domain.words import WeightSource
from cli.assessment_file import Animals, AssessmentFile, read_assessment
from cli.claim_reading import print_moved
from cli.desk import Desk, at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ClaimName, ProfileName, Reading, Why
from cli.refusals import Refused, told
from cli.render import print_json, say


def assess(
    *,
    claim: ClaimName,
    reason: Why = "",
    heads: Annotated[int | None, typer.Option(help="Dead heads; as they stand where left out.")] = None,
    weight: Annotated[
        list[str] | None, typer.Option(help="Weight of an animal, by its ref; repeatable.", metavar="REF=KG")
    ] = None,
    source: Annotated[
        WeightSource, typer.Option(help="Who or what gave these weights.")
    ] = WeightSource.OFFICER,
    without: Annotated[
        list[str] | None, typer.Option(help="Leave this animal out, by its ref; repeatable.", metavar="REF")
    ] = None,
    file: Annotated[
        str,
        typer.Option(
            help="Every head in a table (ref, tag, category, weight_kg, weight_source, age_months), or "
            '{"heads", "animals", "reason"} as JSON.',
            metavar="FILE.csv|json",
        ),
    ] = "",
    from_handover: Annotated[
        bool, typer.Option("--from-handover", help="Share the receipt's weighed total out among the heads.")
    ] = False,
    age_percent: Annotated[
        str, typer.Option(metavar="PERCENT", help="Of a flock: share of the sum insured by age.")
    ] = "",
    normal_mortality: Annotated[
        str, typer.Option(metavar="PERCENT", help="Of a flock: deaths that are normal at its age.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the new offer beside the old one; record nothing.")
    ] = False,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Assess a loss again: a new offer; approvals of the old one become void.

    At a terminal and without options each head is asked for.

    Example: flashclaim claim assess FC-20261123-0042 --weight 1=82.5 --reason "weighed on site"
    """
    with told(as_json=as_json):
        weights = _weights(weight or [])
    percents = {"age_percent": age_percent, "normal_mortality_percent": normal_mortality}
    is_said = bool(heads is not None or weights or without or file or from_handover or any(percents.values()))
    with at_desk(profile, language, as_json=as_json) as desk:
        shown = desk.show(claim)
        given = read_assessment(file, shown["animals"]) if file else AssessmentFile({})
        body: dict[str, Any] = {
            "heads": shown["heads_assessed"] if heads is None else heads,
            "animals": assessed_animals(shown["animals"], weights, without or (), source),
            "reason": reason,
            "from_handover": from_handover,
        }
        body |= given.fields
        body |= {name: percent for name, percent in percents.items() if percent}
        if not is_said:
            body |= _asked(shown)
        if reason:
            body["reason"] = reason
        if heads is not None:
            body["heads"] = heads
        try:
            _try(desk, shown, body, as_json=as_json) if dry_run else _record(
                desk, shown, body, as_json=as_json
            )
        except Refused as refused:
            raise given.named_by_row(refused) from refused


def _record(desk: Desk, shown: dict[str, Any], body: dict[str, Any], *, as_json: bool) -> None:
    moved = desk.api.post("claims", shown["id"], "assessments", body=body)
    was, now = (_sum(one) for one in (shown, moved))
    say(f"The offer was {was} and is {now}; approvals of another offer are void.")
    if len(moved["assessments"]) > len(shown["assessments"]):
        _say_changes(desk, moved["assessments"][-1])
    print_moved(desk, moved, as_json=as_json)


def _try(desk: Desk, shown: dict[str, Any], body: dict[str, Any], *, as_json: bool) -> None:
    tried = desk.api.post("claims", shown["id"], "assessments", "trial", body=body)
    if as_json:
        print_json(tried)
        return
    from cli.screens.assessments import sums

    if not tried["changed"]:
        say(f"{tried['number']}: nothing would change.")
        return
    typer.echo(f"{tried['number']}: {sums(tried)}")
    for line in tried["offer"]["lines"]:
        typer.echo(f"  {line['ref']}: {line['working']}")
    _say_changes(desk, tried)
    say("Nothing was recorded; the same without --dry-run does.")


def _say_changes(desk: Desk, told_of: dict[str, Any]) -> None:
    from cli.screens.assessments import change_lines

    for line in change_lines(told_of, desk.language):
        say(f"  {line}")


def _asked(shown: dict[str, Any]) -> dict[str, Any]:
    """An assessment typed head by head; an empty line leaves a value as it stands.

    Raises:
        InvalidInput: There is no terminal to ask at.
    """
    if not sys.stdin.isatty():
        detail = "nothing to assess: give --weight, --heads, --without, --file or --from-handover"
        raise InvalidInput(detail, errors=[FieldError("", detail)])
    return asked_assessment(shown, lambda question: input(f"{question} ").strip())


def asked_assessment(shown: dict[str, Any], ask: Callable[[str], str]) -> dict[str, Any]:
    """The officer's answers, head by head: ``heads``, ``animals`` and ``reason``.

    Raises:
        InvalidInput: Heads that are no number.
    """
    heads = ask(f"Dead heads? [{shown['heads_assessed']}]") or str(shown["heads_assessed"])
    weights = {}
    for animal in shown["animals"]:
        was = animal["weight_kg"] or "unknown"
        weights[animal["ref"]] = ask(f"Weight of {animal['ref']} {animal['tag'] or ''} in kg? [{was}]")
    reason = ask("Why does it differ?")
    if not heads.isdecimal():
        raise InvalidInput("heads are a number", errors=[FieldError("/heads", f"{heads!r} is no number")])
    given = {ref: weight_kg for ref, weight_kg in weights.items() if weight_kg}
    return {
        "heads": int(heads),
        "animals": assessed_animals(shown["animals"], given, ()),
        "reason": reason,
    }


def assessed_animals(
    animals: Sequence[dict[str, Any]],
    weights: dict[str, str],
    without: Sequence[str],
    source: WeightSource = WeightSource.OFFICER,
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
        weighed = {"weight_kg": weight_kg, "weight_source": source, "size_band": None}
        found[ref] = found.get(ref, {"ref": ref}) | weighed
    return list(found.values())


def _weights(given: Sequence[str]) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    wrong = [f"{ref}{equals}{kg}" for ref, equals, kg in pairs if not (ref and kg)]
    if wrong:
        error = FieldError("/weight", f"{', '.join(wrong)} is not REF=KG, such as 1=82.5")
        raise InvalidInput("a weight cannot be used", errors=[error])
    return {ref: kg for ref, _, kg in pairs}


def _sum(shown: dict[str, Any]) -> str:
    from backend.domain.money import Money

    return f"{Money.parse(shown['offer']['amount']).grouped()} CNY" if shown["offer"] else "none"
