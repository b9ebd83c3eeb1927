"""Officers, their invitations, sessions and keys; the policy's card."""

from datetime import timedelta
from typing import Any

import pytest

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import KeyId, OfficerId
from backend.domain.officer_keys.problems import InvitationOver
from backend.domain.officer_keys.words import KeyStanding, Revocation
from backend.domain.problems import NotAllowed, NotFound, NotSignedIn
from backend.domain.words import Lane
from backend.store import invitations, officer_keys, people, policies, sessions
from tests.backend.store.county import County
from tests.builders import REPORTED_AT, SECOND, a_policy, an_officer

VET = an_officer(Lane.VETERINARY)
KEY = KeyId("key")
PUBLIC = bytes(range(32))
IDLE, LENGTH = timedelta(minutes=30), timedelta(hours=12)


def told(county: County, work: Any) -> Any:
    return county.store.submit(work).result()


def seen(county: County, work: Any) -> Any:
    return county.store.engine.read(work, EVERYWHERE)


def test_an_officer_belongs_to_the_lane_of_the_organisation(county: County) -> None:
    for lane in (*Lane, None):
        officer = an_officer(lane)

        assert seen(county, lambda c, one=officer: people.officer(c, one.id)) == officer


def test_an_unknown_officer_is_not_found(county: County) -> None:
    with pytest.raises(NotFound, match="no officer nobody"):
        seen(county, lambda c: people.officer(c, OfficerId("nobody")))


def test_an_invitation_is_spent_by_its_first_use(county: County) -> None:
    ends = REPORTED_AT + timedelta(days=7)
    told(county, lambda c: invitations.put(c, VET.id, "token", None, REPORTED_AT, ends))

    with pytest.raises(NotSignedIn, match="unknown"):
        told(county, lambda c: invitations.use(c, "guessed", REPORTED_AT))
    assert told(county, lambda c: invitations.use(c, "token", REPORTED_AT)) == VET.id
    with pytest.raises(InvitationOver, match="was used"):
        told(county, lambda c: invitations.use(c, "token", REPORTED_AT))


def test_an_invitation_ends_and_a_newer_one_takes_its_place(county: County) -> None:
    ends = REPORTED_AT + timedelta(days=7)
    told(county, lambda c: invitations.put(c, VET.id, "older", None, REPORTED_AT, ends))
    told(county, lambda c: invitations.put(c, VET.id, "newer", None, REPORTED_AT, ends))

    with pytest.raises(InvitationOver, match="was withdrawn"):
        told(county, lambda c: invitations.use(c, "older", REPORTED_AT))
    with pytest.raises(InvitationOver, match="not used in time"):
        told(county, lambda c: invitations.use(c, "newer", ends))


def opened(county: County) -> None:
    told(
        county,
        lambda c: sessions.put(c, "session", VET.id, "desk", REPORTED_AT, idle=IDLE, length=LENGTH),
    )


def bearer(county: County, after: timedelta, token: str = "session") -> Any:
    return seen(county, lambda c: sessions.bearer(c, token, REPORTED_AT + after))


def test_a_session_that_nobody_uses_ends(county: County) -> None:
    opened(county)

    assert bearer(county, IDLE - SECOND).officer == VET
    assert bearer(county, IDLE) is None
    assert bearer(county, SECOND, "another") is None


def test_a_session_in_use_goes_on_to_its_absolute_end_and_no_further(county: County) -> None:
    opened(county)
    step = IDLE - SECOND
    for time in range(1, int(LENGTH / step) + 1):
        at = REPORTED_AT + time * step
        told(county, lambda c, at=at: sessions.see(c, "session", at, IDLE))

    assert bearer(county, LENGTH - SECOND).officer == VET
    assert bearer(county, LENGTH) is None


def test_use_is_written_once_a_minute_at_most(county: County) -> None:
    opened(county)
    soon, later = REPORTED_AT + timedelta(seconds=59), REPORTED_AT + timedelta(seconds=60)

    told(county, lambda c: sessions.see(c, "session", soon, IDLE))
    assert bearer(county, timedelta(seconds=59)).seen_at == REPORTED_AT

    told(county, lambda c: sessions.see(c, "session", later, IDLE))
    assert bearer(county, timedelta(seconds=60)).seen_at == later


def test_whoever_is_suspended_acts_no_more_from_then_on(county: County) -> None:
    opened(county)
    told(county, lambda c: people.suspend(c, VET.id, REPORTED_AT + timedelta(minutes=5)))

    assert bearer(county, timedelta(minutes=5) - SECOND).officer == VET
    assert bearer(county, timedelta(minutes=5)) is None


def test_a_key_belongs_to_the_officer_who_registered_it(county: County) -> None:
    told(county, lambda c: officer_keys.put(c, KEY, VET.id, PUBLIC, REPORTED_AT))

    found = seen(county, lambda c: officer_keys.one(c, KEY))

    assert (found.officer, found.public, found.standing(REPORTED_AT)) == (
        VET.id,
        PUBLIC,
        KeyStanding.PENDING,
    )


def test_a_key_may_be_registered_again_but_not_by_someone_else(county: County) -> None:
    is_new = [told(county, lambda c: officer_keys.put(c, KEY, VET.id, PUBLIC, REPORTED_AT)) for _ in range(2)]

    assert is_new == [True, False]
    with pytest.raises(NotAllowed, match="another officer"):
        told(
            county,
            lambda c: officer_keys.put(c, KEY, an_officer(Lane.INSURER).id, PUBLIC, REPORTED_AT),
        )


def test_a_revoked_key_is_good_for_what_came_before(county: County) -> None:
    revoked = REPORTED_AT + timedelta(hours=1)
    told(county, lambda c: officer_keys.put(c, KEY, VET.id, PUBLIC, REPORTED_AT))
    told(county, lambda c: officer_keys.approve(c, KEY, REPORTED_AT))
    told(county, lambda c: officer_keys.revoke(c, KEY, revoked, Revocation.STOLEN))

    key = seen(county, lambda c: officer_keys.one(c, KEY))

    assert key.standing(revoked - SECOND) is KeyStanding.APPROVED
    assert key.standing(revoked) is KeyStanding.REVOKED


def test_a_card_names_its_policy(county: County) -> None:
    assert seen(county, lambda c: policies.policy_of_card(c, "token 0")) == a_policy().number
    assert seen(county, lambda c: policies.policy_of_card(c, "token 9")) is None


def test_a_policy_reads_back_as_it_was_registered(county: County) -> None:
    assert seen(county, lambda c: policies.policy(c, a_policy().number)) == a_policy()
