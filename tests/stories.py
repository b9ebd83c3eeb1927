"""Claims for tests, each made on the real path (``decide_and_apply``) from ``tests.builders``.

``a_claim(State.OFFERED)`` or ``a_claim(approved_by=ALL_THREE, accepted=True)`` is a claim as it stands;
``a_story`` with the same arguments can be told on.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backend.domain import commands as c
from backend.domain.claim import Claim
from backend.domain.decide import decide_and_apply
from backend.domain.decisions.facts import Facts
from backend.domain.events import Event, Recorded, SceneFound
from backend.domain.photos import PhotoChecks
from backend.domain.policy import Animal
from backend.domain.words import Lane, State
from tests.builders import (
    ALL_THREE,
    FARMER,
    REPORTED_AT,
    SECOND,
    a_photo_id,
    a_report,
    a_scene,
    acceptance,
    certificate,
    confirmed_by_bank,
    decision,
    facts,
    failed_at_bank,
    handover,
    photo_checks,
    received,
    rejection,
    unanswered,
)


@dataclass
class Story:
    """One claim under way, with its whole history."""

    facts: Facts = field(default_factory=facts)
    at: datetime = REPORTED_AT
    events: list[Recorded] = field(default_factory=list)
    current: Claim | None = None

    @property
    def claim(self) -> Claim:
        assert self.current is not None
        return self.current

    @property
    def state(self) -> State:
        return self.claim.state

    def give(self, command: c.Command, *, after: timedelta = SECOND) -> list[Event]:
        """Carry out *command* a little later; return what it recorded."""
        at = self.at + after
        self.current, recorded = decide_and_apply(self.current, command, self.facts, at)
        self.at = at
        self.events += recorded
        return [entry.event for entry in recorded]

    def verify(self, checks: PhotoChecks | None = None, scene: SceneFound | None = None) -> list[Event]:
        """Every announced photo arrives and is looked at; then the claim is triaged."""
        for photo in self.claim.photos:
            if photo.received_at is None:
                self.give(c.ReceivePhoto(photo_id=photo.id, bytes=90_000, by=FARMER))
        for photo_id in self.claim.unchecked_photos:
            self.give(c.RecordPhotoChecks(photo_id=photo_id, checks=checks or photo_checks()))
        return self.give(c.Triage(scene=scene or a_scene(self.claim.heads)))

    def pay(self, *, confirmed: bool = True) -> None:
        """Start the payout, and have the bank confirm it."""
        self.give(c.StartPayout())
        if confirmed:
            self.give(confirmed_by_bank(self.claim))


def a_story(
    *,
    report: c.Report | None = None,
    world: Facts | None = None,
    checks: PhotoChecks | None = None,
    scene: SceneFound | None = None,
    verified: bool = True,
    approved_by: Collection[Lane] = (),
    accepted: bool = False,
    handed_over: bool = False,
    certified: bool = False,
) -> Story:
    """A claim that has come as far as it is said to."""
    story = Story(world or facts())
    story.give(report or a_report())
    if verified:
        story.verify(checks, scene)
    for lane in approved_by:
        story.give(decision(story.claim, lane))
    if accepted:
        story.give(acceptance(story.claim))
    if handed_over:
        story.give(handover(story.claim.heads, _weight_of(story.claim.animals)))
    if certified:
        story.give(certificate(story.claim.heads))
    return story


def a_story_in(state: State) -> Story:  # noqa: C901, PLR0911, PLR0912 - one arm per state is the point
    """A claim that has reached this state by the shortest way."""
    match state:
        case State.REPORTED:
            return a_story(verified=False)
        case State.VERIFYING:
            story = a_story(verified=False)
            story.give(received())
            return story
        case State.EVIDENCE_REQUESTED:
            return a_story(report=a_report(photos=()), verified=False)
        case State.TRIAGED:
            return a_story(world=facts(sightings={a_photo_id(): ("FC-20261120-0009",)}))
        case State.JOINT_REVIEW:
            return a_story()
        case State.OFFERED:
            return a_story(approved_by=ALL_THREE)
        case State.ACCEPTED:
            return a_story(approved_by=ALL_THREE, accepted=True)
        case State.PAYABLE:
            return a_story(approved_by=ALL_THREE, accepted=True, handed_over=True)
        case State.PAYING:
            return _paying_story()
        case State.PAYMENT_UNKNOWN:
            return _paying_story(unanswered)
        case State.PAYMENT_FAILED:
            return _paying_story(failed_at_bank)
        case State.PAID:
            return _paying_story(confirmed_by_bank)
        case State.CLOSED:
            story = _paying_story(confirmed_by_bank)
            story.give(certificate())
            return story
        case State.REJECTED:
            story = a_story()
            story.give(rejection(story.claim))
            return story
        case State.WITHDRAWN:
            story = a_story()
            story.give(c.Withdraw(by=FARMER))
            return story


def a_claim(state: State | None = None, **how_far: object) -> Claim:
    """``a_claim(State.OFFERED)``, or ``a_claim(approved_by=ALL_THREE, accepted=True)``: see ``a_story``."""
    story = a_story_in(state) if state else a_story(**how_far)  # type: ignore[arg-type]
    return story.claim


def _paying_story(*news: Callable[[Claim], c.Command]) -> Story:
    story = a_story_in(State.PAYABLE)
    story.give(c.StartPayout())
    for command in news:
        story.give(command(story.claim))
    return story


def _weight_of(animals: Sequence[Animal]) -> str:
    return str(sum(animal.weight_kg or 0 for animal in animals) or 1)
