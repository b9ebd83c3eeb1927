"""What a rule is: a pure check of domain.md §2 with the codes it may raise; and a dated set of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from backend.domain.claim import Claim
from backend.domain.elsewhere import Elsewhere
from backend.domain.events import SceneFound
from backend.domain.findings import Finding
from backend.domain.indemnity.quote import Quote
from backend.domain.rules.thresholds import Thresholds
from backend.domain.words import ReasonCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that rules look at; ``at`` is the moment of the judgement, aware."""

    claim: Claim
    scene: SceneFound
    quote: Quote
    elsewhere: Elsewhere
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One check.

    Attributes:
        name: What the documents call it.
        asks: Its question, as auditors read it.
        raises: All codes that it may find.
        holds: Those of them that keep the lanes shut until a named person has looked (path HOLD).
        stops_payment: Those that leave the lanes open and keep the money back until then.
        find: The check itself.
    """

    name: str
    asks: str
    raises: tuple[ReasonCode, ...]
    holds: tuple[ReasonCode, ...] = ()
    stops_payment: tuple[ReasonCode, ...] = ()
    find: Callable[[Case, Thresholds], Iterable[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All rules of one version, in the order in which their doubts are told, and the figures they compare with.

    A version never changes once a claim was judged by it: another figure or another rule is another version.
    """

    version: str
    since: date
    checks: tuple[Rule, ...]
    thresholds: Thresholds

    def findings(self, case: Case) -> Iterable[Finding]:
        """What every rule says, so that every reason is known at once."""
        for rule in self.checks:
            yield from rule.find(case, self.thresholds)
