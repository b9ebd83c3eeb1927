"""The audit log on a terminal: the last checkpoint, its signatures, its age."""

from collections.abc import Iterator, Mapping
from typing import Any  # JSON from the server

from cli.screens.writing import clock, how_long

_LANES = ("insurer", "veterinary", "inspection")


def checkpoint_lines(said: Mapping[str, Any]) -> Iterator[str]:
    """The checkpoint and who stands by it, a line each."""
    made = said["checkpoint"]
    yield (
        f"{made['size']:,} records, root {made['root'][:16]}…, signed {how_long(said['age_seconds'])} ago"
        f" by key {made['key_id'][:16]}…; {said['events_since']:,} since."
    )
    for one in sorted(said["cosigned"], key=_place):
        behind = f", {one['events_behind']:,} records ago" if one["events_behind"] else ""
        yield (
            f"  {one['lane'] or 'collector':<10}  {one['organisation']}, {one['officer']}: co-signed"
            f" {one['size']:,} records, {clock(one['at'])}{behind}"
        )
    signed = {one["lane"] for one in said["cosigned"]}
    for lane in _LANES:
        if lane not in signed:
            yield f"  {lane:<10}  nobody has co-signed yet"


def one_line(said: Mapping[str, Any]) -> str:
    """The checkpoint in one line, as whoami and doctor say it."""
    made = said["checkpoint"]
    lanes = {one["lane"] for one in said["cosigned"] if not one["events_behind"]}
    by = ", ".join(lane for lane in _LANES if lane in lanes) or "no office"
    return f"checkpoint over {made['size']:,} records, {how_long(said['age_seconds'])} old, co-signed by {by}"


def _place(one: Mapping[str, Any]) -> tuple[int, str]:
    lane = one["lane"]
    return (_LANES.index(lane) if lane in _LANES else len(_LANES), one["organisation"])
