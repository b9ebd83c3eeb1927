"""What everybody in a simulated county shares: the time, chance, the registers, and the one way to record anything."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from backend.domain.commands import Command
from backend.domain.events import Recorded
from backend.domain.policy import SHANGHAI
from backend.domain.signatures import Seal
from backend.simulation.agenda import Agenda
from backend.simulation.course import Course
from backend.simulation.habits import Habits
from backend.simulation.register import Register


@dataclass(frozen=True, slots=True)
class Scene:
    """One county."""

    agenda: Agenda
    chance: Random
    habits: Habits
    register: Register
    seal: Seal | None

    def give(self, course: Course, command: Command) -> tuple[Recorded, ...]:
        """Decide now, as the live system decides, with the same facts.

        Raises:
            Problem: As the decision says: whoever gave it should have looked first.
        """
        now = self.agenda.now
        recorded = course.give(command, self.register.facts_for(course, command, now), now, self.seal)
        if recorded:
            self.register.moved(course)
        return recorded

    def happens(self, share: float) -> bool:
        """Whether something that happens with this share happens now."""
        return self.chance.random() < share

    def awake(self, moment: datetime) -> datetime:
        """The moment itself, or when people get up after it."""
        begin, end = self.habits.sleeps
        local = moment.astimezone(SHANGHAI)
        if end <= local.hour < begin:
            return moment
        wakes = local.replace(hour=end, minute=0, second=0, microsecond=0)
        wakes += timedelta(minutes=self.chance.uniform(0, 90))
        return wakes if local < wakes else wakes + timedelta(days=1)
