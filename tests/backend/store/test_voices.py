"""Rows of ratings and tickets are what the events say, and who may answer is looked up with how busy they are."""

from datetime import timedelta

from sqlalchemy import insert, update

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import OfficerId
from backend.domain.tickets.owner import Candidate
from backend.domain.words import Lane
from backend.store import people, voices
from backend.store.duty_tables import service_officers
from backend.store.rating_tables import claim_voices, tickets
from backend.store.replay import replay
from tests.backend.store.county import County
from tests.builders import an_officer
from tests.voices import a_rating, closing, taking

INSURER, VET = an_officer(Lane.INSURER), an_officer(Lane.VETERINARY)


def faults(county: County) -> list[str]:
    return county.store.engine.read(
        lambda connection: replay(connection, lambda _what, _done: None), EVERYWHERE
    ).faults


def test_rows_follow_the_events_and_a_changed_one_is_found(county: County) -> None:
    county.report()
    county.give(a_rating(reporting=1, words="nobody called"))
    for command in (taking(), closing(), a_rating(reporting=2)):
        county.give(command)

    [voice] = county.rows(claim_voices)
    [closed, reopened] = sorted(county.rows(tickets), key=lambda row: row.no)
    assert (voice.reporting, voice.payment, voice.recommend) == (2, None, None)
    assert (closed.reason, closed.closed_at is not None, reopened.closed_at) == ("explained", True, None)
    assert faults(county) == []

    county.store.submit(lambda c: c.execute(update(claim_voices).values(reporting=5))).result()
    assert len(faults(county)) == 1


def test_those_who_may_answer_are_the_insurers_and_are_not_suspended(county: County) -> None:
    policy = county.report().report.policy
    rows = [
        {"county": policy.county, "officer_id": one.id, "level": level, "named_by": "x"}
        for one, level in ((INSURER, 2), (VET, 1))
    ]
    county.store.submit(lambda c: c.execute(insert(service_officers), rows)).result()

    def found() -> tuple[Candidate, ...]:
        now = county.clock()
        return county.store.engine.read(lambda c: voices.candidates(c, policy.county, now), EVERYWHERE)

    assert found() == (Candidate(INSURER.id, 2, 0),)
    county.give(a_rating(reporting=1))
    assert found() == (Candidate(INSURER.id, 2, 1),)
    left = county.clock() - timedelta(seconds=1)
    county.store.submit(lambda c: people.suspend(c, OfficerId(INSURER.id), left)).result()
    assert found() == ()
