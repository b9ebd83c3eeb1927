"""Assisted reports 代办报案: the farmer is asked, agrees by a code or with the card, and is reported for once."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

import structlog

from backend.domain.assistance.problems import AssistanceNeeded, FarmerHasPhone
from backend.domain.assistance.words import GOOD_FOR, Assistance, Proof
from backend.domain.commands import Report
from backend.domain.ids import ClaimId, FarmId, OfficerId, PolicyNumber
from backend.domain.officer_keys.problems import OfficerSuspended
from backend.domain.parties import Officer
from backend.domain.problems import FieldError, InvalidInput, NotAllowed, NotFound
from backend.domain.sign_in.limits import CodeLimits
from backend.domain.sign_in.words import CodeFor
from backend.store import assistances, contacts, duties, farmer_codes, farmer_sessions, invitations, people
from backend.store import policies as policy_rows
from backend.store.assistances import Consent
from backend.store.engine import Transaction
from backend.texts.notices import spoken
from backend.workflows.farmers.letters import last_digits, send_code
from backend.workflows.farmers.sign_in import Tokens, is_within_county, require_rates
from backend.workflows.secrets import phone_code_hash, token_hash

_ASKED = UUID("5a1e6b55-6a83-5c1d-9a46-0d1b4a3f2c7e")
_LONGEST_NAME, _LONGEST_OFFICE = 8, 12
"""Letters of a name in a message: with these the longest one still is a single text message."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Somebody wants to report one claim under one policy for its farmer."""

    officer: Officer
    claim_id: ClaimId
    policy: PolicyNumber
    in_advance: bool

    @property
    def purpose(self) -> CodeFor:
        """What the farmer's message says."""
        return CodeFor.ASSISTED_ADVANCE if self.in_advance else CodeFor.ASSISTED

    def request(self, named: UUID) -> UUID:
        """The request under which the code is kept: it holds who asked for which claim of which policy."""
        return uuid5(_ASKED, f"{named}/{self.officer.id}/{self.policy}/{self.claim_id}")


def ask_for_code(connection: Transaction, wish: Wish, named: UUID, limits: CodeLimits, at: datetime) -> None:
    """Send the farm's contact phone a code that names who asks; the same is said where nothing is sent.

    Nothing is sent for a policy of another county, or of none: agents learn no policy's number by asking.

    Raises:
        TooManyRequests: For this policy, or by this officer; whether or not there is such a policy.
    """
    officer = wish.officer
    farm_id = _farm(connection, wish.policy, officer)
    county = duties.county_of(connection, officer.organisation)
    if not is_within_county(connection, county, limits, at) and farm_id:
        log.warning("assisting.code_withheld", why="county")
        farm_id = None
    facts = {
        "name": spoken(officer.name)[:_LONGEST_NAME],
        "office": spoken(people.office_name(connection, officer.organisation))[:_LONGEST_OFFICE],
        "policy": last_digits(wish.policy),
    }
    if send_code(connection, wish.request(named), wish.purpose, farm_id, at, **facts):
        require_rates(connection, f"code/assisted/{wish.policy}", limits.number, at, "codes for one policy")
        require_rates(connection, f"code/officer/{officer.id}", limits.address, at, "codes by one person")


def by_code(connection: Transaction, wish: Wish, named: UUID, code: str, at: datetime) -> Consent | None:
    """The farmer's consent by the code that was sent; None: code, request, policy and claim do not belong together.

    A wrong try counts with the transaction: whoever refuses it commits all the same.
    """
    if standing := _standing(connection, wish, at):
        return standing
    farm_id = _farm(connection, wish.policy, wish.officer) or FarmId("")
    phone = contacts.contact(connection, farm_id).phone or ""
    asked = wish.request(named)
    if not farmer_codes.spend(connection, asked, wish.purpose, phone_code_hash(asked, phone, code), at):
        return None
    return _keep(connection, wish, Proof.CONTACT_PHONE, at)


def by_card(
    connection: Transaction, officer: Officer, claim_id: ClaimId, card: str, at: datetime
) -> Consent | None:
    """The farmer's consent with the policy card; None: no policy of the officer's county has it.

    Raises:
        FarmerHasPhone: A code can be sent instead.
    """
    number = policy_rows.policy_of_card(connection, token_hash(card))
    farm_id = None if number is None else _farm(connection, number, officer)
    if number is None or farm_id is None:
        return None
    wish = Wish(officer=officer, claim_id=claim_id, policy=number, in_advance=False)
    if standing := _standing(connection, wish, at):
        return standing
    if contacts.contact(connection, farm_id).phone:
        raise FarmerHasPhone("the farm of this card has a contact phone")
    return _keep(connection, wish, Proof.POLICY_CARD, at)


def assisted(connection: Transaction, command: Report, officer: Officer, at: datetime) -> Report:
    """The report with the farmer's consent to it, where one stands behind it.

    An officer of an office may report what a farmer told them by telephone without a code, as ever; such a report is
    not assisted, agrees to nothing, and all the same others decide. A village agent may not.

    Raises:
        AssistanceNeeded: The farmer has not let this agent report this claim under this policy.
        InvalidInput: The report agrees in advance, and no code of the farmer's says so.
    """
    found = assistances.consent(connection, command.claim_id, at)
    if found and (found.officer, found.policy) == (officer.id, command.policy_number):
        if command.accept_in_advance and not found.accepts_in_advance:
            errors = [
                FieldError("/accept_in_advance", "the farmer's code did not say so: ask for one that does")
            ]
            raise InvalidInput("the farmer agreed to be reported for, and to no sum", errors=errors)
        # By a phone everybody comes as an agent; the report says what they are.
        is_agent = people.officer(connection, officer.id).is_agent
        helped = Assistance(officer.id, officer.name, officer.organisation, is_agent, found.proof)
        return replace(command, assistance=helped)
    if assistances.has_assisted(connection, officer.id, command.claim_id):
        return command
    if officer.is_agent:
        raise AssistanceNeeded(f"no farmer's code stands behind claim {command.claim_id}")
    if command.accept_in_advance:
        errors = [
            FieldError("/accept_in_advance", "takes the farmer's code: flashclaim claim assist --advance")
        ]
        raise InvalidInput("nobody agrees to a sum for a farmer", errors=errors)
    return command


def require_open(connection: Transaction, officer: Officer, policy: PolicyNumber, at: datetime) -> None:
    """Refuse an agent whom the policy's farmer has not let report now.

    Raises:
        NotFound: No consent stands: the policy is as unknown to them as one that is not there.
    """
    if officer.is_agent and not assistances.is_open(connection, officer.id, policy, at):
        raise NotFound("policy", policy)


def open_on_phone(
    connection: Transaction, token: str, session_id: UUID, device: str, tokens: Tokens, at: datetime
) -> Officer:
    """Spend an invitation's token: its holder reports for farmers from this phone, and from no other any more.

    Raises:
        NotSignedIn, InvitationOver: No such token, or one that is good no more.
        OfficerSuspended: Who it is for acts no more.
        NotAllowed: A regulator acts on no claim.
    """
    officer = people.officer(connection, invitations.use(connection, token_hash(token), at))
    if people.active(connection, officer.id, at) is None:
        raise OfficerSuspended(f"{officer.id} acts no more")
    if officer.is_regulator:
        raise NotAllowed("a regulator acts on no claim")
    farmer_sessions.open_for_agent(connection, session_id, tokens.kept, at, device=device, officer=officer.id)
    return officer


def on_phone(connection: Transaction, officer_id: OfficerId, at: datetime) -> Officer | None:
    """Who comes by a phone that was signed in so: an agent, whatever else they are; None who acts no more."""
    found = people.active(connection, officer_id, at)
    return found and replace(found, lane=None, is_administrator=False, is_agent=True)


def _farm(connection: Transaction, number: PolicyNumber, officer: Officer) -> FarmId | None:
    """The farm of a policy of the officer's own county; None: there is none."""
    try:
        policy = policy_rows.policy(connection, number)
    except NotFound:
        return None
    is_near = policy.county == duties.county_of(connection, officer.organisation)
    return policy.farm_id if is_near else None


def _standing(connection: Transaction, wish: Wish, at: datetime) -> Consent | None:
    """The same consent, given before: an answer that was lost is asked for again, and the code is spent by then."""
    found = assistances.consent(connection, wish.claim_id, at)
    if found is None:
        return None
    same = (found.officer, found.policy, found.accepts_in_advance)
    return found if same == (wish.officer.id, wish.policy, wish.in_advance) else None


def _keep(connection: Transaction, wish: Wish, proof: Proof, at: datetime) -> Consent | None:
    consent = Consent(
        claim_id=wish.claim_id,
        officer=wish.officer.id,
        policy=wish.policy,
        proof=proof,
        accepts_in_advance=wish.in_advance,
        given_at=at,
        ends_at=at + GOOD_FOR,
    )
    return consent if assistances.put(connection, consent) else None
