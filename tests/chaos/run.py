"""``make chaos``: storms over both databases, their figures, and whether anything was broken.

Exit code 0 when nothing was, 1 otherwise. The same seed gives the same schedule (see storm.py for what it does not
give).
"""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.chaos.cluster import programs
from tests.chaos.storm import Found, Plan, weather

_DIALECTS = ("sqlite", "postgresql")
_CLAIMS_A_KILL = 2
_MOST_SHOWN = 20


def main() -> int:
    """Raise the storms that were asked for, and tell what they broke."""
    wanted = _wanted()
    folder = wanted.folder or Path(tempfile.mkdtemp(prefix="flashclaim-chaos-"))
    screen = Console(stderr=True)
    found = []
    for dialect in _DIALECTS if wanted.database == "both" else (wanted.database,):
        if dialect == "postgresql" and programs() is None:
            screen.print(
                "PostgreSQL is not installed here (apt-get install postgresql); give DATABASE=sqlite."
            )
            return 1
        here = folder / dialect
        here.mkdir(parents=True)
        screen.print(f"{wanted.kills} kills over {dialect}, seed {wanted.seed}; logs in {here}")
        plan = Plan(dialect, wanted.kills, wanted.seed, most_claims=_CLAIMS_A_KILL * wanted.kills)
        found.append(weather(plan, here))
    if wanted.json:
        sys.stdout.write(json.dumps([asdict(one) for one in found], indent=2, ensure_ascii=False) + "\n")
    else:
        Console().print(_table(found))
    for one in found:
        for broken in one.violations[:_MOST_SHOWN]:
            screen.print(f"{one.dialect}: {broken}", markup=False)
    return int(any(one.violations for one in found))


def _wanted() -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    options.add_argument("--kills", type=int, default=100, help="How many kills in each storm.")
    options.add_argument("--seed", default="1", help="Which schedule.")
    options.add_argument("--database", choices=(*_DIALECTS, "both"), default="both")
    options.add_argument("--folder", type=Path, help="A new folder for logs, photos and the bank's books.")
    options.add_argument("--json", action="store_true", help="One JSON document on stdout.")
    return options.parse_args()


def _table(found: list[Found]) -> Table:
    table = Table("", *(one.dialect for one in found))
    kinds = dict.fromkeys(kind for one in found for kind in one.kills)
    table.add_row("kills -9", *(str(sum(one.kills.values())) for one in found))
    for kind in kinds:
        table.add_row(f"  of {kind}", *(str(one.kills.get(kind, "-")) for one in found))
    figures = {
        "full disks": "full_disks",
        "connections cut": "cuts",
        "starts that failed and were repeated": "false_starts",
        "claims reported": "reported",
        "claims paid": "paid",
        "photos acknowledged": "photos",
        "requests sent once more at the end": "asked_again",
        "dead effects": "dead_effects",
    }
    table.add_row("requests repeated", *(str(sum(one.retries.values())) for one in found))
    for name, figure in figures.items():
        table.add_row(name, *(str(getattr(one, figure)) for one in found))
    for kind in (kind for kind in kinds if kind != "backend"):
        table.add_row(f"{kind} serves again", *(_times(one, kind) for one in found))
    table.add_row(
        "seconds of storm, then until quiet",
        *(f"{one.storm_s:.0f} + {one.quiet_after_s:.0f}" for one in found),
    )
    table.add_row("violations", *(str(len(one.violations)) for one in found))
    return table


def _times(found: Found, kind: str) -> str:
    """Seconds from start to service, median and longest; and what of the median was computing."""
    seconds, cpu_s = found.restarts_s.get(kind), found.restarts_cpu_s.get(kind)
    if not seconds or not cpu_s:
        return "-"
    return f"p50 {median(seconds):.1f} s, max {max(seconds):.1f} s; CPU {median(cpu_s):.1f} s"


if __name__ == "__main__":
    sys.exit(main())
