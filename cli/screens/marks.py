"""The boxes on a photo by number: those that the counter drew, and what an officer made of them."""

from typing import Any  # a photo of the claim's document, as the API sends it

from rich.console import Group, RenderableType

from cli.screens.tables import right, table
from cli.screens.writing import clock, text


def boxes_table(photo: dict[str, Any]) -> RenderableType:
    """The counter's boxes, then the label that stands."""
    size = f"{photo['width']} × {photo['height']}" if photo["width"] else "cannot be read"
    head = text(f"{photo['sha256'][:8]}  {size}  {photo['model'] or 'not counted'}", "bold")
    boxes = table(right("box"), "species", right("confidence"), "left, top, right, bottom")
    for number, one in enumerate(photo["boxes"], start=1):
        edges = ", ".join(map(str, one["xyxy"]))
        boxes.add_row(str(number), text(one["species"]), text(one["confidence"]), edges)
    return Group(head, boxes if photo["boxes"] else text("no boxes"), _label(photo["label"]))


def _label(given: dict[str, Any] | None) -> RenderableType:
    if given is None:
        return text("not labelled", "dim")
    drawn = "the number alone" if given["boxes"] is None else f"{len(given['boxes'])} boxes"
    how = {None: "", True: "dead", False: "alive"}[given["dead"]]
    facts = (f"{given['heads']} heads", drawn, given["posture"], how, given["note"])
    said = ", ".join(str(fact) for fact in facts if fact)
    return text(f"labelled: {said} ({given['by']}, {clock(given['at'])})", "green")
