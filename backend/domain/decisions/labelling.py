"""What the counter may learn from a claim: officers' labels 标注, and the farmer's consent."""

from collections.abc import Iterator

from backend.domain.claim import Claim
from backend.domain.commands import ChangeConsent, LabelPhoto
from backend.domain.decisions.reporting import MOST_HEADS
from backend.domain.events import ConsentGiven, ConsentWithdrawn, Event, PhotoLabelled
from backend.domain.labels import LabelBox, PhotoLabel
from backend.domain.photos import Photo
from backend.domain.problems import FieldError, InvalidInput, NotAllowed
from backend.domain.words import Species

MOST_BOXES = 500
"""More cannot be told apart on a photo: give the number alone."""


def label_photo(claim: Claim, command: LabelPhoto) -> list[Event]:
    """What one of the three offices saw on a photo, in place of what was said of it before.

    Raises:
        NotAllowed: The officer belongs to none of the three lanes.
        InvalidInput: Not a photo of this claim that could be looked at, or boxes and heads that none can have.
    """
    if command.officer.lane is None:
        raise NotAllowed("photos are labelled by one of the three offices")
    errors = [*_wrong_photo(claim.photo(command.photo_id)), *_wrong_label(command)]
    photo = claim.photo(command.photo_id)
    if photo and photo.checks and photo.checks.width and photo.checks.height:
        errors += _wrong_boxes(command.boxes or (), photo.checks.width, photo.checks.height)
    if errors:
        raise InvalidInput("this label cannot be used", errors=errors)
    return [PhotoLabelled(photo_id=command.photo_id, label=_label(command))]


def repeats_label(claim: Claim, command: LabelPhoto) -> bool:
    """Whether exactly this label by this officer stands."""
    photo = claim.photo(command.photo_id)
    if photo is None or photo.labelled is None or (command.heads is None and command.boxes is None):
        return False
    given = photo.labelled
    return (given.label, given.by) == (_label(command), command.officer.actor)


def change_consent(claim: Claim, command: ChangeConsent) -> list[Event]:
    """The farmer's word on whether these photos may teach; it says nothing about the claim."""
    if claim.photos_may_teach == command.photos_may_teach:
        return []
    return [ConsentGiven() if command.photos_may_teach else ConsentWithdrawn()]


def _label(command: LabelPhoto) -> PhotoLabel:
    boxes = () if command.heads == 0 else command.boxes
    return PhotoLabel(
        heads=len(boxes or ()) if command.heads is None else command.heads,
        boxes=boxes,
        posture=command.posture,
        dead=command.dead,
        shows_people=command.shows_people,
        note=command.note,
    )


def _wrong_photo(photo: Photo | None) -> Iterator[FieldError]:
    if photo is None:
        yield FieldError("/photo", "is not a photo of this claim")
    elif photo.checks is None:
        yield FieldError("/photo", "has not been looked at by the machine yet")
    elif photo.checks.refused:
        yield FieldError("/photo", f"cannot be read: {photo.checks.refused.title}")


def _wrong_label(command: LabelPhoto) -> Iterator[FieldError]:
    heads, boxes = command.heads, command.boxes
    if heads is None and boxes is None:
        yield FieldError("/heads", "give boxes, or the number of heads alone")
    if heads is not None and not 0 <= heads <= MOST_HEADS:
        yield FieldError("/heads", f"{heads} is not between 0 and {MOST_HEADS}")
    if heads is not None and boxes is not None and heads != len(boxes):
        yield FieldError(
            "/heads", f"{heads}, but {len(boxes)} boxes: leave the boxes out where some are missing"
        )
    if boxes is not None and len(boxes) > MOST_BOXES:
        yield FieldError("/boxes", f"{len(boxes)} boxes are more than {MOST_BOXES}: give the number alone")


def _wrong_boxes(boxes: tuple[LabelBox, ...], width: int, height: int) -> Iterator[FieldError]:
    seen = set[LabelBox]()
    for place, box in enumerate(boxes):
        left, top, right, bottom = box.xyxy
        if box.species not in set(Species):
            yield FieldError(f"/boxes/{place}/species", f"{box.species} is none of {', '.join(Species)}")
        if left >= right or top >= bottom:
            yield FieldError(f"/boxes/{place}/xyxy", "has no area: left, top, right, bottom in pixels")
        elif left < 0 or top < 0 or right > width or bottom > height:
            yield FieldError(f"/boxes/{place}/xyxy", f"leaves the photo, which is {width} × {height} pixels")
        elif box in seen:
            yield FieldError(f"/boxes/{place}/xyxy", "is given twice")
        seen.add(box)
