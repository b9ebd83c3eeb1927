"""What an assessment changed, line by line: heads before and after, sums, and approvals that are void."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any  # the assessment's document, as the API sends it

from backend.texts.load import Language
from cli.screens.labels import label
from cli.screens.writing import clock, money


def sums(told: Mapping[str, Any]) -> str:
    """Both sums, or the one that stays."""
    before, after = told["amount_before"], told["amount_after"]
    if before == after or before is None:
        return money(after) if after else "-"
    return f"{money(before)} → {money(after)}"


def headline(told: Mapping[str, Any], language: Language) -> str:
    """When, by whom, both sums, and why."""
    receipt = told["receipt_number"]
    docket = f", {label('handover', language)} {receipt}" if receipt else ""
    return f"{clock(told['at'])}, {told['by']}{docket}: {sums(told)}, {told['reason']}"


def change_lines(told: Mapping[str, Any], language: Language) -> Iterator[str]:
    """One line a head that changed, the whole claim's first; then whose approvals are void."""
    for ref, changes in groupby(told["changes"], key=lambda change: change["ref"]):
        said = ", ".join(
            f"{label(one['field'], language)} {_value(one['before'])} → {_value(one['after'])}"
            for one in changes
        )
        yield f"{ref}: {said}" if ref else said
    for one in told["voided"]:
        of = f" ({money(one['amount'])})" if one["amount"] else ""
        yield f"{label(one['lane'], language)}: {label('void', language)}, {one['by']}{of}"


def _value(value: str | None) -> str:
    return "-" if value is None else value
