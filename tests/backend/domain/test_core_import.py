"""Paid claims as a core system reads them: every fen, every head, and no cell that a spreadsheet would run."""

import csv
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.core_import import COLUMNS, core_document, csv_text
from backend.domain.money import Money
from backend.domain.words import State
from tests.builders import a_policy, a_report, facts
from tests.stories import Story, a_story, a_story_in

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def paid(*weights: str, **changes: object) -> Story:
    policy = a_policy(**changes)
    story = a_story(
        report=a_report(*weights),
        world=facts(policy),
        approved_by=("insurer", "veterinary", "inspection"),  # type: ignore[arg-type] - lanes by their words
        accepted=True,
        handed_over=True,
    )
    story.pay()
    return story


def document(story: Story) -> dict[str, object]:
    assert story.claim.payout
    return core_document(story.claim, story.claim.payout)


def read(text: str) -> list[dict[str, str]]:
    """As a plain reader of RFC 4180 does."""
    return list(csv.DictReader(StringIO(text, newline="")))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["25", "35", "55", "75", "95"]), min_size=1, max_size=6))
def test_rows_add_up_to_what_was_paid(weights: list[str]) -> None:
    story = paid(*weights)

    rows = read(csv_text([document(story)], headed=True))

    assert story.claim.payout
    assert Money.total(Money.parse(row["head_amount"]) for row in rows) == story.claim.payout.amount
    assert {row["amount"] for row in rows} == {str(story.claim.payout.amount)}
    assert [row["head_ref"] for row in rows] == [str(place) for place in range(1, len(weights) + 1)]


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=12))
def test_whatever_a_farm_is_called_is_one_harmless_cell(name: str) -> None:
    story = paid("95", farm_name=name)

    (row,) = read(csv_text([document(story)], headed=True))

    assert tuple(row) == COLUMNS
    assert not row["farm_name"].startswith(RUNS)
    assert row["farm_name"] in {name, f"'{name}"}


@pytest.mark.parametrize("first", RUNS)
def test_a_cell_that_would_be_a_formula_is_kept_as_words(first: str) -> None:
    (row,) = read(csv_text([document(paid("95", farm_name=f"{first}1+1"))], headed=True))

    assert row["farm_name"] == f"'{first}1+1"


def test_lines_end_as_the_standard_says_and_names_come_once() -> None:
    written = csv_text([document(paid("95", "55"))], headed=True)

    assert written.count("\r\n") == 3
    assert written.startswith("claim_number,")
    assert csv_text([document(paid("95"))]).count("\r\n") == 1


def test_what_was_not_paid_is_no_document() -> None:
    claim = a_story_in(State.PAYING).claim
    assert claim.payout

    with pytest.raises(ValueError, match="only what was paid"):
        core_document(claim, claim.payout)
