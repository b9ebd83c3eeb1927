"""Older forms of events, read as today's; the text in the database, which its leaf hash covers, is never changed.

A field that came later has a default and needs nothing here. A form that today's types do not take has a step: it is
tried where the text does not fit, so that today's events pay nothing for it. Steps go from the oldest to the newest.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any  # the JSON of a form that no type describes any more

Step = Callable[[dict[str, Any]], None]
"""Brings a payload one form nearer to today's, in place; a payload that is beyond it stays as it is."""


def _count_with_interval(payload: dict[str, Any]) -> None:
    """``count.doubtful`` more animals that may be there became an interval from ``low`` to ``high`` (2026-11-23)."""
    count = payload["checks"]["count"]
    if count is not None and "low" not in count:
        count["low"] = count["count"]
        count["high"] = count["count"] + count.pop("doubtful", 0)


STEPS: Mapping[str, tuple[Step, ...]] = {"photo-checked": (_count_with_interval,)}


def upcast(event_type: str, payload: str) -> str | None:
    """The payload in today's form; None where no step knows an older form of this type.

    Raises:
        ValueError: The text is no JSON object of any form that the type had.
    """
    steps = STEPS.get(event_type)
    if steps is None:
        return None
    read = json.loads(payload)
    try:
        for step in steps:
            step(read)
    except (KeyError, TypeError, AttributeError) as wrong:
        raise ValueError(f"no {event_type} of any form: {wrong}") from wrong
    return json.dumps(read)


def unknown_field(recorded: object, read: object, at: str = "") -> str | None:
    """The first field of *recorded* that is not in *read*, as a path: said by a newer release, and lost on this one.

    Args:
        recorded: The payload as plain JSON values.
        read: What was read of it, as plain JSON values again.
        at: Where in the payload both stand.
    """
    if isinstance(recorded, dict) and isinstance(read, dict):
        for name, value in recorded.items():
            if name not in read:
                return f"{at}/{name}"
            if found := unknown_field(value, read[name], f"{at}/{name}"):
                return found
    if isinstance(recorded, list) and isinstance(read, list):
        for place, (one, other) in enumerate(zip(recorded, read, strict=False)):
            if found := unknown_field(one, other, f"{at}/{place}"):
                return found
    return None
