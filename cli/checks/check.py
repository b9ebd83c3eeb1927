"""One thing that doctor looked at, and how it stands."""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    """Works, and deserves a look."""
    FAIL = "fail"
    """Does not work: doctor ends with exit code 1."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; ``advice`` says what to do."""

    check: str
    grade: Grade
    detail: str
    advice: str = ""

    def as_json(self) -> dict[str, object]:
        """For ``--json``; ``ok`` is False only where something does not work."""
        return {
            "check": self.check,
            "ok": self.grade is not Grade.FAIL,
            "grade": self.grade,
            "detail": self.detail,
            "advice": self.advice,
        }


def ok(check: str, detail: str, advice: str = "") -> Check:
    """It works."""
    return Check(check, Grade.OK, detail, advice)


def warn(check: str, detail: str, advice: str) -> Check:
    """It works, and deserves a look."""
    return Check(check, Grade.WARN, detail, advice)


def fail(check: str, detail: str, advice: str) -> Check:
    """It does not work."""
    return Check(check, Grade.FAIL, detail, advice)
