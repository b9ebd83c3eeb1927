"""What is done once two people have agreed, one function a kind of proposal."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from backend.domain.commands import DecideLane, RetryPayout
from backend.domain.effects import EffectKind
from backend.domain.four_eyes.proposal import Draft, Proposal
from backend.domain.four_eyes.words import ProposalKind
from backend.domain.ids import ClaimId, Digest, KeyId, OfficerId, OrganisationId, PolicyNumber
from backend.domain.parties import Officer, Payee
from backend.domain.sign_in.words import Message
from backend.domain.words import Decision, Lane, ReasonCode
from backend.store import claims, effects, payment_gate, people, policies
from backend.store.engine import Transaction
from backend.store.news import EFFECTS
from backend.store.run import Store
from backend.workflows import officers
from backend.workflows.farmers.letters import last_digits, tell
from backend.workflows.four_eyes.deciding import Hand
from backend.workflows.products import import_product
from backend.workflows.regulators import NewRegulator, admit
from backend.workflows.review import require_signed_decision

Done = Mapping[str, object]
THE_SWITCH = "payouts"
"""The subject of a proposal to resume payouts: there is one switch."""


def hands(store: Store, invitation_length: timedelta) -> Mapping[ProposalKind, Hand]:
    """Who carries out what, over this store; an invitation that comes of it is good for *invitation_length*."""
    return {
        ProposalKind.PRODUCT: partial(_bring_product, store),
        ProposalKind.PAYEE: _change_payee,
        ProposalKind.RESUME_PAYOUTS: partial(_resume_payouts, store),
        ProposalKind.PAYOUT_RETRY: partial(_retry_payout, store),
        ProposalKind.REJECTION: partial(_reject, store),
        ProposalKind.ADMINISTRATOR: _name_administrator,
        ProposalKind.REGULATOR: partial(_admit_regulator, invitation_length),
    }


def a_product(officer: Officer, label: str, content: str, reason: str) -> Draft:
    """A new version of a product, as its file says it."""
    return _draft(ProposalKind.PRODUCT, officer, label, {"content": content}, reason)


def a_payee(officer: Officer, number: PolicyNumber, payee: Payee, reason: str) -> Draft:
    """A policy pays someone else."""
    document = {"name": payee.name, "account": payee.account}
    return _draft(ProposalKind.PAYEE, officer, number, document, reason)


def a_payee_asked_for(
    organisation: OrganisationId, asked_by: str, number: PolicyNumber, payee: Payee, reason: str
) -> Draft:
    """A farmer's wish to be paid elsewhere: two officers of the insurer agree to it."""
    return Draft(
        kind=ProposalKind.PAYEE,
        subject=number,
        document={"name": payee.name, "account": payee.account},
        organisation=organisation,
        asked_by=asked_by,
        officer=None,
        reason=reason,
    )


def a_resumption(officer: Officer, reason: str) -> Draft:
    """Payouts leave again."""
    return _draft(ProposalKind.RESUME_PAYOUTS, officer, THE_SWITCH, {}, reason)


def a_payout_retry(claim_id: ClaimId, command: RetryPayout) -> Draft:
    """A payout is made anew because the account's statement does not show it."""
    document = {"claim_id": str(claim_id)}
    return _draft(ProposalKind.PAYOUT_RETRY, command.officer, str(claim_id), document, command.reason)


def a_rejection(claim_id: ClaimId, command: DecideLane) -> Draft:
    """A signed rejection of a claim above the sum."""
    document = {
        "claim_id": str(claim_id),
        "lane": command.lane,
        "evidence_hash": command.evidence_hash,
        "offer_hash": command.offer_hash,
        "key_id": command.key_id,
        "signature": command.signature,
        "reason_code": command.reason_code,
        "note": command.note,
        "on_behalf_of": command.on_behalf_of,
    }
    return _draft(ProposalKind.REJECTION, command.officer, str(claim_id), document, command.note)


def an_administrator(officer: Officer, subject: OfficerId, reason: str, *, becomes: bool) -> Draft:
    """An officer becomes an administrator, or is one no longer."""
    return _draft(ProposalKind.ADMINISTRATOR, officer, subject, {"is_administrator": becomes}, reason)


def a_regulator(officer: Officer, wanted: NewRegulator, reason: str) -> Draft:
    """A regulator may read aggregates."""
    document = {
        "name": wanted.name,
        "region": wanted.region,
        "officer": wanted.officer,
        "officer_name": wanted.officer_name,
        "token_hash": wanted.token_hash,
    }
    return _draft(ProposalKind.REGULATOR, officer, wanted.organisation, document, reason)


def _draft(
    kind: ProposalKind, officer: Officer, subject: str, document: Mapping[str, object], reason: str
) -> Draft:
    return Draft(
        kind=kind,
        subject=subject,
        document=document,
        organisation=officer.organisation,
        asked_by=officer.id,
        officer=officer.id,
        reason=reason,
    )


def _first(connection: Transaction, proposal: Proposal) -> Officer:
    """The first of the two; the second one is who carries it out."""
    if proposal.draft.officer is None:
        raise RuntimeError(f"proposal {proposal.id} is carried out with one hand")
    return people.officer(connection, proposal.draft.officer)


def _bring_product(
    store: Store, connection: Transaction, proposal: Proposal, _second: Officer, at: datetime
) -> Done:
    content = str(proposal.draft.document["content"]).encode()
    first = _first(connection, proposal)
    return import_product(connection, store.products, content, first, at, dry_run=False)


def _change_payee(connection: Transaction, proposal: Proposal, _second: Officer, at: datetime) -> Done:
    number = PolicyNumber(proposal.draft.subject)
    payee = Payee(str(proposal.draft.document["name"]), str(proposal.draft.document["account"]))
    policies.change_payee(connection, number, payee, at)
    farm_id = policies.policy(connection, number).farm_id
    tell(connection, Message.PAYEE_CHANGED, farm_id, at, policy=last_digits(number))
    return {"policy_number": number, "payee": payee.name, "account_last4": payee.account_last4}


def _resume_payouts(
    store: Store, connection: Transaction, proposal: Proposal, second: Officer, at: datetime
) -> Done:
    turned = payment_gate.turn(connection, second, stopped=False, reason=proposal.draft.reason, at=at)
    if turned:
        effects.hurry(connection, EffectKind.PAY, at)
        store.engine.announce(connection, EFFECTS)
    return {"changed": turned}


def _retry_payout(
    store: Store, connection: Transaction, proposal: Proposal, _second: Officer, at: datetime
) -> Done:
    claim_id = ClaimId(UUID(str(proposal.draft.document["claim_id"])))
    first, reason = _first(connection, proposal), proposal.draft.reason
    command = RetryPayout(officer=first, reason=reason, is_missing_from_statement=True)
    outcome = store.carry_out(connection, claim_id, command, at)
    return {"claim": claims.number_of(connection, claim_id), "state": outcome.claim.state}


def _reject(store: Store, connection: Transaction, proposal: Proposal, second: Officer, at: datetime) -> Done:
    said = proposal.draft.document
    claim_id = ClaimId(UUID(str(said["claim_id"])))
    command = DecideLane(
        officer=_first(connection, proposal),
        lane=Lane(str(said["lane"])),
        decision=Decision.REJECT,
        evidence_hash=Digest(str(said["evidence_hash"])),
        offer_hash=Digest(str(said["offer_hash"])),
        key_id=KeyId(str(said["key_id"])),
        signature=str(said["signature"]),
        reason_code=ReasonCode(str(said["reason_code"])),
        note=str(said["note"]),
        on_behalf_of=OrganisationId(str(said["on_behalf_of"])) if said["on_behalf_of"] else None,
    )
    # Checked again: since it was proposed the key may have been found to be stolen.
    require_signed_decision(connection, claim_id, at, command=command)
    # Whoever may not decide on this claim is no second pair of eyes for it either.
    store.try_out(connection, claim_id, replace(command, officer=second), at)
    outcome = store.carry_out(connection, claim_id, command, at)
    return {"claim": claims.number_of(connection, claim_id), "state": outcome.claim.state}


def _name_administrator(connection: Transaction, proposal: Proposal, second: Officer, at: datetime) -> Done:
    becomes = bool(proposal.draft.document["is_administrator"])
    subject = OfficerId(proposal.draft.subject)
    officers.name_administrator(connection, subject, second, proposal.draft.reason, at, becomes=becomes)
    return {"officer": subject, "is_administrator": becomes}


def _admit_regulator(
    invitation_length: timedelta, connection: Transaction, proposal: Proposal, second: Officer, at: datetime
) -> Done:
    said = proposal.draft.document
    wanted = NewRegulator(
        organisation=OrganisationId(proposal.draft.subject),
        name=str(said["name"]),
        region=str(said["region"]),
        officer=OfficerId(str(said["officer"])),
        officer_name=str(said["officer_name"]),
        token_hash=str(said["token_hash"]),
    )
    admit(connection, wanted, second, at, invitation_length)
    until = at + invitation_length
    return {"organisation": wanted.organisation, "officer": wanted.officer, "expires_at": until.isoformat()}
