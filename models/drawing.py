"""Pictures of counts: boxes on photos, and the two curves; drawn with Pillow alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
Corners = tuple[float, float, float, float]

INK: Final[Colour] = (33, 37, 41)
PALE: Final[Colour] = (222, 226, 230)
GREY: Final[Colour] = (134, 142, 150)
PAPER: Final[Colour] = (255, 255, 255)
COUNTED: Final[Colour] = (255, 146, 43)
TRUE: Final[Colour] = (34, 184, 207)
BLUE: Final[Colour] = (28, 126, 214)
RED: Final[Colour] = (224, 49, 49)

_LONGEST_PX = 960
_LINE_PX = 4
_TEXT_PX = 18
_STRIP_PX = 40


@dataclass(frozen=True, slots=True)
class Drawn:
    """One box to draw: its corners in the picture's pixels, and the words on it, empty for none."""

    corners: Corners
    words: str = ""


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The typeface that Pillow brings: Latin letters only."""
    return ImageFont.load_default(size)


def with_boxes(
    picture: Image.Image, *, counted: Sequence[Drawn], true: Sequence[Drawn], title: str
) -> Image.Image:
    """Return *picture*, its longer side 960 px, with counted and true boxes and below it a legend with *title*."""
    scale = _LONGEST_PX / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    sheet = Image.new("RGB", (size[0], size[1] + _STRIP_PX), PAPER)
    sheet.paste(picture.convert("RGB").resize(size, Image.Resampling.LANCZOS), (0, 0))
    pen = ImageDraw.Draw(sheet)
    for boxes, colour in ((true, TRUE), (counted, COUNTED)):
        for box in boxes:
            _frame(pen, box, colour, scale, size)
    # After all frames, so that no line runs through the words.
    for boxes, colour in ((true, TRUE), (counted, COUNTED)):
        for box in boxes:
            _label(pen, box, colour, scale, size)
    _legend(pen, size, title, shows_true=bool(true))
    return sheet


def _frame(pen: ImageDraw.ImageDraw, box: Drawn, colour: Colour, scale: float, size: tuple[int, int]) -> None:
    left, top, right, bottom = (edge * scale for edge in box.corners)
    left, right = max(0.0, left), min(size[0] - 1.0, right)
    top, bottom = max(0.0, top), min(size[1] - 1.0, bottom)
    # A dark edge keeps the line visible on straw and on snow.
    pen.rectangle((left, top, max(left, right), max(top, bottom)), outline=INK, width=_LINE_PX + 2)
    inner = (left + 1, top + 1, max(left + 1, right - 1), max(top + 1, bottom - 1))
    pen.rectangle(inner, outline=colour, width=_LINE_PX)


def _label(pen: ImageDraw.ImageDraw, box: Drawn, colour: Colour, scale: float, size: tuple[int, int]) -> None:
    if not box.words:
        return
    letters = font(_TEXT_PX)
    width = pen.textlength(box.words, font=letters) + 10
    left, top = box.corners[0] * scale, box.corners[1] * scale
    at = (max(0.0, min(left, size[0] - width)), max(0.0, top - _TEXT_PX - 8))
    pen.rectangle((*at, at[0] + width, at[1] + _TEXT_PX + 8), fill=colour)
    pen.text((at[0] + 5, at[1] + 3), box.words, font=letters, fill=INK)


def _legend(pen: ImageDraw.ImageDraw, size: tuple[int, int], title: str, *, shows_true: bool) -> None:
    letters = font(_TEXT_PX)
    middle, right = size[1] + _STRIP_PX // 2, size[0] - 12.0
    for words, colour in ((("true", TRUE),) if shows_true else ()) + (("counted", COUNTED),):
        right -= pen.textlength(words, font=letters)
        pen.text((right, middle), words, font=letters, fill=INK, anchor="lm")
        right -= 28
        pen.rectangle((right, middle - 9, right + 20, middle + 9), outline=colour, width=_LINE_PX)
        right -= 16
    # A name that would run into the legend is cut from the front, where photos of a set are alike.
    while title and pen.textlength(title, font=letters) > right - 12:
        title = "..." + title.lstrip(".")[1:] if title.strip(".") else ""
    pen.text((12, middle), title, font=letters, fill=INK, anchor="lm")
