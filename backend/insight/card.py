"""What the model card says of a network: how much it answers, and how often it is wrong where it is sure."""

import json
from functools import cache
from typing import Any  # figures are JSON

from models.manifest import SHIPPED

Document = dict[str, object]
_UNSEEN = "never_seen"


def card_of(model: str) -> Document | None:
    """Selective risk of the network ``name@version`` on photos it had never seen; None where none was measured.

    Shares 0 to 1 with their 95 % intervals over scenes; ``curve`` has a point a photo, the surest first.
    """
    measured = _measured()
    if measured is None or measured["shipped"]["model"] != model:
        return None
    risk = measured["groups"][_UNSEEN]["selective_risk"]
    return {
        "model": model,
        "photos": risk["photos"],
        "answered": risk["answered"],
        "answered_share": risk["answered_share"],
        "answered_share_interval": risk["answered_share_interval"],
        "wrong": risk["wrong"],
        "error": risk["error"],
        "error_interval": risk["error_interval"],
        "curve": [
            {
                "answered_share": point["share"],
                "error": point["error"],
                "error_interval": point["error_interval"],
            }
            for point in risk["curve"]
        ],
    }


@cache
def _measured() -> dict[str, Any] | None:
    file = SHIPPED / "figures.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
