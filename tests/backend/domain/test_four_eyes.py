"""Who may be the second of two people, and until when."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from backend.domain.four_eyes.problems import ProposalOver, SamePerson
from backend.domain.four_eyes.proposal import (
    Draft,
    Proposal,
    is_for,
    require_may_decide,
    require_role,
    require_second,
)
from backend.domain.four_eyes.words import Ending, ProposalKind
from backend.domain.parties import Officer
from backend.domain.problems import NotAllowed
from backend.domain.words import Lane
from tests.builders import REPORTED_AT, SECOND, an_officer

FIRST = an_officer(Lane.INSURER)
OTHER = an_officer(Lane.INSURER, name="wang")
WEEK = timedelta(days=7)


def a_proposal(kind: ProposalKind = ProposalKind.PAYEE, subject: str = "P-1") -> Proposal:
    draft = Draft(
        kind=kind,
        subject=subject,
        document={},
        organisation=FIRST.organisation,
        asked_by=FIRST.id,
        officer=FIRST.id,
        reason="a new card",
    )
    return Proposal(id=UUID(int=1), draft=draft, proposed_at=REPORTED_AT, expires_at=REPORTED_AT + WEEK)


def test_a_colleague_is_the_second_person() -> None:
    require_may_decide(a_proposal(), OTHER, REPORTED_AT)
    require_second(a_proposal(), OTHER)


def test_whoever_proposed_is_not() -> None:
    with pytest.raises(SamePerson):
        require_second(a_proposal(), FIRST)


def test_nobody_decides_about_themselves() -> None:
    administrator = replace(OTHER, is_administrator=True)

    with pytest.raises(SamePerson, match="about yourself"):
        require_may_decide(a_proposal(ProposalKind.ADMINISTRATOR, OTHER.id), administrator, REPORTED_AT)


def test_another_offices_officer_does_not_decide() -> None:
    with pytest.raises(NotAllowed, match="officers of org-insurer"):
        require_may_decide(a_proposal(), an_officer(Lane.INSURER, organisation="next-county"), REPORTED_AT)


def test_a_proposal_expires_by_itself() -> None:
    waiting = a_proposal()

    require_may_decide(waiting, OTHER, REPORTED_AT + WEEK - SECOND)
    assert waiting.ending_at(REPORTED_AT + WEEK) is Ending.EXPIRED
    with pytest.raises(ProposalOver, match="expired"):
        require_may_decide(waiting, OTHER, REPORTED_AT + WEEK)


def test_what_was_decided_stays_decided() -> None:
    approved = replace(a_proposal(), ending=Ending.APPROVED)

    assert approved.ending_at(REPORTED_AT + WEEK) is Ending.APPROVED
    with pytest.raises(ProposalOver, match="approved"):
        require_may_decide(approved, OTHER, REPORTED_AT)


@pytest.mark.parametrize(
    ("kind", "officer", "may"),
    [
        (ProposalKind.PRODUCT, an_officer(Lane.INSURER), True),
        (ProposalKind.PRODUCT, an_officer(Lane.VETERINARY), False),
        (ProposalKind.RESUME_PAYOUTS, an_officer(None), False),
        (ProposalKind.REJECTION, an_officer(Lane.VETERINARY), True),
        (ProposalKind.ADMINISTRATOR, an_officer(None), False),
        (ProposalKind.ADMINISTRATOR, replace(an_officer(None), is_administrator=True), True),
        (ProposalKind.REGULATOR, an_officer(Lane.INSURER), False),
        (ProposalKind.REGULATOR, replace(an_officer(Lane.VETERINARY), is_administrator=True), False),
        (ProposalKind.REGULATOR, replace(an_officer(Lane.INSURER), is_administrator=True), True),
    ],
)
def test_each_kind_is_for_its_people(kind: ProposalKind, officer: Officer, *, may: bool) -> None:
    assert is_for(kind, officer) is may
    if not may:
        with pytest.raises(NotAllowed):
            require_role(kind, officer)
