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
    from models.counter import Count, SceneCount
    from models.predictors import NetworkCounter


@dataclass(frozen=True, slots=True)
class _Answer:
    """One photo as it was named, with its count or why there is none."""

    photo: str
    count: "Count | Problem"

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

    The scene is one estimate over all photos, not their sum. Network and predictor are those that a server started
    here would use, unless named. Exit code 0, or 1 when a photo cannot be read. Example:
    flashclaim count demo/photos/*.jpg --json
    """
    with needs_extra("server"):
        from models.counter import scene

        known_predictor(predictor, as_json=as_json)
        with refusing(as_json=as_json):
            counter = counter_here(model, predictor)
        answers = [_Answer(photo, _count(counter, photo)) for photo in photos]
    together = scene([answer.count for answer in answers if not isinstance(answer.count, Problem)])
    unread = {answer.photo: answer.count for answer in answers if isinstance(answer.count, Problem)}
    if unread:  # nobody knows what is on them
        together = replace(together, unsure=True)
    if as_json:
        print_json(_document(counter.name, answers, together))
    else:
        _print_table(counter, answers, together)
    for photo, problem in unread.items():
        say(f"{photo}: {problem}. Next: {problem.next}")
    if unread:
        raise typer.Exit(Exit.FAILED)


def _count(counter: "NetworkCounter", photo: str) -> "Count | Problem":
    from models.counter import scaled

    began = perf_counter()
    try:
        read = decoded(photo, target=counter.manifest.image_size)
    except Problem as problem:
        return problem
    counted = counter.count(read.image)
    height, width = read.image.shape[:2]
    boxes = scaled(counted.boxes, factors=(read.width / width, read.height / height))
    return replace(counted, boxes=boxes, ms=round((perf_counter() - began) * 1000, 1))


def _document(model: str, answers: Sequence[_Answer], together: "SceneCount") -> dict[str, object]:
    return {
        "model": model,
        "photos": [answer.as_json() for answer in answers],
        "scene": {
            "count": together.count,
            "low": together.low,
            "high": together.high,
            "unsure": together.unsure,
        },
    }


def _print_table(counter: "NetworkCounter", answers: Sequence[_Answer], together: "SceneCount") -> None:
    from rich.console import Console
    from rich.table import Column, Table

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
            table.add_row(answer.photo, "-", "", answer.count.title)
            continue
        species = ", ".join(f"{heads} {name}" for name, heads in answer.count.by_species.items())
        table.add_row(answer.photo, str(answer.count.count), species, ", ".join(answer.count.reasons))
    doubt = ", unsure: a person counts" if together.unsure else ""
    table.add_row("scene", f"{together.count}", f"{together.low} to {together.high}{doubt}", "", style="bold")
    Console().print(table)
