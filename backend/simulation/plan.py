"""What is to be simulated: how many counties, days and claims, with how many people, from which seed."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Self

from backend.domain.policy import SHANGHAI
from backend.domain.problems import FieldError, InvalidInput

MOST_COUNTIES = 100
MOST_DAYS = 366
MOST_CLAIMS = 10_000_000
MOST_STAFF = 1_000
_FIRST_COUNTY = 430_101


@dataclass(frozen=True, slots=True)
class Staff:
    """How many people each office of a county has; ``disposal`` are collectors with a truck each."""

    insurer: int = 3
    veterinary: int = 2
    inspection: int = 2
    disposal: int = 3

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read ``insurer=3,veterinary=2``; an office that is not named has as many people as by default.

        Raises:
            InvalidInput: Another office, or no number from 1 to 1000.
        """
        known = {one.name for one in fields(cls)}
        found: dict[str, int] = {}
        errors: list[FieldError] = []
        for part in filter(None, (part.strip() for part in written.split(","))):
            office, _, number = (piece.strip() for piece in part.partition("="))
            if office not in known:
                errors.append(FieldError("/staff", f"{office!r} is none of {', '.join(sorted(known))}"))
            elif not (number.isascii() and number.isdigit() and 1 <= int(number) <= MOST_STAFF):
                errors.append(FieldError("/staff", f"{office}={number} is not from 1 to {MOST_STAFF}"))
            else:
                found[office] = int(number)
        if errors:
            raise InvalidInput("the staff is written like insurer=3,veterinary=2", errors=errors)
        return replace(cls(), **found)

    def as_json(self) -> dict[str, int]:
        """By office."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One simulation. The same plan gives the same claims, to the second and to the fen.

    Attributes:
        counties: Each has offices, farms and trucks of its own; claims never cross counties.
        days: How many, from ``begins`` on; what is open at the end stays open.
        claims: Reports in all counties together, exactly so many.
        staff: Of every county.
        seed: Whatever is drawn is drawn from it.
        begins: The first day, Asia/Shanghai.
        is_on_call: 值班: the three offices answer round the clock instead of in office hours.
    """

    counties: int
    days: int
    claims: int
    staff: Staff
    seed: int
    begins: date
    is_on_call: bool = False

    def __post_init__(self) -> None:
        errors = list(self._wrong())
        if errors:
            raise InvalidInput("this cannot be simulated", errors=errors)

    @property
    def starts_at(self) -> datetime:
        """Midnight of the first day."""
        return datetime.combine(self.begins, time(), SHANGHAI)

    @property
    def ends_at(self) -> datetime:
        """Midnight after the last day."""
        return self.starts_at + timedelta(days=self.days)

    def county(self, place: int) -> str:
        """The code of the county at this place, from 0: those from Changsha 长沙 on; people and farms are made up."""
        return f"{_FIRST_COUNTY + place:06d}"

    def claims_of(self, place: int) -> int:
        """How many of the claims are the county's at this place."""
        each, more = divmod(self.claims, self.counties)
        return each + (place < more)

    def as_json(self) -> dict[str, object]:
        """What whoever wants the same figures again has to ask for."""
        return {
            "counties": self.counties,
            "days": self.days,
            "claims": self.claims,
            "staff": self.staff.as_json(),
            "seed": self.seed,
            "begins": self.begins.isoformat(),
            "on_call": self.is_on_call,
        }

    def _wrong(self) -> Iterator[FieldError]:
        limits = {"counties": MOST_COUNTIES, "days": MOST_DAYS, "claims": MOST_CLAIMS}
        for name, most in limits.items():
            value = getattr(self, name)
            if not 1 <= value <= most:
                yield FieldError(f"/{name}", f"{value} is not from 1 to {most}")
