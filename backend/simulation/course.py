"""One claim under way in a simulated county: where it stands, all that it went through, and what is true of it."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from backend.domain.claim import Claim
from backend.domain.commands import Command, Report
from backend.domain.decide import decide_and_apply
from backend.domain.decisions.facts import Facts
from backend.domain.events import Recorded, SceneFound
from backend.domain.fold import Step, steps
from backend.domain.ids import Digest, OfficerId
from backend.domain.photos import FenceFound
from backend.domain.signatures import Seal
from backend.domain.words import Lane
from backend.simulation.county import Kept
from backend.simulation.demand import Demand


class Fraud(StrEnum):
    """What was planted."""

    REUSED_PHOTO = "reused_photo"
    TAG_TWICE = "tag_twice"
    OUTSIDE = "outside"
    INFLATED = "inflated"


@dataclass(slots=True, eq=False)
class Past:
    """The little of a claim that later claims of its farm look back at; kept when the claim itself is forgotten."""

    number: str
    reported_at: datetime
    heads: int
    is_unsaid: bool = False
    deciders: set[str] = field(default_factory=set)
    collectors: set[str] = field(default_factory=set)

    @property
    def order(self) -> tuple[datetime, str]:
        """Which of two claims was earlier."""
        return self.reported_at, self.number


@dataclass(slots=True, eq=False, repr=False)
class Course:
    """One claim and its truth, which only the simulation knows.

    Attributes:
        farm: Where it happened.
        report: As it was sent.
        dead: How many animals really died.
        weight_kg: What they really weigh together.
        fraud: What was planted.
        demand: What it asked of people so far.
        scene: What the machine will make of the photos.
        fences: What the fence says of each photo, by its id.
        steps: All that was recorded so far.
        waiting: In which offices' queues it is, and what for.
        asked_for: The offer that the farmer was last asked to agree to.
        timer_at: When its clocks are looked at next.
        began: What may have begun or ended a clock, when they were last looked at.
        is_returning: The bank will bring its money back.
        was_asked: An office wanted another photo once.
        is_seen_through: Whether the insurer's officer saw the fraud; None until somebody looked.
        is_over: Nothing is awaited any more.
        past: What later claims of the farm look back at.
    """

    farm: Kept
    report: Report
    dead: int
    weight_kg: Decimal
    fraud: Fraud | None
    body_hash: Digest
    scene: SceneFound
    demand: Demand
    fences: dict[str, FenceFound] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    waiting: set[str] = field(default_factory=set)
    asked_for: Digest | None = None
    timer_at: datetime | None = None
    began: tuple[object, ...] = ()
    is_returning: bool = False
    was_asked: bool = False
    is_seen_through: bool | None = None
    is_over: bool = False
    past: Past | None = None
    heads_committed: int = 0

    @property
    def claim(self) -> Claim:
        """As it stands now."""
        return self.steps[-1][2]

    @property
    def number(self) -> str:
        """What people call it."""
        return self.claim.report.number

    def give(self, command: Command, facts: Facts, at: datetime, seal: Seal | None) -> tuple[Recorded, ...]:
        """Decide as a live claim is decided, and keep what was recorded.

        Raises:
            Problem: As the decision says.
        """
        before = self.claim if self.steps else None
        after, recorded = decide_and_apply(before, command, facts, at, seal=seal)
        if after is not None and recorded:
            self.steps += steps(before, recorded, after)
        return tuple(recorded)

    @property
    def is_plain(self) -> bool:
        """Paid on its own way: nothing held it, nobody asked for more or assessed it anew."""
        claim = self.claim
        was_kept = bool(claim.cleared or claim.pauses or claim.assessments or self.was_asked)
        return claim.paid_at is not None and not was_kept and len(self.demand.lanes) == len(Lane)

    def forget(self) -> None:
        """Keep only how it stands: it is written, and few ever look back at it."""
        self.steps[:-1] = []

    def look_again(self) -> None:
        """A better photo comes: what is on it can be counted."""
        self.scene = SceneFound(count=self.dead, low=self.dead, high=self.dead, unsure=False)

    def is_named_for_second_look(self, officer: OfficerId) -> bool:
        """Whether the triage says that another person than this one should look."""
        return any(doubt.facts.get("officer") == officer for doubt in self.claim.findings)
