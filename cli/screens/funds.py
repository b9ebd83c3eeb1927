"""The insurer's money as a table of at most 80 columns."""

from collections.abc import Iterator
from typing import Any  # figures, as the API sends them

from rich.table import Table

from backend.texts.load import Language
from cli.screens.labels import label
from cli.screens.tables import right, table
from cli.screens.writing import clock, money

Document = dict[str, Any]


def funds_table(told: Document, language: Language) -> Table:
    """Payouts by state, the reserve by the claim's state, and the ledger's accounts."""
    shown = table("", "", right("how many"), right("sum"))
    for row in told["payouts"]:
        if row["payouts"]:
            shown.add_row("payouts", label(row["state"], language), str(row["payouts"]), money(row["amount"]))
    for row in told["reserve"]["by_state"]:
        shown.add_row("reserve", label(row["state"], language), str(row["claims"]), money(row["amount"]))
    for account, amount in told["ledger"]["balances"].items():
        shown.add_row("ledger", account, "", money(amount))
    return shown


def funds_lines(told: Document) -> Iterator[str]:
    """The reserve in all, the ledger's check, the day and the switch."""
    status, reserve = told["status"], told["reserve"]
    yield f"reserve {money(reserve['amount'])} for {reserve['claims']} open claims"
    if not told["ledger"]["balanced"]:
        yield f"the ledger does not balance: {money(told['ledger']['sum'])} is left over"
    day = status["day"]
    of = f" of {money(day['limit'])}" if day["limit"] else ", no limit"
    yield f"today {money(day['used'])}{of}"
    waiting = status["waiting"]
    yield f"waiting {waiting['count']}, {money(waiting['amount'])}"
    stopped = status["stopped"]
    if stopped:
        yield f"stopped since {clock(stopped['at'])} by {stopped['by']}: {stopped['reason']}"
