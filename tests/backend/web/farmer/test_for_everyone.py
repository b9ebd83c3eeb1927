"""Whoever sees badly, reads English or uses the care edition finds the same page: axe-core has nothing to say of it."""

from pathlib import Path
from typing import Any

import pytest

from tests.journeys.world import World

pytest.importorskip("playwright", reason="needs Playwright: pip install 'flashclaim[dev]'")

from playwright.sync_api import Browser

from tests.backend.web.farmer.phone import Phone, a_phone

AXE = Path(__file__).resolve().parents[3] / "clients" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = [
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session"),
    pytest.mark.skipif(not AXE.exists(), reason="needs axe-core: npm ci --prefix tests/clients/axe"),
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def violations(phone: Phone) -> list[dict[str, Any]]:
    """What axe-core finds on the screen as it stands."""
    if not phone.page.evaluate("() => Boolean(window.axe)"):
        phone.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = phone.page.evaluate("(rules) => axe.run(document, rules)", RULES)["violations"]
    return [
        {"rule": one["id"], "where": node["html"], "why": node["failureSummary"]}
        for one in found
        for node in one["nodes"]
    ]


# Each pair of edition, language and light once: together they take as long as all other stories.
@pytest.mark.parametrize(
    ("scheme", "language", "care"),
    [("light", "zh", False), ("dark", "en", False), ("dark", "zh", True), ("light", "en", True)],
)
def test_no_screen_keeps_anybody_out(
    world: World, browser: Browser, scheme: str, language: str, *, care: bool
) -> None:
    found = {}
    with a_phone(browser, world, world.policy(), color_scheme=scheme) as phone:
        phone.open()
        phone.sees("#phone")
        if language == "en":
            phone.tap('button[lang="en"]')
            phone.sees('label:has-text("Phone number")')
        if care:
            phone.tap(f'button:has-text("{"大字" if language == "zh" else "Large"}")')
            phone.sees("html.care")
        found["sign-in"] = violations(phone)
        phone.page.goto("about:blank")
        phone.sign_in()
        phone.knows_its_place()
        found["home"] = violations(phone)
        phone.tap("[data-policy]")
        phone.take_photos()
        phone.sees(".stepper")
        found["heads"] = violations(phone)
        phone.tap("button.go")
        phone.sees("[data-band]")
        found["sizes"] = violations(phone)
        phone.tap("[data-band=pig-fat]")
        phone.sees("[data-tag]")
        found["tags"] = violations(phone)
        phone.tap("[data-tag] >> nth=0")
        phone.tap("[data-cause=accident]")
        phone.sees('.big:has-text("700.00")')
        found["check"] = violations(phone)
        phone.send()
        phone.sees('progress[value="3"]')
        found["queue"] = violations(phone)
        phone.tap("button.go")
        phone.sees("#state")
        found["claim"] = violations(phone)

    assert {screen: what for screen, what in found.items() if what} == {}
