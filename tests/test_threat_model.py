"""What the threat model and the tables of requirements say is held to the tree: tests, files, settings, ids, counts."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import pytest

from backend.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[1]
MODEL = ROOT / "docs" / "threat-model.md"
TABLES = ROOT / "docs" / "asvs.md"
PAGES = (MODEL, TABLES, ROOT / "docs" / "cryptography.md", ROOT / "SECURITY.md")
FOLDERS = "backend|bench|cli|demo|deploy|docs|geo|models|scripts|tests"

CITED = re.compile(rf"`((?:{FOLDERS})/[^`\s:]+|[A-Z]+\.md|pyproject\.toml)(?:::(\w+))?`")
LINKED = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
SETTING = re.compile(rf"`({PREFIX}[A-Z0-9_]+)`")
THREAT = re.compile(r"\*\*(T-\d\d) (.+?)\*\* \((\w[\w ]*)\)")
KINDS = {"pretending", "tampering", "denying", "reading", "stopping", "reaching further", "harm"}
ANSWERS = ("Control", "Proof", "Accepted", "Open")

STATUSES = ("met", "not applicable", "accepted", "open")
ROW = re.compile(r"\| v5\.0\.0-([\d.]+) \| ([12 ,]+) \| (.+?) \| ([a-z ]+) \| (.+?) \|$", re.MULTILINE)
TEN = re.compile(r"\| (API\d+:2023) \| (.+?) \| ([a-z ]+) \| (.+?) \|$", re.MULTILINE)
LEVELS = dict(
    re.findall(
        r"([\d.]+):(\d+)",
        """
        1.1:22 1.2:111112222 1.3:11222222222 1.4:222 1.5:12
        2.1:122 2.2:112 2.3:1222 2.4:2
        3.2:11 3.3:1222 3.4:112222 3.5:11122 3.7:22
        4.1:122 4.2:2 4.3:22 4.4:1222
        5.1:2 5.2:112 5.3:11 5.4:222
        6.1:122 6.2:111111112222 6.3:1122 6.4:1122 6.5:22222 6.6:222 6.8:2222
        7.1:222 7.2:1111 7.3:22 7.4:11222 7.5:22 7.6:22
        8.1:12 8.2:112 8.3:1 8.4:2
        9.1:111 9.2:1222
        10.1:22 10.2:22 10.3:2222 10.4:11111222222 10.5:22222 10.6:22 10.7:222
        11.1:22 11.2:222 11.3:112 11.4:1222 11.5:2 11.6:2
        12.1:122 12.2:11 12.3:2222
        13.1:2 13.2:22222 13.3:22 13.4:12222
        14.1:22 14.2:1222 14.3:122
        15.1:122 15.2:122 15.3:1222222
        16.1:2 16.2:22222 16.3:2222 16.4:222 16.5:222
        17.1:2 17.2:2222 17.3:22
        """,
    )
)
"""Of each section of ASVS 5.0.0 the levels of its requirements 1, 2, 3 …, without those of level 3, which come last."""


@dataclass(frozen=True)
class Threat:
    """One threat, and what is said to each of ``ANSWERS``."""

    id: str
    kind: str
    said: dict[str, str]


def threats() -> list[Threat]:
    found = re.split(r"\n(?=\*\*T-\d\d |#)", MODEL.read_text(encoding="utf-8"))
    return [_threat(part) for part in found if part.startswith("**T-")]


def _threat(part: str) -> Threat:
    named = THREAT.match(part)
    assert named, part
    said = dict(
        re.findall(rf"^- ({'|'.join(ANSWERS)}): (.+?)(?=\n- |\Z)", part.strip(), re.MULTILINE | re.DOTALL)
    )
    assert len(said) == len(re.findall(r"^- ", part, re.MULTILINE)), (
        f"{named[1]} has an answer of another name"
    )
    return Threat(named[1], named[3], said)


def requirements() -> Iterator[tuple[str, str, str, str]]:
    """Id, levels, status and evidence of each requirement; a row may stand for a whole chapter or section."""
    for named, levels, _, status, evidence in ROW.findall(TABLES.read_text(encoding="utf-8")):
        for one in _covered(named):
            yield one, levels, status, evidence


def _covered(named: str) -> list[str]:
    every = [
        f"{section}.{place}" for section, levels in LEVELS.items() for place in range(1, len(levels) + 1)
    ]
    return [one for one in every if f"{one}.".startswith(f"{named}.")] or [named]


@cache
def names_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_test_and_setting_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    known = {PREFIX + one.name.upper() for one in fields(Settings)}

    gone = [file for file, _ in CITED.findall(text) if not (ROOT / file).is_file()]
    unlinked = [link for link in LINKED.findall(text) if not (page.parent / link).exists()]
    untested = [
        f"{file}::{name}" for file, name in CITED.findall(text) if name and name not in names_in(ROOT / file)
    ]

    assert (gone, unlinked, untested) == ([], [], [])
    assert set(SETTING.findall(text)) - known == set()


def test_every_citation_of_a_test_is_written_so_that_it_is_looked_up() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert text.count("::") == sum(bool(name) for _, name in CITED.findall(text)), page.name


def test_threats_are_numbered_in_order_and_of_a_known_kind() -> None:
    listed = threats()

    assert [one.id for one in listed] == [f"T-{place:02}" for place in range(1, len(listed) + 1)]
    assert {one.kind for one in listed} <= KINDS


def test_every_threat_has_a_control_with_its_proof_or_a_reason() -> None:
    for one in threats():
        assert one.said.keys() & {"Control", "Accepted", "Open"}, f"{one.id} has no answer"
        assert ("Control" in one.said) == ("Proof" in one.said), (
            f"{one.id}: a control and its proof go together"
        )
        proofs = [name for _, name in CITED.findall(one.said.get("Proof", "")) if name]
        assert proofs or "Proof" not in one.said, f"{one.id} names no test"


def test_what_is_open_is_listed_whole() -> None:
    summary = MODEL.read_text(encoding="utf-8").split("## What is open", 1)[1]

    listed = re.findall(r"^\| (T-\d\d) \| (.+?) \|$", summary, re.MULTILINE)

    assert listed == [(one.id, " ".join(one.said["Open"].split())) for one in threats() if "Open" in one.said]


def test_threats_that_other_pages_name_are_there() -> None:
    known = {one.id for one in threats()}
    named = {name for page in PAGES for name in re.findall(r"T-\d\d", page.read_text(encoding="utf-8"))}

    assert named <= known


def test_what_other_pages_call_open_is_open() -> None:
    still = {one.id for one in threats() if "Open" in one.said}
    text = TABLES.read_text(encoding="utf-8")
    rows = [(status, evidence) for *_, status, evidence in (*ROW.findall(text), *TEN.findall(text))]
    told = " ".join(evidence for status, evidence in rows if status == "open")
    told += (ROOT / "SECURITY.md").read_text(encoding="utf-8").split("## What is not", 1)[1]

    assert set(re.findall(r"T-\d\d", told)) - still == set()


def test_every_requirement_of_levels_1_and_2_has_one_row_and_no_other_has() -> None:
    levels = {
        f"{section}.{place}": one for section, all_ in LEVELS.items() for place, one in enumerate(all_, 1)
    }

    rows = list(requirements())

    assert Counter(one for one, *_ in rows) == Counter(levels.keys())
    assert [one for one, said, *_ in rows if levels[one] not in said] == []


def test_every_row_has_evidence_or_a_reason() -> None:
    text = TABLES.read_text(encoding="utf-8")
    rows = [(one, status, evidence) for one, _, status, evidence in requirements()]
    rows += [(one, status, evidence) for one, _, status, evidence in TEN.findall(text)]

    assert [one for one, status, _ in rows if status not in STATUSES] == []
    assert [one for one, status, evidence in rows if status == "met" and not CITED.search(evidence)] == []


def test_the_ten_of_apis_are_all_there() -> None:
    rows = TEN.findall(TABLES.read_text(encoding="utf-8"))

    assert [one for one, *_ in rows] == [f"API{place}:2023" for place in range(1, 11)]


def test_the_counts_at_the_head_of_the_table_are_those_of_its_rows() -> None:
    told = re.findall(
        r"^\| V(\d+) .*? \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", TABLES.read_text("utf-8"), re.MULTILINE
    )

    counted = Counter((int(one.split(".")[0]), status) for one, _, status, _ in requirements())

    assert {int(chapter): tuple(map(int, counts)) for chapter, *counts in told} == {
        chapter: tuple(counted[chapter, status] for status in STATUSES) for chapter in range(1, 18)
    }
