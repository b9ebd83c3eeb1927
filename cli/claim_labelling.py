"""``flashclaim claim label`` and ``consent``: what the counter may learn from a claim's photos 标注."""

import re
from collections.abc import Sequence
from typing import Annotated, Any  # the claim's document, as the API sends it

import typer

from backend.domain.problems import FieldError, InvalidInput
from backend.domain.words import Posture
from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ClaimName, ProfileName, Reading
from cli.refusals import told
from cli.render import print_json, say

Boxes = list[dict[str, Any]]
_BOX = re.compile(r"([a-z]+):(-?\d+),(-?\d+),(-?\d+),(-?\d+)")
_IS = re.compile(r"(\d+)=([a-z]+)")


def label(
    *,
    claim: ClaimName,
    photo: Annotated[
        str,
        typer.Argument(
            metavar="[PHOTO]",
            help="Its number in the list, or how its sha-256 begins; needed where there are several.",
        ),
    ] = "",
    confirm: Annotated[
        bool, typer.Option("--confirm", help="The counter's boxes are right, all of them.")
    ] = False,
    drop: Annotated[
        list[int] | None,
        typer.Option(help="This box shows no animal, or one twice; repeatable.", metavar="N"),
    ] = None,
    species: Annotated[
        list[str] | None,
        typer.Option(help="The animal in this box is of another species; repeatable.", metavar="N=SPECIES"),
    ] = None,
    box: Annotated[
        list[str] | None,
        typer.Option(
            help="One more animal, in pixels of the upright photo; repeatable.", metavar="SPECIES:X1,Y1,X2,Y2"
        ),
    ] = None,
    heads: Annotated[
        int | None, typer.Option(help="The true number alone, where boxes cannot be drawn; 0 for none.")
    ] = None,
    posture: Annotated[Posture | None, typer.Option(help="How the animals are.")] = None,
    dead: Annotated[bool | None, typer.Option("--dead/--alive", help="Whether they are dead.")] = None,
    shows_people: Annotated[
        bool, typer.Option("--shows-people", help="Someone can be recognised: it is never exported.")
    ] = False,
    note: Annotated[str, typer.Option(help="In words, kept with the label.", metavar="TEXT")] = "",
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Say what is on a photo, for the counter to learn from; without an option, show its boxes.

    Boxes are numbered as the counter found them, also where a label stands
    already. A later label of the same photo replaces the earlier. Nothing of the
    claim changes: no sum, no approval, no clock; it may be paid and closed.

    Example: flashclaim claim label FC-20261123-0042 1 --drop 2 --box pig:40,60,300,280 --posture lying --dead
    """
    with told(as_json=as_json):
        added = _added(box or [])
        renamed = _renamed(species or [])
    is_corrected = confirm or bool(drop or renamed or added)
    with at_desk(profile, language, as_json=as_json) as desk:
        shown = desk.show(claim)
        one = chosen_photo(shown["photos"], photo)
        if not is_corrected and heads is None:
            _show(one, as_json=as_json)
            return
        boxes = None
        if is_corrected:
            boxes = corrected_boxes(one["boxes"], drop or (), renamed, added)
        body = {
            "photo": one["sha256"],
            "heads": heads,
            "boxes": boxes,
            "posture": posture,
            "dead": dead,
            "shows_people": shows_people,
            "note": note,
        }
        moved = desk.api.post("claims", shown["id"], "labels", body=body)
    if as_json:
        print_json(moved)
        return
    stands = chosen_photo(moved["photos"], one["sha256"])["label"]
    drawn = "the number alone" if stands["boxes"] is None else f"{len(stands['boxes'])} boxes"
    typer.echo(f"{moved['number']}: {one['sha256'][:8]} labelled, {stands['heads']} heads, {drawn}")
    if not moved["photos_may_teach"]:
        say("The farmer has not consented: the label is kept, the photo is not exported.")


def consent(
    claim: ClaimName,
    photos_may_teach: Annotated[
        bool, typer.Option("--give/--withdraw", help="Whether the photos may teach the counter.")
    ],
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Let a claim's photos teach the counter, or take that back.

    The farmer gives it, or who reported for the farmer; any officer takes a
    withdrawal. What was exported before is named by the next export.

    Example: flashclaim claim consent FC-20261123-0042 --withdraw
    """
    with at_desk(profile, as_json=as_json) as desk:
        moved = desk.api.post("claims", claim, "consent", body={"photos_may_teach": photos_may_teach})
    if as_json:
        print_json(moved)
        return
    may = "may teach the counter" if moved["photos_may_teach"] else "may not teach the counter"
    typer.echo(f"{moved['number']}: the photos {may}")


def chosen_photo(photos: Sequence[dict[str, Any]], name: str) -> dict[str, Any]:
    """The photo of this number or this beginning of its sha-256; the only one where nothing is named.

    Raises:
        InvalidInput: None or several fit.
    """
    by_number = {str(number): photo for number, photo in enumerate(photos, start=1)}
    if name in by_number:
        return by_number[name]
    fitting = [photo for photo in photos if photo["sha256"].startswith(name.lower())]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(f"{number}: {photo['sha256'][:8]}" for number, photo in by_number.items()) or "none"
    why = "several photos fit" if fitting else "no photo of this claim fits"
    raise InvalidInput("name one photo", errors=[FieldError("/photo", f"{why}; there are {listed}")])


def corrected_boxes(
    found: Sequence[dict[str, Any]], drop: Sequence[int], renamed: dict[int, str], added: Boxes
) -> Boxes:
    """The counter's boxes without the wrong ones, under their right names, and those that were missed.

    Raises:
        InvalidInput: A number that no box has.
    """
    unknown = sorted({*drop, *renamed} - set(range(1, len(found) + 1)))
    if unknown:
        numbers = ", ".join(map(str, unknown))
        why = f"box {numbers} is not there: the counter found {len(found)}"
        raise InvalidInput("a box to correct is not there", errors=[FieldError("/drop", why)])
    kept = [
        {"species": renamed.get(number, one["species"]), "xyxy": one["xyxy"]}
        for number, one in enumerate(found, start=1)
        if number not in drop
    ]
    return kept + added


def _added(given: Sequence[str]) -> Boxes:
    read = [(one, _BOX.fullmatch(one)) for one in given]
    wrong = [one for one, match in read if match is None]
    if wrong:
        why = f"{', '.join(wrong)} is not SPECIES:X1,Y1,X2,Y2 in whole pixels, such as pig:40,60,300,280"
        raise InvalidInput("a box cannot be used", errors=[FieldError("/box", why)])
    return [
        {"species": match[1], "xyxy": [int(match[edge]) for edge in (2, 3, 4, 5)]}
        for _, match in read
        if match
    ]


def _renamed(given: Sequence[str]) -> dict[int, str]:
    read = [(one, _IS.fullmatch(one)) for one in given]
    wrong = [one for one, match in read if match is None]
    if wrong:
        error = FieldError("/species", f"{', '.join(wrong)} is not N=SPECIES, such as 2=goat")
        raise InvalidInput("a species cannot be used", errors=[error])
    return {int(match[1]): match[2] for _, match in read if match}


def _show(photo: dict[str, Any], *, as_json: bool) -> None:
    """The numbered boxes, and the label that stands."""
    facts = {name: photo[name] for name in ("sha256", "width", "height", "count", "unsure", "model", "label")}
    if as_json:
        boxes = [{"number": number} | one for number, one in enumerate(photo["boxes"], start=1)]
        print_json(facts | {"boxes": boxes})
        return
    from cli.screens.marks import boxes_table
    from cli.screens.writing import console

    console().print(boxes_table(photo))
    say("Next: --confirm, --drop N, --species N=SPECIES, --box SPECIES:X1,Y1,X2,Y2, or --heads N alone.")
