"""Policies, herds and officers from files: what the trade allows, whom money goes to, who may sign in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.commands import StartPayout
from backend.domain.register.fields import Register
from backend.domain.register.problems import ImportRefused, ImportUnreadable
from backend.domain.words import Lane
from backend.store import people, policies, tables
from backend.workflows.secrets import token_hash
from tests.backend.workflows.importing import SEED, Office, notes, opened_office, totals
from tests.builders import an_officer

HEADINGS = (
    *(
        "保单号",
        "养殖场编号",
        "畜种",
        "产品",
        "起保日期",
        "终保日期",
        "承保头数",
        "存栏数",
        "保险金额（元/头）",
    ),
    *("收款人", "收款账号"),
)
PLAIN = {
    "number": "P-9",
    "farm_id": "farm-1",
    "species": "猪",
    "product": "pig-bands",
    "incepted": "2026-03-01",
    "expires": "2027/2/28",
    "insured_heads": "100",
    "stock": "120",
    "sum_insured": "700.00",
    "payee_name": "何大山",
    "payee_account": "6228480012345678901",
}


@pytest.fixture
def office(lasting_database: str, tmp_path: Path) -> Iterator[Office]:
    with opened_office(lasting_database, tmp_path) as opened:
        yield opened


def a_file(office: Office, **changes: str) -> Path:
    return office.table(HEADINGS, tuple((PLAIN | changes).values()))


def bring(office: Office, file: Path, **wishes: Any) -> dict[str, Any]:
    return office.bring(Register.POLICIES, file, **wishes)


def refusals(office: Office, register: Register, file: Path, **wishes: Any) -> str:
    """Everything that a refused import says about its rows."""
    with pytest.raises(ImportRefused) as refused:
        office.bring(register, file, **wishes)
    listed = refused.value.report["refused"]
    assert isinstance(listed, list)
    return "; ".join(f"{one['field']} {one['why']}" for one in listed)


def test_a_policy_comes_in_from_a_chinese_table_and_again_is_the_same(office: Office) -> None:
    first, again = bring(office, a_file(office)), bring(office, a_file(office))

    assert (totals(first), totals(again)) == ((1, 0, 0, 0), (0, 0, 1, 0))
    assert "no report token without --tokens" in notes(first)
    (held,) = [row for row in office.registered(tables.policies) if row["number"] == "P-9"]
    assert str(held["sum_insured"]) == "700.00"
    assert (held["species"], held["pay_gate"], held["report_token_hash"]) == ("pig", "HANDOVER", None)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"farm_id": "farm-9"}, "farm_id is no registered farm"),
        ({"product": "pig-dreams"}, "product no product 'pig-dreams'"),
        ({"product": "pig-bands@99"}, "no version 99"),
        ({"species": "牛"}, "species is not insured by pig-bands@1"),
        ({"expires": "2026-02-28"}, "expires is before the first day"),
        ({"incepted": "46082"}, "looks like a spreadsheet's day number"),
        ({"insured_heads": "0"}, "insured_heads is not a whole number from 1"),
        ({"sum_insured": "700.005"}, "sum_insured is not an amount"),
        ({"payee_account": "12"}, "payee_account is not a number or id"),
        ({"payee_account": "6.22848E+18"}, "a spreadsheet has rounded it"),
        ({"product": "calf-months", "species": "牛", "sum_insured": ""}, "sum_insured is missing"),
    ],
)
def test_a_policy_that_cannot_stand_is_refused_by_field(
    office: Office, changes: dict[str, str], why: str
) -> None:
    assert why in refusals(office, Register.POLICIES, a_file(office, **changes))


def test_all_faults_of_a_row_are_said_at_once(office: Office) -> None:
    said = refusals(office, Register.POLICIES, a_file(office, incepted="soon", insured_heads="many"))

    assert said.count(";") == 1


def test_whom_a_policy_pays_changes_only_by_a_word_of_its_own(office: Office) -> None:
    bring(office, a_file(office))
    changed = a_file(office, payee_name="宋玉兰", payee_account="6228480099999999999")

    assert "differs from whom the policy pays now" in refusals(office, Register.POLICIES, changed)
    report = bring(office, changed, allows_payee_changes=True)

    assert totals(report) == (0, 1, 0, 0)
    shown = {one["field"]: one["after"] for one in report["changes"]}
    assert shown == {"payee_name": "宋玉兰", "payee_account": "…9999"}
    assert "pays 宋玉兰 …9999 from now on" in notes(report)


def test_a_policy_with_open_claims_keeps_its_number_and_says_what_a_change_means(office: Office) -> None:
    office.county.report()
    file = office.table(("policy_number", "存栏"), ("P-2026-001", "120"))

    report = bring(office, file)

    assert totals(report) == (0, 1, 0, 0)
    assert "changes while 1 claim on it are open" in notes(report)


def test_insured_heads_never_fall_below_what_is_paid_or_about_to_be(office: Office) -> None:
    office.county.make_payable()
    office.county.give(StartPayout())
    file = office.table(("policy_number", "insured_heads"), ("P-2026-001", "1"))

    assert "fewer than the 2 heads paid or about to be" in refusals(office, Register.POLICIES, file)


def test_a_renewal_under_the_same_number_may_insure_fewer_heads_than_the_old_period_paid(
    office: Office,
) -> None:
    office.county.make_payable()
    office.county.give(StartPayout())
    headings = ("policy_number", "incepted", "expires", "insured_heads")

    report = bring(office, office.table(headings, ("P-2026-001", "2027-03-01", "2028-02-29", "1")))

    assert totals(report) == (0, 1, 0, 0)


def test_report_tokens_are_made_for_policies_that_have_none(office: Office) -> None:
    report = bring(office, a_file(office), token_seed=SEED)
    again = bring(office, a_file(office), token_seed="other" * 9)

    ((number, token),) = [(one["key"], one["token"]) for one in report["tokens"]]
    found = office.county.store.engine.read(
        lambda c: policies.policy_of_token(c, token_hash(token)), EVERYWHERE
    )
    assert (number, found) == ("P-9", "P-9")
    assert again["tokens"] == []
    assert token[0] == "t"


def test_animals_come_in_by_tag_and_move_with_a_note(office: Office) -> None:
    office.farms(office.two_farms())
    rows = (("耳标号", "养殖场编号", "畜种", "类别"), ("137080000000001", "farm-1", "猪", "育肥猪"))
    office.bring(Register.HERDS, office.table(*rows))

    moved = office.bring(Register.HERDS, office.table(rows[0], ("137080000000001", "N", "猪", "育肥猪")))

    assert totals(moved) == (0, 1, 0, 0)
    assert "moves from farm farm-1 to N" in notes(moved)
    assert [row["farm_id"] for row in office.registered(tables.herd_animals)] == ["N"]


@pytest.mark.parametrize(
    ("tag", "species", "why"),
    [
        ("12345", "猪", "is no ear tag"),
        ("237080000000001", "猪", "is no tag of pig"),
        ("137080000000001", "龙", "words for it"),
    ],
)
def test_an_animal_under_a_wrong_tag_is_refused(office: Office, tag: str, species: str, why: str) -> None:
    file = office.table(("tag", "farm_id", "species"), (tag, "farm-1", species))

    assert why in refusals(office, Register.HERDS, file)


def test_an_office_registers_its_own_officers_and_no_others(office: Office) -> None:
    headings = ("officer_id", "name", "organisation")
    ours = office.table(headings, ("wu@org-insurer", "吴", "org-insurer"))
    theirs = office.table(headings, ("wu@vet", "吴", "org-veterinary"), name="theirs.csv")
    poached = office.table(headings, ("li@org-veterinary", "li", "org-insurer"), name="poached.csv")

    report = office.bring(Register.OFFICERS, ours, token_seed=SEED)

    token = report["tokens"][0]["token"]
    signed_in = office.county.store.submit(lambda c: people.use_login_token(c, token_hash(token))).result()
    assert signed_in == "wu@org-insurer"
    assert "is another office than yours" in refusals(office, Register.OFFICERS, theirs)
    assert "is another office than yours" in refusals(office, Register.OFFICERS, poached)
    vet = an_officer(Lane.VETERINARY)
    assert totals(office.bring(Register.OFFICERS, theirs, by=vet)) == (1, 0, 0, 0)


def test_offices_are_founded_at_the_server_only(office: Office) -> None:
    headings = ("officer_id", "name", "organisation", "organisation_name", "审核岗", "county")
    file = office.table(headings, ("vet-1", "刘畅", "vet-430624", "湘阴县畜牧水产局", "畜牧部门", "430624"))

    assert "another office" in refusals(office, Register.OFFICERS, file)
    report = office.bring(Register.OFFICERS, file, by=None, token_seed=SEED)
    again = office.bring(Register.OFFICERS, file, by=None, token_seed=SEED)
    renewed = office.bring(Register.OFFICERS, file, by=None, token_seed="z" * 43, renews_tokens=True)

    assert [len(one["tokens"]) for one in (report, again, renewed)] == [1, 0, 1]
    founded = office.county.store.engine.read(lambda c: people.officer(c, "vet-1"), EVERYWHERE)  # type: ignore[arg-type]
    assert (founded.organisation, founded.lane) == ("vet-430624", Lane.VETERINARY)


def test_a_herd_needs_no_outlines_and_a_table_of_any_file_will_do(office: Office) -> None:
    path = office.folder / "broken.parquet"
    path.write_bytes(b"PAR1 rubbish")

    with pytest.raises(ImportUnreadable, match=r"broken\.parquet"):
        office.bring(Register.HERDS, path)
