"""``flashclaim sim run``: a county in a file, figures on stdout, and refusals that say what to do."""

from pathlib import Path

import pytest

from tests.cli.conftest import Shell

SMALL = ("sim", "run", "--days", "3", "--claims", "6", "--begins", "2026-09-01")


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A machine without a server: simulations need none."""
    return Shell(tmp_path, "http://127.0.0.1:9")


def test_a_county_is_written_and_told_in_one_document(shell: Shell, tmp_path: Path) -> None:
    file, data = tmp_path / "county.db", {"FLASHCLAIM_DATA_FOLDER": str(tmp_path / "var")}

    done = shell.run(*SMALL, "--database", str(file), "--json", **data)
    again = shell.run(*SMALL, "--database", str(file), "--json", **data)

    assert done.code == 0, done.err
    told = done.document
    assert file.is_file()
    assert told["figures"]["claims"] == 6
    assert told["figures"]["speed"]["stages"][0]["stage"] == "report_to_paid"
    assert set(told["figures"]["staff_for_15_min"]) == {"in_office_hours", "on_call"}
    assert again.code == 5
    assert again.document["code"] == "target-not-empty"


def test_staff_of_an_office_that_there_is_not_is_refused(shell: Shell, tmp_path: Path) -> None:
    refused = shell.run(
        *SMALL, "--staff", "insurer=2,lawyer=1", "--database", str(tmp_path / "county.db"), "--json"
    )

    assert refused.code == 2
    assert refused.document["errors"][0]["pointer"] == "/staff"
    assert not (tmp_path / "county.db").exists()
