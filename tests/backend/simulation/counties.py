"""Small counties for tests: a plan, the means to play it, and a played one in a database of either kind."""

from dataclasses import replace
from datetime import date

from backend.domain.decisions.facts import Clocks
from backend.products.load import products
from backend.simulation.conduct import Conduct
from backend.simulation.course import Course
from backend.simulation.habits import HABITS, Habits
from backend.simulation.parcels import Means, OneKey
from backend.simulation.plan import Plan, Staff
from backend.timetables.load import timetable
from tests.keys import KEYS

STAFF = Staff(insurer=3, veterinary=2, inspection=2, disposal=3)
PLAN = Plan(counties=1, days=30, claims=160, staff=STAFF, seed=5, begins=date(2026, 9, 1))
LIVELY = replace(
    HABITS,
    reuses_photo=0.06,
    claims_tag_twice=0.06,
    stands_outside=0.06,
    inflates_heads=0.06,
    bank_is_silent=0.1,
    bank_refuses=0.1,
    bank_returns=0.1,
    upload_fails=0.1,
    asks_for_more=0.3,
    weighs_differently=0.1,
    dies_in_epidemic=0.15,
    claims_a_farm_and_year=40.0,
)
"""Everything that goes wrong, often: a few claims meet all of it."""


def means(url: str = "sqlite:///nowhere.db", habits: Habits = LIVELY) -> Means:
    return Means(
        url=url, keys=OneKey(KEYS.current()), timetable=timetable(), catalogue=products(), habits=habits
    )


def played(plan: Plan = PLAN, habits: Habits = LIVELY, place: int = 0) -> list[Course]:
    """Every claim of a county, played in memory alone."""
    over: list[Course] = []
    Conduct(plan, place, Clocks(timetable=timetable()), products(), over.append, habits=habits).run()
    return over


def nobody_watches(_what: str, _done: int) -> None:
    pass
