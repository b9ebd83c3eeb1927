"""Which claims, farms and policies a reading sees. Every reading of the store names its own."""

from dataclasses import dataclass

from backend.domain.ids import ClaimId, PolicyNumber


@dataclass(frozen=True, slots=True)
class Sight:
    """视野: what is seen. A claim is, when its county, its policy or it itself is named; what hangs on it, with it.

    Attributes:
        everywhere: All there is: for the worker, for imports, and for facts that cross counties.
        counties: County codes: the officer's own, and those of offices that theirs covers.
        policies: A farmer's.
        claims: Claims of other counties that a lane of was delegated, and the claim of a link.
    """

    everywhere: bool = False
    counties: frozenset[str] = frozenset()
    policies: frozenset[PolicyNumber] = frozenset()
    claims: frozenset[ClaimId] = frozenset()

    def sees(self, *, claim: ClaimId, county: str, policy: PolicyNumber) -> bool:
        """Whether a claim is seen."""
        return self.everywhere or county in self.counties or policy in self.policies or claim in self.claims


EVERYWHERE = Sight(everywhere=True)
NOWHERE = Sight()
