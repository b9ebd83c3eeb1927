"""Every figure that a rule compares with: named, dated, and each with its source.

Where a source says "this project's", no regulation names a figure: the reason stands beside it, and a county that knows
better dates a new rule version. No figure here denies anything: beyond it people look.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any  # a field's default has the field's own type

_SINCE = date(2026, 11, 25)


def _figure(default: Any, source: str, since: date = _SINCE) -> Any:
    return field(default=default, metadata={"source": source, "since": since})


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The figures of one rule version; each field's metadata holds ``source`` and ``since``."""

    notice_within: timedelta = _figure(
        timedelta(hours=48),
        "the Insurance Law, art. 21, asks for notice in time and names no hours; 48 h is this project's: "
        "after two nights a carcass can hardly be surveyed",
    )
    flock_event_lasts: timedelta = _figure(
        timedelta(days=7),
        "domain.md §3, layer-event: one event of at most 7 days, so that notice of a flock counts from its end",
    )
    clocks_agree_within: timedelta = _figure(
        timedelta(minutes=10), "this project's: as far as a report's own clock may be ahead (Clocks)"
    )
    photo_before_loss: timedelta = _figure(
        timedelta(hours=24),
        "this project's: a farmer says when an animal was found, and seldom knows the hour it died",
    )
    deaths_within: timedelta = _figure(
        timedelta(days=30), "this project's: long enough to see one loss that was split over several claims"
    )
    deaths_share: Decimal = _figure(
        Decimal("0.3"),
        "this project's: several times what a batch of fattening pigs usually loses; head count is the costly fraud "
        "(domain.md §2, plausibility)",
    )
    deaths_floor: int = _figure(10, "this project's: on a small farm every share is large")
    calf_until_months: int = _figure(
        12, "this project's: cattle are calves for about a year; products name no age"
    )
    piglet_until_months: int = _figure(3, "this project's: piglets are fattened from about 70 days on")
    payee_farms: int = _figure(
        3,
        "this project's: a family or a cooperative may hold some farms; domain.md §2, one payee on many farms",
    )
    payee_settled_after: timedelta = _figure(timedelta(days=7), "domain.md §1, payee")
    together_claims: int = _figure(
        5,
        "this project's; domain.md §2, same officer + farm + collector: by then chance would have varied them",
    )
    together_within: timedelta = _figure(timedelta(days=180), "this project's: half a policy's year")


def sources(thresholds: Thresholds) -> Mapping[str, tuple[object, date, str]]:
    """By figure its value, since when it holds, and where it comes from."""
    return {
        name: (getattr(thresholds, name), one.metadata["since"], one.metadata["source"])
        for name, one in Thresholds.__dataclass_fields__.items()
    }
