"""Forgets a person 删除 (PIPL art. 47): what only their data needs is gone, what proofs and figures need stays.

Events stay as they are: they hold commitments, and what these commit to is deleted beside them.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from backend.domain.events import ClaimReported
from backend.domain.four_eyes.words import ProposalKind
from backend.domain.ids import FarmId, OfficerId, PolicyNumber
from backend.domain.parties import Officer
from backend.domain.personal.masks import ERASED
from backend.domain.personal.problems import ErasureRefused
from backend.domain.personal.retention import file_kept, voucher_kept
from backend.domain.personal.withheld import is_withholding
from backend.domain.policy import policy_day
from backend.domain.register.fields import Register
from backend.store import beside, device_keys, persons, proposals, registers, requests, tables
from backend.store.assistance_tables import assistances
from backend.store.claims import ENDED
from backend.store.farmer_tables import payee_requests
from backend.store.personal_tables import erasures


def require_erasable(
    connection: Connection, numbers: Sequence[PolicyNumber], today: date, *, voucher_years: int
) -> None:
    """Refuse while anything still needs the data.

    Args:
        connection: Of the transaction that erases.
        numbers: The person's policies.
        today: The day in Asia/Shanghai.
        voucher_years: How long this installation keeps what payouts rest on; 0: the core system keeps it.

    Raises:
        ErasureRefused: With every reason.
    """
    reasons = [why for number in numbers for why in _reasons(connection, number, today, voucher_years)]
    if reasons:
        raise ErasureRefused(reasons)


def erase(
    connection: Connection, officer: Officer, numbers: Sequence[PolicyNumber], reason: str, at: datetime
) -> int:
    """Forget the holder of these policies; how many values that were. The record of it names nobody."""
    requests.forget_old(connection, at)
    total = 0
    for number in numbers:
        erased = _policy(connection, number) + _wished(connection, number, officer.id, at)
        erased += connection.execute(
            delete(assistances).where(assistances.c.policy_number == number)
        ).rowcount
        for claim_id in _claims(connection, number):
            erased += _claim(connection, claim_id)
        row = {
            "at": at,
            "officer_id": officer.id,
            "policy_number": number,
            "reason": reason,
            "erased": erased,
        }
        connection.execute(insert(erasures), row)
        total += erased
    for farm_id in {persons.farm_of(connection, number) for number in numbers}:
        # A farm that is insured on under another policy is still needed for that one.
        if not persons.others_of_farm(connection, farm_id, numbers):
            total += _farm(connection, farm_id)
    return total


def _reasons(connection: Connection, number: PolicyNumber, today: date, voucher_years: int) -> list[str]:
    policies, claims, payouts = tables.policies, tables.claims, tables.payouts
    policy = connection.execute(select(policies).where(policies.c.number == number)).one()
    reasons = []
    for claim in connection.execute(
        select(claims).where(claims.c.policy_number == number).order_by(claims.c.number)
    ):
        if claim.state not in ENDED:
            reasons.append(f"claim {claim.number} is open ({claim.state})")
        if not is_withholding(ClaimReported.type, _report_of(connection, claim.id)):
            reasons.append(
                f"claim {claim.number} was reported before personal data stood beside its events: "
                "its leaf hash covers it in clear"
            )
    file = file_kept(policy.incepted, policy.expires)
    if today <= file.until:
        reasons.append(f"policy {number} is kept until {file.until} ({file.source})")
    last = connection.scalars(
        select(payouts.c.started_at)
        .join(claims, claims.c.id == payouts.c.claim_id)
        .where(claims.c.policy_number == number)
        .order_by(payouts.c.started_at.desc())
    ).first()
    if last is not None:
        voucher = voucher_kept(policy_day(last), voucher_years)
        if voucher_years and today <= voucher.until:
            reasons.append(f"payouts on policy {number} are kept until {voucher.until} ({voucher.source})")
    return reasons


def _report_of(connection: Connection, claim_id: UUID) -> str:
    events = tables.events
    first = select(events.c.payload).where(events.c.claim_id == claim_id, events.c.type == ClaimReported.type)
    return str(connection.scalar(first))


def _claims(connection: Connection, number: PolicyNumber) -> Sequence[UUID]:
    claims = tables.claims
    return connection.scalars(select(claims.c.id).where(claims.c.policy_number == number)).all()


def _policy(connection: Connection, number: PolicyNumber) -> int:
    policies = tables.policies
    gone = dict.fromkeys(("payee_name", "payee_account", "payee_account_index", "holder_id_number"))
    connection.execute(update(policies).where(policies.c.number == number).values(gone))
    registers.count_up(connection, Register.POLICIES)
    return 1 + _imported(connection, Register.POLICIES, number)


def _wished(connection: Connection, number: PolicyNumber, by: OfficerId, at: datetime) -> int:
    """Whom the policy was once to pay instead, as a farmer or an officer asked."""
    ended = proposals.forget(connection, ProposalKind.PAYEE, number, by, at)
    asked = update(payee_requests).where(payee_requests.c.policy_number == number)
    return ended + connection.execute(asked.values(payee_name=None, payee_account=None)).rowcount


def _claim(connection: Connection, claim_id: UUID) -> int:
    notices, payouts, files, effects = tables.notices, tables.payouts, tables.bank_files, tables.effects
    erased = beside.erase(connection, claim_id)
    told = update(notices).where(notices.c.claim_id == claim_id, notices.c.text != ERASED)
    erased += connection.execute(told.values(text=ERASED)).rowcount
    connection.execute(update(effects).where(effects.c.claim_id == claim_id).values(last_error=None))
    # Everybody in these files was paid as long ago: the file's day is the payout's.
    sent_in = select(payouts.c.bank_file).where(
        payouts.c.claim_id == claim_id, payouts.c.bank_file.is_not(None)
    )
    ended = update(files).where(files.c.message_id.in_(sent_in), files.c.content.is_not(None))
    return erased + connection.execute(ended.values(content=None)).rowcount


def _farm(connection: Connection, farm_id: FarmId) -> int:
    farms, told = tables.farms, tables.farm_contacts
    connection.execute(delete(told).where(told.c.farm_id == farm_id))
    connection.execute(update(farms).where(farms.c.id == farm_id).values(name=ERASED, boundary=None))
    registers.count_up(connection, Register.FARMS)
    devices = device_keys.forget_farm(connection, farm_id)
    return 1 + devices + _imported(connection, Register.FARMS, farm_id)


def _imported(connection: Connection, register: Register, key: str) -> int:
    changes, imports = tables.import_changes, tables.imports
    of_register = select(imports.c.id).where(imports.c.register == register)
    step = update(changes).where(changes.c.key == key, changes.c.import_id.in_(of_register))
    return connection.execute(step.values(before=None, after=None)).rowcount
