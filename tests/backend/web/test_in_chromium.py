"""The pages as people meet them: a real browser, both languages, light and dark, wide and narrow, keyboard only."""

import pytest

from tests.backend.web.chromium import NARROW, WIDE, Chromium, axe_faults

# What a browser makes of a page does not depend on the database; the pages' content is tested on both kinds.
pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")
PAGES = ("/i",)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_no_page_keeps_anybody_out(
    at_desk: Chromium, language: str, scheme: str, size: tuple[int, int]
) -> None:
    page = at_desk.open(language=language, scheme=scheme, size=size)

    for address in PAGES:
        page.goto(address, wait_until="networkidle")

        assert axe_faults(page) == [], address
        across = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert across <= 0, f"{address} is wider than the window"
    assert at_desk.complaints == []


def test_no_page_weighs_more_than_150_kilobytes(at_desk: Chromium) -> None:
    at_desk.open()

    assert {address: at_desk.weigh(address) for address in PAGES if at_desk.weigh(address) > 150_000} == {}
