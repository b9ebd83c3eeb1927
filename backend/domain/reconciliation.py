"""Reconciliation 对账: the bank's statement against our payouts, every difference named, none explained away.

Pure: lines and payouts come in, differences go out. What the machine could record by itself is offered, and recorded
by an officer's command only.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from backend.domain.ids import ClaimId, PayoutId, payout_reference
from backend.domain.money import Money
from backend.domain.policy import policy_day
from backend.domain.words import DifferenceKind, PayoutState

CURRENCY = "CNY"
DAYS_BETWEEN = timedelta(days=3)
"""A bank books at once, or after a weekend."""
_REFERENCE = re.compile(r"FC-\d{8}-\d{4,}/\d+-[0-9a-f]{8}", re.IGNORECASE)
_KEY = re.compile(r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One movement on the insurer's account; ``amount`` is above 0.00.

    ``row`` is where it stands in the file. ``words`` is everything that may name a payout: end-to-end id, purpose.
    ``is_return`` where the bank itself calls it one.
    """

    row: str
    booked_on: date
    amount: Money
    has_left: bool
    currency: str = CURRENCY
    words: str = ""
    bank_reference: str = ""
    reason: str = ""
    is_return: bool = False

    @property
    def references(self) -> tuple[str, ...]:
        """Our references in its words, as we write them."""
        return tuple(f"{found[:-8].upper()}{found[-8:].lower()}" for found in _REFERENCE.findall(self.words))

    @property
    def keys(self) -> tuple[PayoutId, ...]:
        """Payout keys in its words, with or without hyphens."""
        return tuple(PayoutId(UUID(found)) for found in _KEY.findall(self.words))


@dataclass(frozen=True, slots=True)
class UnreadLine:
    """A line that cannot be used, and why."""

    row: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """对账单: booked lines of one account; both days are included. ``pending`` lines were not booked yet."""

    format: str
    first_day: date
    last_day: date
    lines: Sequence[StatementLine]
    unread: Sequence[UnreadLine] = ()
    pending: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OurPayout:
    """A payout as our books hold it."""

    id: PayoutId
    claim_id: ClaimId
    claim_number: str
    no: int
    amount: Money
    state: PayoutState
    bank_reference: str | None
    confirmed_at: datetime | None
    returned_at: datetime | None

    @property
    def reference(self) -> str:
        """What stands on the statement."""
        return payout_reference(self.claim_number, self.no, self.id)

    @property
    def has_left(self) -> bool:
        """We hold that its money left."""
        return self.state is PayoutState.CONFIRMED or self.returned_at is not None


class Offer(StrEnum):
    """What an officer may have recorded about a difference."""

    CONFIRM = "confirm"
    RETURN = "return"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where bank and books do not agree, in words that need no statement beside them."""

    kind: DifferenceKind
    detail: str
    line: StatementLine | None = None
    payout: OurPayout | None = None
    row: str | None = None
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of it: lines that agree with our books, movements that are none of ours, and every difference."""

    matched: int
    others_in: int
    differences: Sequence[Difference] = field(default=())


def compare(statement: Statement, ours: Iterable[OurPayout]) -> Comparison:
    """Compare a statement with the payouts that it could speak of.

    Args:
        statement: As it was read.
        ours: Payouts that its lines name, those confirmed or returned in its days, and their claims' other payouts.

    Returns:
        Differences in the order of the statement, then what only our books hold.
    """
    books = _Books(tuple(ours))
    moved: dict[PayoutId, _Moved] = defaultdict(_Moved)
    differences = [
        Difference(kind=DifferenceKind.UNREADABLE, detail=one.why, row=one.row) for one in statement.unread
    ]
    others_in = 0
    for line in statement.lines:
        payout = books.named_by(line)
        if payout is None and not line.has_left and not line.is_return:
            others_in += 1
        elif line.currency != CURRENCY:
            detail = f"{line.amount} {line.currency}: payouts are in {CURRENCY}"
            differences.append(_about(line, payout, DifferenceKind.WRONG_CURRENCY, detail))
            if payout:
                moved[payout.id].is_spoken_of = True
        elif payout is None:
            what = "left" if line.has_left else "came back"
            detail = f"{line.amount} {what} on {line.booked_on}, and no payout of ours is named"
            differences.append(_about(line, None, DifferenceKind.NOT_OURS, detail))
        else:
            (moved[payout.id].out if line.has_left else moved[payout.id].back).append(line)
    matched = 0
    for payout_id, one in moved.items():
        found = list(_differences_of(books.by_id[payout_id], one, books, moved))
        differences += found
        matched += len(one.out) + len(one.back) - len({diff.row for diff in found if diff.line})
    differences += _only_ours(statement, books, moved)
    return Comparison(matched, others_in, tuple(differences))


@dataclass(slots=True)
class _Moved:
    """What the statement says of one payout."""

    out: list[StatementLine] = field(default_factory=list)
    back: list[StatementLine] = field(default_factory=list)
    is_spoken_of: bool = False


class _Books:
    def __init__(self, ours: Sequence[OurPayout]) -> None:
        self.by_id = {payout.id: payout for payout in ours}
        self._by_reference = {payout.reference: payout for payout in ours}
        self._by_bank_reference = {payout.bank_reference: payout for payout in ours if payout.bank_reference}
        self.of_claim: Mapping[ClaimId, list[OurPayout]] = defaultdict(list)
        for payout in ours:
            self.of_claim[payout.claim_id].append(payout)

    def named_by(self, line: StatementLine) -> OurPayout | None:
        """By our reference, by the key, or by the number that the bank gave it."""
        found = (
            *(self._by_reference.get(one) for one in line.references),
            *(self.by_id.get(one) for one in line.keys),
            self._by_bank_reference.get(line.bank_reference),
        )
        return next((one for one in found if one), None)


def _differences_of(
    payout: OurPayout, moved: _Moved, books: _Books, all_moved: Mapping[PayoutId, _Moved]
) -> Iterator[Difference]:
    wrong = [line for line in (*moved.out, *moved.back) if line.amount != payout.amount]
    for line in wrong:
        detail = f"the bank moved {line.amount}, payout {payout.reference} is of {payout.amount}"
        yield _about(line, payout, DifferenceKind.AMOUNT_DIFFERS, detail)
    out = [line for line in moved.out if line not in wrong]
    back = [line for line in moved.back if line not in wrong]
    for line in out[1:]:
        detail = f"{line.amount} left again for {payout.reference}, first on {out[0].booked_on}"
        yield _about(line, payout, DifferenceKind.PAID_TWICE, detail)
    if out:
        yield from _first_out(payout, out[0], books, all_moved, came_back=bool(back))
    is_one_of_two = len(out) > max(1, len(back))
    for line in back if payout.returned_at is None else back[1:]:
        detail = f"{line.amount} came back on {line.booked_on}"
        offer: Offer | None = Offer.RETURN
        if is_one_of_two:
            detail, offer = f"{detail}: one of {len(out)} transfers", None
        elif line is not back[0]:
            detail, offer = f"{detail}, and it had come back before", None
        yield _about(line, payout, DifferenceKind.FOUND_RETURNED, detail, offer)


def _first_out(
    payout: OurPayout,
    line: StatementLine,
    books: _Books,
    all_moved: Mapping[PayoutId, _Moved],
    *,
    came_back: bool,
) -> Iterator[Difference]:
    rivals = [
        other
        for other in books.of_claim[payout.claim_id]
        if other.id != payout.id and other.state is not PayoutState.RETIRED and other.returned_at is None
    ]
    if payout.state is PayoutState.RETIRED and rivals and not (payout.has_left or came_back):
        rival = rivals[0]
        is_paid = rival.has_left or bool(all_moved.get(rival.id, _Moved()).out)
        how = "was paid too" if is_paid else f"is {rival.state}: it may be paid too"
        detail = (
            f"{payout.reference} had been given up and was paid; {rival.reference}, which replaced it, {how}"
        )
        yield _about(line, payout, DifferenceKind.PAID_TWICE, detail)
    elif not payout.has_left:
        # Where the statement shows the return as well, recording that says both.
        detail = f"paid on {line.booked_on}; our books say {payout.state}"
        yield _about(line, payout, DifferenceKind.FOUND_PAID, detail, None if came_back else Offer.CONFIRM)
    elif payout.confirmed_at and abs(line.booked_on - policy_day(payout.confirmed_at)) > DAYS_BETWEEN:
        detail = f"booked on {line.booked_on}, confirmed to us on {policy_day(payout.confirmed_at)}"
        yield _about(line, payout, DifferenceKind.DATE_DIFFERS, detail)


def _only_ours(statement: Statement, books: _Books, moved: Mapping[PayoutId, _Moved]) -> Iterator[Difference]:
    def is_inside(moment: datetime | None) -> bool:
        return moment is not None and statement.first_day <= policy_day(moment) <= statement.last_day

    for payout in books.by_id.values():
        said = moved.get(payout.id, _Moved())
        if said.is_spoken_of:
            continue
        if payout.has_left and is_inside(payout.confirmed_at) and not said.out:
            detail = f"we hold {payout.amount} paid, and the statement does not show it"
            yield Difference(kind=DifferenceKind.NOT_IN_BANK, detail=detail, payout=payout)
        if is_inside(payout.returned_at) and not said.back:
            detail = f"we hold {payout.amount} returned, and the statement does not show it"
            yield Difference(kind=DifferenceKind.NOT_IN_BANK, detail=detail, payout=payout)


def _about(
    line: StatementLine,
    payout: OurPayout | None,
    kind: DifferenceKind,
    detail: str,
    offer: Offer | None = None,
) -> Difference:
    return Difference(kind=kind, detail=detail, line=line, payout=payout, row=line.row, offer=offer)
