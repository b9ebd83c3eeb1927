"""The switch of networks is an event: recorded once, followed everywhere, and resting on a comparison."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from backend.domain import commands as c
from backend.domain.authority.sight import EVERYWHERE
from backend.store import model_switches, tables
from backend.store.model_switches import Switch
from backend.workflows.switching import ComparisonNeeded, Switched, chosen, follow, note_start, switch
from models.choice import FILE, RECORD, choose, in_use, read_choice
from models.counter import Predictor
from models.installed import NotInstalled, install
from models.manifest import SHIPPED, WeightsUnusable, read_manifest
from tests.backend.store.county import County
from tests.builders import confirmed_by_bank
from tests.models.networks import an_export, with_other_lines

NOON = datetime(2026, 11, 25, 4, tzinfo=UTC)
CAME = read_manifest(SHIPPED)


def installed(home: Path, version: str) -> str:
    """A network of the county's own."""
    one, _ = install(home, an_export(home / f"export-{version}", version))
    return one.name


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "var"
    folder.mkdir()
    return folder


def switched(county: County, home: Path, name: str, why: str = "", **changes: Any) -> Switched:
    asked: dict[str, Any] = {"predictor": None, "by": "root", "at": NOON} | changes
    predictor = asked.pop("predictor")
    return switch(county.store.engine, home, name, predictor, without_comparison=why, **asked)


def recorded(county: County) -> list[Switch]:
    return [
        one
        for one, _ in county.store.engine.read(
            lambda connection: model_switches.history(connection, 50), EVERYWHERE
        )
    ]


def standing(county: County) -> Switch | None:
    return county.store.engine.read(model_switches.standing, EVERYWHERE)


def have_paid(county: County) -> None:
    county.make_payable()
    county.give(confirmed_by_bank(county.give(c.StartPayout()).claim))


def compared(county: County, one: tuple[str, str], other: tuple[str, str]) -> int:
    """A comparison of two networks, each by name and hash."""
    return county.store.submit(
        lambda connection: model_switches.record_comparison(
            connection,
            by="root",
            at=NOON,
            model=one,
            against=other,
            claims=12,
            figures={"claims": 12, "labels": {"model": {"exact": 0.9}}},
        )
    ).result()


def test_a_switch_says_who_when_from_what_to_what(county: County, home: Path) -> None:
    own = installed(home, "7")

    done = switched(county, home, own)

    (made,) = recorded(county)
    assert (made.to.model, made.to.predictor, made.by, made.at) == ("own-farms@7", "onnx", "root", NOON)
    assert made.former is not None
    assert (made.former.model, made.former.sha256) == (CAME.full_name, CAME.sha256)
    assert done.choice == read_choice(home) == chosen(made)
    assert done.choice.former == (CAME.full_name, Predictor.ONNX)


def test_the_same_switch_again_is_none(county: County, home: Path) -> None:
    own = installed(home, "7")
    switched(county, home, own)

    again = switched(county, home, own, by="li")

    assert not again.changed
    assert again.choice.chosen_by == "root"
    assert len(recorded(county)) == 1


def test_once_claims_were_paid_a_switch_needs_a_comparison_or_a_reason(county: County, home: Path) -> None:
    own = installed(home, "7")
    sha256 = json.loads((home / "models" / own / "manifest.json").read_text())["sha256"]
    have_paid(county)

    with pytest.raises(ComparisonNeeded, match=f"never compared with {CAME.full_name}"):
        switched(county, home, own)
    assert not (home / FILE).exists()
    came = (CAME.full_name, CAME.sha256)
    compared(county, (own, "0" * 64), came)
    with pytest.raises(ComparisonNeeded):
        switched(county, home, own)
    basis = compared(county, (own, sha256), came)
    done = switched(county, home, own)
    back = switched(county, home, CAME.full_name, at=NOON)

    assert (done.comparison_id, done.reason) == (basis, None)
    assert (back.changed, back.comparison_id) == (True, basis)
    newest = county.store.engine.read(lambda connection: model_switches.history(connection, 1), EVERYWHERE)[0]
    assert newest[1] is not None
    assert (newest[1]["claims"], newest[1]["figures"]) == (
        12,
        {"claims": 12, "labels": {"model": {"exact": 0.9}}},
    )


def test_a_reason_stands_in_for_a_comparison(county: County, home: Path) -> None:
    own = installed(home, "7")
    have_paid(county)

    done = switched(county, home, own, why="the old one crashes here")

    assert (done.comparison_id, done.reason) == (None, "the old one crashes here")
    assert recorded(county)[0].reason == "the old one crashes here"


def test_another_predictor_of_the_same_network_needs_no_comparison(county: County, home: Path) -> None:
    have_paid(county)

    assert switched(county, home, CAME.full_name).changed


def test_the_same_weights_under_other_lines_are_another_network(
    county: County, home: Path, tmp_path: Path
) -> None:
    hasty, _ = install(home, with_other_lines(tmp_path / "hasty", "hasty", line=0.1, high=0.1))
    have_paid(county)

    with pytest.raises(ComparisonNeeded, match=f"{hasty.name} was never compared with {CAME.full_name}"):
        switched(county, home, hasty.name)
    basis = compared(county, (hasty.name, CAME.sha256), (CAME.full_name, CAME.sha256))

    assert switched(county, home, hasty.name).comparison_id == basis


def test_a_second_machine_follows_the_record_at_its_next_start(
    county: County, home: Path, tmp_path: Path
) -> None:
    switched(county, home, installed(home, "7"))
    other = tmp_path / "other"
    other.mkdir()
    choose(other, CAME.full_name, None, by="someone", at=NOON)
    choice = chosen(standing(county))
    assert choice is not None

    follow(other, choice)

    with pytest.raises(
        WeightsUnusable, match="own-farms@7 was chosen on 2026-11-25 and is not installed"
    ) as away:
        in_use(other, recorded=choice)
    assert "flashclaim model install FOLDER on this machine" in away.value.next
    installed(other, "7")
    assert in_use(other, recorded=choice).folder_from == RECORD
    assert in_use(other).folder.name == "own-farms@7"


def test_the_first_start_records_what_the_data_folder_says(county: County, home: Path) -> None:
    choose(home, installed(home, "7"), None, by="li.wei", at=NOON)

    for _ in range(2):
        note_start(county.store.engine, home, in_use(home), "0.1.0", datetime(2026, 12, 1, tzinfo=UTC))

    (made,) = recorded(county)
    assert (made.to.model, made.by, made.at, made.chosen) == ("own-farms@7", "li.wei", NOON, True)


def test_what_came_with_flashclaim_is_recorded_and_does_not_lead(county: County, home: Path) -> None:
    note_start(county.store.engine, home, in_use(home), "0.1.0", NOON)
    note_start(county.store.engine, home, in_use(home), "0.1.0", NOON)

    (made,) = recorded(county)
    assert (made.to.model, made.former, made.chosen) == (CAME.full_name, None, False)
    assert made.reason == "came with flashclaim 0.1.0"
    assert chosen(made) is None


def test_what_the_environment_names_is_not_recorded(county: County, home: Path) -> None:
    note_start(county.store.engine, home, in_use(home, folder=SHIPPED), "0.1.0", NOON)

    assert recorded(county) == []


def test_a_network_that_cannot_count_is_not_switched_to(county: County, home: Path) -> None:
    with pytest.raises(NotInstalled):
        switched(county, home, "own-farms@9")

    assert recorded(county) == []
    assert not (home / FILE).exists()


def test_two_switches_at_once_stand_one_after_the_other(county: County, home: Path) -> None:
    first, second = installed(home, "7"), installed(home, "8")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda name: switched(county, home, name), (first, second)))

    newest, oldest = recorded(county)
    assert newest.former == oldest.to
    assert {newest.to.model, oldest.to.model} == {first, second}
    assert len(county.rows(tables.model_switches)) == 2
