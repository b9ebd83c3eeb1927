"""Officers, their one-time login tokens, sessions and keys; the policy's report token."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import KeyId, OfficerId
from backend.domain.problems import NotAllowed, NotFound
from backend.domain.words import Lane
from backend.store import people, policies, tables
from tests.backend.store.county import County
from tests.builders import REPORTED_AT, SECOND, a_policy, an_officer

VET = an_officer(Lane.VETERINARY)
KEY = KeyId("key")
PUBLIC = bytes(range(32))


def test_an_officer_belongs_to_the_lane_of_the_organisation(county: County) -> None:
    for lane in (*Lane, None):
        officer = an_officer(lane)

        assert (
            county.store.engine.read(lambda c, one=officer: people.officer(c, one.id), EVERYWHERE) == officer
        )


def test_an_unknown_officer_is_not_found(county: County) -> None:
    with pytest.raises(NotFound, match="no officer nobody"):
        county.store.engine.read(lambda c: people.officer(c, OfficerId("nobody")), EVERYWHERE)


def test_a_login_token_is_spent_by_its_first_use(county: County) -> None:
    def use(token: str) -> OfficerId | None:
        return county.store.submit(lambda c: people.use_login_token(c, token)).result()

    assert use("guessed") is None
    assert use(f"login {VET.id}") == VET.id
    assert use(f"login {VET.id}") is None


def test_a_session_ends_when_it_says(county: County) -> None:
    ends = REPORTED_AT + timedelta(hours=12)
    county.store.submit(lambda c: people.open_session(c, "session", VET.id, ends)).result()

    def bearer(token: str, at: timedelta) -> object:
        return county.store.engine.read(lambda c: people.officer_of_session(c, token, ends + at), EVERYWHERE)

    assert bearer("session", -SECOND) == VET
    assert bearer("session", timedelta(0)) is None
    assert bearer("another", -SECOND) is None


def test_a_key_belongs_to_the_officer_who_registered_it(county: County) -> None:
    county.store.submit(lambda c: people.put_key(c, KEY, VET.id, PUBLIC, REPORTED_AT)).result()

    def key_of(officer_id: OfficerId) -> bytes | None:
        return county.store.engine.read(
            lambda c: people.public_key(c, KEY, officer_id, REPORTED_AT), EVERYWHERE
        )

    assert key_of(VET.id) == PUBLIC
    assert key_of(an_officer(Lane.INSURER).id) is None


def test_a_key_may_be_registered_again_but_not_by_someone_else(county: County) -> None:
    for _ in range(2):
        county.store.submit(lambda c: people.put_key(c, KEY, VET.id, PUBLIC, REPORTED_AT)).result()

    with pytest.raises(NotAllowed, match="another officer"):
        county.store.submit(
            lambda c: people.put_key(c, KEY, an_officer(Lane.INSURER).id, PUBLIC, REPORTED_AT)
        ).result()


def test_a_revoked_key_is_good_for_what_came_before(county: County) -> None:
    revoked = REPORTED_AT + timedelta(hours=1)
    keys = tables.officer_keys
    county.store.submit(lambda c: people.put_key(c, KEY, VET.id, PUBLIC, REPORTED_AT)).result()
    county.store.submit(
        lambda c: c.execute(update(keys).where(keys.c.key_id == KEY).values(revoked_at=revoked))
    ).result()

    def key_at(at: timedelta) -> bytes | None:
        return county.store.engine.read(lambda c: people.public_key(c, KEY, VET.id, revoked + at), EVERYWHERE)

    assert key_at(-SECOND) == PUBLIC
    assert key_at(timedelta(0)) is None


def test_a_report_token_names_its_policy(county: County) -> None:
    assert (
        county.store.engine.read(lambda c: policies.policy_of_token(c, "token 0"), EVERYWHERE)
        == a_policy().number
    )
    assert county.store.engine.read(lambda c: policies.policy_of_token(c, "token 9"), EVERYWHERE) is None


def test_a_policy_reads_back_as_it_was_registered(county: County) -> None:
    assert county.store.engine.read(lambda c: policies.policy(c, a_policy().number), EVERYWHERE) == a_policy()
