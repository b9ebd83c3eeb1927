"""What the trade's rules say of a programme's row, and of a policy's word that it belongs to one."""

from collections.abc import Mapping
from typing import Any  # a row's values have the types of their fields

from backend.domain.money import Money
from backend.domain.programme import lies_in
from backend.domain.register.judging import Judged, Values, Wrong


def judge_programme(row: Values, before: Values | None, *, committed: Money) -> Judged:
    """Days in order, and a limit that what was paid or is leaving still fits under.

    Args:
        row: As it would be registered.
        before: As it is; None for a new programme.
        committed: What its claims' payouts have used.
    """
    wrong, notes = [], []
    if row["ends"] < row["begins"]:
        wrong.append(Wrong("ends", f"is before the first day {row['begins']}", "Mend the two dates."))
    used = row["paid_before"] + committed
    if row["most"] < used:
        why = f"is less than the {used} paid or about to be"
        wrong.append(Wrong("most", why, "flashclaim programme show ID says what has used it."))
    if before and before["most"] != row["most"] and not wrong:
        notes.append(
            f"{row['most'] - used} of {row['most']} are left; claims that waited for it are tried again"
        )
    return Judged(tuple(wrong), tuple(notes))


def judge_membership(row: Values, programmes: Mapping[str, Any], county: str) -> Wrong | None:
    """A policy's programme is registered, reaches its farm's county, and runs when the cover begins.

    Args:
        row: The policy's.
        programmes: Rows of the registered programmes that policies name, by id.
        county: The farm's.
    """
    if row["programme"] is None:
        return None
    programme = programmes.get(row["programme"])
    if programme is None:
        then = "Import the programme first: flashclaim programme import FILE."
        return Wrong("programme", "is no registered programme", then)
    if not lies_in(county, programme["county"]):
        why = f"is a programme of {programme['county']}, and the farm lies in {county}"
        return Wrong("programme", why, "Name the programme of the farm's county.")
    if not programme["begins"] <= row["incepted"] <= programme["ends"]:
        why = (
            f"runs from {programme['begins']} to {programme['ends']}, and the cover begins {row['incepted']}"
        )
        return Wrong("programme", why, "Name the programme of the year in which the cover begins.")
    return None
