"""One browser for all stories of the phone's page; skipped, saying why, where there is none."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.installation import installation, world

__all__ = ["installation", "world"]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    pytest.importorskip("playwright", reason="needs Playwright: pip install 'flashclaim[dev]'")
    from tests.backend.web.farmer.phone import CHROMIUM, a_browser

    if not CHROMIUM.exists():
        pytest.skip(f"needs {CHROMIUM}: apt-get install chromium")
    with a_browser(tmp_path_factory.mktemp("film")) as opened:
        yield opened
