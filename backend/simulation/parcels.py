"""What a played county hands over: rows of claims that are over, a parcel at a time, so that none is kept in memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from backend.domain.clocks.deadlines import Timetable
from backend.domain.decisions.facts import Clocks
from backend.domain.effects import Effect
from backend.domain.ids import ClaimId, PolicyNumber
from backend.domain.personal.keys import DataKey, Keys
from backend.domain.signatures import Seal
from backend.products.catalogue import Catalogue
from backend.simulation.conduct import Conduct
from backend.simulation.course import Course
from backend.simulation.demand import Demand
from backend.simulation.habits import HABITS, Habits
from backend.simulation.leftover import left_to_do
from backend.simulation.plan import Plan
from backend.store.packing import CountyDay
from backend.store.whole_claims import Bound, RowMaker, WholeClaim

MOST_DEMANDS = 2_000
"""Claims of the first county that the number of people is worked out from."""
_TOGETHER = 250
"""Claims in a parcel."""


@dataclass(frozen=True, slots=True)
class OneKey:
    """The key that everything is sealed under while a county is played; it travels to other processes."""

    key: DataKey

    def current(self) -> DataKey:
        """It."""
        return self.key

    def named(self, key_id: str) -> DataKey | None:
        """It, by its own id."""
        return self.key if key_id == self.key.id else None

    def all(self) -> Sequence[DataKey]:
        """It alone."""
        return (self.key,)


@dataclass(frozen=True, slots=True)
class Parcel:
    """Rows of some claims. The last one of a county says what its payouts hold, and has ``is_last``."""

    place: int
    claims: int
    rows: Bound
    days: frozenset[CountyDay]
    to_do: Sequence[tuple[ClaimId, tuple[Effect, ...]]] = ()
    held: dict[PolicyNumber, int] = field(default_factory=dict)
    demands: Sequence[Demand] = ()
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Means:
    """With what counties are played and written: the same in every process."""

    url: str
    keys: Keys
    timetable: Timetable
    catalogue: Catalogue
    seal: Seal | None = None
    habits: Habits = HABITS


def play(plan: Plan, place: int, means: Means, hand_over: Callable[[Parcel], None]) -> None:
    """Play one county and hand over its parcels as they fill."""
    packer = _Packer(plan, place, means, hand_over)
    conduct = Conduct(
        plan, place, packer.clocks, means.catalogue, packer.take, seal=means.seal, habits=means.habits
    )
    conduct.run()
    packer.send(held=conduct.register.committed, is_last=True)


class _Packer:
    def __init__(self, plan: Plan, place: int, means: Means, hand_over: Callable[[Parcel], None]) -> None:
        self.clocks = Clocks(timetable=means.timetable)
        self._place = place
        self._ends_at: datetime = plan.ends_at
        self._maker = RowMaker(means.url, means.keys, means.timetable)
        self._hand_over = hand_over
        self._over: list[Course] = []
        self._demands: list[Demand] = []

    def take(self, course: Course) -> None:
        self._over.append(course)
        if self._place == 0 and course.is_plain and len(self._demands) < MOST_DEMANDS:
            self._demands.append(course.demand)
        if len(self._over) == _TOGETHER:
            self.send()

    def send(self, held: dict[PolicyNumber, int] | None = None, *, is_last: bool = False) -> None:
        whole = [WholeClaim(course.steps, course.body_hash) for course in self._over]
        to_do = [
            (course.report.claim_id, left_to_do(course, self.clocks, self._ends_at))
            for course in self._over
            if not course.is_over
        ]
        self._hand_over(
            Parcel(
                place=self._place,
                claims=len(whole),
                rows=self._maker.rows_of(whole),
                days=frozenset(one.place for one in whole),
                to_do=to_do,
                held=held or {},
                demands=sorted(self._demands, key=lambda one: one.reported_at) if is_last else (),
                is_last=is_last,
            )
        )
        for course in self._over:
            course.forget()
        self._over.clear()
