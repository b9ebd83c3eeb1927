"""A claim walked by every command in any order: what always holds, whatever happens."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from backend.domain import commands as c
from backend.domain.claim import Claim
from backend.domain.decisions.facts import Facts
from backend.domain.events import (
    ClaimAssessed,
    ClaimTriaged,
    HandoverRecorded,
    LaneDecided,
    OfferAccepted,
    PayoutConfirmed,
    PayoutRetried,
    PayoutReturned,
    PayoutStarted,
)
from backend.domain.evidence import evidence_hash
from backend.domain.fold import fold
from backend.domain.ids import PayoutId, payout_id
from backend.domain.ledger import balances, journal
from backend.domain.money import ZERO, Money
from backend.domain.moves import is_allowed
from backend.domain.parties import Officer
from backend.domain.problems import MoveNotAllowed, PhotoNotAnnounced, Problem
from backend.domain.spending import DayLimit, PaymentStop
from backend.domain.stages import stages_of
from backend.domain.words import (
    ActorKind,
    Decision,
    HoldKind,
    Lane,
    LaneState,
    LedgerAccount,
    Path,
    PayGate,
    PayoutState,
    ReasonCode,
    State,
)
from tests.builders import (
    CLAIM_ID,
    FARMER,
    INSIDE,
    NO_FIX,
    OUTSIDE,
    a_consent,
    a_digest,
    a_label,
    a_photo_id,
    a_policy,
    a_report,
    a_scene,
    an_officer,
    assessment,
    certificate,
    checked,
    decision,
    evidence,
    facts,
    handover,
    photo_checks,
    received,
)
from tests.replayed import replayed
from tests.stories import Story

PHOTOS = ("photo-1", "photo-2", "photo-3")
EARLIER = ("FC-20261120-0009",)
MOVING = {PayoutState.STARTED, PayoutState.ACCEPTED, PayoutState.UNKNOWN, PayoutState.CONFIRMED}

lanes = st.sampled_from(Lane)
people = st.builds(
    an_officer,
    st.sampled_from([*Lane, None]),
    name=st.sampled_from(["li", "zhao"]),
    organisation=st.sampled_from([None, None, None, "org-insurer"]),
)
names = st.sampled_from(PHOTOS)
words = st.sampled_from(["", "looked at it"])
weights = st.lists(st.sampled_from(["95", "55", "25", "15", None]), min_size=1, max_size=3)
receipts = st.sampled_from([(0, "1"), (0, "1"), (0, "1.1"), (0, "1.2"), (1, "1")])
payouts = st.sampled_from([payout_id(CLAIM_ID, number) for number in (1, 1, 1, 2, 3)])


class ClaimWalk(RuleBasedStateMachine):
    """Every command, by anyone, at any time; a model of nothing but the claim's own promises."""

    story: Story

    @initialize(
        weights=weights,
        announced=st.lists(names, max_size=2, unique=True),
        in_advance=st.booleans(),
        gate=st.sampled_from([PayGate.HANDOVER, PayGate.HANDOVER, PayGate.CERTIFICATE]),
        is_photo_known=st.sampled_from([False, False, True]),
        receipt=receipts,
        beginning=st.sampled_from([0, 1, 2, 3, 3, 4, 4, 4, 5, 5, 6, 7, 8, 9, 9, 9]),
    )
    def report(
        self,
        *,
        weights: list[str | None],
        announced: list[str],
        in_advance: bool,
        gate: PayGate,
        is_photo_known: bool,
        receipt: tuple[int, str],
        beginning: int,
    ) -> None:
        sightings = {a_photo_id("photo-2"): EARLIER} if is_photo_known else {}
        self.story = Story(facts(a_policy(pay_gate=gate), sightings=sightings))
        self.give(a_report(*weights, photos=announced, accept_in_advance=in_advance))
        # Random walks seldom get far: some begin a good way down the clean path.
        for step in self.clean_path(receipt)[:beginning]:
            step()

    @property
    def claim(self) -> Claim:
        return self.story.claim

    def give(self, command: c.Command, *, after: timedelta = timedelta(seconds=1)) -> None:
        """Carry out one command, and look at what came of it."""
        before, seen = self.story.current, len(self.story.events)
        refusal: Problem | None = None
        try:
            recorded = self.story.give(command, after=after)
        except Problem as caught:
            refusal = caught
        if refusal is not None:
            assert before is not None
            assert self.story.current is before
            assert len(self.story.events) == seen
            if is_allowed(type(command), before.state):
                assert not isinstance(refusal, MoveNotAllowed)
            else:
                assert isinstance(refusal, MoveNotAllowed | PhotoNotAnnounced)
            return
        if before is not None and not is_allowed(type(command), before.state):
            assert recorded == [], "only an exact repeat is answered outside the table"
        assert before is None or bool(recorded) == (self.claim.version > before.version)
        for entry in self.story.events[seen:]:
            if isinstance(entry.event, PayoutStarted):
                assert before is not None
                check_every_gate(before, self.story, entry.event)
                assert self.story.facts.stop is None
                assert self.story.facts.limit is None or self.story.facts.limit.allows(entry.event.amount)

    def give_beside(self, command: c.Command) -> None:
        """Carry out what is about the counter: the claim stands as it stood, to the last hash."""
        before, stages = self.claim, stages_of(self.story.events)
        self.give(command)
        assert (self.claim.state, stages_of(self.story.events)) == (before.state, stages)
        unlabelled = tuple(replace(photo, labelled=None) for photo in self.claim.photos)
        told = {"version": before.version, "photos_may_teach": before.photos_may_teach}
        as_it_was = tuple(replace(photo, labelled=None) for photo in before.photos)
        assert replace(self.claim, photos=unlabelled, **told) == replace(before, photos=as_it_was)

    @rule(name=names)
    def a_photo_arrives(self, name: str) -> None:
        self.give(received(name))

    @rule(
        name=names,
        fence=st.sampled_from([INSIDE, INSIDE, OUTSIDE, NO_FIX]),
    )
    def a_photo_is_checked(self, name: str, fence: object) -> None:
        self.give(checked(name, photo_checks(fence=fence)))  # type: ignore[arg-type]

    @rule(count=st.sampled_from([None, 1, 2, 3]), minutes=st.sampled_from([0, 31]))
    def the_claim_is_triaged(self, count: int | None, minutes: int) -> None:
        self.give(c.Triage(scene=a_scene(count)), after=timedelta(minutes=minutes))

    @rule()
    def the_machine_verifies(self) -> None:
        """As the worker does it: all that arrived, then the triage."""
        for photo in self.claim.photos:
            self.give(c.ReceivePhoto(photo_id=photo.id, bytes=90_000, by=FARMER))
            self.give(c.RecordPhotoChecks(photo_id=photo.id, checks=photo_checks()))
        self.give(c.Triage(scene=a_scene(self.claim.heads)))

    @rule(name=names, note=words)
    def evidence_is_added(self, name: str, note: str) -> None:
        self.give(evidence(name, note=note))

    @rule(officer=people, weights=weights)
    def the_sum_is_assessed(self, officer: Officer, weights: list[str | None]) -> None:
        self.give(replace(assessment(*weights), officer=officer))

    @rule(lane=lanes)
    def the_lanes_own_officer_approves(self, lane: Lane) -> None:
        self.give(decision(self.claim, lane))

    @rule(lane=lanes)
    def a_person_of_the_insurer_approves_in_a_second_lane(self, lane: Lane) -> None:
        self.give(decision(self.claim, lane, by=an_officer(lane, organisation="org-insurer")))

    @rule(lane=lanes, said=st.sampled_from([Decision.REJECT, Decision.ASK]))
    def the_lanes_own_officer_does_not_approve(self, lane: Lane, said: Decision) -> None:
        self.give(decision(self.claim, lane, said, reason_code=ReasonCode.PERIL_EXCLUDED))

    @rule(
        officer=people,
        lane=lanes,
        said=st.sampled_from(Decision),
        reason_code=st.sampled_from([None, ReasonCode.PERIL_EXCLUDED]),
        note=words,
        is_stale=st.booleans(),
    )
    def anyone_decides(
        self,
        *,
        officer: Officer,
        lane: Lane,
        said: Decision,
        reason_code: ReasonCode | None,
        note: str,
        is_stale: bool,
    ) -> None:
        command = decision(self.claim, lane, said, by=officer, reason_code=reason_code, note=note)
        self.give(replace(command, evidence_hash=a_digest("older")) if is_stale else command)

    @rule(is_stale=st.sampled_from([False, False, True]))
    def the_farmer_accepts(self, *, is_stale: bool) -> None:
        shown = None if is_stale else self.claim.offer_hash
        self.give(c.AcceptOffer(offer_hash=shown or a_digest("older"), by=FARMER))

    @rule(receipt=receipts)
    def the_truck_comes(self, receipt: tuple[int, str]) -> None:
        extra, share = receipt
        declared = sum(animal.weight_kg or 0 for animal in self.claim.animals) or 1
        weight_kg = declared * Decimal(share)
        docket = handover(self.claim.heads + extra, str(weight_kg), receipt=f"R-{extra}-{share}")
        self.give(docket)

    @rule(officer=people, heads=st.integers(1, 3))
    def a_certificate_is_issued(self, officer: Officer, heads: int) -> None:
        self.give(replace(certificate(heads), officer=officer))

    @rule(officer=people, kind=st.sampled_from(HoldKind), reason=words)
    def someone_stops_the_claim(self, officer: Officer, kind: HoldKind, reason: str) -> None:
        self.give(c.PlaceHold(officer=officer, kind=kind, reason=reason))

    @rule(officer=people)
    def someone_releases_the_claim(self, officer: Officer) -> None:
        for kind in HoldKind:
            self.give(c.ReleaseHold(officer=officer, kind=kind, reason="called, all well"))

    @rule(
        officer=people,
        name=names,
        heads=st.sampled_from([None, 0, 2, -1]),
        edge=st.sampled_from([8, 30, 9999]),
    )
    def someone_labels_a_photo(self, officer: Officer, name: str, heads: int | None, edge: int) -> None:
        drawn = [] if heads is not None else [(5, 5, edge, edge)]
        self.give_beside(a_label(*drawn, heads=heads, photo=name, officer=officer))

    @rule(given=st.booleans())
    def the_farmer_lends_photos_or_takes_them_back(self, *, given: bool) -> None:
        self.give_beside(a_consent(given=given))

    @rule(dice=st.integers(1, 20))
    def the_farmer_withdraws(self, dice: int) -> None:
        if dice == 20:
            self.give(c.Withdraw(by=FARMER))

    @rule(heads_paid=st.sampled_from([0, 0, 0, 99]))
    def the_payout_starts(self, heads_paid: int) -> None:
        self.story.facts = with_heads_paid(self.story.facts, heads_paid)
        self.give(c.StartPayout())
        self.story.facts = with_heads_paid(self.story.facts, 0)

    @rule(is_stopped=st.booleans(), most=st.sampled_from([None, None, "1.00", "9999.00"]))
    def payments_are_stopped_or_limited(self, *, is_stopped: bool, most: str | None) -> None:
        self.story.facts = replace(
            self.story.facts,
            stop=PaymentStop(an_officer(Lane.INSURER).id, self.story.at, "audit") if is_stopped else None,
            limit=DayLimit(Money.parse(most), ZERO) if most else None,
        )

    @rule()
    def the_machine_looks_whether_payments_go_on(self) -> None:
        self.give(c.LiftPaymentHolds())

    @rule(payout=payouts, said=st.sampled_from(["accepted", "unanswered", "confirmed", "failed", "returned"]))
    def the_bank_speaks(self, payout: PayoutId, said: str) -> None:
        commands: dict[str, c.Command] = {
            "accepted": c.RecordAccepted(payout_id=payout, bank_reference="B-1"),
            "unanswered": c.RecordUnanswered(payout_id=payout, reason="silence"),
            "confirmed": c.RecordConfirmed(payout_id=payout, bank_reference="B-1"),
            "failed": c.RecordFailed(payout_id=payout, reason="ACCOUNT_CLOSED"),
            "returned": c.RecordReturned(payout_id=payout, bank_reference="B-2", reason="AC04"),
        }
        self.give(commands[said])

    @rule(officer=people)
    def someone_retries_the_payout(self, officer: Officer) -> None:
        self.give(c.RetryPayout(officer=officer, reason="new account"))

    def clean_path(self, receipt: tuple[int, str]) -> list[Callable[[], None]]:
        """The short way to the money; the receipt fits, or it does not."""
        return [
            self.photos_come_and_all_is_well,
            lambda: self.give(assessment("95")),
            *[partial(self.the_lanes_own_officer_approves, lane) for lane in Lane],
            lambda: self.the_farmer_accepts(is_stale=False),
            lambda: self.the_truck_comes(receipt),
            lambda: self.the_payout_starts(0),
            lambda: self.the_bank_speaks(payout_id(CLAIM_ID, 1), "confirmed"),
            lambda: self.the_bank_speaks(payout_id(CLAIM_ID, 1), "returned"),
        ]

    def photos_come_and_all_is_well(self) -> None:
        self.give(evidence("photo-1", note="another look"))
        self.the_machine_verifies()
        self.give(c.ReleaseHold(officer=an_officer(Lane.INSURER), reason="compared the photos"))

    def teardown(self) -> None:
        """Every machine's decision of the walk comes out the same from the events alone."""
        if hasattr(self, "story"):
            assert replayed(self.story.events) == []

    @invariant()
    def the_history_folds_to_the_claim(self) -> None:
        assert fold(self.story.events) == self.claim
        assert [entry.seq for entry in self.story.events] == list(range(1, self.claim.version + 1))

    @invariant()
    def the_state_is_one_of_the_facts_own(self) -> None:
        claim = self.claim
        ends = [claim.rejection is not None, claim.withdrawn, claim.state is State.CLOSED]
        assert sum(ends) <= 1
        assert (claim.state is State.REJECTED) == (claim.rejection is not None)
        assert (claim.state is State.WITHDRAWN) == claim.withdrawn

    @invariant()
    def at_most_one_transfer_can_exist(self) -> None:
        states = Counter(payout.state for payout in self.claim.payouts)
        assert sum(states[state] for state in MOVING) <= 1
        events = [type(entry.event) for entry in self.story.events]
        assert events.count(PayoutStarted) <= events.count(PayoutRetried) + 1
        ids = [payout.id for payout in self.claim.payouts]
        assert len(set(ids)) == len(ids)

    @invariant()
    def only_a_person_rejected(self) -> None:
        if self.claim.state is not State.REJECTED:
            return
        (entry,) = [
            entry
            for entry in self.story.events
            if isinstance(entry.event, LaneDecided) and entry.event.decision is Decision.REJECT
        ]
        assert entry.actor.kind is ActorKind.OFFICER
        assert isinstance(entry.event, LaneDecided)
        assert entry.actor.id == entry.event.by
        assert entry.event.reason_code is not None
        assert entry.event.note.strip()

    @invariant()
    def the_hashes_are_those_of_what_is_shown(self) -> None:
        claim = self.claim
        if claim.is_triage_due or claim.scene is None or claim.offer is None:
            return
        assert claim.evidence_hash == evidence_hash(claim, claim.findings, claim.scene)
        assert claim.offer_hash == claim.offer.hash_for(claim.report.claim_id)

    @invariant()
    def approvals_stand_on_what_is_shown_by_three_people_of_three_organisations(self) -> None:
        if self.claim.state not in {State.JOINT_REVIEW, State.OFFERED, State.ACCEPTED, State.PAYABLE}:
            return
        approved = [
            record.decided for record in self.claim.lanes.values() if record.state is LaneState.APPROVED
        ]
        for given in approved:
            assert given is not None
            assert (given.evidence_hash, given.offer_hash) == (
                self.claim.evidence_hash,
                self.claim.offer_hash,
            )
        assert len({given.by for given in approved if given}) == len(approved)
        assert len({given.organisation for given in approved if given}) == len(approved)

    @invariant()
    def a_held_claim_opens_no_lane_and_pays_nothing(self) -> None:
        claim = self.claim
        if claim.hold(HoldKind.SIGNALS):
            assert claim.path is Path.HOLD
            assert claim.state not in {State.JOINT_REVIEW, State.OFFERED, State.ACCEPTED}
        if claim.holds:
            assert claim.state not in {State.PAYABLE, State.PAYING, State.PAID, State.CLOSED}

    @invariant()
    def every_journal_balances_and_says_what_the_events_say(self) -> None:
        """Judged from the events alone, not by the claim's own words."""
        lines = journal(self.story.events)
        for seq in {line.seq for line in lines}:
            assert Money.total(line.amount for line in lines if line.seq == seq) == ZERO
        sums = {
            one: Money.total(line.amount for line in lines if line.account is one) for one in LedgerAccount
        }
        assert sums == balances(self.claim)
        events = [entry.event for entry in self.story.events]
        amounts = {event.payout_id: event.amount for event in events if isinstance(event, PayoutStarted)}
        back = {event.payout_id for event in events if isinstance(event, PayoutReturned)}
        left = back | {event.payout_id for event in events if isinstance(event, PayoutConfirmed)}
        assert sums[LedgerAccount.PAID] == ZERO - Money.total(amounts[one] for one in left)
        assert sums[LedgerAccount.RETURNED] == Money.total(amounts[one] for one in back)
        open_sums = [
            sums[one] for one in (LedgerAccount.RESERVE, LedgerAccount.PAYABLE, LedgerAccount.TRANSIT)
        ]
        assert all(one <= ZERO for one in open_sums)
        if self.claim.state in {State.CLOSED, State.PAID, State.REJECTED, State.WITHDRAWN}:
            assert open_sums == [ZERO, ZERO, ZERO]
        if self.claim.state is State.PAYMENT_FAILED:
            assert sums[LedgerAccount.PAYABLE] != ZERO


def check_every_gate(before: Claim, story: Story, event: PayoutStarted) -> None:
    """Money leaves only when three offices, the farmer and the carcasses stand behind exactly this sum.

    Judged from the events alone, not by the claim's own words.
    """
    history = [entry.event for entry in story.events[: before.version]]
    offers = [one.offer for one in history if isinstance(one, ClaimTriaged | ClaimAssessed)]
    offer, offer_hash = offers[-1], offers[-1].hash_for(CLAIM_ID)
    assert event.amount == offer.amount
    assert event.amount.fen > 0
    latest = {one.lane: one for one in history if isinstance(one, LaneDecided)}
    assert set(latest) == set(Lane)
    assert all(one.decision is Decision.APPROVE for one in latest.values())
    assert {(one.evidence_hash, one.offer_hash) for one in latest.values()} == {
        (before.evidence_hash, offer_hash)
    }
    assert len({one.by for one in latest.values()}) == len(Lane)
    assert len({one.organisation for one in latest.values()}) == len(Lane)
    accepted = [one.offer_hash for one in history if isinstance(one, OfferAccepted)]
    assert accepted[-1] == offer_hash
    receipt = [one for one in history if isinstance(one, HandoverRecorded)][-1]
    assert receipt.heads == before.heads
    declared = [animal.weight_kg for animal in before.animals]
    if None not in declared and len(declared) == before.heads:
        total = sum(weight_kg or 0 for weight_kg in declared)
        assert total * 9 <= receipt.weight_kg * 10 <= total * 11
    assert before.carcass_gaps == ()
    assert before.holds == ()
    assert before.rejection is None
    assert not before.withdrawn


def with_heads_paid(world: Facts, heads_paid: int) -> Facts:
    return replace(world, terms=replace(world.terms, heads_paid=heads_paid))


ClaimWalk.TestCase.settings = settings(
    max_examples=150,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestAClaimWalkedInEveryOrder = ClaimWalk.TestCase
