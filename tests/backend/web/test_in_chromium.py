"""The pages as people meet them: a real browser, both languages, light and dark, wide and narrow, keyboard only."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from backend.store.duty_tables import claim_clocks
from tests.backend.web.browsing import a_link
from tests.backend.web.chromium import NARROW, WIDE, Chromium, axe_faults
from tests.journeys.pictures import a_photo
from tests.journeys.world import World

# What a browser makes of a page does not depend on the database; the pages' content is tested on both kinds.
pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")
PAGES = ("/i", "/i/stuck", "/i/quality", "/i?from=yesterday", "/i?county=999999", "/i/nowhere")
PATIENCE_MS = 20_000


def a_stuck_claim(world: World) -> str:
    """A claim that the offices look at and that has run out of time."""
    claim = world.report(world.policy(), [a_photo()])
    number, now = str(world.wait(claim, "JOINT_REVIEW")["number"]), world.parts.clock()
    due = {"at_risk_at": now - timedelta(minutes=9), "due_at": now - timedelta(minutes=1)}
    late = update(claim_clocks).where(claim_clocks.c.claim_id == UUID(claim)).values(due)
    world.parts.store.submit(lambda connection: connection.execute(late)).result()
    return number


def focused(page: Any) -> str:
    """What the keyboard is at."""
    return str(page.evaluate("document.activeElement.outerHTML"))


def tab_to(page: Any, part: str) -> None:
    """Press Tab until the focus is at something with this in it; fail where it never comes there."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if part in focused(page).partition(">")[0]:
            return
    raise AssertionError(f"the keyboard does not come to {part}")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize(("language", "scheme"), [("en-GB", "dark"), ("zh-CN", "light")])
def test_no_page_keeps_anybody_out(
    at_desk: Chromium, world: World, language: str, scheme: str, size: tuple[int, int]
) -> None:
    a_stuck_claim(world)
    page = at_desk.open(language=language, scheme=scheme, size=size)

    for address in PAGES:
        page.goto(address)

        assert axe_faults(page) == [], address
        across = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert across <= 0, f"{address} is wider than the window"
    # A refusal's status is an error to the console; nothing else may be.
    assert [said for said in at_desk.complaints if "status of 40" not in said] == []


def test_whoever_chooses_an_appearance_gets_it_whatever_the_system_says(at_desk: Chromium) -> None:
    page = at_desk.open(scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)

    page.get_by_role("button", name="Dark").click()

    assert page.evaluate(ground) != before
    assert axe_faults(page) == []


def test_no_page_weighs_more_than_150_kilobytes(at_desk: Chromium, world: World) -> None:
    a_stuck_claim(world)
    at_desk.open()

    weights = {address: at_desk.weigh(address) for address in ("/i", "/i/stuck", "/i/quality")}

    assert {address: weight for address, weight in weights.items() if not 10_000 < weight < 150_000} == {}


def test_everything_can_be_done_with_the_keyboard_alone(at_desk: Chromium, world: World) -> None:
    number = a_stuck_claim(world)
    page = at_desk.open()

    page.keyboard.press("Tab")
    assert "skip" in focused(page)
    tab_to(page, 'href="/i/stuck"')
    page.keyboard.press("Enter")
    page.wait_for_url("**/i/stuck")
    tab_to(page, f'aria-label="Nudge {number}"')
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/i/stuck#{number}")

    assert "nudged" in page.locator(f"tr[id='{number}']").inner_text()
    assert world.events(number).count("holder-nudged") == 1


def test_a_claim_that_gets_stuck_appears_by_itself(at_desk: Chromium, world: World) -> None:
    page = at_desk.open("/i/stuck")

    number = a_stuck_claim(world)

    page.wait_for_selector(f"tr[id='{number}']", timeout=PATIENCE_MS)


def test_the_list_does_not_move_under_somebody_who_is_about_to_act(at_desk: Chromium, world: World) -> None:
    number = a_stuck_claim(world)
    page = at_desk.open("/i/stuck")
    page.get_by_label(f"Reassign {number}").click()
    page.locator(f"tr[id='{number}'] input[name=reason]").fill("on leave")
    shown = page.locator("#stuck .note").first.inner_text()

    page.evaluate("htmx.trigger('#stuck', 'every')")
    held = page.evaluate(
        "new Promise(done => { let held = false; document.addEventListener('htmx:beforeRequest', event => {"
        " held = event.defaultPrevented; }); htmx.ajax('GET', location.href, {source: '#stuck', target: '#stuck'})"
        ".finally(() => 0); setTimeout(() => done(held), 50); })"
    )

    assert held
    assert page.locator("#stuck .note").first.inner_text() == shown
    assert page.locator(f"tr[id='{number}'] input[name=reason]").input_value() == "on leave"


def test_pages_are_read_and_used_without_scripts(at_desk: Chromium, world: World) -> None:
    number = a_stuck_claim(world)
    page = at_desk.open("/i/stuck", scripts=False)

    page.get_by_label(f"Nudge {number}").click()
    nudged = page.locator(f"tr[id='{number}']").inner_text()
    page.goto("/i")
    page.locator("select[name=species]").select_option("pig")
    page.get_by_role("button", name="Show").click()

    assert "nudged" in nudged
    assert "species=pig" in page.url
    assert page.locator("table").count() >= 4


def test_charts_are_drawn_from_the_figures(at_desk: Chromium, world: World) -> None:
    policy = world.policy()
    claim = world.report(policy, [a_photo()], accept_in_advance=True)
    world.wait(claim, "JOINT_REVIEW")
    world.approve_all(claim)
    world.hand_over(claim)
    world.pay(claim)

    page = at_desk.open("/i")

    page.wait_for_selector("[data-chart=curve] canvas", timeout=PATIENCE_MS)
    assert at_desk.complaints == []


def test_a_link_that_was_followed_twice_explains_itself(at_desk: Chromium, world: World) -> None:
    link = a_link(world.officer("insurer"))
    page = at_desk.open()

    page.goto(link)
    page.goto(link)

    assert "flashclaim web" in page.inner_text("main")


def test_paper_holds_the_figures_and_no_buttons(at_desk: Chromium) -> None:
    page = at_desk.open("/i/quality")

    page.emulate_media(media="print")

    assert not page.get_by_role("button", name="Sign out").is_visible()
    assert page.locator("main h1").is_visible()
