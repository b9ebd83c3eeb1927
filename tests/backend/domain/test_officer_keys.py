"""Keys of officers: when they sign, and who may say whose they are."""

from dataclasses import replace
from datetime import timedelta

import pytest

from backend.domain.four_eyes.problems import SamePerson
from backend.domain.ids import KeyId, OfficerId
from backend.domain.officer_keys.key import (
    OfficerKey,
    approval_document,
    fingerprint,
    require_first_at_the_server,
    require_may_approve,
    require_signs,
    sign_in_document,
)
from backend.domain.officer_keys.problems import (
    ColleagueApproves,
    KeyDecided,
    KeyPending,
    KeyRefused,
    KeyRevoked,
)
from backend.domain.officer_keys.words import Revocation
from backend.domain.parties import Officer
from backend.domain.problems import NotAllowed
from backend.domain.words import Lane
from tests.builders import REPORTED_AT, SECOND, an_officer

NOW = REPORTED_AT + timedelta(days=1)
OWNER = an_officer(Lane.VETERINARY)


def administrator(name: str, lane: Lane = Lane.VETERINARY) -> Officer:
    return replace(an_officer(lane, name=name), is_administrator=True)


SECOND_ONE = administrator("wang")
PENDING = OfficerKey(
    id=KeyId("5f3a9c1e5b7d4e2a"), officer=OWNER.id, public=bytes(32), registered_at=REPORTED_AT
)
APPROVED = replace(PENDING, approved_at=REPORTED_AT)


def test_an_approved_key_signs() -> None:
    require_signs(APPROVED, NOW)


def test_a_pending_key_signs_nothing() -> None:
    with pytest.raises(KeyPending, match="5F3A 9C1E 5B7D 4E2A"):
        require_signs(PENDING, NOW)


def test_a_key_signs_nothing_from_before_its_approval() -> None:
    with pytest.raises(KeyPending):
        require_signs(APPROVED, REPORTED_AT - SECOND)


def test_a_refused_key_never_signs() -> None:
    with pytest.raises(KeyRefused):
        require_signs(replace(PENDING, refused_at=REPORTED_AT), NOW)


def test_a_revoked_key_signs_until_its_end() -> None:
    revoked = replace(APPROVED, revoked_at=NOW, revocation=Revocation.STOLEN)

    require_signs(revoked, NOW - SECOND)
    with pytest.raises(KeyRevoked, match="stolen"):
        require_signs(revoked, NOW)


def test_another_administrator_of_the_organisation_approves() -> None:
    require_may_approve(PENDING, OWNER, SECOND_ONE, None, NOW)


@pytest.mark.parametrize(
    "approver", [an_officer(Lane.VETERINARY, name="wang"), administrator("wu", Lane.INSURER)]
)
def test_nobody_else_does(approver: Officer) -> None:
    with pytest.raises(NotAllowed, match="an administrator of org-veterinary"):
        require_may_approve(PENDING, OWNER, approver, None, NOW)


def test_nobody_approves_their_own_key_nor_that_of_whom_they_invited() -> None:
    owner = replace(OWNER, is_administrator=True)

    with pytest.raises(SamePerson, match="their own"):
        require_may_approve(PENDING, owner, owner, None, NOW)
    with pytest.raises(SamePerson, match="you invited"):
        require_may_approve(PENDING, OWNER, SECOND_ONE, SECOND_ONE.id, NOW)


def test_a_key_is_approved_once() -> None:
    with pytest.raises(KeyDecided, match="approved"):
        require_may_approve(APPROVED, OWNER, SECOND_ONE, None, NOW)


@pytest.mark.parametrize(
    ("is_administrator", "working", "could", "may"),
    [
        (True, 0, 0, True),
        (True, 1, 1, True),  # the second of the first two
        (True, 2, 2, False),
        (False, 1, 0, True),  # the only administrator invited them
        (False, 1, 1, False),
    ],
)
def test_the_servers_shell_stands_in_for_nobody_who_is_there(
    is_administrator: bool,  # noqa: FBT001 - a case's column
    working: int,
    could: int,
    may: bool,  # noqa: FBT001 - a case's column
) -> None:
    owner = replace(OWNER, is_administrator=is_administrator)

    if may:
        require_first_at_the_server(PENDING, owner, working=working, could_approve=could, at=NOW)
        return
    with pytest.raises(ColleagueApproves):
        require_first_at_the_server(PENDING, owner, working=working, could_approve=could, at=NOW)


def test_two_people_read_the_same_fingerprint_to_each_other() -> None:
    assert fingerprint(KeyId("5f3a9c1e5b7d4e2a9c6f1d2e3f4a5b6c")) == "5F3A 9C1E 5B7D 4E2A 9C6F 1D2E 3F4A 5B6C"


def test_what_is_signed_names_what_it_is_for() -> None:
    assert approval_document(key_id=KeyId("k"), officer=OfficerId("o")) == (
        b'{"key_id":"k","officer":"o","purpose":"flashclaim/key-approval/1"}'
    )
    assert sign_in_document(challenge="c", server="s") == (
        b'{"challenge":"c","purpose":"flashclaim/sign-in/1","server":"s"}'
    )
