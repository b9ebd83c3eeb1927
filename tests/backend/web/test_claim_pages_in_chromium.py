"""Claims, flags, money and the counter in a real browser: nobody is kept out, nothing is heavy, keys are enough."""

import pytest

from tests.backend.web.chromium import NARROW, WIDE, Chromium, axe_faults
from tests.journeys.pictures import a_photo
from tests.journeys.world import World

# What a browser makes of a page does not depend on the database; the pages' content is tested on both kinds.
pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")


@pytest.fixture(scope="module")
def claims(installation: World) -> list[str]:
    """Numbers of a paid claim, and of one outside of the premises whose photo was used before."""
    world, photo = installation, a_photo()
    world.counter.sees, policy = 1, world.policy()
    paid = world.report(policy, [photo])
    world.wait(paid, "JOINT_REVIEW")
    world.agree(paid, policy)
    world.pay(paid)
    held = world.report(world.policy(place=1), [photo, a_photo()], away_m=900)
    world.wait(held, "TRIAGED")
    return [str(world.show(one)["number"]) for one in (paid, held)]


def pages_of(claims: list[str]) -> list[str]:
    return [
        "/i/claims",
        *(f"/i/claims/{one}" for one in claims),
        "/i/flags?state=any",
        "/i/money",
        "/i/model",
    ]


@pytest.mark.parametrize(
    ("language", "scheme", "size"),
    [("en-GB", "light", WIDE), ("zh-CN", "dark", NARROW)],
)
def test_no_page_keeps_anybody_out(
    at_desk: Chromium, claims: list[str], language: str, scheme: str, size: tuple[int, int]
) -> None:
    page = at_desk.open(language=language, scheme=scheme, size=size)

    for address in pages_of(claims):
        page.goto(address, wait_until="networkidle")

        assert axe_faults(page) == [], address
        across = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert across <= 0, f"{address} is wider than the window"
    assert at_desk.complaints == []


def test_no_page_weighs_more_than_150_kilobytes_beside_its_photos(
    at_desk: Chromium, claims: list[str]
) -> None:
    at_desk.open()

    weighed = {address: at_desk.weigh(address) for address in pages_of(claims)}
    photos = 2 * 60_000

    assert {
        one: weight for one, weight in weighed.items() if "/claims/" not in one and weight > 150_000
    } == {}
    assert {one: weight for one, weight in weighed.items() if weight > 150_000 + photos} == {}


def test_a_flag_is_cleared_with_the_keyboard_alone(at_desk: Chromium, claims: list[str]) -> None:
    page = at_desk.open("/i/flags")
    form = page.locator(f'form[action="/i/claims/{claims[1]}/flags"]')
    form.locator("input[name=reason]").focus()

    page.keyboard.type("the same pen, another day")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(f"/i/claims/{claims[1]}")

    assert "the same pen, another day" in page.inner_text("main")
    assert at_desk.complaints == []


def test_a_claim_reads_without_scripts_and_prints_as_a_note_for_the_file(
    at_desk: Chromium, claims: list[str]
) -> None:
    page = at_desk.open(f"/i/claims/{claims[0]}", scripts=False)
    page.emulate_media(media="print")

    assert page.locator("svg.map").is_visible()
    assert page.locator("rect.box").count() >= 1
    assert not page.locator("form.judge").first.is_visible()
    assert not page.locator("header nav").is_visible()
    assert page.pdf(format="A4")[:4] == b"%PDF"
