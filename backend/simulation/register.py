"""What decisions need to know beside a claim: the same facts that the store gathers, kept in memory while time runs."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime

from backend.domain.commands import (
    Assess,
    Command,
    DecideLane,
    RecordDeadlines,
    Report,
    StartPayout,
    Triage,
)
from backend.domain.commitments import commitment_of
from backend.domain.decisions.facts import Clocks, Facts
from backend.domain.duties.offices import Offices
from backend.domain.elsewhere import Elsewhere, Together, who_met
from backend.domain.ids import FarmId, PhotoId, PolicyNumber, claim_number
from backend.domain.indemnity.product import Product
from backend.domain.parties import Policy
from backend.domain.policy import policy_day
from backend.domain.replacing import replace
from backend.domain.rules.versions import CURRENT
from backend.domain.stages import stage_of
from backend.domain.words import Lane
from backend.products.catalogue import Catalogue
from backend.simulation.county import Kept
from backend.simulation.course import Course, Past
from backend.simulation.people import People

_MOST_CLAIMS = 30
"""Of a farm's claims the newest so many say who meets there, as in the store."""


@dataclass(slots=True)
class Serials:
    """Claim numbers of one county: each county counts on its own, so that none waits for another."""

    place: int
    counties: int
    used: dict[object, int] = field(default_factory=dict)

    def next(self, at: datetime) -> str:
        """The next number of the day."""
        day = policy_day(at)
        count = self.used.get(day, 0)
        self.used[day] = count + 1
        return claim_number(day, count * self.counties + self.place + 1)


class Register:
    """Everything beside the claims of one county."""

    def __init__(
        self, people: People, catalogue: Catalogue, clocks: Clocks, serials: Serials, farms: list[Kept]
    ) -> None:
        self._people = people
        self._catalogue = catalogue
        self.clocks = clocks
        self._serials = serials
        self._herds = {tag: one.policy.farm_id for one in farms for tag in one.alive}
        self._plain: dict[str, Facts] = {}
        self._committed: dict[PolicyNumber, int] = {}
        self._of_farm: dict[FarmId, deque[Past]] = defaultdict(lambda: deque(maxlen=_MOST_CLAIMS + 1))
        self._by_photo: dict[PhotoId, list[Course]] = {}
        self._by_tag: dict[str, list[Course]] = {}
        self._homes = {lane: Offices(home=frozenset({people.of_lane(lane).organisation})) for lane in Lane}

    @property
    def committed(self) -> dict[PolicyNumber, int]:
        """Heads that payouts hold, by policy; of policies that were never paid nothing."""
        return self._committed

    def facts_for(self, course: Course, command: Command, at: datetime) -> Facts:
        """What this kind of command looks at, as ``store.facts`` gathers it."""
        policy = course.farm.policy
        plain = self._plain.get(policy.number) or self._first(policy)
        match command:
            case Report():
                terms = replace(policy.terms, heads_paid=self._committed.get(policy.number, 0))
                return replace(plain, terms=terms, number=self._serials.next(at))
            case Triage():
                return replace(self._used_up(plain), elsewhere=self._around(course))
            case Assess() | StartPayout():
                return self._used_up(plain)
            case DecideLane(lane=lane):
                return replace(plain, offices=self._homes[lane])
            case RecordDeadlines():
                stage = stage_of(course.claim)
                holders = {Lane(one) for one in (stage[1] if stage else "").split("+") if one in set(Lane)}
                told = self._people.holding(holders or {Lane.INSURER})
                return replace(plain, to_tell={step.level: told for step in self.clocks.timetable.steps})
            case _:
                return plain

    def reported(self, course: Course) -> None:
        """A claim is there from now on."""
        claim = course.claim
        course.past = Past(claim.report.number, claim.reported_at, claim.heads)
        self._of_farm[claim.report.policy.farm_id].append(course.past)

    def share_photo(self, photo: PhotoId, *courses: Course) -> None:
        """These claims hold the same photo; every other photo is on one claim alone."""
        self._by_photo.setdefault(photo, []).extend(courses)

    def share_tag(self, tag: str, *courses: Course) -> None:
        """These claims name the same ear tag; every other tag is on one claim alone."""
        self._by_tag.setdefault(tag, []).extend(courses)

    def moved(self, course: Course) -> None:
        """Take over what others look at: heads that its payout holds, heads that died, whether it still counts."""
        if course.past:
            course.past.heads = course.claim.heads
            course.past.is_unsaid = course.claim.has_ended_unpaid
        if course.claim.payouts:
            held = commitment_of(course.claim).heads
            number = course.farm.policy.number
            self._committed[number] = self._committed.get(number, 0) + held - course.heads_committed
            course.heads_committed = held

    def _first(self, policy: Policy) -> Facts:
        product: Product = self._catalogue.find(policy.product, policy.terms.incepted)
        self._plain[policy.number] = Facts(policy, product, policy.terms, clocks=self.clocks)
        return self._plain[policy.number]

    def _used_up(self, plain: Facts) -> Facts:
        paid = self._committed.get(plain.policy.number, 0)
        return replace(plain, terms=replace(plain.policy.terms, heads_paid=paid)) if paid else plain

    def _around(self, course: Course) -> Elsewhere:
        claim = course.claim
        tags = [animal.tag for animal in claim.animals if animal.tag]
        by_photo = {
            photo.id: found
            for photo in claim.photos
            if photo.received_at
            and (found := self._sightings(course, self._by_photo.get(photo.id, ()), photo.id))
        }
        by_tag = {tag: found for tag in tags if (found := self._earlier(course, self._by_tag.get(tag, ())))}
        return Elsewhere(
            by_photo=by_photo,
            by_tag=by_tag,
            herds={tag: self._herds[tag] for tag in tags if tag in self._herds},
            has_herd_book=bool(course.farm.alive),
            deaths_before=self._deaths_before(course),
            together=self._together(course),
        )

    def _sightings(
        self, course: Course, others: "list[Course] | tuple[()]", photo: PhotoId
    ) -> tuple[str, ...]:
        ours = course.claim.photo(photo)
        found = []
        for other in others:
            theirs = other.claim.photo(photo)
            if other is course or other.claim.withdrawn or theirs is None or theirs.received_at is None:
                continue
            came_sooner = bool(ours and ours.received_at and theirs.received_at < ours.received_at)
            if _is_earlier(other, course) or came_sooner:
                found.append(other.number)
        return tuple(sorted(set(found)))

    def _earlier(self, course: Course, others: "list[Course] | tuple[()]") -> tuple[str, ...]:
        return tuple(
            sorted(
                {
                    other.number
                    for other in others
                    if other is not course and not other.claim.withdrawn and _is_earlier(other, course)
                }
            )
        )

    def _deaths_before(self, course: Course) -> int:
        since = course.claim.reported_at - CURRENT.thresholds.deaths_within
        return sum(
            one.heads for one in self._before(course) if one.reported_at >= since and not one.is_unsaid
        )

    def _together(self, course: Course) -> Together | None:
        since = course.claim.reported_at - CURRENT.thresholds.together_within
        recent = [one for one in self._before(course) if one.reported_at >= since][-_MOST_CLAIMS:]
        return who_met(
            {one.number: one.deciders for one in recent if one.deciders},
            {one.number: one.collectors for one in recent if one.collectors},
            self._colleagues,
        )

    def _before(self, course: Course) -> list[Past]:
        claim = course.claim
        own = (claim.reported_at, claim.report.number)
        return [one for one in self._of_farm[claim.report.policy.farm_id] if one.order < own]

    def _colleagues(self, officer: str) -> int:
        organisation = officer.rpartition("-")[0]
        return next(
            (len(team.signers) for team in self._people.teams if team.organisation == organisation), 0
        )


def _is_earlier(one: Course, other: Course) -> bool:
    first, second = one.claim, other.claim
    return (first.reported_at, first.report.number) < (second.reported_at, second.report.number)
