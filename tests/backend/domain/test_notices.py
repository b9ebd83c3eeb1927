"""What is news, what comes next and by when."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args

import pytest

from backend.domain import commands as c
from backend.domain.claim import FOR_ALL_PAYMENTS, Claim, Hold
from backend.domain.events import Event, Recorded
from backend.domain.fold import apply
from backend.domain.notices.channels import FARMER, Channel, audiences
from backend.domain.notices.news import NEWS, farmer_key, farmer_news, is_stale, office_keys, wait_before
from backend.domain.notices.phone import phone_number
from backend.domain.notices.steps import Promises, Step, When, next_step
from backend.domain.notices.text_message import is_gsm_7, is_one_message, parts, places
from backend.domain.parties import MACHINE
from backend.domain.policy import SHANGHAI
from backend.domain.words import Decision, HoldKind, Lane, State
from backend.timetables.load import office_hours
from tests.builders import (
    ALL_THREE,
    a_release,
    a_report,
    a_retry,
    assessment,
    confirmed_by_bank,
    decision,
    evidence,
    facts,
    returned_by_bank,
)
from tests.stories import Story, a_claim, a_story, a_story_in

TIMES = Promises(office_hours())


def told(story: Story) -> list[str]:
    """The keys of everything that the farmer was told, in order."""
    return [key for before, entry, after in steps(story) if (key := farmer_key(before, entry, after))]


def steps(story: Story) -> list[tuple[Claim | None, Recorded, Claim]]:
    walked: list[tuple[Claim | None, Recorded, Claim]] = []
    claim: Claim | None = None
    for entry in story.events:
        after = apply(claim, entry)
        walked.append((claim, entry, after))
        claim = after
    return walked


def at(text: str) -> datetime:
    """A moment in Asia/Shanghai, such as ``2026-11-23T22:40``."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_every_kind_of_event_says_whether_and_why_it_is_news() -> None:
    assert set(NEWS) == set(get_args(Event))
    assert all(weight.why for weight in NEWS.values())


def test_a_clean_claim_is_told_in_eight_messages() -> None:
    assert told(a_story_in(State.CLOSED)) == [
        "reported",
        "checked",
        "approved",
        "accepted",
        "handed-over",
        "paying",
        "paid",
        "certified",
    ]


def test_a_doubt_that_holds_is_told_once_by_the_hold() -> None:
    story = a_story_in(State.TRIAGED)
    story.give(a_release())

    assert told(story) == ["reported", "held-signals", "released"]


def test_a_report_without_a_photo_asks_for_one_once() -> None:
    story = a_story(report=a_report(photos=()), verified=False)
    news = [farmer_news(*step, TIMES) for step in steps(story)]

    assert [one.key for one in news if one] == ["reported"]
    assert news[0] is not None
    assert news[0].next.step is Step.PHOTOS


def test_what_was_asked_for_is_told_when_asked_and_when_it_comes() -> None:
    story = a_story()
    story.give(decision(story.claim, Lane.VETERINARY, Decision.ASK, note="a photo of the left ear"))
    story.give(evidence("photo-2"))

    assert told(story)[-2:] == ["asked", "evidence-came"]


def test_a_retired_payout_that_comes_back_is_called_an_earlier_one() -> None:
    story = a_story_in(State.PAYMENT_FAILED)
    first = returned_by_bank(story.claim)
    story.give(a_retry())
    story.give(c.StartPayout())
    story.give(confirmed_by_bank(story.claim))
    story.give(first)

    assert told(story)[-1] == "earlier-returned"


def test_an_unanswered_transfer_is_news_only_while_nobody_knows() -> None:
    story = a_story_in(State.PAYMENT_UNKNOWN)
    entry = story.events[-1]

    assert wait_before(entry) == timedelta(minutes=5)
    assert not is_stale(entry, story.claim)
    story.give(confirmed_by_bank(story.claim))
    assert is_stale(entry, story.claim)


@pytest.mark.parametrize(
    ("state", "offices"),
    [
        (State.JOINT_REVIEW, dict.fromkeys(ALL_THREE, "review")),
        (State.TRIAGED, {Lane.INSURER: "look"}),
        (State.PAYMENT_FAILED, {Lane.INSURER: "correct"}),
        (State.PAID, {}),
    ],
)
def test_an_office_is_told_when_it_has_something_to_do(state: State, offices: dict[Lane, str]) -> None:
    assert office_keys(*steps(a_story_in(state))[-1]) == offices


def test_an_office_is_asked_again_only_when_something_changed() -> None:
    story = a_story(approved_by=[Lane.VETERINARY])
    assert office_keys(*steps(story)[-1]) == {}

    story.give(assessment("95", "70"))

    assert office_keys(*steps(story)[-1]) == dict.fromkeys(ALL_THREE, "review")


def test_offices_are_told_by_webhook_alone() -> None:
    assert audiences(Channel.WEBHOOK, ALL_THREE, is_told=True) == (FARMER, *ALL_THREE)
    assert audiences(Channel.SMS, ALL_THREE, is_told=True) == (FARMER,)
    assert audiences(Channel.CONSOLE, ALL_THREE, is_told=False) == ()


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        # Monday: the promise of fifteen minutes, then the first decision's.
        ("2026-11-23T10:00", When(at("2026-11-23T10:15"))),
        ("2026-11-23T07:50", When(at("2026-11-23T08:05"))),
        # An office that is closed by then says when it opens.
        ("2026-11-23T11:55", When(at("2026-11-23T14:00"), is_opening=True)),
        ("2026-11-23T22:40", When(at("2026-11-24T08:00"), is_opening=True)),
        ("2026-11-27T22:40", When(at("2026-11-30T08:00"), is_opening=True)),
        # National Day 2026: closed from 1 to 7 October.
        ("2026-09-30T22:40", When(at("2026-10-08T08:00"), is_opening=True)),
    ],
)
def test_who_reports_at_any_hour_hears_when_it_goes_on(now: str, expected: When) -> None:
    story = Story(facts(), at=at(now) - timedelta(seconds=6))
    story.give(a_report(occurred_at=at(now) - timedelta(hours=4)))
    story.verify()
    due = story.claim.report.due_at

    comes = next_step(story.claim, story.at, TIMES)

    assert comes.step is Step.REVIEW
    assert comes.when is not None
    wanted = expected if expected.is_opening else When(due)
    assert comes.when == wanted
    assert expected.is_opening or abs(due - expected.at) < timedelta(seconds=10)


def test_a_promise_that_has_passed_is_not_made_again() -> None:
    claim = a_claim(State.JOINT_REVIEW)
    tomorrow = claim.reported_at + timedelta(hours=24)

    after_the_promise = next_step(claim, claim.report.due_at, TIMES)
    after_all = next_step(claim, tomorrow, TIMES)

    assert after_the_promise.when == When(tomorrow)
    assert after_all.when is None


def _kept_back(kind: HoldKind) -> Claim:
    payable = a_claim(State.PAYABLE)
    hold = Hold(kind, payable.reported_at, MACHINE, kind, because=(FOR_ALL_PAYMENTS,))
    return replace(payable, holds=(hold,))


def test_a_days_limit_ends_with_the_day_and_a_stop_has_no_promised_end() -> None:
    noon = at("2026-11-23T12:00")

    limited = next_step(_kept_back(HoldKind.DAILY_LIMIT), noon, TIMES)
    stopped = next_step(_kept_back(HoldKind.STOP_PAYMENTS), noon, TIMES)

    assert limited.when == When(at("2026-11-24T00:00"), is_opening=True)
    assert (stopped.step, stopped.when) == (Step.RESUME, None)


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_next_step(state: State) -> None:
    claim = a_claim(state)

    assert next_step(claim, claim.reported_at, TIMES).step in Step


@pytest.mark.parametrize(
    ("text", "count"),
    [("a" * 160, 160), ("a€", 3), ("猪" * 70, 70), ("猪😀", 3), ("", 0)],
)
def test_places_are_counted_as_networks_count_them(text: str, count: int) -> None:
    assert places(text) == count


def test_a_long_message_is_cut_between_letters_and_says_the_same() -> None:
    for text in ("€" * 100, "猪😀" * 40, "x" * 161):
        cut = parts(text)

        assert "".join(cut) == text
        assert len(cut) > 1
        assert all(places(part) <= (153 if is_gsm_7(text) else 67) for part in cut)
        assert not is_one_message(text)


@pytest.mark.parametrize("written", ["13912345678", "+86 139-1234-5678", "8613912345678", "139 1234 5678"])
def test_a_mobile_number_is_kept_in_one_form(written: str) -> None:
    assert phone_number(written) == "+8613912345678"


@pytest.mark.parametrize("written", ["", "110", "１３９１２３４５６７８", "+0123456789", "139123456789x"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="no phone number"):
        phone_number(written)
