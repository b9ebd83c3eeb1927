"""Claims, payouts, effects and figures as tables of at most 80 columns."""

from collections.abc import Sequence
from typing import Any  # rows, as the API sends them

from rich.table import Column, Table

from cli.screens.tables import folded as _folded
from cli.screens.tables import number as _number
from cli.screens.tables import right as _right
from cli.screens.tables import table as _table
from cli.screens.writing import clock, coloured, money, text

Rows = Sequence[dict[str, Any]]

_EFFECT_WIDTH = 36
_LANE_SIGNS = {"open": "·", "approved": "✓", "rejected": "✗", "asked": "?", "void": "○"}


def claims_table(rows: Rows) -> Table:
    """Claims; the three signs are insurer, veterinary, inspection: ``·`` open, ``✓ ✗ ?`` decided, ``○`` void."""
    table = _table(_number(), "state", "path", "lanes", _folded("what"), _right("sum CNY"), "due", gap=1)
    for row in rows:
        lanes = " ".join(_LANE_SIGNS[state] for state in row["lanes"].values())
        amount = money(row["amount"]).removesuffix(" CNY") if row["amount"] else "-"
        what = f"{row['heads']} {row['species']}"
        path = coloured(row["path"] or "-")
        table.add_row(row["number"], coloured(row["state"]), path, lanes, what, amount, clock(row["due_at"]))
    return table


def payouts_table(rows: Rows) -> Table:
    """Payouts, newest first."""
    table = _table(
        *(_number(), "no", "state", _right("sum CNY"), _folded("payee"), "started", _folded("why")), gap=1
    )
    for row in rows:
        payee = text(f"{row['payee']} …{row['account_last4']}")
        amount = money(row["amount"]).removesuffix(" CNY")
        table.add_row(
            row["claim_number"],
            str(row["no"]),
            coloured(row["state"]),
            amount,
            payee,
            clock(row["started_at"]),
            text(row["reason"] or ""),
        )
    return table


def effects_table(rows: Rows) -> Table:
    """Effects with how often they failed, and why."""
    table = _table(
        Column("effect", overflow="fold", width=_EFFECT_WIDTH),
        *(_number(), _folded("kind"), "state", _right("failed")),
        gap=1,
    )
    for row in rows:
        effect = text(row["id"])
        if row["last_error"]:
            effect.append("\n").append_text(text(row["last_error"], "yellow"))
        table.add_row(effect, row["claim_number"], row["kind"], coloured(row["state"]), str(row["failures"]))
    return table


def reasons_table(rows: Rows) -> Table:
    """Reason codes with the rules that raise them; the officer's sentence, the farmer's, what a person can do."""
    table = _table("code, raised by", _folded("for the officer, for the farmer, what to do"))
    for row in rows:
        rules = ", ".join(one["rule"] for one in row["raised_by"]) or row["effect"]
        lines = text(row["officer"]).append("\n").append_text(text(row["farmer"], "dim"))
        if row["raised_beside"]:
            lines.append("\n").append_text(text(row["raised_beside"], "dim"))
        lines.append("\n").append_text(text(f"→ {row['remedy']}"))
        table.add_row(text(row["code"]).append(f"\n{rules}", "dim"), lines)
    return table
