"""Whoever sees badly, reads English or uses the care edition finds the same page: axe-core has nothing to say of it."""

from pathlib import Path
from typing import Any

import pytest

from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key

pytest.importorskip("playwright", reason="needs Playwright: pip install 'flashclaim[dev]'")

from playwright.sync_api import Browser

from tests.backend.web.farmer.phone import SCREEN, VOICES, Phone, a_phone

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


EDITIONS = [(scheme, care) for care in (False, True) for scheme in ("light", "dark")]
_WEAR = "care => document.documentElement.classList.toggle('care', care)"


def in_every_edition(phone: Phone, screen: str, editions: Any = EDITIONS) -> dict[str, Any]:
    """What axe-core finds on this screen, by light and edition; the switch does nothing but set one class."""
    found = {}
    for scheme, care in editions:
        phone.page.emulate_media(color_scheme=scheme)
        phone.page.evaluate(_WEAR, care)
        found[f"{screen} {scheme} {care=}"] = violations(phone)
    phone.page.evaluate(_WEAR, False)
    return found


def somebody_comes(world: World, claim: str) -> None:
    """The collector is on the way, some kilometres off."""
    lon, lat = world.policy()["inside"]
    body = {"position": {"lon": lon + 0.03, "lat": lat}, "phone": "13912340000", "expected_in_minutes": 20}
    collector = world.officer("disposal").http
    collector.post(f"/claims/{claim}/visits", json=body, headers=key()).raise_for_status()


def before_signing_in(phone: Phone, two: list[tuple[str, bool]]) -> dict[str, Any]:
    found = in_every_edition(phone, "sign-in", two)
    phone.tap("#scan")
    phone.sees(".camera .coach")
    return found | in_every_edition(phone, "scan", two)


# Where a report begins, one of its steps and the claim in all editions; the other screens in two of them.
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_screen_keeps_anybody_out(world: World, browser: Browser, language: str) -> None:
    two = [("light", False), ("dark", True)]
    claim = world.report(world.policy(), [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    somebody_comes(world, claim)
    with a_phone(browser, world, world.policy()) as phone:
        # With a button to read aloud on each of them.
        phone.page.add_init_script(VOICES)
        phone.open()
        phone.sees("#phone")
        phone.sees("#aloud")
        if language == "en":
            phone.tap('button[lang="en"]')
            phone.sees('label:has-text("Phone number")')
        found = before_signing_in(phone, two)
        phone.page.goto("about:blank")
        phone.sign_in()
        phone.knows_its_place()
        found |= in_every_edition(phone, "home")
        phone.tap("[data-policy]")
        phone.sees(".shutter:enabled")
        found |= in_every_edition(phone, "camera", two)
        phone.take_photos()
        phone.sees(".stepper")
        found |= in_every_edition(phone, "heads")
        phone.tap("button.go")
        phone.sees("[data-band]")
        found |= in_every_edition(phone, "sizes", two)
        phone.tap("[data-band=pig-fat]")
        phone.sees("[data-tag]")
        found |= in_every_edition(phone, "tags", two)
        phone.tap("[data-tag] >> nth=0")
        phone.sees("[data-cause]")
        found |= in_every_edition(phone, "cause", two)
        phone.tap("[data-cause=accident]")
        phone.sees('.big:has-text("700.00")')
        found |= in_every_edition(phone, "check", two)
        phone.send()
        phone.sees('progress[value="3"]')
        found |= in_every_edition(phone, "queue", two)
        phone.open(f"/f/c/{claim}")
        phone.sees(".coming svg")
        found |= in_every_edition(phone, "claim")
        phone.tap("#share")
        phone.sees("#end-link")
        found |= in_every_edition(phone, "shared", two)
        phone.tap("#help")
        phone.sees("#appeal")
        found |= in_every_edition(phone, "help", two)

    assert {screen: what for screen, what in found.items() if what} == {}


def test_every_screen_is_read_aloud_with_what_there_is_to_choose(world: World, browser: Browser) -> None:
    heard: dict[str, str] = {}
    with a_phone(browser, world, world.policy()) as phone:
        phone.page.add_init_script(_A_VOICE)

        def hear(screen: str) -> None:
            phone.page.click("#aloud")
            heard[screen] = phone.page.evaluate("window.heard.at(-1)")

        phone.open()
        hear("sign-in")
        phone.page.goto("about:blank")
        phone.sign_in()
        phone.knows_its_place()
        hear("home")
        phone.tap("[data-policy]")
        phone.sees('p:has-text("位置已找到")')
        hear("camera")
        phone.take_photos()
        phone.sees(".stepper")
        hear("heads")
        phone.tap("button.go")
        phone.sees("[data-band]")
        hear("sizes")
        phone.tap("[data-band=pig-fat]")
        phone.sees("[data-tag]")
        hear("tags")
        phone.tap("[data-tag] >> nth=0")
        phone.sees("[data-cause]")
        hear("cause")
        phone.tap("[data-cause=accident]")
        phone.sees('.big:has-text("700.00")')
        hear("check")
        phone.send()
        phone.sees('progress[value="3"]')
        hear("queue")
        phone.tap("button.go")
        phone.sees("#state")
        hear("claim")
        phone.tap("#share")
        phone.sees("#end-link")
        hear("sharing")

    for screen, words in {
        "sign-in": ("扫一下保单卡上的码", "手机号", "发验证码"),
        "home": ("什么死了", "猪", "还没有报案"),
        "camera": ("拍整头牲畜", "位置已找到"),
        "heads": ("死了几头", "1", "下一步"),
        "sizes": ("第 1 头有多大",),
        "tags": ("第 1 头的耳标", "没有，或看不清"),
        "cause": ("怎么死的", "生病", "意外"),
        "check": ("至少赔", "700.00", "我现在就同意", "报案"),
        "queue": ("报案号", "照片都收到了"),
        "claim": ("现在在",),
        "sharing": ("这个链接只能看这一个案子", "停用这个链接"),
    }.items():
        assert [word for word in words if word not in heard[screen]] == [], screen
        assert "朗读" not in heard[screen]


def test_the_care_edition_is_large_remembered_and_read_aloud_where_there_is_a_voice(
    world: World, browser: Browser
) -> None:
    claim = world.report(world.policy(), [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    somebody_comes(world, claim)
    small = {}
    with a_phone(browser, world, world.policy()) as phone:
        phone.page.add_init_script(_A_VOICE)
        phone.sign_in()
        phone.tap('button:has-text("大字")')
        phone.sees("html.care")
        phone.knows_its_place()
        phone.page.reload()
        phone.sees("html.care [data-policy]")
        small["home"] = phone.page.evaluate(_TOO_SMALL)
        phone.tap("[data-policy]")
        phone.take_photos()
        phone.sees(".stepper")
        small["heads"] = phone.page.evaluate(_TOO_SMALL)
        phone.open(f"/f/c/{claim}")
        phone.sees(".coming svg")
        small["claim"] = phone.page.evaluate(_TOO_SMALL)
        phone.tap("#aloud")
        heard = phone.page.evaluate("window.heard")
        wide = phone.page.evaluate("document.documentElement.scrollWidth")
        # Another phone has no voice for this language: nothing is offered that does nothing.
        phone.page.add_init_script("speechSynthesis.getVoices = () => []")
        phone.page.reload()
        phone.sees("#holders")
        assert phone.page.is_hidden("#aloud")

    assert small == {"home": [], "heads": [], "claim": []}
    assert "三方审核" in heard[0]
    assert wide <= SCREEN["width"]


_A_VOICE = (
    VOICES
    + """
window.heard = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
speechSynthesis.speak = (said) => window.heard.push(said.text);
"""
)
"""The machine that runs the story has no voice; what the page says to one is heard."""

_TOO_SMALL = """() => {
  const bad = [];
  const seen = (one) => one.checkVisibility() && getComputedStyle(one).clipPath === "none";
  for (const one of document.querySelectorAll("#page button, #page a, #page summary, #page input, #page label.check")) {
    if (!seen(one) || one.closest("details:not([open]) > :not(summary)")) continue;
    const { width, height } = (one.closest("label.check") ?? one).getBoundingClientRect();
    if (width < 60 || height < 60) bad.push(`${one.outerHTML.slice(0, 80)} ${width.toFixed(0)} x ${height.toFixed(0)}`);
  }
  const texts = document.createTreeWalker(document.getElementById("page"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const within = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !seen(within)) continue;
    const size = parseFloat(getComputedStyle(within).fontSize);
    if (size < 18) bad.push(`${texts.currentNode.data.slice(0, 40)} ${size}`);
  }
  return bad;
}"""
