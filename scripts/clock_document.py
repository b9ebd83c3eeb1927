"""The text of ``docs/clocks.md``: tables from the shipped timetables, and an example worked out by them."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from backend.domain.clocks.deadlines import ClockName, Deadline, Level, Timetable
from backend.domain.policy import SHANGHAI
from backend.timetables.load import timetable

COUNTS: Mapping[ClockName, str] = {
    ClockName.PAYOUT: "the report → the money on the account (the first time that it arrives)",
    ClockName.FIRST_DECISION: "the report → the first word of any lane",
    ClockName.REVIEW: "the machine's checks are done → the last lane's approval; new evidence starts it anew",
    ClockName.SETTLEMENT: "three approvals and the farmer's acceptance → the money on the account, while it is there",
    ClockName.CERTIFICATE: "the handover (the earlier of its two times) → the certificate, also where nothing is paid",
    ClockName.TICKET: "a bad rating → the answer that closes its service ticket",
    ClockName.DISEASE_NOTICE: "a suspicion → the notice; nothing starts it yet",
}
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_LONG = 3 * _DAY
BEFORE_SPRING_FESTIVAL = datetime(2026, 2, 13, 22, 40, tzinfo=SHANGHAI)
BEFORE_TOMB_SWEEPING = datetime(2026, 4, 3, 22, 40, tzinfo=SHANGHAI)

TEXT = """# Clocks

By when what is owed, who is told when time runs short, and who decides when an office is closed. The data stand in
`backend/timetables/*.toml`; a file of the same name in the folder that `FLASHCLAIM_TIMETABLES` names takes its place
whole. A wrong file stops the start and names the key. `GET /api/v1/clocks` answers with what is in force.

## Deadlines

{deadlines}

A claim keeps the rows of the day of its report; the payout keeps what the farmer was promised (`due_at`).

## Pauses

* **QUARANTINE**: while this hold is set, every clock stands still; what is due moves by as long as it lasts.
* **EVIDENCE_REQUESTED**: the farmer was asked for more. The offices' clocks stand still; the promise of the payout does
  not. The farmer's time is shown apart, as stages of `flashclaim claim timeline` (`evidence`, `upload`).
* Two pauses at once count once. Other holds pause nothing: someone can lift them.

## What is recorded

At {percent} % of its time a clock is at risk (`deadline-at-risk`), at 100 % it is broken (`deadline-breached`): once
each, ever, by whatever worker, also after a restart. What ends in time records nothing, and nothing else happens to the
claim: a late claim is neither refused nor decided by a machine. `flashclaim claim list --at-risk` shows what can still
be kept first, the soonest due before the others, then what is broken.

## Who is told

{levels}

{steps}

`flashclaim officer serve` names the county's service officers. Where a level has none, the officers of whoever holds
the claim are told; where no office holds it, the insurer's. The event `claim-escalated` says who was told.

## When an office cannot decide

* **Delegation** 委托: `flashclaim claim delegate CLAIM --to OFFICE --reason …` asks another office of
  the lane.
* **Cover** 代办: `flashclaim officer cover OFFICE --until … --reason …`; it decides while the office hours say closed.
* Both decide with `--for OFFICE`; that office stands in the signed document, in `claim show` (`for`, `basis`) and in
  the event.
* **Recusal** 回避: `flashclaim claim recuse CLAIM --reason …`. What that person approved is void; the lane stays
  open.
* **Ties**: `flashclaim officer tie FARM --kind own|relative|employer`. Who is tied to a farm decides, assesses and
  releases nothing there.

## A report at 22:40 on a Friday before a holiday

{first}

The Saturday was worked in exchange for the Spring Festival: the offices open the next morning. Before the Tomb-sweeping
holiday they do not:

{second}

A report at night counts: the promise and the first decision run at once. The review counts office hours, whose holidays
are known for {years}; in other years the plain week counts until that year's notice is added to `holidays.toml`.
"""


def clocks_text() -> str:
    """The document without its mark."""
    table = timetable()
    head = ("clock", "from → to", "length", "counts", "pauses", "source")
    return TEXT.format(
        deadlines=_rows(head, map(_deadline, table.deadlines)),
        percent=table.at_risk_percent,
        levels=_rows(
            ("level", "service officer 服务官 who", "may ask another office"), map(_level, table.levels)
        ),
        steps=_rows(("clock", "share of its time", "level"), _steps(table)),
        first=_example(table, BEFORE_SPRING_FESTIVAL),
        second=_example(table, BEFORE_TOMB_SWEEPING),
        years=", ".join(str(year) for year in sorted(table.hours.published)),
    )


def _rows(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _deadline(row: Deadline) -> tuple[str, ...]:
    name = f"`{row.clock}`" + ("" if row.active else " (not active)")
    counts = "office hours" if row.in_office_hours else "always"
    pauses = ", ".join(sorted(row.pauses)) or "-"
    return name, COUNTS[row.clock], _length(row.length), counts, pauses, row.source


def _level(level: Level) -> tuple[str, ...]:
    return str(level.level), level.name, "yes" if level.may_delegate else "no"


def _steps(table: Timetable) -> list[tuple[str, ...]]:
    return [(f"`{step.clock}`", f"{step.percent} %", str(step.level)) for step in table.steps]


def _length(length: timedelta) -> str:
    if length % _HOUR:
        return f"{length // _MINUTE} min"
    return f"{length // _HOUR} h" if length < _LONG else f"{length // _DAY} days"


def _example(table: Timetable, reported: datetime) -> str:
    rows = {row.clock: row for row in table.on(reported.date())}
    shown = []
    for clock in (ClockName.PAYOUT, ClockName.FIRST_DECISION, ClockName.REVIEW):
        hours = table.hours_of(rows[clock])
        moments = [
            hours.after(reported, rows[clock].length * percent / 100)
            for percent in (table.at_risk_percent, 100)
        ]
        shown.append(
            (f"`{clock}`", *(f"{moment.astimezone(SHANGHAI):%a %Y-%m-%d %H:%M}" for moment in moments))
        )
    opens = f"the offices open next at {table.hours.next_open(reported).astimezone(SHANGHAI):%H:%M on %a %Y-%m-%d}"
    told = f"Reported {reported:%a %Y-%m-%d %H:%M}, checked within the minute; {opens}."
    return f"{told}\n\n" + _rows(("clock", "at risk", "due"), shown)
