"""What needs a second person, and how it ended."""

from enum import StrEnum


class ProposalKind(StrEnum):
    """What is carried out only when a second person agrees."""

    PRODUCT = "product"
    """A new version of a product 保险产品: it decides every sum."""
    PAYEE = "payee"
    """A policy pays someone else 收款人 from now on."""
    RESUME_PAYOUTS = "resume-payouts"
    """Payouts leave again; stopping them takes one person, because it is safe."""
    PAYOUT_RETRY = "payout-retry"
    """A payout that the bank left unanswered is made anew: where the first word was wrong, it is paid twice."""
    REJECTION = "rejection"
    """拒赔 of a claim above a sum."""
    REGULATOR = "regulator"
    """A regulator 监管机构 may read aggregates of its region."""
    ADMINISTRATOR = "administrator"
    """An officer becomes an administrator 管理员 of their organisation, or is one no longer."""


class Ending(StrEnum):
    """How a proposal ended."""

    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"
    """Nobody decided in time; whoever still wants it proposes it anew."""
