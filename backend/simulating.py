"""A simulated county as ``flashclaim sim run`` asks for it: played, written, and read again as a live one is read."""

import time
from dataclasses import dataclass, replace

from backend.data_keys import keys_of
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.clocks.office_hours import ALWAYS
from backend.insight.figures import insight
from backend.insight.stuck import stuck
from backend.insight.wanted import Wanted
from backend.products.load import products
from backend.settings import Settings
from backend.simulation.outside import COLLECTING
from backend.simulation.parcels import Means
from backend.simulation.plan import Plan
from backend.simulation.run import Progress, Written, simulate
from backend.simulation.staffing import Needed, needed
from backend.store.copying import shown
from backend.store.engine import open_engine
from backend.timetables.load import timetable

Document = dict[str, object]
_MOST_STUCK = 10


@dataclass(frozen=True, slots=True)
class Simulated:
    """What was written, and its figures: the same queries that answer page, ``stats`` and export."""

    plan: Plan
    database: str
    written: Written
    seconds: float
    speed: Document
    stuck: Document
    in_office_hours: Needed
    on_call: Needed

    def as_json(self) -> Document:
        """All of it; ``figures`` are the same for the same plan, ``run`` is how this run went."""
        return {
            "plan": self.plan.as_json(),
            "figures": {
                "claims": self.written.claims,
                "events": self.written.events,
                "speed": self.speed,
                "stuck": self.stuck,
                "staff_for_15_min": {
                    "in_office_hours": self.in_office_hours.as_json(),
                    "on_call": self.on_call.as_json(),
                },
            },
            "run": {
                "database": self.database,
                "seconds": round(self.seconds, 2),
                "processes": self.written.processes,
            },
        }


def simulate_counties(
    settings: Settings, url: str, plan: Plan, progress: Progress, *, processes: int | None = None
) -> Simulated:
    """Play *plan* into the empty database at *url*, with the keys and timetables of *settings*.

    Raises:
        TargetNotEmpty: There is something in the database.
        DatabaseUnusable: It cannot be opened.
        CopyUnfinished: It broke off; nothing was kept.
    """
    began = time.monotonic()
    keys = keys_of(replace(settings, database_url=url))
    means = Means(url=url, keys=keys, timetable=timetable(settings.timetables), catalogue=products())
    written = simulate(plan, means, progress, processes=processes)
    seconds = time.monotonic() - began
    engine = open_engine(url, keys=keys)
    try:
        speed = engine.read(lambda c: insight(c, Wanted(), plan.ends_at), EVERYWHERE)
        held = engine.read(lambda c: stuck(c, Wanted(), plan.ends_at, _MOST_STUCK), EVERYWHERE)
    finally:
        engine.close()
    progress("asking how many people it takes", written.claims)
    hours, demands = means.timetable.hours, written.demands
    return Simulated(
        plan=plan,
        database=shown(url),
        written=written,
        seconds=seconds,
        speed=speed,
        stuck=held,
        in_office_hours=needed(demands, hours, COLLECTING),
        on_call=needed(demands, ALWAYS, ALWAYS),
    )
