"""A visit that nobody ended: its timer ends it and nothing is left of where somebody was, on both databases."""

from datetime import timedelta

import shapely
from sqlalchemy import select, update

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.effects import EffectKind
from backend.domain.visits.events import VisitEnded
from backend.domain.visits.visit import LASTS
from backend.domain.visits.words import ExpectedFrom, VisitEnd, VisitKind
from backend.store import tables, visit_tables, visits
from backend.store.effects import Leased
from backend.store.replay import replay
from backend.workflows import visits as on_the_way
from backend.workflows.visits import Said, VisitWatch
from tests.backend.store.county import County
from tests.builders import CLAIM_ID, an_officer

COLLECTOR = an_officer(None)
NORTH = (0.0, 1_000.0 / 111_000)
MINUTE = timedelta(minutes=1)


def on_a_farm_around_null_island(county: County) -> None:
    """The county's farm has a boundary: about two hundred metres across."""
    boundary = shapely.to_wkb(shapely.box(-0.001, -0.001, 0.001, 0.001))
    moved = update(tables.farms).values(boundary=boundary)
    county.store.submit(lambda connection: connection.execute(moved).rowcount).result()


def say(county: County, said: Said, *, sets_out: bool = False) -> visits.UnderWay:
    """The collector sets out, or says where they are; the visit as it is kept then."""
    at, store = county.clock(), county.store
    if sets_out:
        store.submit(
            lambda connection: on_the_way.start(store, connection, CLAIM_ID, COLLECTOR, said, at)
        ).result()
    else:
        store.submit(lambda connection: on_the_way.here(store, connection, COLLECTOR, said, at)).result()
    [kept] = store.engine.read(lambda connection: visits.of_claim(connection, CLAIM_ID, at), EVERYWHERE)
    return kept


def test_the_timer_ends_what_nobody_ended_and_nothing_is_left(county: County) -> None:
    county.report()
    say(county, Said(place=NORTH, phone="+8613912340000"), sets_out=True)
    timers = select(tables.effects).where(tables.effects.c.kind == EffectKind.END_VISIT)
    [row] = county.store.engine.read(lambda connection: connection.execute(timers).all(), EVERYWHERE)
    watch = VisitWatch(county.store, county.clock)
    timer = Leased(row.id, CLAIM_ID, EffectKind.END_VISIT, row.arguments, failures=0, token=1)
    faults = county.store.engine.read(
        lambda connection: replay(connection, lambda *_: None).found, EVERYWHERE
    )

    watch.end(timer)
    early = county.rows(visit_tables.visits)
    county.clock.move(LASTS)
    watch.end(timer)
    watch.end(timer)

    assert faults == []
    assert len(early) == 1
    assert county.rows(visit_tables.visits) == []
    ended = [one.event for one in county.history() if isinstance(one.event, VisitEnded)]
    assert ended == [VisitEnded(visit=2, kind=VisitKind.COLLECTION, how=VisitEnd.FORGOTTEN)]
    assert row.due_at >= county.history()[1].at + LASTS


def test_a_persons_word_stands_before_every_estimate_until_its_time_is_over(county: County) -> None:
    on_a_farm_around_null_island(county)
    county.report()
    begun = county.clock()

    said = say(county, Said(expected_at=begun + 20 * MINUTE), sets_out=True)
    county.clock.move(10 * MINUTE)
    nearer = say(county, Said(place=NORTH))
    county.clock.move(15 * MINUTE)
    late = say(county, Said(place=NORTH))
    anew = say(county, Said(place=NORTH, expected_at=county.clock() + 30 * MINUTE))

    assert said.newest == (begun + 20 * MINUTE, ExpectedFrom.SAID)
    assert nearer.newest == said.newest
    assert late.newest == (county.clock() + 5 * MINUTE, ExpectedFrom.DISTANCE)
    assert anew.newest == (county.clock() + 30 * MINUTE, ExpectedFrom.SAID)
    assert (anew.whereabouts.lon, anew.whereabouts.lat) == NORTH
