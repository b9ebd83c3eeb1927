"""How long people and machines take, and how often things go wrong: every figure that a simulation draws from.

No publication gives these figures for a county. They are this project's own, chosen so that a county looks like those
that officers describe; whoever measured better ones changes them here, and says where they come from.
"""

import math
from dataclasses import dataclass
from datetime import timedelta
from random import Random

_LONGEST_S = 3 * 86_400.0


@dataclass(frozen=True, slots=True)
class Takes:
    """A log-normal time: half take less than ``median_s`` seconds, one in six more than ``factor`` times as long.

    None takes more than three days.
    """

    median_s: float
    factor: float

    def draw(self, chance: Random) -> timedelta:
        """One such time, in whole milliseconds."""
        seconds = self.median_s * math.exp(chance.gauss(0.0, math.log(self.factor)))
        return timedelta(milliseconds=round(min(seconds, _LONGEST_S) * 1000))


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """The figures; shares are from 0 to 1."""

    # The farmer and the phone.
    notices_after: Takes = Takes(10800, 2.2)
    notices_late: float = 0.01
    takes_photos: tuple[float, ...] = (0.55, 0.35, 0.10)
    """Of reports with one, two and three photos."""
    weighs: float = 0.5
    """Gives the scale's reading; the others tap a picture of the animal's size."""
    accepts_in_advance: float = 0.4
    fast_line: Takes = Takes(4, 1.8)
    slow_line: Takes = Takes(240, 2.5)
    has_slow_line: float = 0.2
    upload_fails: float = 0.01
    answers_code: Takes = Takes(150, 2.2)
    answers_question: Takes = Takes(5400, 2.5)
    sleeps: tuple[int, int] = (22, 6)
    """Hours of the day, Asia/Shanghai, between which nobody looks at a phone."""
    withdraws: float = 0.004

    # The machine.
    counts_a_photo: Takes = Takes(1.5, 1.4)
    is_unsure: float = 0.12
    """The counter says so: a heap, a dark pen, an animal half seen."""
    miscounts: float = 0.01

    # The offices.
    decides_clean: Takes = Takes(120, 1.5)
    decides_doubtful: Takes = Takes(420, 1.7)
    looks_into_hold: Takes = Takes(900, 1.6)
    handles_other: Takes = Takes(240, 1.5)
    asks_for_more: float = 0.05
    """Of claims with a doubt: the veterinary office wants another photo."""
    sees_through: float = 0.95
    """Of planted frauds that a rule pointed at."""

    # The truck and the plant.
    is_near_collection_point: float = 0.6
    """The farmer brings the carcasses to a collection point 收集点 nearby; to the others a truck goes."""
    collects_near: Takes = Takes(360, 1.4)
    collects_far: Takes = Takes(2100, 1.6)
    weighs_differently: float = 0.012
    plant_certifies: Takes = Takes(72000, 1.5)

    # The bank.
    bank_accepts: Takes = Takes(1, 1.6)
    bank_confirms: Takes = Takes(25, 1.8)
    bank_is_silent: float = 0.006
    bank_refuses: float = 0.004
    bank_returns: float = 0.002
    bank_returns_after: Takes = Takes(72000, 1.5)

    # Frauds and epidemics.
    reuses_photo: float = 0.006
    claims_tag_twice: float = 0.004
    stands_outside: float = 0.008
    inflates_heads: float = 0.006
    dies_in_epidemic: float = 0.05
    """Of all claims: those of an outbreak's farms in its two weeks."""
    days_between_outbreaks: int = 60
    claims_a_farm_and_year: float = 6.0


HABITS = Habits()
