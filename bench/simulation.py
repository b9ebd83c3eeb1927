"""How long do simulated counties take, and where does the time go? Seconds, claims a second, and peak memory.

Run: python bench/simulation.py [--claims N] [--counties N] [--days N] [--processes N] [--profile N]
"""

import argparse
import cProfile
import pstats
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backend.products.load import products
from backend.simulation.agenda import Agenda
from backend.simulation.parcels import Means, OneKey, play
from backend.simulation.plan import Plan, Staff
from backend.simulation.run import simulate
from backend.timetables.load import timetable
from tests.keys import KEYS


def means(url: str) -> Means:
    """Keys, clocks and products for a database at *url*."""
    return Means(url=url, keys=OneKey(KEYS.current()), timetable=timetable(), catalogue=products())


def peak_mb() -> tuple[float, float]:
    """The largest resident set so far of this process, and of the largest of those it started, in MB."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return tuple(resource.getrusage(kind).ru_maxrss / 1024 for kind in kinds)  # type: ignore[return-value]


def cpu_s() -> float:
    """Processor seconds of this process and of those that it started and that ended."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(one.ru_utime + one.ru_stime for one in map(resource.getrusage, kinds))


def agenda_us(number: int = 200_000) -> float:
    """Microseconds for one entry of the agenda, entered and done."""
    begins = Plan(counties=1, days=1, claims=1, staff=Staff(), seed=1, begins=date(2026, 9, 1))
    agenda = Agenda(begins.starts_at)
    began = time.process_time()
    for _ in range(number):
        agenda.at(begins.ends_at, lambda: None)
    agenda.run(begins.ends_at)
    agenda.run(begins.ends_at.replace(year=2027))
    return (time.process_time() - began) / number * 1e6


def profiled(claims: int) -> None:
    """Print where one county's time goes, without writing."""
    plan = Plan(counties=1, days=60, claims=claims, staff=Staff(), seed=1, begins=date(2026, 9, 1))
    profile = cProfile.Profile(time.process_time)
    profile.runcall(play, plan, 0, means("sqlite:///nowhere.db"), lambda _: None)
    pstats.Stats(profile).sort_stats("tottime").print_stats(25)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--counties", type=int, default=10)
    parser.add_argument("--days", type=int, default=180)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--profile", type=int, metavar="N", help="only profile a county of N claims")
    asked = parser.parse_args()
    if asked.profile:
        profiled(asked.profile)
        return
    print(f"one entry of the agenda: {agenda_us():.2f} µs")
    plan = Plan(
        counties=asked.counties,
        days=asked.days,
        claims=asked.claims,
        staff=Staff(5, 4, 4, 6),
        seed=1,
        begins=date(2026, 5, 1),
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "simulated.db"
        began, cpu = time.perf_counter(), cpu_s()
        done = simulate(plan, means(f"sqlite:///{file}"), lambda *_: None, processes=asked.processes)
        seconds, cpu = time.perf_counter() - began, cpu_s() - cpu
        size = file.stat().st_size / 1e6
    own, largest = peak_mb()
    print(
        f"{done.claims:,} claims, {done.events:,} events in {seconds:.1f} s wall, {cpu:.1f} s of processor "
        f"({done.claims / seconds:,.0f} claims/s, {cpu / done.claims * 1e3:.2f} ms a claim)"
    )
    print(f"peak memory: writer {own:.0f} MB, largest player {largest:.0f} MB; file {size:,.0f} MB")


if __name__ == "__main__":
    main()
