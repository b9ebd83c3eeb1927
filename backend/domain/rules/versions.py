"""Which rules judge now, and which judged before: a claim is replayed under the rules it was judged by."""

from collections.abc import Mapping
from datetime import date

from backend.domain.rules.count import judge_count, judge_species
from backend.domain.rules.november import CHECKS as NOVEMBER_CHECKS
from backend.domain.rules.now import CHECKS
from backend.domain.rules.rule import Rule, Rules
from backend.domain.rules.thresholds import Thresholds
from backend.domain.words import ReasonCode as R

_ONE_OF_THE_SPECIES = Rule(
    name="count",
    raises=(R.COUNT_MISMATCH, R.COUNT_UNSURE),
    find=lambda case, _: (judge_count(case.claim, case.scene), judge_species(case.claim)),
)
"""Until 2026-11-26 one animal of the claimed species among others was enough."""
_UNTIL_NOVEMBER_26 = tuple(_ONE_OF_THE_SPECIES if check.name == "count" else check for check in CHECKS)
_KNEW_BYTES_ALONE = tuple(check for check in _UNTIL_NOVEMBER_26 if check.name != "copies")
"""Until 2026-11-26 a photo of another claim was known by its bytes alone."""
_ALL = (
    Rules(version="2026-11", since=date(2026, 11, 23), checks=NOVEMBER_CHECKS, thresholds=Thresholds()),
    Rules(version="2026-11-25", since=date(2026, 11, 25), checks=_KNEW_BYTES_ALONE, thresholds=Thresholds()),
    Rules(version="2026-11-26", since=date(2026, 11, 26), checks=_UNTIL_NOVEMBER_26, thresholds=Thresholds()),
    Rules(version="2026-11-27", since=date(2026, 11, 27), checks=CHECKS, thresholds=Thresholds()),
)
VERSIONS: Mapping[str, Rules] = {rules.version: rules for rules in _ALL}
CURRENT = _ALL[-1]
"""Its version is recorded with every triage."""


class UnknownRules(LookupError):
    """A claim was judged by rules that this release does not have: an older flashclaim reads a newer database."""

    def __init__(self, version: str) -> None:
        super().__init__(f"no rules of version {version}; this release has {', '.join(VERSIONS)}")
        self.version = version


def rules_of(version: str) -> Rules:
    """The rules that a triage recorded as its own.

    Raises:
        UnknownRules: This release does not have them.
    """
    try:
        return VERSIONS[version]
    except KeyError:
        raise UnknownRules(version) from None
