"""Who acts on a claim, and who is paid."""

from dataclasses import dataclass

from backend.domain.ids import FarmId, OfficerId, OrganisationId, PolicyNumber, ProgrammeId
from backend.domain.policy import Terms
from backend.domain.words import ActorKind, Lane, PayGate, Species


@dataclass(frozen=True, slots=True)
class Actor:
    """Who caused an event; machines and the bank act under a name too."""

    kind: ActorKind
    id: str
    organisation: OrganisationId | None = None


MACHINE = Actor(ActorKind.MACHINE, "flashclaim")
BANK = Actor(ActorKind.BANK, "bank")


@dataclass(frozen=True, slots=True)
class Officer:
    """A person of one of the three organisations, the disposal company's collector, a regulator or a village agent.

    The last three have no lane.

    ``is_administrator`` 管理员: may invite colleagues and approve their keys. ``is_regulator``: reads aggregates for a
    regulator 监管机构, and acts on no claim. ``is_agent``: a village agent 村级协保员 of the insurer, or an officer who
    came by a phone; reports for farmers who agreed, and decides nothing.
    """

    id: OfficerId
    name: str
    organisation: OrganisationId
    lane: Lane | None
    is_administrator: bool = False
    is_regulator: bool = False
    is_agent: bool = False

    @property
    def actor(self) -> Actor:
        """This person as the one who acts."""
        if self.is_agent:
            return Actor(ActorKind.AGENT, self.id, self.organisation)
        kind = ActorKind.OFFICER if self.lane else ActorKind.COLLECTOR
        return Actor(kind, self.id, self.organisation)


@dataclass(frozen=True, slots=True)
class Payee:
    """收款人: belongs to the policy; ``account`` is shown only by its last four digits."""

    name: str
    account: str

    @property
    def account_last4(self) -> str:
        """The digits that a farmer recognises."""
        return self.account[-4:]


@dataclass(frozen=True, slots=True)
class Policy:
    """保单: one farm's cover for one species, as it stood when the claim was reported.

    ``programme`` is whose money limit its payouts count to; None where there is none.
    """

    number: PolicyNumber
    farm_id: FarmId
    farm_name: str
    county: str
    species: Species
    product: str
    terms: Terms
    payee: Payee
    pay_gate: PayGate = PayGate.HANDOVER
    programme: ProgrammeId | None = None
