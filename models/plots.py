"""The calibration and the selective risk of a counter as pictures."""

from collections.abc import Mapping, Sequence
from typing import Any  # a JSON document is untyped until it is read

from PIL import Image, ImageDraw

from models.drawing import BLUE, GREY, INK, PALE, PAPER, RED, Colour, font

# Drawn at twice the size and scaled down: Pillow's lines have no smooth edges.
_FINE = 2
_WIDTH, _HEIGHT = 720, 460
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 28, 72, 64
_BAND: Colour = (208, 235, 255)
_STEPS = tuple(step / 5 for step in range(6))
_TARGET = 0.05
_HALF = 0.5
# Words below a point this low would run into the axis.
_NEAR_AXIS = 0.1
# How high the words about today's answers stand: above the band, which is wide only where few are answered.
_WORDS_AT = 0.86


class _Chart:
    """Axes from 0 to 1, per cent upwards, with a title and smaller words under it."""

    def __init__(self, title: str, under: str, across: str) -> None:
        self._sheet = Image.new("RGB", (_WIDTH * _FINE, _HEIGHT * _FINE), PAPER)
        self._pen = ImageDraw.Draw(self._sheet)
        self.words((0, 1), title, INK, 19, "ls", shift=(-52, -38))
        self.words((0, 1), under, GREY, 15, "ls", shift=(-52, -18))
        self.words((0.5, 0), across, INK, 16, "mt", shift=(0, 36))

    def axes(self, *, in_percent: bool) -> None:
        """Drawn after any area, which would cover them."""
        for part in _STEPS:
            self.line([(0, part), (1, part)], PALE, 1)
            self.words((0, part), f"{100 * part:.0f} %", GREY, 15, "rm", shift=(-10, 0))
            text = f"{100 * part:.0f} %" if in_percent else f"{part:.1f}"
            self.words((part, 0), text, GREY, 15, "mt", shift=(0, 10))
        self.line([(0, 0), (1, 0)], INK, 1.5)

    def at(self, point: tuple[float, float]) -> tuple[float, float]:
        across = _LEFT + point[0] * (_WIDTH - _LEFT - _RIGHT)
        down = _TOP + (1 - point[1]) * (_HEIGHT - _TOP - _BOTTOM)
        return across * _FINE, down * _FINE

    def line(self, points: Sequence[tuple[float, float]], colour: Colour, width: float) -> None:
        ends = [self.at(point) for point in points]
        self._pen.line(ends, fill=colour, width=round(width * _FINE), joint="curve")

    def area(self, points: Sequence[tuple[float, float]], colour: Colour) -> None:
        self._pen.polygon([self.at(point) for point in points], fill=colour)

    def dot(self, point: tuple[float, float], radius: float, colour: Colour) -> None:
        x, y = self.at(point)
        reach = radius * _FINE
        self._pen.ellipse(
            (x - reach, y - reach, x + reach, y + reach), fill=colour, outline=PAPER, width=_FINE
        )

    def words(
        self,
        point: tuple[float, float],
        text: str,
        colour: Colour,
        size: int,
        anchor: str,
        *,
        shift: tuple[float, float] = (0, 0),
    ) -> None:
        x, y = self.at(point)
        place = (x + shift[0] * _FINE, y + shift[1] * _FINE)
        self._pen.text(place, text, font=font(size * _FINE), fill=colour, anchor=anchor)

    def picture(self) -> Image.Image:
        return self._sheet.resize((_WIDTH, _HEIGHT), Image.Resampling.LANCZOS)


def calibration_plot(boxes: Mapping[str, Any]) -> Image.Image:
    """Draw what ``calibration`` returned: scores across, the share of boxes that are animals upwards."""
    apart = "" if boxes["ece"] is None else f"; apart by {boxes['ece']:.2f} on average"
    under = f"{boxes['boxes']} counted boxes, 95 % intervals{apart}"
    chart = _Chart("Boxes that are animals, by their score", under, "score of the box")
    chart.axes(in_percent=False)
    chart.line([(0, 0), (1, 1)], GREY, 1.5)
    points = [(one["mean_score"], one["real"], one) for one in boxes["bins"]]
    for score, _, one in points:
        low, high = one["interval"]
        chart.line([(score, low), (score, high)], BLUE, 1.5)
        for end in (low, high):
            chart.line([(score - 0.008, end), (score + 0.008, end)], BLUE, 1.5)
    if len(points) > 1:
        chart.line([(score, real) for score, real, _ in points], BLUE, 2.5)
    for score, real, one in points:
        chart.dot((score, real), 6, BLUE)
        low, high = one["interval"]
        if low > _NEAR_AXIS:
            chart.words((score, low), f"n {one['n']}", INK, 13, "mt", shift=(0, 6))
        else:
            chart.words((score, high), f"n {one['n']}", INK, 13, "ms", shift=(0, -6))
    if not points:
        chart.words((0.5, 0.5), "no boxes were counted", GREY, 18, "ms")
    return chart.picture()


def selective_risk_plot(risk: Mapping[str, Any]) -> Image.Image:
    """Draw what ``selective_risk`` returned: share answered across, share of answers that is wrong upwards."""
    curve = risk["curve"]
    under = f"{risk['photos']} photos, the least doubtful answered first; band: 95 %"
    chart = _Chart("Answers that are wrong, by how many photos are answered", under, "photos answered")
    lower = [(point["share"], point["error_interval"][0]) for point in curve]
    upper = [(point["share"], point["error_interval"][1]) for point in curve]
    if len(curve) > 1:
        chart.area([*lower, *reversed(upper)], _BAND)
    chart.axes(in_percent=True)
    chart.line([(0, _TARGET), (1, _TARGET)], RED, 1.5)
    chart.words((1, _TARGET), "target 5 %", RED, 14, "rs", shift=(0, -5))
    if len(curve) > 1:
        chart.line([(point["share"], point["error"]) for point in curve], BLUE, 2.5)
    if curve:
        _today(chart, risk)
    else:
        chart.words((0.5, 0.5), "no photos with animals", GREY, 18, "ms")
    return chart.picture()


def _today(chart: _Chart, risk: Mapping[str, Any]) -> None:
    """Where the counter answers as it is."""
    share = risk["answered_share"]
    here = (share, risk["error"] or 0.0)
    chart.line([here, (share, _WORDS_AT)], GREY, 1)
    chart.dot(here, 7, RED)
    wrong = f", {risk['wrong']} of them wrong" if risk["answered"] else ""
    words = f"{risk['answered']} answered without doubt{wrong}"
    # On the side where there is room for them.
    chart.words((share, _WORDS_AT), words, INK, 15, "ls" if share <= _HALF else "rs", shift=(0, -6))
