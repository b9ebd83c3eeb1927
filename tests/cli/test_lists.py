"""Lists at 80 columns: what the next command is called with stays whole, however wide the rest is."""

from io import StringIO
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from backend.domain.effects import EffectKind
from backend.domain.words import PayoutState, State
from cli.screens.lists import claims_table, effects_table, payouts_table
from tests.cli.conftest import County

NUMBER = "FC-20261124-0042"
EFFECT = "0b6a1f5e-2d4c-5a7e-8b1d-7c2e9f30a4d2"
MOMENT = "2026-11-24T08:00:00+00:00"


def a_claim(**changes: Any) -> dict[str, Any]:
    """A row of ``claim list``."""
    lanes = dict.fromkeys(("insurer", "veterinary", "inspection"), "open")
    row = {"number": NUMBER, "state": State.JOINT_REVIEW, "path": "ASSISTED", "lanes": lanes, "heads": 1}
    return row | {"species": "pig", "amount": "700.00", "due_at": MOMENT} | changes


def a_payout(**changes: Any) -> dict[str, Any]:
    """A row of ``payout list``."""
    row = {"claim_number": NUMBER, "no": 1, "state": PayoutState.CONFIRMED, "amount": "700.00"}
    return row | {"payee": "张三", "account_last4": "1234", "started_at": MOMENT, "reason": None} | changes


def an_effect(**changes: Any) -> dict[str, Any]:
    """A row of ``effect list``."""
    row = {"id": EFFECT, "claim_number": NUMBER, "kind": EffectKind.PAY, "state": "pending", "failures": 0}
    return row | {"last_error": None} | changes


def lines(table: Table) -> list[str]:
    """The table as an 80-column terminal shows it."""
    written = StringIO()
    Console(file=written, width=80, highlight=False, markup=False, emoji=False).print(table)
    return written.getvalue().splitlines()


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize(
    "herd",
    [{}, {"heads": 100_000, "species": "poultry", "amount": "1234567.00"}],
    ids=["one pig", "a whole barn"],
)
def test_a_claims_number_state_and_promise_are_never_cut(state: State, herd: dict[str, Any]) -> None:
    shown = lines(claims_table([a_claim(state=state, **herd)]))

    assert shown[1].startswith(f"{NUMBER} {state} ")
    assert "…" not in "".join(shown)
    assert max(cell_len(line) for line in shown) <= 80


@pytest.mark.parametrize("state", PayoutState)
def test_a_payouts_claim_number_is_never_cut(state: PayoutState) -> None:
    row = a_payout(
        state=state,
        amount="1234567.00",
        payee="湖南省长沙县某某生态养殖专业合作社",
        reason="the account is closed: AC04 ClosedAccountNumber",
    )

    shown = lines(payouts_table([row, a_payout()]))

    assert shown[1].startswith(f"{NUMBER} 1  {state} ")
    assert max(cell_len(line) for line in shown) <= 80


@pytest.mark.parametrize("kind", EffectKind)
def test_an_effects_id_and_claim_number_are_never_cut(kind: EffectKind) -> None:
    row = an_effect(kind=kind, failures=12, last_error="ReadTimeout: " + "no answer from the bank " * 4)

    shown = lines(effects_table([row]))

    assert shown[1].startswith(f"{EFFECT} {NUMBER} ")
    assert max(cell_len(line) for line in shown) <= 80


def test_the_commands_show_whole_numbers_in_80_columns(county: County) -> None:
    claim = county.report(away_m=900)
    county.shell.ok("claim", "ask", claim, "--note", "one photo of the tag", profile="veterinary")
    waiting = county.report(away_m=900)

    listed = county.shell.ok("claim", "list", profile="insurer").out
    queued = county.shell.ok("review", "--plain", "--limit", "200", profile="insurer").out
    effects = county.shell.ok("effect", "list", "--limit", "200", profile="insurer").out
    rows = county.shell.json("effect", "list", "--limit", "200", profile="insurer")["effects"]

    assert f"{claim} EVIDENCE_REQUESTED " in listed
    assert f"{waiting} JOINT_REVIEW " in queued
    own = [f"{row['id']} {claim} " for row in rows if row["claim_number"] == claim]
    assert own
    assert all(start in effects for start in own)
