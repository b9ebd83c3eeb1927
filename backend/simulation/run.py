"""Plays all counties of a plan and writes them: into an empty database, everything in the end, or nothing."""

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import Empty
from typing import Any  # multiprocessing's queues are of no type

from backend.domain.parties import Policy
from backend.domain.personal.keys import DataKey
from backend.simulation.county import farms_of, put_farms
from backend.simulation.demand import Demand
from backend.simulation.habits import Habits
from backend.simulation.parcels import Means, OneKey, Parcel, play
from backend.simulation.people import people_of
from backend.simulation.plan import Plan
from backend.store import data_keys
from backend.store.copying import filling, require_empty
from backend.store.migrate import file_of, migrate
from backend.store.packing import CountyDay
from backend.store.whole_claims import Filling

Progress = Callable[[str, int], None]
_WORTH_A_PROCESS = 4_000
"""Claims below which starting another process takes longer than playing them."""
_PARCELS_AHEAD = 6
_LOOK_EVERY_S = 1.0
_OBJECTS_BEFORE_A_LOOK = 50_000
_SIDE_FILES = ("-wal", "-shm", "-journal")


class CountyUnplayed(RuntimeError):
    """A process that played a county died or failed; nothing was written."""


@dataclass(frozen=True, slots=True)
class Written:
    """What is in the database now."""

    claims: int
    events: int
    processes: int
    demands: Sequence[Demand]


def simulate(plan: Plan, means: Means, progress: Progress, *, processes: int | None = None) -> Written:
    """Play the plan's counties and write them into the empty database at ``means.url``.

    Args:
        plan: What is played.
        means: Database, keys, clocks, products.
        progress: Told what is done, and how many claims are written.
        processes: How many play side by side; None: as many as processors, where it is worth it.

    Raises:
        TargetNotEmpty: There is something in the database.
        DatabaseUnusable: It cannot be opened.
        CopyUnfinished: It broke off; nothing was kept.
    """
    require_empty(means.url)
    wanted = processes or _worth(plan)
    with _in_the_end(means) as its, filling(its.url, its.keys) as connection:
        writer = _Writer(plan, its.habits, Filling(connection), progress)
        writer.register(its.keys.current())
        if wanted > 1:
            _play_apart(plan, its, wanted, writer.take)
        else:
            for place in range(plan.counties):
                play(plan, place, its, writer.take)
        return writer.end(wanted)


class _Writer:
    def __init__(self, plan: Plan, habits: Habits, filling: Filling, progress: Progress) -> None:
        self._plan = plan
        self._habits = habits
        self._filling = filling
        self._progress = progress
        self._policies: list[list[Policy]] = []
        self._days: set[CountyDay] = set()
        self._claims = 0
        self._demands: Sequence[Demand] = ()

    def register(self, key: DataKey) -> None:
        """Everybody and every farm, before the first claim."""
        plan, connection = self._plan, self._filling.connection
        data_keys.note(connection, key.id, key.made_at)
        for place in range(plan.counties):
            self._progress("registering farms of county", place + 1)
            people_of(plan.county(place), plan.staff, plan.seed).put(connection, plan.starts_at)
            farms = farms_of(plan, place, self._habits)
            put_farms(connection, farms)
            self._policies.append([one.policy for one in farms])

    def take(self, parcel: Parcel) -> None:
        """Write a parcel."""
        self._filling.put(parcel.rows)
        for claim_id, asked in parcel.to_do:
            self._filling.leave_to_do(claim_id, asked)
        self._filling.commit_heads(parcel.held, self._policies[parcel.place])
        self._claims += parcel.claims
        self._demands = parcel.demands or self._demands
        self._days |= parcel.days
        self._progress("claims written", self._claims)

    def end(self, processes: int) -> Written:
        """Pack the figures, now that every claim is there."""
        self._progress("packing days", len(self._days))
        self._filling.pack(sorted(self._days))
        return Written(self._claims, self._filling.events, processes, self._demands)


def _worth(plan: Plan) -> int:
    if plan.claims < _WORTH_A_PROCESS:
        return 1
    return min(plan.counties, os.cpu_count() or 1)


def _play_apart(plan: Plan, means: Means, processes: int, take: Callable[[Parcel], None]) -> None:
    context = multiprocessing.get_context("spawn")
    # Few parcels ahead: whoever plays waits for whoever writes, and memory stays as it is.
    parcels, places = context.Queue(_PARCELS_AHEAD), context.Queue()
    key = means.keys.current()
    carried = replace(means, keys=OneKey(key))
    for place in range(plan.counties):
        places.put(place)
    for _ in range(processes):
        places.put(None)
    players = [
        context.Process(target=_player, args=(plan, carried, places, parcels), daemon=True)
        for _ in range(processes)
    ]
    for player in players:
        player.start()
    try:
        open_counties = plan.counties
        while open_counties:
            parcel = _next(parcels, players)
            take(parcel)
            open_counties -= parcel.is_last
        for player in players:
            player.join()
    finally:
        for player in players:
            player.terminate()


def _next(parcels: Any, players: Sequence[BaseProcess]) -> Parcel:
    while True:
        try:
            found = parcels.get(timeout=_LOOK_EVERY_S)
        except Empty:
            if any(player.exitcode not in {None, 0} for player in players):
                raise CountyUnplayed("a process that played a county died") from None
            continue
        if isinstance(found, Parcel):
            return found
        raise CountyUnplayed(str(found))


def _player(plan: Plan, means: Means, places: Any, parcels: Any) -> None:
    # Ctrl-C reaches every process of the terminal: the one that writes decides, and ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Claims hold no circles: looking for garbage among all that is open takes longer than playing it.
    gc.freeze()
    gc.set_threshold(_OBJECTS_BEFORE_A_LOOK)
    while (place := places.get()) is not None:
        try:
            play(plan, place, means, parcels.put)
        except Exception as failure:  # the outermost door of this process: the writer has to hear of it
            parcels.put(f"county {plan.county(place)}: {type(failure).__name__}: {failure}")
            raise


@contextmanager
def _in_the_end(means: Means) -> Iterator[Means]:
    """A database that stands in its place only when all is in it: SQLite's file is made beside, and moved there."""
    file = file_of(means.url)
    if file is None:
        migrate(means.url, means.keys)
        yield means
        return
    beside = file.with_name(f"{file.name}.unfinished")
    _remove(beside)
    its = replace(means, url=means.url.replace(str(file), str(beside)))
    try:
        migrate(its.url, its.keys)
        yield its
        _remove(file)
        beside.rename(file)
    finally:
        _remove(beside)


def _remove(file: Path) -> None:
    for name in (file.name, *(f"{file.name}{end}" for end in _SIDE_FILES)):
        file.with_name(name).unlink(missing_ok=True)
