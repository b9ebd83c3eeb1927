"""A photo in the terminal: each character cell shows two pixels, one above the other (``▀``)."""

from io import BytesIO

from rich.color import Color
from rich.style import Style
from rich.text import Text

from cli.screens.writing import text

NO_PILLOW = "Photos are shown here once Pillow is installed (pip install pillow); o opens the file."
_MOST_PIXELS = 50_000_000


def picture(content: bytes, *, columns: int, rows: int) -> Text:
    """The photo within so many cells, upright; a sentence instead where it cannot be shown."""
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
            opened.draft("RGB", (columns * 4, rows * 8))
            upright = ImageOps.exif_transpose(opened).convert("RGB")
            upright.thumbnail((columns, rows * 2))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return text("This photo cannot be shown here; o opens the file.", "yellow")
    width, height = upright.size
    if not (width and height):
        return text("This photo is empty.", "yellow")
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
