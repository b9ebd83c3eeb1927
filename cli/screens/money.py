"""The switch and the day's limit, the ledger, a reconciliation: at most 80 columns."""

from collections.abc import Mapping
from typing import Any  # documents, as the API sends them

from rich.console import Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from backend.domain.money import Money
from backend.texts.load import Language
from cli.screens.labels import label
from cli.screens.tables import folded, number, right, table
from cli.screens.writing import clock, money, text


def status_screen(shown: dict[str, Any], language: Language) -> RenderableType:
    """Stopped or not, the day, and what waits."""
    stopped, day, waiting = shown["stopped"], shown["day"], shown["waiting"]
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    if stopped:
        said = f"{stopped['by']} {clock(stopped['at'])}: {stopped['reason']}"
        grid.add_row(
            label("payments", language), text(f"{label('stopped', language)}  ", "bold red").append(said, "")
        )
    else:
        grid.add_row(label("payments", language), text(label(f"by {shown['bank']}", language), "green"))
    of = f" / {money(day['limit'])}" if day["limit"] else ""
    grid.add_row(label("today", language), text(f"{money(day['used'])}{of}"))
    grid.add_row(label("waiting", language), text(f"{waiting['count']}, {money(waiting['amount'])}"))
    parts: list[RenderableType] = [grid]
    if waiting["claims"]:
        rows = table(number(), right("sum CNY"), "due", folded("waits for"))
        for one in waiting["claims"]:
            why = text(label(f"waits for {one['waits_for']}", language))
            rows.add_row(one["number"], _plain(one["amount"]), clock(one["due_at"]), why)
        parts += [Text(), rows]
    if shown["files"]:
        rows = table("file", right("payouts"), right("sum CNY"), "made", folded("by"))
        for one in shown["files"]:
            row = (text(one["message_id"]), str(one["payouts"]), _plain(one["amount"]))
            rows.add_row(*row, clock(one["made_at"]), text(one["made_by"]))
        parts += [Text(), rows]
    return Group(*parts)


def journal_screen(shown: dict[str, Any], language: Language) -> RenderableType:
    """Debits and credits in their columns, then what stands."""
    rows = table("seq", "at", folded("event"), "account", right("debit"), right("credit"))
    last = None
    for line in shown["entries"]:
        is_first, last = line["seq"] != last, line["seq"]
        what = (str(line["seq"]), clock(line["at"]), text(line["event"])) if is_first else ("", "", "")
        rows.add_row(*what, label(line["account"], language), *_sides(line["amount"]))
    return Group(
        text(shown["number"], "bold"), rows, Text(), _balances(shown["balances"], shown["sum"], language)
    )


def balance_screen(shown: dict[str, Any], language: Language) -> RenderableType:
    """The whole, or a row a part with the accounts as columns."""
    whole = _balances(shown["balances"], shown["sum"], language)
    if not shown["rows"]:
        return whole
    accounts = list(shown["balances"])
    rows = table(shown["by"], *(right(label(one, language)) for one in accounts), gap=1)
    for row in shown["rows"]:
        rows.add_row(text(row["name"]), *(_plain(row["balances"][one]) for one in accounts))
    return Group(rows, Text(), whole)


def reconciliation_screen(found: dict[str, Any], language: Language) -> RenderableType:
    """What agrees in a line, then every difference with where it stands."""
    read = found["statement"]
    headline = text(
        f"{read['first_day']} – {read['last_day']}, {read['format']}: {read['lines']} {label('lines', language)}, "
        f"{found['matched']} {label('agree', language)}, {len(found['differences'])} {label('differ', language)}",
        "bold",
    )
    notes = []
    if found["others_in"]:
        notes.append(text(f"{found['others_in']} {label('other money in', language)}", "dim"))
    if read["pending"]:
        notes.append(text(f"{read['pending']} {label('pending', language)}", "dim"))
    rows = table("where", folded("difference"))
    for one in found["differences"]:
        rows.add_row(text(one["row"] or label("our books", language)), _difference(one, language))
    shown: list[RenderableType] = [headline, *notes]
    if found["differences"]:
        shown += [Text(), rows]
    if any(one["offer"] and not one["recorded"] and not one["refusal"] for one in found["differences"]):
        shown += [Text(), text(label("apply", language))]
    return Group(*shown)


def _difference(one: dict[str, Any], language: Language) -> Text:
    line = text(label(one["kind"], language), "yellow")
    if one["ours"]:
        line.append_text(text(f"  {one['ours']['claim_number']}"))
    line.append_text(text(f"\n{one['detail']}"))
    if one["recorded"]:
        line.append(f"\n{label('recorded', language)}", "green")
    if one["refusal"]:
        line.append_text(text(f"\n{one['refusal']}", "red"))
    return line


def _balances(balances: Mapping[str, str], total: str, language: Language) -> Table:
    rows = table(Column("account", min_width=12), right("debit"), right("credit"))
    for account, amount in balances.items():
        rows.add_row(label(account, language), *_sides(amount))
    rows.add_row(label("sum", language), _plain(total), "", style="bold")
    return rows


def _sides(amount: str) -> tuple[str, str]:
    """An amount in the column of its side; nothing in neither."""
    is_credit = amount.startswith("-")
    shown = "" if not Money.parse(amount) else _plain(amount.removeprefix("-"))
    return ("", shown) if is_credit else (shown, "")


def _plain(amount: str) -> str:
    return money(amount).removesuffix(" CNY")
