"""Roles, rules and sights: who passes, and what is seen."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.authority.rule import ANYONE, OFFICERS, OFFICES, Rule, roles_of
from backend.domain.authority.sight import EVERYWHERE, NOWHERE, Sight
from backend.domain.authority.words import Role
from backend.domain.ids import ClaimId, PolicyNumber
from backend.domain.words import Lane
from tests.builders import an_officer

CLAIM, COUNTY, POLICY = ClaimId(UUID(int=1)), "430121", PolicyNumber("P-1")
ROLES = st.frozensets(st.sampled_from(Role))


@pytest.mark.parametrize(
    ("lane", "role"),
    [
        (Lane.INSURER, Role.INSURER),
        (Lane.VETERINARY, Role.VETERINARY),
        (Lane.INSPECTION, Role.INSPECTION),
        (None, Role.COLLECTOR),
    ],
)
def test_an_officer_holds_the_role_of_the_lane_and_an_administrator_one_more(
    lane: Lane | None, role: Role
) -> None:
    officer = an_officer(lane)

    assert roles_of(officer) == {role}
    assert roles_of(replace(officer, is_administrator=True)) == {role, Role.ADMINISTRATOR}


@given(roles=ROLES, held=ROLES)
def test_a_rule_lets_pass_who_holds_one_of_its_roles_and_everybody_where_it_is_public(
    roles: frozenset[Role], held: frozenset[Role]
) -> None:
    assert Rule(roles).allows(held) == (Role.PUBLIC in roles or bool(roles & held))


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        ((Role.INSURER,), "insurer's"),
        (OFFICERS, "officer's session"),
        (OFFICES, "inspection office"),
        ((Role.FARMER, Role.INSURER), "farmer, insurer"),
    ],
)
def test_whom_a_rule_refuses_is_told_for_whom_it_is(roles: tuple[Role, ...], words: str) -> None:
    assert words in Rule(frozenset(roles)).says


def test_the_holder_of_a_link_has_not_signed_in() -> None:
    assert Role.LINK not in ANYONE
    assert not Rule(frozenset(ANYONE)).allows({Role.LINK})


@pytest.mark.parametrize(
    ("sight", "is_seen"),
    [
        (EVERYWHERE, True),
        (NOWHERE, False),
        (Sight(counties=frozenset({COUNTY})), True),
        (Sight(counties=frozenset({"430124"})), False),
        (Sight(policies=frozenset({POLICY})), True),
        (Sight(claims=frozenset({CLAIM})), True),
        (Sight(claims=frozenset({ClaimId(UUID(int=2))})), False),
    ],
)
def test_a_claim_is_seen_by_its_county_its_policy_or_itself(sight: Sight, *, is_seen: bool) -> None:
    assert sight.sees(claim=CLAIM, county=COUNTY, policy=POLICY) is is_seen


def test_one_county_alone_is_named_for_the_index_and_nothing_less_or_more() -> None:
    one = Sight(counties=frozenset({COUNTY}))

    assert one.only_county == COUNTY
    assert replace(one, claims=frozenset({CLAIM})).only_county is None
    assert replace(one, counties=frozenset({COUNTY, "430124"})).only_county is None
    assert (EVERYWHERE.only_county, NOWHERE.only_county) == (None, None)
