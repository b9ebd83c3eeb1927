"""Effects: in one worker's hands at a time, ended by the newest holder only, never lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.effects import Effect, EffectKind
from backend.domain.ids import EffectId
from backend.domain.problems import NotFound
from backend.store import effects, tables
from backend.store.effects import EffectState, Leased
from tests.backend.store.county import County
from tests.builders import CLAIM_ID, REPORTED_AT, SECOND

LEASE = timedelta(seconds=30)
NOW = REPORTED_AT + timedelta(hours=2)


@pytest.fixture(autouse=True)
def only_what_a_test_puts(county: County) -> None:
    county.report()
    county.store.submit(lambda connection: connection.execute(tables.effects.delete())).result()


def put(county: County, *due_at: datetime) -> list[EffectId]:
    asked = [Effect(EffectId(uuid4()), EffectKind.NOTIFY, due, {"seq": "1"}) for due in due_at]
    county.store.submit(lambda connection: effects.put(connection, CLAIM_ID, asked)).result()
    return [effect.id for effect in asked]


def lease(county: County, now: datetime = NOW, worker: str = "w") -> Leased | None:
    return county.store.submit(lambda connection: effects.lease(connection, worker, now, LEASE)).result()


def take(county: County, now: datetime = NOW) -> Leased:
    leased = lease(county, now)
    assert leased is not None
    return leased


def state_of(county: County, effect_id: EffectId) -> EffectState:
    return next(EffectState(row.state) for row in county.rows(tables.effects) if row.id == effect_id)


def test_a_leased_effect_says_what_is_to_be_done(county: County) -> None:
    [effect_id] = put(county, NOW)

    assert take(county) == Leased(effect_id, CLAIM_ID, EffectKind.NOTIFY, {"seq": "1"}, failures=0, token=1)


def test_the_effect_that_has_been_due_longest_comes_first(county: County) -> None:
    later, earlier = put(county, NOW, NOW - SECOND)

    assert [take(county).id, take(county).id] == [earlier, later]


def test_what_is_not_due_yet_waits(county: County) -> None:
    put(county, NOW + SECOND)

    assert lease(county) is None
    assert lease(county, NOW + SECOND) is not None


def test_two_workers_never_hold_the_same_effect(county: County) -> None:
    wanted = put(county, *[NOW] * 40)

    with ThreadPoolExecutor(8) as workers:
        taken = list(workers.map(lambda place: lease(county, worker=str(place)), range(48)))

    assert sorted(str(one and one.id) for one in taken) == sorted([*map(str, wanted), *["None"] * 8])


def test_a_dead_holders_effect_is_taken_over_and_its_late_word_refused(county: County) -> None:
    [effect_id] = put(county, NOW)
    killed = take(county)
    assert lease(county, NOW + LEASE) is None

    after = take(county, NOW + LEASE + SECOND)

    assert after.id == effect_id
    assert after.failures == 0
    for end in (
        lambda connection: effects.finish(connection, killed, NOW),
        lambda connection: effects.postpone(connection, killed, NOW),
        lambda connection: effects.fail(connection, killed, NOW, "late"),
        lambda connection: effects.bury(connection, killed, NOW, "late"),
    ):
        assert county.store.submit(end).result() is False
    assert county.store.submit(lambda connection: effects.finish(connection, after, NOW)).result() is True
    assert state_of(county, effect_id) is EffectState.DONE


def test_a_renewed_lease_keeps_others_away(county: County) -> None:
    put(county, NOW)
    held = take(county)

    until = NOW + 2 * LEASE
    county.store.submit(lambda connection: effects.renew(connection, [held], until)).result()

    assert lease(county, until) is None
    assert lease(county, until + SECOND) is not None


def test_a_renewal_that_comes_after_the_end_does_not_shut_the_effect(county: County) -> None:
    put(county, NOW)
    held = take(county)
    county.store.submit(lambda connection: effects.postpone(connection, held, NOW + SECOND)).result()

    county.store.submit(lambda connection: effects.renew(connection, [held], NOW + LEASE)).result()

    assert lease(county, NOW + SECOND) is not None


def test_a_postponed_effect_comes_back_without_a_failure(county: County) -> None:
    put(county, NOW)
    held = take(county)

    county.store.submit(lambda connection: effects.postpone(connection, held, NOW + SECOND)).result()

    assert lease(county) is None
    assert take(county, NOW + SECOND).failures == 0


def test_a_failed_effect_comes_back_with_its_failures_counted(county: County) -> None:
    [effect_id] = put(county, NOW)
    for failures in range(3):
        held = take(county)
        assert held.failures == failures
        county.store.submit(lambda connection, held=held: effects.fail(connection, held, NOW, "no")).result()

    [row] = county.rows(tables.effects)
    assert (row.id, row.failures, row.last_error) == (effect_id, 3, "no")


def test_a_buried_effect_lies_until_an_operator_revives_it(county: County) -> None:
    [effect_id] = put(county, NOW)
    held = take(county)
    county.store.submit(lambda connection: effects.bury(connection, held, NOW, "poison")).result()
    assert lease(county, NOW + timedelta(days=1)) is None
    [shown] = county.store.engine.read(
        lambda connection: effects.listed(connection, EffectState.DEAD, 10), EVERYWHERE
    )
    assert (shown.id, shown.number, shown.last_error) == (effect_id, county.claim().report.number, "poison")

    county.store.submit(lambda connection: effects.revive(connection, effect_id, NOW + SECOND)).result()

    assert lease(county) is None
    assert take(county, NOW + SECOND).failures == 0


def test_only_a_dead_effect_can_be_revived(county: County) -> None:
    [pending] = put(county, NOW)

    for name in (pending, EffectId(uuid4())):
        with pytest.raises(NotFound):
            county.store.submit(lambda connection, name=name: effects.revive(connection, name, NOW)).result()


def test_the_next_thing_due_is_a_timer_or_the_end_of_a_lease(county: County) -> None:
    def next_due(now: datetime) -> datetime | None:
        return county.store.engine.read(lambda connection: effects.next_due(connection, now), EVERYWHERE)

    assert next_due(NOW) is None

    put(county, NOW, NOW + timedelta(minutes=5))
    assert next_due(NOW) == NOW

    held = take(county)
    assert next_due(NOW) == NOW + LEASE

    county.store.submit(lambda connection: effects.finish(connection, held, NOW)).result()
    assert next_due(NOW) == NOW + timedelta(minutes=5)


def test_the_same_event_asks_for_the_same_effects_only_once(county: County) -> None:
    [effect_id] = put(county, NOW)
    again = Effect(effect_id, EffectKind.NOTIFY, NOW)

    with pytest.raises(Exception, match=r"(?i)unique"):
        county.store.submit(lambda connection: effects.put(connection, CLAIM_ID, [again])).result()
