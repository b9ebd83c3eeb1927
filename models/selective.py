"""What relying on the counter costs: how often its answers are wrong, and how often a stricter counter's would be.

A count of which the counter is sure is an answer; one in doubt goes to a person.
"""

from collections.abc import Mapping, Sequence

from models.bootstrap import share_interval
from models.counter import Count, Reason
from models.evaluate import Counted
from models.figures import pair, rounded

Doubt = tuple[bool, int, float]


def doubt(count: Count, lines: Mapping[str, float]) -> Doubt:
    """Return how doubtful a count is, to be compared with others': the least doubtful first.

    First whether anything but a low score speaks against it (dark, crowded, birds …), then how many heads are in doubt
    (``high - low``), then how near the least sure box comes to its species' line: 1 on the line, 0 at a score of 1.

    Args:
        count: Of one photo.
        lines: From which score a species is counted; a species that is not among them has its line at 0.
    """
    margins = [
        (box.confidence - lines.get(box.species, 0.0)) / (1 - lines.get(box.species, 0.0))
        for box in count.boxes
    ]
    has_other_reason = any(reason != Reason.LOW_CONFIDENCE for reason in count.reasons)
    return has_other_reason, count.high - count.low, round(1 - min(margins, default=0.0), 6)


def selective_risk(photos: Sequence[Counted], lines: Mapping[str, float]) -> dict[str, object]:
    """Return the share answered, the share of answers that is wrong, and the curve of one against the other.

    Photos on which there is nothing and nothing was counted are left out: "no animal" is never an answer, and they
    would make any counter look careful. A point of the curve answers the ``photos`` least doubtful ones; photos in
    equal doubt are answered together. Intervals take a scene for one photo.
    """
    asked = [photo for photo in photos if photo.truth.heads or photo.count.count]
    answered = [photo for photo in asked if not photo.count.unsure]
    wrong = sum(photo.error > 0 for photo in answered)
    return {
        "photos": len(asked),
        "answered": len(answered),
        "answered_share": _share(len(answered), len(asked)),
        "answered_scenes": len({photo.truth.scene for photo in answered}),
        "answered_share_interval": pair(
            share_interval(_scenes(asked), [not photo.count.unsure for photo in asked])
        ),
        "wrong": wrong,
        "error": _share(wrong, len(answered)),
        "error_interval": pair(share_interval(_scenes(answered), [photo.error > 0 for photo in answered])),
        "curve": _curve(asked, lines),
    }


def _curve(asked: Sequence[Counted], lines: Mapping[str, float]) -> list[dict[str, object]]:
    ordered = sorted(
        ((doubt(photo.count, lines), photo.error > 0, photo.truth.scene) for photo in asked),
        key=lambda one: one[0],
    )
    points: list[dict[str, object]] = []
    wrong: list[bool] = []
    scenes: list[str] = []
    for number, (own, is_wrong, scene) in enumerate(ordered, 1):
        wrong.append(is_wrong)
        scenes.append(scene)
        if number == len(ordered) or ordered[number][0] != own:
            points.append(
                {
                    "photos": number,
                    "share": _share(number, len(ordered)),
                    "wrong": sum(wrong),
                    "error": _share(sum(wrong), number),
                    "error_interval": pair(share_interval(scenes, wrong)),
                }
            )
    return points


def _scenes(photos: Sequence[Counted]) -> list[str]:
    return [photo.truth.scene for photo in photos]


def _share(part: int, whole: int) -> float | None:
    return rounded(part / whole) if whole else None
