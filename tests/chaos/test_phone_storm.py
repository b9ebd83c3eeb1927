"""A dozen cuts of a farmer's phone; ``make chaos-phone CUTS=100`` is the real storm."""

from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="needs Playwright: pip install 'flashclaim[dev]'")

from tests.backend.web.farmer.phone import CHROMIUM
from tests.chaos.phone_storm import MOST_RESENT, Meter, Weathered, weather_phone

A_DOZEN = 12


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs {CHROMIUM}: apt-get install chromium")
def test_a_dozen_cuts_lose_no_photo_and_double_no_claim(tmp_path: Path) -> None:
    found = weather_phone(A_DOZEN, "1", tmp_path)

    assert found.violations == []
    assert found.cuts.total() == A_DOZEN
    assert found.photos == 3 * found.reports > 0
    assert found.resent <= MOST_RESENT


def test_the_meter_counts_photos_and_nothing_else() -> None:
    found = Weathered()
    meter = Meter(found)

    for passed in (
        b"POST /claims HTTP/1.1\r\nHost: a\r\n\r\n{}",
        b"PATCH /photos/1 HTTP/1.1\r\nHost: a",
        b"\r\n\r\n12345",
        b"678",
        b"GET /f HTTP/1.1\r\n\r\n",
        b"PATCH /photos/2 HTTP/1.1\r\n\r\n90",
    ):
        meter(passed)

    assert found.sent_bytes == 10
