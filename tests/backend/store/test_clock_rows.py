"""What lists of claims at risk read: a clock that stands still has no moment to fear."""

from datetime import timedelta

from backend.domain.clocks.deadlines import ClockName
from backend.domain.commands import PlaceHold, ReleaseHold
from backend.domain.words import HoldKind, Lane
from backend.store.clock_rows import rows_of
from backend.timetables.load import timetable
from tests.builders import an_officer
from tests.stories import Story, a_story

FOUR_FIFTHS = timedelta(minutes=12)


def payout_row(story: Story) -> dict[str, object]:
    found = {row["clock"]: row for row in rows_of(story.claim, timetable())}
    return found[ClockName.PAYOUT]


def test_a_clock_that_was_at_risk_when_it_stopped_is_at_risk_no_more() -> None:
    story = a_story()
    story.give(
        PlaceHold(officer=an_officer(Lane.VETERINARY), kind=HoldKind.QUARANTINE, reason="zone"),
        after=FOUR_FIFTHS,
    )

    row = payout_row(story)

    assert (row["at_risk_at"], row["due_at"]) == (None, None)


def test_it_is_at_risk_again_when_it_goes_on() -> None:
    story = a_story()
    story.give(
        PlaceHold(officer=an_officer(Lane.VETERINARY), kind=HoldKind.QUARANTINE, reason="zone"),
        after=FOUR_FIFTHS,
    )
    story.give(
        ReleaseHold(officer=an_officer(Lane.INSURER), kind=HoldKind.QUARANTINE, reason="lifted"),
        after=timedelta(days=1),
    )

    row = payout_row(story)

    assert row["at_risk_at"] is not None
    assert row["due_at"] is not None
    assert row["due_at"] > story.at  # type: ignore[operator]
