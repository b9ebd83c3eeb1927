"""One county from its first day to its last: who does what next about each claim, and what is over."""

from collections.abc import Callable
from functools import partial
from random import Random

from backend.domain.clocks.office_hours import ALWAYS
from backend.domain.decisions.facts import Clocks
from backend.domain.ids import FarmId
from backend.domain.moves import IN_REVIEW
from backend.domain.signatures import Seal
from backend.domain.words import HoldKind, Lane, State
from backend.products.catalogue import Catalogue
from backend.simulation.agenda import Agenda
from backend.simulation.county import Kept, farms_of, reached_by
from backend.simulation.course import Course
from backend.simulation.farmers import Farmers
from backend.simulation.habits import HABITS, Habits
from backend.simulation.machine import Machine
from backend.simulation.office import Office
from backend.simulation.outside import COLLECTING, Bank, Disposal
from backend.simulation.people import People, people_of
from backend.simulation.plan import Plan
from backend.simulation.register import Register, Serials
from backend.simulation.reports import Reports
from backend.simulation.reviews import Offices, Reviews
from backend.simulation.scene import Scene
from backend.simulation.seasons import Death, Outbreak, deaths, outbreaks

_NOTHING_MORE = frozenset({State.CLOSED, State.REJECTED, State.WITHDRAWN})


class Conduct:
    """Plays one county.

    Args:
        plan: What is played.
        place: Which of its counties.
        clocks: As the installation has them.
        catalogue: Products.
        over: Is handed every claim as soon as nothing is awaited of it; it is forgotten here then.
        seal: The installation's signature.
        habits: How long everything takes.
    """

    def __init__(
        self,
        plan: Plan,
        place: int,
        clocks: Clocks,
        catalogue: Catalogue,
        over: Callable[[Course], None],
        *,
        seal: Seal | None = None,
        habits: Habits = HABITS,
    ) -> None:
        chance = Random(f"{plan.seed}/{place}")  # noqa: S311 - made-up claims need no secrecy
        self.plan = plan
        self.people: People = people_of(plan.county(place), plan.staff, plan.seed)
        self.farms: list[Kept] = farms_of(plan, place, habits)
        self._over = over
        self._agenda = Agenda(plan.starts_at)
        serials = Serials(place, plan.counties)
        self.register = Register(self.people, catalogue, clocks, serials, self.farms)
        scene = Scene(self._agenda, chance, habits, self.register, seal)
        self._reports = Reports(plan.county(place), habits, chance, self.register)
        self._machine = Machine(scene, self._look)
        self._farmers = Farmers(scene, self._reports, self._machine, self._look)
        hours = ALWAYS if plan.is_on_call else clocks.timetable.hours
        lanes = (self.people.of_lane(lane) for lane in (Lane.INSURER, Lane.VETERINARY, Lane.INSPECTION))
        offices = Offices(*(Office(team, hours, self._agenda) for team in lanes))
        self._reviews = Reviews(scene, offices, self._look)
        collectors = Office(self.people.disposal, COLLECTING, self._agenda)
        self._disposal = Disposal(scene, collectors, self._look, self._reviews.certify)
        self._bank = Bank(scene, self._look)
        self._open: dict[FarmId, dict[Course, None]] = {}
        self._zones: list[tuple[Outbreak, frozenset[FarmId]]] = []
        self._enter(chance, habits, plan.claims_of(place))

    def run(self) -> None:
        """Play all days; what is open then is handed over as it stands."""
        self._agenda.run(self.plan.ends_at)
        for courses in self._open.values():
            for course in courses:
                self._over(course)
        self._open.clear()

    def _enter(self, chance: Random, habits: Habits, number: int) -> None:
        plan, begins = self.plan, self.plan.starts_at
        found = outbreaks(chance, habits, begins, plan.days, len(self.farms))
        struck = [(one, reached_by(one, self.farms)) for one in found]
        for outbreak, reached in struck:
            farms = frozenset(self.farms[place].policy.farm_id for place in reached)
            self._zones.append((outbreak, farms))
            self._agenda.at(outbreak.confirmed_at, partial(self._close_off, farms))
            self._agenda.at(outbreak.lifted_at, partial(self._lift, farms))
        self._deaths = iter(deaths(chance, habits, begins, plan.days, number, len(self.farms), struck))
        self._next_report()

    def _next_report(self) -> None:
        death = next(self._deaths, None)
        if death is not None:
            self._agenda.at(death.reported_at, partial(self._report, death))

    def _report(self, death: Death) -> None:
        farm = self.farms[death.farm]
        course = self._reports.course_of(death, farm)
        self._open.setdefault(farm.policy.farm_id, {})[course] = None
        self._farmers.report(course)
        self._disposal.call(course)
        if self._is_closed_off(farm):
            self._reviews.quarantine(course)
        self._next_report()

    def _look(self, course: Course) -> None:
        """What is next about this claim; asked after everything that was recorded of it."""
        if course.is_over:
            # What was asked of an office before, such as lifting a hold, is looked at there after the claim is over.
            return
        claim = course.claim
        state = claim.state
        if state in _NOTHING_MORE and self._is_over(course):
            course.is_over = True
            del self._open[course.farm.policy.farm_id][course]
            self._over(course)
            return
        self._machine.follow(course)
        self._go_on(course, state)
        if state in IN_REVIEW:
            self._farmers.consider(course)
            if claim.has_differing_receipt:
                self._reviews.differs(course)
            if claim.hold(HoldKind.QUARANTINE) and not self._is_closed_off(course.farm):
                self._reviews.lift(course)

    def _go_on(self, course: Course, state: State) -> None:
        match state:
            case State.EVIDENCE_REQUESTED:
                self._farmers.answer(course)
            case State.TRIAGED:
                self._reviews.hold(course)
            case State.JOINT_REVIEW:
                self._reviews.open_lanes(course)
            case State.PAYABLE:
                self._bank.pay(course)
            case State.PAYMENT_FAILED:
                self._reviews.retry(course)
            case _:
                pass

    def _is_over(self, course: Course) -> bool:
        # Carcasses are disposed of, and certified, also where nothing is paid.
        return course.claim.certificate is not None and not course.is_returning

    def _close_off(self, farms: frozenset[FarmId]) -> None:
        for farm in sorted(farms):
            for course in list(self._open.get(farm, ())):
                self._reviews.quarantine(course)

    def _lift(self, farms: frozenset[FarmId]) -> None:
        for farm in sorted(farms):
            for course in list(self._open.get(farm, ())):
                if course.claim.hold(HoldKind.QUARANTINE):
                    self._reviews.lift(course)

    def _is_closed_off(self, farm: Kept) -> bool:
        now, name = self._agenda.now, farm.policy.farm_id
        return any(
            outbreak.confirmed_at <= now < outbreak.lifted_at and name in farms
            for outbreak, farms in self._zones
        )
