"""``flashclaim model eval``: how well a network counts labelled photos. Needs no server."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.domain.problems import InvalidInput
from cli.counters import counter_here, known_predictor, refusing
from cli.decoding import decoder
from cli.exits import Exit
from cli.options import AsJson, NetworkName, PredictorName
from cli.render import needs_extra, print_json, refuse, say, unusable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.evaluate import Counted, Decoder, Unread
    from models.labelled import Labelled
    from models.predictors import NetworkCounter
    from models.tables import Table as Figures
    from models.truth import Truth

_MOST_FAULTS = 20


def evaluate(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Holds images/, labels/ (YOLO) and classes.txt.")
    ],
    model: NetworkName = "",
    predictor: PredictorName = "",
    into: Annotated[
        str,
        typer.Option(
            "--into", metavar="FOLDER", help="Also write figures, tables, curves and pictures here."
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Measure how well a network counts labelled photos 测评.

    Photos lie in images/ or in its train, val and test, labels likewise; a photo without labels shows no livestock. A
    photos.csv may say each file's scene, source and posture. Every figure has its number and a 95 % interval over
    scenes. Exit code 0, or 1 when a photo cannot be read.

    Example: flashclaim model eval labelled/own-farms --into runs/own-farms
    """
    with needs_extra("server"):
        from models.album import check_free, write_album
        from models.evaluate import Counted, Unread
        from models.evaluation import evaluation
        from models.labelled import labels_without_photo
        from models.truth import of_labelled

        known_predictor(predictor, as_json=as_json)
        labelled, counted_only = _read(folder, as_json=as_json)
        album = Path(into) if into else None
        if album:
            with _written(album, as_json=as_json):
                check_free(album)
        with refusing(as_json=as_json):
            counter = counter_here(model, predictor)
        decode = decoder(target=counter.manifest.image_size)
        done = list(_counted(counter, [*of_labelled(labelled), *counted_only], decode))
        lines = {name: own.line for name, own in counter.manifest.thresholds.items()}
        orphans = labels_without_photo(folder, labelled)
        document: dict[str, object] = {
            "model": counter.name,
            "predictor": str(counter.predictor),
            "sha256": counter.manifest.sha256,
            "folder": str(folder),
            **evaluation(done, lines=lines),
            **_set_aside(counter, labelled),
            "labels_without_photo": [str(path) for path in orphans],
        }
        if album:
            photos = [one for one in done if isinstance(one, Counted)]
            with _written(album, as_json=as_json):
                write_album(album, document, photos, decode)
    if as_json:
        print_json(document)
    else:
        _print_tables(document)
    _say_what_was_left_out(document, album)
    unread = [one for one in done if isinstance(one, Unread)]
    for one in unread:
        say(f"{one.truth.path}: {one.why}. Next: {one.why.next}")
    if unread:
        raise typer.Exit(Exit.FAILED)


def _read(folder: Path, *, as_json: bool) -> "tuple[list[Labelled], list[Truth]]":
    """The photos with labels, and those of which the number alone is known; of those there may be no others."""
    from models.labelled import LabelsUnusable, read_folder
    from models.truth import of_counted

    advice = "Mend what is named, and run it again: nothing was counted or written."
    try:
        counted_only = of_counted(folder)
        has_labelled = not counted_only or (folder / "images").exists()
        return read_folder(folder, may_hold_others=True) if has_labelled else [], counted_only
    except LabelsUnusable as wrong:
        body = InvalidInput(str(wrong)).as_json() | {"next": advice}
        more = wrong.faults[:_MOST_FAULTS] if len(wrong.faults) > 1 else ()
        errors = [{"pointer": "", "detail": fault} for fault in more]
        refuse(body | {"errors": errors}, Exit.USAGE, as_json=as_json)
    except OSError as fault:
        unusable(f"{fault.filename}: {fault.strerror}", as_json=as_json, next=advice)


@contextmanager
def _written(album: Path, *, as_json: bool) -> Iterator[None]:
    """Say what keeps the folder from being written, and end the command."""
    from models.album import FolderTaken
    from models.evaluate import PhotoUnreadable

    try:
        yield
    except FolderTaken as taken:
        why = f"{taken}"
    except OSError as fault:
        why = f"{album} cannot be written: {fault.strerror}"
    except PhotoUnreadable as gone:
        why = f"a photo that was counted cannot be read any more: {gone}"
    else:
        return
    unusable(f"--into: {why}", as_json=as_json, next="Nothing was written. Name another folder.")


def _counted(
    counter: "NetworkCounter",
    photos: "list[Truth]",
    decode: "Decoder",
) -> "Iterator[Counted | Unread]":
    from models.evaluate import count_all

    with _progress(len(photos)) as advance:
        for one in count_all(counter, photos, decode):
            yield one
            advance()


@contextmanager
def _progress(photos: int) -> Iterator[Callable[[], None]]:
    """A bar at the foot of the terminal; nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("counting"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=photos)
        yield lambda: bar.advance(task)


def _set_aside(counter: "NetworkCounter", labelled: "list[Labelled]") -> dict[str, object]:
    """Boxes of classes that are no species of ours, and species on the photos that this network does not know."""
    from collections import Counter as Tally

    from models.species import SPECIES

    others = Tally(name for photo in labelled for name in photo.others)
    shown = {SPECIES[target.species] for photo in labelled for target in photo.targets}
    return {
        "ignored_classes": dict(sorted(others.items())),
        "species_unknown_to_network": sorted(shown - set(counter.manifest.classes)),
    }


def _say_what_was_left_out(document: "Mapping[str, object]", album: Path | None) -> None:
    if document["photos"] and not document["animals"]:
        say("No photo has a label: all are taken for photos without livestock.")
    ignored, unknown = document["ignored_classes"], document["species_unknown_to_network"]
    if isinstance(ignored, dict) and ignored:
        told = ", ".join(f"{name} ({boxes})" for name, boxes in ignored.items())
        say(f"Boxes of other classes were ignored: {told}.")
    if isinstance(unknown, list) and unknown:
        say(f"The network does not know {', '.join(unknown)}: such animals can only be missed or misnamed.")
    orphans = document["labels_without_photo"]
    if isinstance(orphans, list) and orphans:
        say(f"{len(orphans)} labels files have no photo, such as {orphans[0]}.")
    if album:
        say(f"Figures, tables and pictures are in {album}: begin with {album / 'figures.md'}.")


def _print_tables(document: "Mapping[str, object]") -> None:
    from cli.screens.writing import console, text
    from models.tables import FLATTERY, LEGEND, LEGEND_OF_SPECIES, sentences_of, tables_of

    screen = console()
    screen.print(text(f"{document['model']} through {document['predictor']} on {document['folder']}", "bold"))
    if document["photos"] == 0:
        screen.print("No photo could be read: there is nothing to measure.")
        return
    for figures in tables_of(document):
        screen.print()
        _print_table(figures)
    screen.print()
    for sentence in [*sentences_of(document), f"{FLATTERY}."]:
        screen.print(sentence)
    by_name = f"; {LEGEND_OF_SPECIES}" if document["by_species"] else ""
    screen.print(text(f"{LEGEND}{by_name}.", "dim"))


def _print_table(figures: "Figures") -> None:
    from rich.table import Column, Table
    from rich.text import Text

    from cli.screens.writing import console, text

    first, *others = figures.columns
    table = Table(
        Column(first, overflow="fold", max_width=20),
        *(Column(name, justify="right", overflow="fold") for name in others),
        title=figures.title,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
        header_style="dim",
    )
    for row in figures.rows:
        cells = [text(cell.text) for cell in row]
        beside = [text(f"\n{cell.beside}", "dim") if cell.beside else text("") for cell in row]
        table.add_row(*(Text.assemble(*both) for both in zip(cells, beside, strict=True)))
    console().print(table)
