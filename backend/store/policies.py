"""Policies 保单, their farms and herds: what the claim process reads, and how they are put in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any  # a row's columns are what its statement selects

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select, update

from backend.domain.ids import FarmId, PolicyNumber, ProgrammeId
from backend.domain.parties import Payee, Policy
from backend.domain.personal.masks import ERASED
from backend.domain.policy import Terms
from backend.domain.problems import NotFound
from backend.domain.register.fields import Register
from backend.domain.words import Category, PayGate, Species, State
from backend.store import registers, tables
from backend.store.limits import heads_committed
from backend.store.sealed import PAYEE_ACCOUNT, PAYEE_NAME
from backend.store.vault import vault_of

_POLICY = (
    select(
        tables.policies,
        tables.farms.c.name.label("farm_name"),
        tables.farms.c.county,
        heads_committed(
            tables.policies.c.number, tables.policies.c.incepted, tables.policies.c.expires
        ).label("heads_committed"),
    )
    .join(tables.farms, tables.farms.c.id == tables.policies.c.farm_id)
    .where(tables.policies.c.number == bindparam("wanted"))
)


@dataclass(frozen=True, slots=True)
class Farm:
    """A farm 养殖场 and its insured boundary: WKB, WGS 84 (longitude, latitude); None until surveyed."""

    id: FarmId
    name: str
    county: str
    boundary: bytes | None


@dataclass(frozen=True, slots=True)
class HerdAnimal:
    """One animal of the herd book 存栏台账."""

    tag: str
    farm_id: FarmId
    species: Species
    category: Category | None = None


def policy(connection: Connection, number: PolicyNumber) -> Policy:
    """The policy as it stands, ``heads_paid`` from earlier systems only.

    Raises:
        NotFound: No such policy.
    """
    return policy_with_heads_committed(connection, number)[0]


def policy_with_heads_committed(connection: Connection, number: PolicyNumber) -> tuple[Policy, int]:
    """``policy``, and the heads that payouts of its cover period have committed, in one look.

    Raises:
        NotFound: No such policy.
    """
    row = connection.execute(_POLICY, {"wanted": number}).one_or_none()
    if row is None:
        raise NotFound("policy", number)
    return _policy(row, payee_of(connection, number, row)), int(row.heads_committed)


def policy_of_card(connection: Connection, card_hash: str) -> PolicyNumber | None:
    """The policy whose card has this hash."""
    number = connection.scalar(
        select(tables.policies.c.number).where(tables.policies.c.card_hash == card_hash)
    )
    return None if number is None else PolicyNumber(number)


def put_card(connection: Connection, number: PolicyNumber, card_hash: str) -> bool:
    """Give the policy this card; whether there was one before."""
    policies = tables.policies.c
    former = connection.scalar(select(policies.card_hash).where(policies.number == number))
    registers.count_up(connection, Register.POLICIES)
    connection.execute(update(tables.policies).where(policies.number == number).values(card_hash=card_hash))
    return former is not None


def farms(connection: Connection) -> tuple[Farm, ...]:
    """Every farm, for the fence's index."""
    rows = connection.execute(select(tables.farms).order_by(tables.farms.c.id))
    return tuple(Farm(FarmId(row.id), row.name, row.county, row.boundary) for row in rows)


def county_of_farm(connection: Connection, farm_id: FarmId) -> str:
    """The county of a farm that is there; of another one, a name that no county has."""
    return str(connection.scalar(select(tables.farms.c.county).where(tables.farms.c.id == farm_id)))


def any_of_farms(connection: Connection, farm_ids: Collection[FarmId]) -> bool:
    """Whether one of these farms has a policy."""
    found = select(tables.policies.c.number).where(tables.policies.c.farm_id.in_(farm_ids)).limit(1)
    return connection.scalar(found) is not None


def boundary(connection: Connection, farm_id: FarmId) -> bytes | None:
    """The farm's boundary as it is registered now: WKB, WGS 84; None until it is surveyed."""
    found = connection.scalar(select(tables.farms.c.boundary).where(tables.farms.c.id == farm_id))
    return None if found is None else bytes(found)


def put_farms(connection: Connection, new: Sequence[Farm], herd: Sequence[HerdAnimal] = ()) -> None:
    """Register farms with their herd books."""
    registers.count_up(connection, Register.FARMS)
    connection.execute(
        insert(tables.farms),
        [
            {"id": farm.id, "name": farm.name, "county": farm.county, "boundary": farm.boundary}
            for farm in new
        ],
    )
    if herd:
        put_herd(connection, herd)


def put_herd(connection: Connection, herd: Sequence[HerdAnimal]) -> None:
    """Enter animals into their farms' herd books."""
    registers.count_up(connection, Register.HERDS)
    connection.execute(
        insert(tables.herd_animals),
        [
            {
                "tag": animal.tag,
                "farm_id": animal.farm_id,
                "species": animal.species,
                "category": animal.category,
            }
            for animal in herd
        ],
    )


def herd(connection: Connection, farm_id: FarmId, species: Species) -> Sequence[Row[Any]]:
    """A farm's animals of one species by tag, with ``claims``: how many name the tag and were not taken back."""
    animals, tags, claims = tables.herd_animals, tables.claim_tags, tables.claims
    naming = (
        select(func.count())
        .select_from(tags.join(claims, claims.c.id == tags.c.claim_id))
        .where(tags.c.tag == animals.c.tag, claims.c.state != State.WITHDRAWN)
        .scalar_subquery()
    )
    listed: Select[Any] = select(animals.c.tag, animals.c.category, naming.label("claims"))
    own = listed.where(animals.c.farm_id == farm_id, animals.c.species == species)
    return connection.execute(own.order_by(animals.c.tag)).all()


def put_policy(connection: Connection, new: Policy, card_hash: str) -> None:
    """Register a policy with the hash of its card."""
    put_policies(connection, [(new, card_hash)])


def put_policies(connection: Connection, new: Sequence[tuple[Policy, str]]) -> None:
    """Register policies, each with the hash of its card: one change of the register."""
    registers.count_up(connection, Register.POLICIES)
    connection.execute(insert(tables.policies), [_row(connection, policy, card) for policy, card in new])


def _row(connection: Connection, new: Policy, card_hash: str) -> dict[str, object]:
    return {
        "number": new.number,
        "farm_id": new.farm_id,
        "species": new.species,
        "product": new.product,
        "incepted": new.terms.incepted,
        "expires": new.terms.expires,
        "insured_heads": new.terms.insured_heads,
        "stock": new.terms.stock,
        "heads_paid_before": new.terms.heads_paid,
        "sum_insured": new.terms.sum_insured,
        "deductible_percent": str(new.terms.deductible_percent),
        "pay_gate": new.pay_gate,
        **sealed_payee(connection, new.number, new.payee),
        "card_hash": card_hash,
        "programme": new.programme,
    }


def change_payee(connection: Connection, number: PolicyNumber, payee: Payee, at: datetime) -> None:
    """Pay someone else from now on; for some days claims wait for a person (domain.md §1, payee).

    Raises:
        NotFound: No such policy.
    """
    registers.count_up(connection, Register.POLICIES)
    table = tables.policies
    changed = connection.execute(
        update(table)
        .where(table.c.number == number)
        .values(**sealed_payee(connection, number, payee), payee_changed_at=at)
    )
    if changed.rowcount != 1:
        raise NotFound("policy", number)


def payee_of(connection: Connection, number: str, row: Row[Any]) -> Payee:
    """Whom the policy of this number pays, by its row's columns; in its erased form where that was erased."""
    if row.payee_account is None or row.payee_name is None:
        return Payee(ERASED, "")
    vault = vault_of(connection)
    return Payee(
        vault.open(row.payee_name, PAYEE_NAME, number), vault.open(row.payee_account, PAYEE_ACCOUNT, number)
    )


def sealed_payee(connection: Connection, number: str, payee: Payee) -> dict[str, object]:
    """The columns of a policy that say whom it pays."""
    vault = vault_of(connection)
    return {
        "payee_name": vault.seal(payee.name, PAYEE_NAME, number),
        "payee_account": vault.seal(payee.account, PAYEE_ACCOUNT, number),
        "payee_account_index": vault.index(payee.account, PAYEE_ACCOUNT),
    }


def _policy(row: Row[Any], payee: Payee) -> Policy:
    return Policy(
        number=PolicyNumber(row.number),
        farm_id=FarmId(row.farm_id),
        farm_name=row.farm_name,
        county=row.county,
        species=Species(row.species),
        product=row.product,
        terms=Terms(
            incepted=row.incepted,
            expires=row.expires,
            insured_heads=row.insured_heads,
            stock=row.stock,
            sum_insured=row.sum_insured,
            heads_paid=row.heads_paid_before,
            deductible_percent=Decimal(row.deductible_percent),
        ),
        payee=payee,
        pay_gate=PayGate(row.pay_gate),
        programme=None if row.programme is None else ProgrammeId(row.programme),
    )
