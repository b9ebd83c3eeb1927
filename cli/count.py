"""``flashclaim count``: how many animals photos show. Needs no server."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from backend.domain.problems import Problem
from cli.counters import counter_here, known_predictor, refusing
from cli.decoding import decoded
from cli.exits import Exit
from cli.options import NetworkName, PredictorName
from cli.render import needs_extra, print_json, say

if TYPE_CHECKING:
    from models.counter import Count
    from models.predictors import NetworkCounter
    from models.scene import SceneCount, Shown


@dataclass(frozen=True, slots=True)
class _Answer:
    """One photo as it was named, with its count or why there is none."""

    photo: str
    shown: "Shown | Problem"

    @property
    def count(self) -> "Count | Problem":
        """The photo's count, in pixels of the whole photo."""
        return self.shown if isinstance(self.shown, Problem) else self.shown.count

    def as_json(self) -> dict[str, object]:
        if isinstance(self.count, Problem):
            error = {"code": self.count.code, "title": self.count.title, "next": self.count.next}
            return {"photo": self.photo, "count": None, "error": error}
        return {
            "photo": self.photo,
            "count": self.count.count,
            "unsure": self.count.unsure,
            "reasons": list(self.count.reasons),
            "by_species": self.count.by_species,
            "boxes": [
                {
                    "xyxy": [round(edge, 1) for edge in box.xyxy],
                    "species": box.species,
                    "confidence": round(box.confidence, 3),
                }
                for box in self.count.boxes
            ],
            "ms": self.count.ms,
        }


def count(
    photos: Annotated[list[str], typer.Argument(metavar="PHOTO...", help="JPEG, HEIC, PNG or WebP files.")],
    model: NetworkName = "",
    predictor: PredictorName = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Count the animals on photos of one scene 清点.

    The scene is one estimate over all photos: an animal on two photos of the
    same ground counts once. Network and predictor are those that a server started
    here would use, unless named. Exit code 0, or 1 when a photo cannot be read. Example:
    flashclaim count demo/photos/*.jpg --json
    """
    with needs_extra("server"):
        from models.scene import SceneReason, scene

        known_predictor(predictor, as_json=as_json)
        with refusing(as_json=as_json):
            counter = counter_here(model, predictor)
        answers = [_Answer(photo, _shown(counter, photo)) for photo in photos]
    read = [answer for answer in answers if not isinstance(answer.shown, Problem)]
    together = scene([answer.shown for answer in read if not isinstance(answer.shown, Problem)])
    unread = {answer.photo: answer.count for answer in answers if isinstance(answer.count, Problem)}
    if unread:  # nobody knows what is on them
        together = replace(together, unsure=True, reasons=(*together.reasons, SceneReason.UNREAD.value))
    overlapping = [[read[place].photo for place in places] for places in together.overlapping]
    if as_json:
        print_json(_document(counter.name, answers, together, overlapping))
    else:
        _print_table(counter, answers, together, overlapping)
    for photo, problem in unread.items():
        say(f"{photo}: {problem}. Next: {problem.next}")
    if unread:
        raise typer.Exit(Exit.FAILED)


def _shown(counter: "NetworkCounter", photo: str) -> "Shown | Problem":
    from models.counter import scaled
    from models.scene import Shown
    from models.views import View

    began = perf_counter()
    try:
        read = decoded(photo, target=counter.manifest.image_size)
    except Problem as problem:
        return problem
    counted = counter.count(read.image)
    height, width = read.image.shape[:2]
    boxes = scaled(counted.boxes, factors=(read.width / width, read.height / height))
    told = replace(counted, boxes=boxes, ms=round((perf_counter() - began) * 1000, 1))
    return Shown(told, (read.width, read.height), View.of(read.image))


def _document(
    model: str, answers: Sequence[_Answer], together: "SceneCount", overlapping: Sequence[Sequence[str]]
) -> dict[str, object]:
    return {
        "model": model,
        "photos": [answer.as_json() for answer in answers],
        "scene": {
            "count": together.count,
            "low": together.low,
            "high": together.high,
            "unsure": together.unsure,
            "reasons": list(together.reasons),
            "overlapping": overlapping,
        },
    }


def _print_table(
    counter: "NetworkCounter",
    answers: Sequence[_Answer],
    together: "SceneCount",
    overlapping: Sequence[Sequence[str]],
) -> None:
    from rich.console import Console
    from rich.table import Column, Table

    from cli.screens.writing import text

    table = Table(
        Column("photo", overflow="fold"),
        "count",
        "species",
        "unsure because",
        title=f"{counter.name} through {counter.predictor}",
        box=None,
        title_justify="left",
    )
    for answer in answers:
        if isinstance(answer.count, Problem):
            table.add_row(text(answer.photo), "-", "", answer.count.title)
            continue
        species = ", ".join(f"{heads} {name}" for name, heads in answer.count.by_species.items())
        table.add_row(text(answer.photo), str(answer.count.count), species, ", ".join(answer.count.reasons))
    spread = f"{together.low} to {together.high}"
    table.add_row("scene", f"{together.count}", spread, ", ".join(together.reasons), style="bold")
    console = Console()
    console.print(table)
    if together.unsure:
        console.print("unsure: a person counts")
    for photos in overlapping:
        console.print(text(f"the same ground: {', '.join(photos)}"))
