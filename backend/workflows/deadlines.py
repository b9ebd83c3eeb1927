"""Effects ``deadline`` and ``escalate``: a claim's clocks say what they have to say, and officers hear by name."""

from dataclasses import dataclass

from backend.adapters.notices import Notice, Notices
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.clocks.deadlines import Timetable
from backend.domain.clocks.events import ClaimEscalated
from backend.domain.clocks.running import next_mark, running
from backend.domain.commands import RecordDeadlines
from backend.domain.duties.events import HolderNudged, LaneAssigned
from backend.domain.events import Recorded
from backend.domain.fold import fold
from backend.domain.policy import SHANGHAI
from backend.store import clock_rows, events
from backend.store.effects import Leased
from backend.store.run import Store
from backend.texts.load import Language, Table, sentence
from backend.workflows.clock import Clock
from backend.workflows.worker import Later


@dataclass(frozen=True, slots=True)
class DeadlineWatch:
    """Keeps the time of claims, and tells officers by name: when it runs short, when they are nudged or named."""

    store: Store
    notices: Notices
    language: Language
    clock: Clock
    timetable: Timetable

    def look(self, leased: Leased) -> Later | None:
        """Record what the clocks say by now; come back when they have something to say next.

        The claim remembers what was said: a second worker, or a second timer of the same claim, records nothing. A
        clock that stands still needs no timer; what lets it go on sets one.
        """
        now = self.clock()
        claim = self.store.run_blocking(leased.claim_id, RecordDeadlines(), at=now).claim
        if running(claim, self.timetable) and not self.store.engine.read(
            lambda connection: clock_rows.of_claim(connection, leased.claim_id), EVERYWHERE
        ):
            # A claim from before there were clocks: its timer is there, what lists read is not yet.
            self.store.submit(
                lambda connection: clock_rows.renew(
                    connection, events.load(connection, leased.claim_id), self.timetable
                )
            ).result()
        mark = next_mark(claim, self.timetable, now)
        return None if mark is None else Later(mark - now)

    def tell(self, leased: Leased) -> None:
        """Tell one officer; sent before it is done with, so that a crash may repeat it under its key, never lose it."""
        history = self.store.engine.read(
            lambda connection: events.history(connection, leased.claim_id), EVERYWHERE
        )
        seq = int(leased.arguments["seq"])
        claim = fold(history[:seq])
        text = _told(self.language, claim.report.number, history[seq - 1])
        self.notices.send(
            Notice(
                to=leased.arguments["officer"],
                claim_number=claim.report.number,
                language=self.language,
                text=text,
                key=str(leased.id),
            )
        )


def _told(language: Language, number: str, recorded: Recorded) -> str:
    """What the officer is told of one event."""
    event, by = recorded.event, recorded.actor.id
    match event:
        case ClaimEscalated():
            facts: dict[str, object] = {
                "clock": event.clock,
                "percent": event.percent,
                "level": event.level,
                "due": f"{event.due_at.astimezone(SHANGHAI):%m-%d %H:%M}",
                "held_by": event.held_by.replace("+", ", "),
            }
            return sentence(language, Table.NOTICE, "escalation", number=number, **facts)
        case HolderNudged(note=note):
            return sentence(language, Table.NOTICE, "nudge", number=number, by=by, note=note)
        case LaneAssigned(reason=reason):
            return sentence(language, Table.NOTICE, "assigned", number=number, by=by, reason=reason)
        case _:
            raise TypeError(
                f"event {recorded.seq} of {number} is {event.type}: no officer is told of it by name"
            )
