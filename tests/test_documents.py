"""Documents made from code are current, and the glossary knows every word."""

import re
from enum import StrEnum
from inspect import getmembers, isclass
from pathlib import Path
from typing import get_args

import pytest

import backend
from backend.domain import words
from backend.domain.commands import Command
from backend.domain.words import HoldKind, ReasonCode, State
from backend.texts.load import Language, Table, sentence
from geo.fence import Decision as FenceDecision
from scripts.generate_docs import (
    COMMAND,
    DOCS,
    DOCUMENTS,
    HOLDS,
    WAITS_FOR,
    problem_classes,
    refusals_of,
)

LISTS = [kind for _, kind in getmembers(words, isclass) if issubclass(kind, StrEnum) and kind is not StrEnum]
CODE_OF_A_ROW = re.compile(r"`([^`]+)`")
CHINESE = re.compile(r"[\u4e00-\u9fff]+")


def glossary_rows() -> list[list[str]]:
    """The cells of every row of every table: English, Chinese, code, and perhaps the meaning."""
    lines = (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in rows if row[0] != "English" and not row[0].startswith("---")]


def chinese_in_the_domain() -> set[str]:
    """Every Chinese term that stands beside an English one in the domain's own words."""
    folder = Path(backend.__file__).parent / "domain"
    return {
        term for file in folder.rglob("*.py") for term in CHINESE.findall(file.read_text(encoding="utf-8"))
    }


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_generated_document_is_current(name: str) -> None:
    committed = (DOCS / name).read_text(encoding="utf-8")

    assert committed == DOCUMENTS[name](), f"docs/{name} differs from the code; run: {COMMAND}"


def test_every_state_and_every_hold_is_explained() -> None:
    assert set(WAITS_FOR) == set(State)
    assert set(HOLDS) == set(HoldKind)


def test_every_refusal_named_in_a_docstring_is_a_problem() -> None:
    known = {kind.__name__ for kind in problem_classes()}

    named = {name for kind in get_args(Command) for names, _ in refusals_of(kind) for name in names}

    assert named != set()
    assert named <= known


def test_every_problem_says_what_to_do() -> None:
    for kind in problem_classes():
        assert kind.type.startswith("/problems/"), kind
        assert kind.title, kind
        assert kind.next.endswith("."), kind
        assert kind.__doc__, kind


@pytest.mark.parametrize("kind", [*LISTS, FenceDecision], ids=lambda kind: kind.__name__)
def test_the_glossary_knows_every_word_of_a_list(kind: type[StrEnum]) -> None:
    in_glossary = {code for row in glossary_rows() for code in CODE_OF_A_ROW.findall(row[2])}

    missing = [word.value for word in kind if word.value not in in_glossary]

    assert missing == [], f"docs/glossary.md lacks these words of {kind.__name__}"


def test_every_row_of_the_glossary_has_both_languages() -> None:
    for row in glossary_rows():
        assert row[0], row
        assert CHINESE.search(row[1]), row


def test_the_glossary_has_every_chinese_term_of_the_domain() -> None:
    collected = "\n".join(row[1] for row in glossary_rows())

    assert sorted(term for term in chinese_in_the_domain() if term not in collected) == []


@pytest.mark.parametrize("code", ReasonCode)
def test_a_reason_is_called_the_same_everywhere(code: ReasonCode) -> None:
    names = {row[1] for row in glossary_rows() if row[2] == f"`{code}`"}

    assert names == {sentence(Language.ZH, Table.REASON, code)}
