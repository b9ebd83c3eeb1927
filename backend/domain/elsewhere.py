"""What is known beside a claim: other claims, the herd book, the payee; gathered in the transaction that judges it."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from backend.domain.copies import NearCopy
from backend.domain.ids import FarmId, OfficerId, PhotoId
from backend.domain.programme import ProgrammeLimit


@dataclass(frozen=True, slots=True)
class Together:
    """The officer and the collector who met most often on a farm's claims: on ``claims`` of the last ``of``.

    ``officers`` is how many people of that officer's office could have looked: where there is one, meeting says
    nothing.
    """

    officer: OfficerId
    collector: OfficerId
    claims: int
    of: int
    officers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """The facts that rules look at and that the claim's own events do not hold; recorded with every triage.

    Attributes:
        by_photo: Numbers of earlier claims that hold the same photo.
        by_tag: Numbers of earlier claims for the same ear tag.
        herds: The farm in whose herd book 存栏台账 a tag of this claim stands; a tag of no herd book has no entry.
        has_herd_book: Whether this farm's herd book lists any animal of the claimed species.
        deaths_before: Heads on other claims of this policy, reported in the days before this one that
            ``Thresholds.deaths_within`` counts; None where nobody looked.
        payee_farms: Farms whose policies pay the same account, this one included.
        payee_changed_at: When the policy's payee 收款人 was last changed; None: not since it was registered.
        is_payee_current: Whether the policy still pays whom the claim was reported under.
        together: See ``Together``; None where no claim of the farm was decided and handed over lately.
        programme: What the policy's programme has left; None where it belongs to none.
        near_copies: By photo of this claim the photos of other claims of which it is a copy that was changed.
    """

    by_photo: dict[PhotoId, tuple[str, ...]] = field(default_factory=dict)
    by_tag: dict[str, tuple[str, ...]] = field(default_factory=dict)
    herds: dict[str, FarmId] = field(default_factory=dict)
    has_herd_book: bool = False
    deaths_before: int | None = None
    payee_farms: int = 1
    payee_changed_at: datetime | None = None
    is_payee_current: bool = True
    together: Together | None = None
    programme: ProgrammeLimit | None = None
    near_copies: dict[PhotoId, tuple[NearCopy, ...]] = field(default_factory=dict)


def who_met(
    officers: Mapping[object, Collection[str]],
    collectors: Mapping[object, Collection[str]],
    in_office_of: Callable[[str], int],
) -> Together | None:
    """The officer and the collector who met most often on some claims of a farm; None where none met.

    Args:
        officers: Who decided on each claim.
        collectors: Who recorded its handover.
        in_office_of: How many people an officer's office has.
    """
    met = Counter(
        (officer, collector)
        for one, theirs in collectors.items()
        for officer in officers.get(one, ())
        for collector in theirs
    )
    if not met:
        return None
    # The name decides between pairs that met as often: the same history always names the same pair.
    (officer, collector), times = min(met.items(), key=lambda item: (-item[1], item[0]))
    return Together(
        officer=OfficerId(officer),
        collector=OfficerId(collector),
        claims=times,
        of=sum(1 for one in collectors if one in officers),
        officers=in_office_of(officer),
    )
