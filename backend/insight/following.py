"""A claim's timeline as it grows: read on from where one stopped, without folding the whole history again."""

from dataclasses import dataclass

from sqlalchemy import Connection

from backend.domain.claim import Claim
from backend.domain.fold import apply
from backend.domain.ids import ClaimId
from backend.domain.stages import Stage, after_event
from backend.insight.claim_file import Document, event_document, seconds_to_paid
from backend.insight.link_view import event_seen
from backend.store import events
from backend.store.claims import ENDED
from backend.texts.load import Language


@dataclass(frozen=True, slots=True)
class Course:
    """How far a claim has been followed: the fold of its events so far, and its stages. Empty before the first."""

    claim: Claim | None = None
    stages: tuple[Stage, ...] = ()

    @property
    def seq(self) -> int:
        """The number of the last event that was read, 0 before the first."""
        return self.claim.version if self.claim else 0

    @property
    def has_ended(self) -> bool:
        """Whether nothing is awaited any more: closed, rejected or withdrawn."""
        return self.claim is not None and self.claim.state in ENDED

    def standing(self) -> Document:
        """Where the claim stands, who holds it since when, and what was promised.

        Raises:
            ValueError: No event has been read.
        """
        if self.claim is None:
            raise ValueError("nothing is known of a claim before its first event")
        lasting = self.stages[-1] if self.stages and self.stages[-1].ended_at is None else None
        return {
            "number": self.claim.report.number,
            "state": self.claim.state,
            "stage": lasting.name if lasting else None,
            "held_by": lasting.held_by if lasting else None,
            "since": lasting.entered_at.isoformat() if lasting else None,
            "reported_at": self.claim.reported_at.isoformat(),
            "due_at": self.claim.report.due_at.isoformat(),
            "seconds_to_paid": seconds_to_paid(self.claim),
        }


def read_on(
    connection: Connection,
    claim_id: ClaimId,
    course: Course,
    language: Language,
    *,
    most: int,
    is_link: bool = False,
) -> tuple[Course, list[Document]]:
    """At most so many events after *course*, as the timeline tells them, and the course behind the last of them."""
    claim, stages, told = course.claim, course.stages, []
    for entry in events.after(connection, claim_id, course.seq, most=most):
        claim = apply(claim, entry)
        stages = after_event(stages, claim, entry.at)
        document = event_document(entry, claim, language)
        told.append(event_seen(document, language) if is_link else document)
    return Course(claim, stages), told
