"""What a rule says about a claim: Pass, Refer or Unknown. No rule refuses: only a person rejects."""

from dataclasses import dataclass, field

from backend.domain.words import ReasonCode


@dataclass(frozen=True, slots=True)
class Pass:
    """Nothing to look at."""


@dataclass(frozen=True, slots=True)
class Refer:
    """A doubt that people look at.

    ``subject`` says what the doubt is about (a photo's hash, an animal's ref), so that a person who cleared it is
    not asked again about the same thing. ``holds`` keeps the lanes shut until a named person has looked.
    """

    code: ReasonCode
    facts: dict[str, str] = field(default_factory=dict)
    subject: str = ""
    holds: bool = False

    @property
    def key(self) -> str:
        """Identity of this doubt across repeated triage."""
        return f"{self.code}:{self.subject}"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A check that could not be made, and what is missing for it. ``subject`` as in Refer."""

    code: ReasonCode
    missing: str
    facts: dict[str, str] = field(default_factory=dict)
    subject: str = ""


Finding = Pass | Refer | Unknown
