"""Which claims, farms and policies a reading sees. Every reading of the store names its own."""

from dataclasses import dataclass

from backend.domain.ids import ClaimId, FarmId, PolicyNumber


@dataclass(frozen=True, slots=True)
class Sight:
    """视野: what is seen. A claim is, when its county, its policy or it itself is named; what hangs on it, with it.

    Attributes:
        everywhere: All there is: for the worker, for imports, and for facts that cross counties.
        counties: County codes: the officer's own, and those of offices that theirs covers.
        policies: A farmer's; their claims are seen, and the farm's other policies are not.
        farms: The farms of those policies, with contact and herd book.
        claims: Claims of other counties that a lane of was delegated, and the claim of a link.
    """

    everywhere: bool = False
    counties: frozenset[str] = frozenset()
    policies: frozenset[PolicyNumber] = frozenset()
    farms: frozenset[FarmId] = frozenset()
    claims: frozenset[ClaimId] = frozenset()

    @property
    def only_county(self) -> str | None:
        """The county, where one county is all that is named: most officers', and quick to look up."""
        is_one = len(self.counties) == 1 and not (self.everywhere or self.policies or self.claims)
        return next(iter(self.counties)) if is_one else None

    def sees(self, *, claim: ClaimId, county: str, policy: PolicyNumber) -> bool:
        """Whether a claim is seen."""
        return self.everywhere or county in self.counties or policy in self.policies or claim in self.claims


EVERYWHERE = Sight(everywhere=True)
NOWHERE = Sight()
