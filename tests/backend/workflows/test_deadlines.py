"""Timers on a real database: each thing is recorded once, ever, by however many workers, and officers hear of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import pytest
from sqlalchemy import delete

from backend.adapters.notices import Notice
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.clocks.events import ClaimEscalated, DeadlineAtRisk, DeadlineBreached
from backend.domain.decisions.facts import Clocks
from backend.domain.effects import EffectKind
from backend.domain.policy import policy_day
from backend.domain.words import HoldKind, Lane, Species, State
from backend.insight.clocks import claims_at_risk, with_clocks
from backend.products.load import products
from backend.store import duties, tables
from backend.store.claims import Wanted
from backend.store.duty_tables import claim_clocks
from backend.store.effects import Leased
from backend.store.run import Store
from backend.texts.load import Language
from backend.timetables.load import timetable
from backend.workflows.deadlines import DeadlineWatch
from backend.workflows.worker import Worker
from tests.backend.store.county import County
from tests.builders import CLAIM_ID, a_hold, a_policy, a_release, an_officer, decision

TABLE = timetable()
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass
class Pager:
    """What officers were told; may lose its line once, after the message has left."""

    told: list[Notice] = field(default_factory=list)
    cut: int = 0
    _lock: Lock = field(default_factory=Lock)

    def send(self, notice: Notice) -> None:
        with self._lock:
            self.told.append(notice)
            if self.cut:
                self.cut -= 1
                raise ConnectionError("no answer")


@pytest.fixture
def timed(county: County) -> County:
    county.store = Store(county.store.engine, products(), Clocks(timetable=TABLE))
    return county


@pytest.fixture
def pager() -> Pager:
    return Pager()


def worker(county: County, pager: Pager) -> Worker:
    watch = DeadlineWatch(county.store, pager, Language.EN, county.clock, TABLE)
    handlers = dict.fromkeys(EffectKind, lambda _: None) | {
        EffectKind.DEADLINE: watch.look,
        EffectKind.ESCALATE: watch.tell,
    }
    return Worker(county.store, handlers, county.clock)  # type: ignore[arg-type]


def said(county: County) -> list[str]:
    kinds = DeadlineAtRisk | DeadlineBreached
    return [f"{one.clock} {one.type}" for entry in county.history() if isinstance(one := entry.event, kinds)]


def at_risk(timed: County, **wanted: Any) -> list[dict[str, object]]:
    now, asked = timed.clock(), Wanted(**wanted)
    return timed.store.engine.read(lambda c: claims_at_risk(c, now, asked), EVERYWHERE)["claims"]  # type: ignore[return-value]


def test_time_passes_and_each_thing_is_said_once_in_its_time(timed: County, pager: Pager) -> None:
    timed.report()
    timed.verify()
    heard = []

    for _ in range(60):
        timed.clock.move(HOUR / 2)
        worker(timed, pager).run_until_idle()
        heard = said(timed)

    assert heard == [
        "payout deadline-breached",
        "first_decision deadline-at-risk",
        "review deadline-at-risk",
        "first_decision deadline-breached",
        "review deadline-breached",
    ]


def test_a_stage_that_ends_in_time_is_never_spoken_of(timed: County, pager: Pager) -> None:
    claim = timed.report()
    claim = timed.verify()
    timed.give(decision(claim, Lane.INSURER))

    timed.clock.move(timedelta(days=2))
    worker(timed, pager).run_until_idle()

    assert not [one for one in said(timed) if one.startswith("first_decision")]


def test_several_workers_at_the_same_moment_record_one_breach_and_tell_each_officer_once(
    timed: County, pager: Pager
) -> None:
    timed.report()
    timed.verify()
    timed.clock.move(16 * MINUTE)
    workers = [worker(timed, pager) for _ in range(4)]
    watch = DeadlineWatch(timed.store, pager, Language.EN, timed.clock, TABLE)
    [row] = [
        row
        for row in timed.rows(tables.effects)
        if row.kind == EffectKind.DEADLINE and row.due_at < timed.clock()
    ]
    again = Leased(row.id, CLAIM_ID, EffectKind.DEADLINE, row.arguments, failures=0, token=1)

    with ThreadPoolExecutor(8) as pool:
        for done in [
            *[pool.submit(one.run_until_idle) for one in workers],
            *[pool.submit(watch.look, again) for _ in range(4)],
        ]:
            done.result()
    workers[0].run_until_idle()

    assert said(timed) == ["payout deadline-breached"]
    escalations = [one for entry in timed.history() if isinstance(one := entry.event, ClaimEscalated)]
    assert [one.level for one in escalations] == [1, 2, 3]
    assert (
        len({notice.key for notice in pager.told})
        == len(pager.told)
        == sum(len(one.told) for one in escalations)
    )


def test_a_worker_that_died_after_recording_and_before_it_was_done_says_nothing_again(
    timed: County, pager: Pager
) -> None:
    timed.report()
    timed.clock.move(16 * MINUTE)
    first = worker(timed, pager)
    first.run_until_idle()
    [row] = [row for row in timed.rows(tables.effects) if row.kind == EffectKind.DEADLINE]
    timed.store.submit(
        lambda c: c.execute(
            tables.effects.update()
            .where(tables.effects.c.id == row.id)
            .values(state="pending", due_at=timed.clock(), leased_until=timed.clock() - MINUTE)
        )
    ).result()
    before = timed.history()

    worker(timed, pager).run_until_idle()

    assert timed.history() == before


def test_a_message_whose_answer_was_lost_is_sent_again_under_the_same_key(
    timed: County, pager: Pager
) -> None:
    timed.report()
    pager.cut = 1
    timed.clock.move(8 * MINUTE)
    worker(timed, pager).run_until_idle()

    timed.clock.move(MINUTE)
    worker(timed, pager).run_until_idle()

    assert len(pager.told) == 2
    assert pager.told[0] == pager.told[1]
    assert "50 % is used up" in pager.told[0].text
    assert pager.told[0].to == an_officer(Lane.INSURER).id


def test_the_countys_service_officers_are_told_by_level(timed: County, pager: Pager) -> None:
    vet, inspector = an_officer(Lane.VETERINARY).id, an_officer(Lane.INSPECTION).id
    timed.store.submit(lambda c: duties.appoint(c, a_policy().county, vet, 1, vet)).result()
    timed.store.submit(lambda c: duties.appoint(c, a_policy().county, inspector, 3, vet)).result()
    timed.report()
    timed.verify()

    timed.clock.move(16 * MINUTE)
    worker(timed, pager).run_until_idle()

    told = {
        one.level: one.told for entry in timed.history() if isinstance(one := entry.event, ClaimEscalated)
    }
    assert told[1] == (vet,)
    assert told[3] == (inspector,)
    assert set(told[2]) == {an_officer(lane).id for lane in Lane}


def test_claims_at_risk_show_what_can_still_be_kept_before_what_is_broken(timed: County) -> None:
    timed.report()
    timed.verify()

    timed.clock.move(13 * MINUTE)
    soon = at_risk(timed)
    timed.clock.move(18 * HOUR)
    later = at_risk(timed)

    assert [(row["clock"], row["late"], row["held_by"]) for row in soon] == [
        ("payout", False, "insurer+veterinary+inspection")
    ]
    assert [(row["clock"], row["late"]) for row in later] == [
        ("first_decision", False),
        ("payout", True),
    ]


def test_claims_at_risk_are_those_that_every_other_filter_wants_too(timed: County) -> None:
    timed.report()
    timed.verify()
    timed.clock.move(13 * MINUTE)
    [row] = at_risk(timed)
    day = policy_day(datetime.fromisoformat(str(row["reported_at"])))
    county, other_day = a_policy().county, timedelta(days=1)

    wants: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"state": State.JOINT_REVIEW}, {"state": State.OFFERED}),
        ({"policy": row["policy_number"]}, {"policy": "P-of-nobody"}),
        ({"text": row["number"]}, {"text": "FC-20200101-0001"}),
        ({"county": county}, {"county": "000000"}),
        ({"species": Species(str(row["species"]))}, {"species": Species.HORSE}),
        ({"first": day}, {"first": day + other_day}),
        ({"last": day}, {"last": day - other_day}),
    ]
    for matching, other in wants:
        assert (len(at_risk(timed, **matching)), at_risk(timed, **other)) == (1, []), matching


def test_a_claim_in_quarantine_is_at_no_risk_and_shows_that_its_clocks_stand_still(
    timed: County, pager: Pager
) -> None:
    timed.report()
    timed.verify()
    timed.give(a_hold(HoldKind.QUARANTINE))
    timed.clock.move(timedelta(days=2))
    worker(timed, pager).run_until_idle()

    paused = timed.store.engine.read(lambda c: with_clocks(c, CLAIM_ID, {"due_at": "promised"}), EVERYWHERE)
    assert (at_risk(timed), said(timed), pager.told) == ([], [], [])
    assert paused["due_at"] == "promised"
    assert {one["paused"] for one in paused["clocks"]} == {True}  # type: ignore[attr-defined]

    timed.give(a_release(HoldKind.QUARANTINE))
    timed.clock.move(16 * MINUTE)
    worker(timed, pager).run_until_idle()
    assert said(timed) == ["payout deadline-breached"]


def test_a_claim_from_before_there_were_clocks_is_found_by_its_timer(timed: County, pager: Pager) -> None:
    timed.report()
    timed.verify()
    timed.store.submit(lambda c: c.execute(delete(claim_clocks))).result()
    timed.clock.move(16 * MINUTE)

    worker(timed, pager).run_until_idle()

    assert {row.clock for row in timed.rows(claim_clocks)} == {"payout", "first_decision", "review"}


def test_clocks_that_stopped_leave_nothing_behind(timed: County) -> None:
    timed.make_payable()

    clocks = {row.clock for row in timed.rows(claim_clocks)}

    assert clocks == {"payout", "settlement", "certificate"}
