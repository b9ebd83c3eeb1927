"""A photo in the terminal: each character cell shows two pixels, one above the other (``▀``)."""

from io import BytesIO
from typing import TYPE_CHECKING

from rich.color import Color
from rich.style import Style
from rich.text import Text

from cli.screens.writing import text

if TYPE_CHECKING:
    from PIL.Image import Image

NO_PILLOW = "Photos are shown here once Pillow is installed (pip install pillow); o opens the file."
_MOST_PIXELS = 50_000_000
_THUMBNAIL = (80, 160)


def picture(content: bytes, *, columns: int, rows: int) -> Text:
    """The photo within so many cells, upright; a sentence instead where it cannot be shown."""
    upright = _upright(content, columns, rows * 2)
    if isinstance(upright, Text):
        return upright
    width, height = upright.size
    pixels = upright.tobytes()  # three bytes a pixel, row by row

    def colour(x: int, y: int) -> Color:
        place = (y * width + x) * 3
        return Color.from_rgb(*pixels[place : place + 3])

    shown = Text(no_wrap=True)
    for y in range(0, height, 2):
        for x in range(width):
            lower = colour(x, y + 1) if y + 1 < height else None
            shown.append("▀", Style(color=colour(x, y), bgcolor=lower))
        if y + 2 < height:
            shown.append("\n")
    return shown


def shrunk(content: bytes) -> bytes | None:
    """The photo as a thumbnail (PNG) that is drawn in no time; None where it cannot be shown."""
    upright = _upright(content, *_THUMBNAIL)
    if isinstance(upright, Text):
        return None
    small = BytesIO()
    upright.save(small, "PNG")
    return small.getvalue()


def _upright(content: bytes, width: int, height: int) -> "Image | Text":
    """The photo within so many pixels, or why there is none."""
    try:
        from PIL import Image, ImageOps
    except ModuleNotFoundError:
        return text(NO_PILLOW, "dim")
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                return text(
                    f"{opened.width} x {opened.height} pixels are too many to show; o opens the file.",
                    "yellow",
                )
            opened.draft("RGB", (width * 4, height * 4))
            upright = ImageOps.exif_transpose(opened).convert("RGB")
            upright.thumbnail((width, height))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return text("This photo cannot be shown here; o opens the file.", "yellow")
    return upright if upright.width and upright.height else text("This photo is empty.", "yellow")
