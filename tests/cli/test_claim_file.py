"""``claim file``: HTML as the server made it, PDF by the browser of this machine."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from cli.chromium import NoBrowser, browser, run_browser
from tests.cli.conftest import County


def printer() -> str:
    try:
        return browser()
    except NoBrowser:
        pytest.skip("no Chromium or Chrome on this machine: apt-get install chromium fonts-wqy-microhei")


def test_the_file_is_written_as_html(county: County, tmp_path: Path) -> None:
    claim, into = county.report(), tmp_path / "claim.html"

    done = county.shell.ok("claim", "file", claim, "--lang", "zh", "--into", str(into), profile="insurer")

    assert done.out.strip() == str(into)
    assert '<html lang="zh-CN">' in into.read_text(encoding="utf-8")
    assert claim in into.read_text(encoding="utf-8")


def test_the_file_is_printed_as_a4_by_a_real_browser(county: County, tmp_path: Path) -> None:
    printer()
    claim, into = county.report(), tmp_path / "claim.pdf"

    said = county.shell.json("claim", "file", claim, "--lang", "zh", "--into", str(into), profile="insurer")

    pdf = into.read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert (said["file"], said["bytes"]) == (str(into), len(pdf))
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert {(round(float(wide)), round(float(high))) for wide, high in boxes} <= {
        (595, 842),
        (594, 841),
        (596, 842),
    }
    assert len(boxes) >= 2


def test_the_page_shows_the_photo_with_its_box_in_a_real_browser(county: County, tmp_path: Path) -> None:
    program = printer()
    claim, into, seen = county.report(), tmp_path / "claim.html", tmp_path / "seen.png"
    county.shell.ok("claim", "file", claim, "--lang", "zh", "--into", str(into), profile="insurer")

    profile = f"--user-data-dir={tmp_path / 'profile'}"
    run_browser(program, (profile, "--window-size=900,2600", f"--screenshot={seen}", into.as_uri()))

    colours = Image.open(BytesIO(seen.read_bytes())).convert("RGB").getcolors(1 << 24) or []
    drawn = {colour for _, colour in colours}
    assert (0xD0, 0x00, 0x30) in drawn  # the box around the animal
    assert (0xDB, 0xE7, 0xCF) in drawn  # the farm on the map


def test_without_a_browser_it_says_what_to_do(county: County, tmp_path: Path) -> None:
    claim, into = county.report(), tmp_path / "claim.pdf"

    done = county.shell.run(
        "claim", "file", claim, "--into", str(into), profile="insurer", PATH=str(tmp_path)
    )

    assert done.code == 1
    assert "[no-browser]" in done.err
    assert "FILE.html" in done.err
    assert not into.exists()


@pytest.mark.parametrize("into", ["claim.docx", "nowhere/claim.html"])
def test_a_place_that_cannot_be_is_refused(county: County, tmp_path: Path, into: str) -> None:
    done = county.shell.run(
        "claim", "file", "FC-20261123-0042", "--into", str(tmp_path / into), profile="insurer"
    )

    assert done.code == 2
    assert "Next:" in done.err


def test_a_farmer_has_no_file_printed(county: County, tmp_path: Path) -> None:
    claim, into = county.report(), tmp_path / "claim.html"

    done = county.shell.run("claim", "file", claim, "--into", str(into), profile="farmer")

    assert done.code == 4
    assert not into.exists()
