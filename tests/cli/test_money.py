"""Money in both directions by commands: stop, resume, return, reconcile, ledger, and payouts that leave in files."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import xmlschema
from defusedxml.ElementTree import fromstring
from rich.cells import cell_len
from rich.console import Console

from backend.adapters.bank_notice import BankNotice, NoticeEvent
from backend.adapters.pain001 import NAMESPACE
from backend.domain.ids import PayoutId
from backend.domain.money import Money
from backend.domain.policy import policy_day
from backend.domain.words import DifferenceKind, LedgerAccount
from backend.settings import Settings
from backend.texts.load import Language
from cli.screens.money import balance_screen, journal_screen, reconciliation_screen, status_screen
from tests.backend.adapters.statements import camt_of, csv_of, entry
from tests.cli.conftest import County, Shell, sign_in
from tests.fakes import ACCOUNT_CLOSED
from tests.journeys.world import eventually, key, running_world

PAYER = {"payer_name": "某某财产保险", "payer_account": "6228480402564890018", "payer_bank": "104100000004"}


@pytest.fixture(scope="module")
def treasury(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """An installation of its own: the switch stops everyone's payouts."""
    with a_county(tmp_path_factory.mktemp("treasury"), "insurer") as county:
        yield county


@pytest.fixture(scope="module")
def filing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """An installation whose bank takes files."""
    with a_county(tmp_path_factory.mktemp("filing"), "insurer", bank="file", **PAYER) as county:
        yield county


@contextmanager
def a_county(folder: Path, *profiles: str, **settings: Any) -> Iterator[County]:
    with running_world(folder / "server", **settings) as world:
        shell = Shell(folder / "profiles", world.url)
        photos = folder / "photos"
        photos.mkdir()
        sign_in(world, shell, *profiles)
        yield County(world, shell, photos)


def agreed(county: County) -> str:
    """A claim from which nothing is missing but the money; returns its id."""
    policy = county.world.policy("pig")
    claim = county.world.report(policy, [county.a_photo().read_bytes()])
    county.world.wait(claim, "JOINT_REVIEW")
    county.world.agree(claim, policy)
    return claim


def seen_by_insurer(county: County, path: str) -> Any:
    """What the command would print with ``--json``; asked over HTTP, since starting commands takes most of the time."""
    return county.world.officer("insurer").http.get(path).raise_for_status().json()


def asked(county: County, path: str, *, lane: str = "insurer", **body: str) -> Any:
    return county.world.officer(lane).http.post(path, json=body, headers=key())


def reference(county: County, claim: str) -> str:
    shown = county.world.show(claim)
    return f"{shown['number']}/1-{shown['payout']['id'][:8]}"


def today() -> str:
    return policy_day(datetime.now(UTC)).isoformat()


def test_stopped_payments_wait_with_the_insurer_and_leave_once_resumed(treasury: County) -> None:
    world, shell = treasury.world, treasury.shell
    by_vet = asked(treasury, "/payouts/stop", lane="veterinary", reason="x")
    unreasoned = asked(treasury, "/payouts/stop", reason=" ")
    stopped = shell.ok("payout", "stop", "--reason", "the bank reports wrong debits", profile="insurer")
    claim = agreed(treasury)
    eventually(lambda: world.show(claim)["holds"], 10.0, "the hold")

    shown, status = world.show(claim), seen_by_insurer(treasury, "/payouts/status")
    screen = shell.ok("claim", "show", claim, profile="insurer").out
    with world.farmer(world.policy("pig")) as phone:
        farmers = phone.get(f"/claims/{claim}").raise_for_status().json()
    asked_for = shell.json("payout", "resume", "--reason", "mended", profile="insurer")
    alone = shell.run("approval", "approve", asked_for["proposal"]["id"], profile="insurer")
    world.agree_to(asked_for["proposal"]).raise_for_status()
    paid = world.pay(claim)

    assert (by_vet.status_code, unreasoned.json()["code"]) == (403, "reason-needed")
    assert stopped.out == "stopped\n"
    assert (alone.code, "[same-person]" in alone.err) == (4, True)
    assert shown["state"] == "ACCEPTED"
    assert shown["held_by"] == "insurer"
    [hold] = shown["holds"]
    assert (hold["kind"], hold["reason"]) == ("STOP_PAYMENTS", "the bank reports wrong debits")
    assert hold["by"] == status["stopped"]["by"] == world.officer("insurer").id
    assert "flashclaim payout status" in screen
    assert farmers["holds"][0]["reason"] == "STOP_PAYMENTS"
    assert [(one["number"], one["waits_for"]) for one in status["waiting"]["claims"]] == [
        (shown["number"], "resume")
    ]
    assert paid["state"] == "PAID"
    assert seen_by_insurer(treasury, "/payouts/status")["stopped"] is None


def test_a_returned_payout_is_told_to_the_farmer_paid_again_and_stands_in_the_ledger(
    treasury: County,
) -> None:
    world, shell = treasury.world, treasury.shell
    claim = agreed(treasury)
    paid = world.pay(claim)
    assert world.certify(claim).status_code == 200
    [notice] = world.bank.return_settled(PayoutId(UUID(paid["payout"]["id"])))

    answers = [world.call_back(notice) for _ in range(3)]
    returned = world.show(claim)
    told = [one["text"] for one in eventually(lambda: notices_of(treasury, claim, "退"), 10.0, "the notice")]
    shell.ok("payout", "retry", claim, "--reason", "account corrected", profile="insurer")
    again = world.pay(claim)
    journal = treasury.shell.json("ledger", "show", claim, profile="insurer")

    assert [answer.status_code for answer in answers] == [200] * 3
    assert (returned["state"], returned["payout"]["reason"]) == (
        "PAYMENT_FAILED",
        "AC04: the account is closed",
    )
    assert world.events(claim).count("payout-returned") == 1
    assert "银行把赔款700.00元退回了：AC04" in told[0]
    assert "请核对账户，对好再付" in told[0]
    assert again["state"] == "CLOSED"
    assert journal["balances"] == {
        "incurred": "700.00",
        "reserve": "0.00",
        "payable": "0.00",
        "transit": "0.00",
        "paid": "-1400.00",
        "returned": "700.00",
    }
    assert journal["sum"] == "0.00"
    assert seen_by_insurer(treasury, "/ledger/balance?by=county")["balanced"] is True
    with_vet = world.officer("veterinary").http.get("/ledger/balance")
    assert with_vet.status_code == 403
    assert shell.ok("ledger", "balance", profile="insurer").out.splitlines()[-1].split() == ["sum", "0.00"]


def notices_of(county: County, claim: str, word: str) -> list[dict[str, Any]]:
    return [one for one in county.world.timeline(claim)["notices"] if word in one["text"]]


def test_a_statement_is_reconciled_and_what_it_proves_is_recorded_in_the_officers_name(
    treasury: County,
) -> None:
    world, shell = treasury.world, treasury.shell
    world.bank.lose_next_answer()
    claim = agreed(treasury)
    world.wait(claim, "PAYMENT_UNKNOWN", "PAYING")
    ours, later = reference(treasury, claim), (datetime.now(UTC) + timedelta(days=400)).strftime("%Y-%m-%d")
    file = treasury.photos / "statement.csv"
    file.write_bytes(
        csv_of(
            f"{later},借,700.00,CNY,赔款{ours},B-1",
            f"{later},借,12.00,CNY,手续费,B-2",
            "soon,借,1,CNY,x,",
            encoding="gbk",
        )
    )

    before = shell.run("payout", "reconcile", str(file), "--json", profile="insurer")
    applied = shell.run("payout", "reconcile", str(file), "--apply", profile="insurer")
    again = world.officer("insurer").http.post(
        "/payouts/reconciliations?apply=true", content=file.read_bytes(), headers=key()
    )

    assert (before.code, applied.code, again.status_code) == (6, 6, 200)
    assert [one["kind"] for one in before.document["differences"]] == ["unreadable", "not_ours", "found_paid"]
    assert before.document["recorded"] == 0
    assert before.document["open"] == 3
    assert "recorded" in applied.out
    # What is recorded as of today and booked in a year's time differs by its date alone.
    assert [one["kind"] for one in again.json()["differences"]] == [
        "unreadable",
        "not_ours",
        "date_differs",
    ]
    assert world.show(claim)["state"] == "PAID"
    confirmed = next(one for one in world.timeline(claim)["events"] if one["type"] == "payout-confirmed")
    assert confirmed["actor"] == world.officer("insurer").id


def test_a_statement_that_is_none_is_refused_with_what_is_wrong(treasury: County) -> None:
    bomb = treasury.photos / "bomb.xml"
    bomb.write_bytes(camt_of([], before='<!DOCTYPE d [<!ENTITY a "ha">]>'))

    refused = treasury.shell.run("payout", "reconcile", str(bomb), profile="insurer")
    by_vet = asked(treasury, "/payouts/reconciliations", lane="veterinary")

    assert (refused.code, by_vet.status_code) == (2, 403)
    assert "document type or entities" in refused.err


def test_where_payouts_leave_through_the_gateway_no_file_is_made(treasury: County) -> None:
    done = asked(treasury, "/payouts/files")

    assert (done.status_code, done.json()["code"]) == (409, "leaves-through-gateway")


def test_payouts_leave_in_one_file_once_and_the_statement_confirms_them(
    filing: County, tmp_path: Path
) -> None:
    world, shell, file = filing.world, filing.shell, tmp_path / "payouts.xml"
    claims = [agreed(filing), agreed(filing)]
    status = seen_by_insurer(filing, "/payouts/status")

    made = shell.ok("payout", "export", "--pain001", str(file), "--json", profile="insurer").document
    taken = shell.run("payout", "export", "--pain001", str(file), profile="insurer")
    empty = asked(filing, "/payouts/files")
    lost = tmp_path / "again.xml"
    shell.ok(
        "payout", "export", "--pain001", str(lost), "--again", made["file"]["message_id"], profile="insurer"
    )

    assert {one["waits_for"] for one in status["waiting"]["claims"]} == {"file"}
    assert (made["file"]["payouts"], made["file"]["amount"], made["left_out"]) == (2, "1400.00", [])
    assert (taken.code, empty.json()["file"]) == (2, None)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert lost.read_bytes() == file.read_bytes()
    schema = files("sepaxml") / "schemas" / "pain.001.001.09.xsd"
    xmlschema.XMLSchema(schema.read_text(encoding="utf-8")).validate(file)
    root = fromstring(file.read_bytes())
    names = [one.text or "" for one in root.iterfind(".//p:EndToEndId", {"p": NAMESPACE})]
    assert sorted(names) == sorted(reference(filing, claim) for claim in claims)
    assert {world.show(claim)["payout"]["bank_file"] for claim in claims} == {made["file"]["message_id"]}
    assert world.bank.orders == []

    statement = tmp_path / "statement.xml"
    entries = [entry(name, "700.00", number=f"SB{place}") for place, name in enumerate(names)]
    statement.write_bytes(camt_of(entries).replace(b"2026-11-25", today().encode()))
    done = shell.ok("payout", "reconcile", str(statement), "--apply", profile="insurer")

    assert {world.show(claim)["state"] for claim in claims} == {"PAID"}
    assert "found paid" in done.out
    again = world.officer("insurer").http.post(
        "/payouts/reconciliations", content=statement.read_bytes(), headers=key()
    )
    assert (again.json()["matched"], again.json()["differences"]) == (2, [])
    assert world.bank.orders == []


def test_file_payouts_need_a_payer_before_the_server_starts() -> None:
    from backend.bootstrap import assemble

    with pytest.raises(ValueError, match="PAYER_NAME"), assemble(Settings(bank="file")):
        pass


def test_a_return_that_overtakes_everything_is_heard(treasury: County) -> None:
    world = treasury.world
    claim = agreed(treasury)
    eventually(lambda: "payout-accepted" in world.events(claim), 10.0, "the bank's word")
    payout = PayoutId(UUID(world.show(claim)["payout"]["id"]))
    notice = BankNotice(
        NoticeEvent.RETURNED, payout, "B-9", Money.parse("700.00"), ACCOUNT_CLOSED, datetime.now(UTC)
    )

    answer = world.call_back(notice)
    world.settle()

    assert answer.json()["state"] == "PAYMENT_FAILED"
    assert world.show(claim)["state"] == "PAYMENT_FAILED"


def lines(screen: Any) -> list[str]:
    written = StringIO()
    Console(file=written, width=80, highlight=False, markup=False, emoji=False).print(screen)
    return written.getvalue().splitlines()


@pytest.mark.parametrize("language", Language)
def test_screens_of_money_fit_a_terminal_of_80_columns(language: Language) -> None:
    moment, much = "2026-11-24T08:00:00+00:00", "123456789.00"
    balances = {account.value: much for account in LedgerAccount}
    waits = [
        {"number": "FC-20261124-0042", "amount": much, "due_at": moment, "waits_for": why}
        for why in ("resume", "higher_limit", "next_day", "file", "soon")
    ]
    file = {
        "message_id": "FC-20261125-F001-0badcafe",
        "payouts": 1000,
        "amount": much,
        "made_at": moment,
        "made_by": "li",
    }
    status = {
        "stopped": {"by": "picc-changsha-1", "at": moment, "reason": "the bank reports wrong debits " * 4},
        "bank": "file",
        "day": {"used": much, "limit": much},
        "waiting": {"count": 5, "amount": much, "claims": waits},
        "files": [file],
    }
    ours = {"claim_number": "FC-20261124-0042"}
    plain = {"row": "entry 12, transaction 345", "detail": "x" * 200, "ours": ours, "offer": "confirm"}
    differences = [plain | {"kind": kind, "recorded": False, "refusal": None} for kind in DifferenceKind]
    read = {
        "first_day": "2026-11-25",
        "last_day": "2026-11-26",
        "format": "camt.053.001.08",
        "lines": 99,
        "pending": 1,
    }
    found = {"statement": read, "matched": 9, "others_in": 3, "differences": differences}
    journal = [
        {"seq": 12, "at": moment, "event": "payout-returned", "account": "returned", "amount": f"-{much}"}
    ]
    screens = [
        status_screen(status, language),
        journal_screen({"number": "FC-1", "entries": journal, "balances": balances, "sum": "0.00"}, language),
        balance_screen({"by": "day", "rows": [], "balances": balances, "sum": "0.00"}, language),
        reconciliation_screen(found, language),
    ]

    for screen in screens:
        shown = lines(screen)
        assert max(cell_len(line) for line in shown) <= 80
        assert "FC-20261124-00…" not in "".join(shown)
