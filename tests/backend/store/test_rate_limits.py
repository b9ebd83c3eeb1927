"""Rates: all at once or one by one, never more, whoever asks through whichever process."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.domain.edges.problems import TooManyRequests
from backend.domain.edges.rates import Rate, Taken
from backend.store import rate_limits
from backend.store.engine import open_engine
from backend.store.rate_tables import request_rates
from tests.backend.store.county import County
from tests.builders import REPORTED_AT, SECOND

MINUTE = timedelta(minutes=1)


def take(county: County, bucket: str = "report/policy P-1", *, after: timedelta = timedelta(0)) -> Taken:
    """One of three a minute."""
    at = REPORTED_AT + after
    return county.store.submit(lambda c: rate_limits.take(c, bucket, most=3, per=MINUTE, at=at)).result()


def test_as_many_as_may_come_at_once_are_given_and_the_next_is_told_to_wait(county: County) -> None:
    given_left = [take(county).left for _ in range(3)]

    refused = take(county)

    assert given_left == [2, 1, 0]
    assert refused == Taken(left=0, wait=timedelta(seconds=20))
    assert not refused.is_given


def test_what_was_used_comes_back_evenly(county: County) -> None:
    for _ in range(3):
        take(county)

    assert not take(county, after=19 * SECOND).is_given
    assert take(county, after=20 * SECOND).is_given
    assert not take(county, after=20 * SECOND).is_given
    assert [take(county, after=5 * MINUTE).is_given for _ in range(4)] == [True, True, True, False]


def test_a_refused_request_uses_up_nothing(county: County) -> None:
    for _ in range(50):
        take(county)

    assert take(county, after=20 * SECOND).is_given


def test_another_bucket_is_another_rate(county: County) -> None:
    for _ in range(4):
        take(county)

    assert take(county, "report/policy P-2").is_given


def test_nobody_reads_in_the_database_who_asked(county: County) -> None:
    take(county, "code/phone/+8613800138000")

    [row] = county.rows(request_rates)
    assert "138" not in str(row.bucket) or len(row.bucket) == 64
    assert "phone" not in row.bucket


def test_who_asks_too_often_is_told_how_long_to_wait(county: County) -> None:
    def once(c: rate_limits.Connection) -> Taken:
        return rate_limits.require(
            c, "codes", most=1, per=MINUTE, at=REPORTED_AT, what="codes for one number"
        )

    county.store.submit(once).result()

    with pytest.raises(TooManyRequests, match="codes for one number") as refused:
        county.store.submit(once).result()

    assert refused.value.retry_after_s == 60
    assert refused.value.status == 429


def test_buckets_to_which_all_came_back_are_forgotten(county: County) -> None:
    take(county)
    take(county, "report/policy P-2", after=MINUTE)

    county.store.submit(lambda c: rate_limits.forget_full(c, REPORTED_AT + MINUTE)).result()

    assert len(county.rows(request_rates)) == 1


def test_twenty_at_once_are_given_what_one_would_be(county: County) -> None:
    with ThreadPoolExecutor(20) as askers:
        taken = list(askers.map(lambda _: take(county), range(20)))

    assert sum(one.is_given for one in taken) == 3


def _storm(
    url: str, gate: "multiprocessing.synchronize.Barrier", given: "multiprocessing.Queue[int]"
) -> None:
    engine = open_engine(url)
    gate.wait()
    asked = [
        engine.write(lambda c: rate_limits.take(c, "storm", most=40, per=timedelta(hours=1), at=REPORTED_AT))
        for _ in range(100)
    ]
    given.put(sum(one.result().is_given for one in asked))
    engine.close()


def test_a_storm_on_two_processes_is_held_to_the_sum(county: County, lasting_database: str) -> None:
    spawned = multiprocessing.get_context("spawn")
    gate, given = spawned.Barrier(2), spawned.Queue()
    processes = [spawned.Process(target=_storm, args=(lasting_database, gate, given)) for _ in range(2)]
    for process in processes:
        process.start()

    shares = [given.get(timeout=60) for _ in processes]

    for process in processes:
        process.join(30)
    assert sum(shares) == 40


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    most=st.integers(1, 6),
    gaps=st.lists(st.integers(0, 30), min_size=1, max_size=25),
)
def test_no_span_ever_sees_twice_the_rate(county: County, most: int, gaps: list[int]) -> None:
    bucket = f"law/{most}/{gaps}"
    at, passed = REPORTED_AT, []
    for gap in gaps:
        at += gap * SECOND
        taken = county.store.submit(
            lambda c, now=at: rate_limits.take(c, bucket, most=most, per=MINUTE, at=now)
        ).result()
        passed += [at] * taken.is_given

    for begins in passed:
        assert sum(begins <= one < begins + MINUTE for one in passed) <= 2 * most


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("30/h", Rate(30, timedelta(hours=1))),
        ("10/15min", Rate(10, timedelta(minutes=15))),
        ("3/d", Rate(3, timedelta(days=1))),
        (" 5/10s ", Rate(5, timedelta(seconds=10))),
    ],
)
def test_a_rate_is_read_from_a_short_text(text: str, rate: Rate) -> None:
    assert Rate.parse(text) == rate


@pytest.mark.parametrize("text", ["", "0/h", "5", "5/week", "-1/h", "5/0h", "1.5/h"])
def test_what_says_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no rate"):
        Rate.parse(text)
