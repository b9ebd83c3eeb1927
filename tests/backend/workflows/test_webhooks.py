"""Deliveries to webhooks: from the log, in bounded steps, again after failures, and never lost."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.adapters.notices import Notice
from backend.adapters.signed_post import SignedPosts
from backend.domain.authority.sight import EVERYWHERE, Sight
from backend.domain.effects import EffectKind
from backend.domain.feed.cursor import Cursor
from backend.domain.ids import ClaimId, OfficerId
from backend.domain.webhooks.endpoint import Endpoint, EndpointId, Standing
from backend.domain.webhooks.retries import RETRIES
from backend.domain.words import Lane
from backend.store import effects, feed, people, tables, webhook_deliveries, webhooks
from backend.store.effects import EffectState
from backend.store.webhook_tables import webhook_deliveries as deliveries_table
from backend.texts.load import Language
from backend.workflows.webhooks.alarm import Alarm
from backend.workflows.webhooks.delivering import AT_ONCE, Deliveries
from backend.workflows.webhooks.fan_out import FanOut
from backend.workflows.worker import Worker
from tests.backend.store.county import County
from tests.backend.store.test_audit_log import a_sequencer
from tests.builders import a_policy, a_report, an_officer
from tests.journeys.world import eventually
from tests.receiver import Receiver, a_receiver

ENDPOINT = EndpointId(UUID(int=99))
INSURER = an_officer(Lane.INSURER)
PATIENCE = timedelta(hours=72)


class Told:
    """The way to officers; keeps what it was given."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []

    def send(self, notice: Notice) -> None:
        self.notices.append(notice)


class Post:
    """Everything between the log and one receiver, on a county of its own."""

    def __init__(self, county: County, receiver: Receiver) -> None:
        self.county, self.receiver, self.told = county, receiver, Told()
        self.posts = SignedPosts(county.clock, allow_private=True, answer_timeout_s=20)
        alarm = Alarm(county.store, self.told, Language.EN)
        self.deliveries = Deliveries(
            county.store, self.posts, county.clock, alarm, source="/test", patience=PATIENCE, rest_s=0
        )
        self.sequencer = a_sequencer(county)
        self.worker = self.a_worker(threads=1)
        self.fan_out = FanOut(county.store, county.clock, lambda: None)

    def a_worker(self, threads: int) -> Worker:
        handlers = {EffectKind.DELIVER: self.deliveries.deliver}
        return Worker(
            self.county.store, handlers, self.county.clock, threads=threads, share=self.deliveries.share
        )

    def add(self, *types: str, start: int = 0) -> Endpoint:
        endpoint = Endpoint(
            id=ENDPOINT,
            organisation=INSURER.organisation,
            county=a_policy().county,
            url=self.receiver.url,
            types=types,
            next_place=start,
            round=0,
        )
        self.write(lambda c: webhooks.put(c, endpoint, b"s" * 32, "0" * 64, INSURER.id, self.county.clock()))
        return endpoint

    def place(self) -> None:
        """Everything recorded gets its place in the log."""
        self.sequencer.catch_up(and_sign=False)

    def send(self) -> None:
        """Everything in the log is put on the way, and what is due is tried."""
        self.place()
        self.fan_out.put_all()
        self.worker.run_until_idle()

    def later(self, wait: timedelta) -> None:
        self.county.clock.move(wait)
        self.worker.run_until_idle()

    def endpoint(self) -> Endpoint:
        return self.county.store.engine.read(lambda c: webhooks.one(c, ENDPOINT), EVERYWHERE)

    def write(self, work: Any) -> Any:
        return self.county.store.submit(work).result()

    def feed(self) -> list[str]:
        """Ids of everything in the log, in order."""
        page = self.county.store.engine.read(lambda c: feed.page(c, None, (), 1000), EVERYWHERE)
        return [change.leaf_hash for change in page.changes]


@pytest.fixture
def post(county: County) -> Iterator[Post]:
    with a_receiver() as receiver:
        post = Post(county, receiver)
        yield post
        post.posts.close()


def ids(receiver: Receiver) -> list[str]:
    return [headers["webhook-id"] for headers, _ in receiver.heard]


def test_what_was_recorded_before_is_sent_where_it_was_asked_for_and_each_once(post: Post) -> None:
    post.county.report()
    post.add()

    post.send()
    post.county.verify()
    post.send()
    post.send()

    assert sorted(ids(post.receiver)) == sorted(post.feed())
    assert len(post.feed()) == len(post.county.history())
    # What is due at the same moment goes in any order: the feed's is the order of what happened.
    heard = dict(zip(ids(post.receiver), post.receiver.events, strict=True))
    data = [heard[one]["data"] for one in post.feed()]
    assert data[0]["state_before"] is None
    states = [(one["state_before"], one["state"]) for one in data]
    assert all(before == after for (_, before), (after, _) in pairwise(states))


def test_two_that_put_at_once_put_nothing_twice(post: Post) -> None:
    for n in range(12):
        post.county.report(a_report(claim_id=ClaimId(UUID(int=1000 + n))))
    post.add()
    post.place()
    others = [
        Thread(target=FanOut(post.county.store, post.county.clock, lambda: None).put_all) for _ in range(4)
    ]

    for one in others:
        one.start()
    for one in others:
        one.join()
    post.worker.run_until_idle()

    assert sorted(ids(post.receiver)) == sorted(post.feed())


def test_a_failing_receiver_is_tried_as_the_specification_says_under_one_id(post: Post) -> None:
    post.county.report()
    post.add()
    post.receiver.statuses = [500, 302, 404]

    post.send()
    for pause in RETRIES[:3]:
        post.later(pause - timedelta(seconds=1))
        post.later(timedelta(seconds=1))

    assert ids(post.receiver) == post.feed() * 4
    assert post.endpoint().standing is Standing.WORKING
    [row] = post.county.rows(deliveries_table)
    assert (row.attempts, row.status, row.failure) == (4, 204, None)


def test_a_message_that_is_refused_alone_is_given_up_in_its_time_and_the_others_go_on(post: Post) -> None:
    post.add()
    post.county.report()
    post.county.verify()
    post.receiver.refuses = frozenset({"photo-received"})

    post.send()
    arrived_at_once = {one["data"]["event"] for one in post.receiver.events}
    for n, pause in enumerate(RETRIES):
        post.later(pause)
        post.county.report(a_report(claim_id=ClaimId(UUID(int=3000 + n))))
        post.send()

    rows = post.county.rows(deliveries_table)
    refused = [row for row in rows if row.event_type == "photo-received"]
    assert {(row.attempts, row.status) for row in refused} == {(len(RETRIES) + 1, 422)}
    assert {row.attempts for row in rows if row not in refused} == {1}
    assert arrived_at_once == {row.event_type for row in rows}
    assert post.endpoint().standing is Standing.WORKING
    assert all(row.ended_at for row in rows)


def test_an_endpoint_that_fails_for_too_long_is_disabled_told_of_and_loses_nothing(post: Post) -> None:
    post.write(lambda c: people.set_administrator(c, OfficerId(INSURER.id), becomes=True))
    post.county.report()
    post.county.verify()
    post.add()
    post.receiver.always = 503
    post.send()

    for pause in RETRIES:
        post.later(pause)
    while_disabled = len(post.receiver.heard)
    post.county.report(a_report(claim_id=ClaimId(UUID(int=77))))
    post.send()

    found = post.endpoint()
    assert found.standing is Standing.DISABLED
    assert found.disabled_because is not None
    assert "503" in found.disabled_because
    assert {notice.to for notice in post.told.notices} == {INSURER.id}
    assert "flashclaim webhook enable" in post.told.notices[0].text
    assert len(post.receiver.heard) == while_disabled
    post.receiver.always = 204
    post.receiver.heard.clear()
    post.write(lambda c: webhooks.wind(c, ENDPOINT, found.next_place))
    post.send()
    assert sorted(ids(post.receiver)) == sorted(post.feed())


def test_gone_ends_it_at_once(post: Post) -> None:
    post.county.report()
    post.add()
    post.receiver.always = 410

    post.send()

    assert post.endpoint().standing is Standing.DISABLED
    assert len(post.receiver.heard) == 1


def test_a_receiver_that_hangs_holds_as_many_threads_as_it_may_and_no_more(post: Post) -> None:
    post.county.report()
    post.county.verify()
    post.add()
    post.place()
    post.fan_out.put_all()
    post.receiver.holds.clear()
    worker = post.a_worker(threads=AT_ONCE + 2)
    worker.start()

    eventually(lambda: post.receiver.in_hand == AT_ONCE, 60.0, "all that may")
    share = post.deliveries.share()
    post.receiver.holds.set()

    def has_all() -> bool:
        # Of two that took one at once, one gave way for a moment.
        post.county.clock.move(timedelta(seconds=1))
        return len(post.receiver.heard) == len(post.feed())

    try:
        eventually(has_all, 60.0, "the rest")
    finally:
        worker.stop()

    assert share.passes_by == {ENDPOINT}
    assert post.receiver.most_at_once == AT_ONCE


def test_payouts_never_wait_behind_deliveries(post: Post) -> None:
    post.county.report()
    post.add()
    post.place()
    post.fan_out.put_all()
    now = post.county.clock()

    of_claims = post.write(lambda c: effects.lease(c, "w", now, timedelta(seconds=30)))
    due = post.county.store.engine.read(lambda c: effects.due_since(c, now), EVERYWHERE)

    assert of_claims is None or of_claims.kind is not EffectKind.DELIVER
    assert due is None or due < now or of_claims is not None
    waiting = post.county.rows(tables.effects)
    assert EffectKind.DELIVER in {row.kind for row in waiting}


def test_only_so_many_are_on_the_way_and_the_log_keeps_the_rest(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(9):
        post.county.report(a_report(claim_id=ClaimId(UUID(int=1000 + n))))
    post.add()
    post.place()
    monkeypatch.setattr(webhook_deliveries, "MOST_WAITING", 4)

    post.fan_out.put_all()
    waiting = len(post.county.rows(deliveries_table))
    for _ in range(3):
        post.send()

    assert waiting == 4
    assert sorted(ids(post.receiver)) == sorted(post.feed())


def test_another_countys_claims_are_passed_by(post: Post) -> None:
    post.county.report()
    endpoint = post.add()
    other = Sight(counties=frozenset({"511702"}))

    post.place()
    there = post.county.store.engine.read(lambda c: feed.page(c, None, (), 10), other)
    here = post.county.store.engine.read(
        lambda c: feed.page(c, None, (), 10), Sight(counties=frozenset({endpoint.county}))
    )

    assert there.changes == ()
    assert [change.leaf_hash for change in here.changes] == post.feed()


def test_pages_of_any_size_give_the_whole_feed_without_gap_or_repeat(post: Post) -> None:
    post.county.report()
    post.county.verify()
    post.place()

    def pages(size: int) -> list[str]:
        found: list[str] = []
        cursor: Cursor | None = None
        more = True
        while more:
            page = post.county.store.engine.read(
                lambda c, after=cursor: feed.page(c, after, (), size), EVERYWHERE
            )
            found += [change.leaf_hash for change in page.changes]
            cursor, more = page.cursor, page.more
        return found

    assert pages(1) == pages(2) == pages(1000) == post.feed()


def test_writers_and_sequencers_side_by_side_leave_a_reader_no_gap(post: Post) -> None:
    """A reader that polls while many write sees every place once, in order."""
    claims = [ClaimId(UUID(int=5000 + n)) for n in range(24)]

    def report(some: list[ClaimId]) -> None:
        for one in some:
            post.county.store.run_blocking(one, a_report(claim_id=one), at=post.county.clock())
            post.place()

    writers = [Thread(target=report, args=(claims[n::4],)) for n in range(4)]
    seen: list[int] = []
    cursor: Cursor | None = None

    def has_all() -> bool:
        nonlocal cursor
        page = post.county.store.engine.read(lambda c: feed.page(c, cursor, (), 5), EVERYWHERE)
        seen.extend(change.place for change in page.changes)
        cursor = page.cursor
        return len(seen) >= len(claims)

    for one in writers:
        one.start()
    eventually(has_all, 60.0, "the whole log")
    for one in writers:
        one.join()

    assert seen == list(range(len(claims)))


def test_what_arrived_long_ago_is_swept_with_its_effect(post: Post) -> None:
    post.county.report()
    post.add()
    post.send()
    before = post.county.clock() + timedelta(days=1)

    swept = post.write(lambda c: webhooks.sweep(c, before, 100))

    assert swept == len(post.feed())
    assert post.county.rows(deliveries_table) == []
    done = select(tables.effects).where(
        tables.effects.c.endpoint_id.is_not(None), tables.effects.c.state == EffectState.DONE
    )
    assert post.county.store.engine.read(lambda c: c.execute(done).all(), EVERYWHERE) == []
