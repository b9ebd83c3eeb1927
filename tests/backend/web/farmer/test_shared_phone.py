"""A phone is handed on: what one person began waits for them; and an agent's phone reports for others."""

from typing import Any
from uuid import uuid4

import pytest

from tests.backend.api.phones import a_phone as a_number
from tests.journeys.agents import an_invitation
from tests.journeys.world import World, eventually

pytest.importorskip("playwright", reason="needs Playwright: pip install 'flashclaim[dev]'")

from playwright.sync_api import Browser

from tests.backend.web.farmer.phone import Phone, a_phone

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")

BEGUN, KEPT = "接着报上次", "已存在手机里"
_GO_ON = f'button:has-text("{BEGUN}")'
_ON_ITS_WAY = f'strong:has-text("{KEPT}")'


def claims_of(world: World, policy: dict[str, Any]) -> list[dict[str, Any]]:
    with world.farmer(policy) as http:
        return list(http.get("/claims").raise_for_status().json()["claims"])


def hand_to(phone: Phone, policy: dict[str, Any]) -> None:
    """Somebody else signs in by their card."""
    phone.page.goto("about:blank")
    phone.policy = policy
    phone.sign_in()
    phone.sees(f'[data-policy="{policy["policy_number"]}"]')


def test_what_one_farmer_began_or_has_not_sent_waits_unseen_until_they_sign_in_again(
    world: World, browser: Browser
) -> None:
    first, second = world.policy(place=0), world.policy(place=1)
    with a_phone(browser, world, first) as phone:
        phone.sign_in()
        phone.knows_its_place()
        phone.context.set_offline(True)
        phone.report()
        phone.send()
        phone.open()
        phone.sees(_ON_ITS_WAY)
        phone.tap("[data-policy]")
        phone.take_photos(1)
        phone.open()
        phone.sees(_GO_ON)
        # The line comes back with another farmer's card: the sender has had no moment to send for the first.
        phone.page.evaluate("import('/f/keep.js').then((phone) => phone.remove('things', 'tokens'))")
        phone.context.set_offline(False)

        hand_to(phone, second)
        phone.sees("#others")
        seen = phone.page.content()
        phone.report()
        phone.send()
        eventually(lambda: claims_of(world, second), 20.0, "the second farmer's claim")
        theirs = claims_of(world, first)
        hand_to(phone, first)
        phone.sees(_GO_ON)
        mine = eventually(lambda: claims_of(world, first), 20.0, "the first farmer's claim")

    assert (BEGUN in seen, KEPT in seen) == (False, False)
    assert theirs == []
    assert len(mine) == 1
    assert len(claims_of(world, second)) == 1


def test_an_agent_reports_on_their_phone_with_the_code_that_the_farmer_reads_to_them(
    world: World, browser: Browser
) -> None:
    policy, number = world.policy(place=2), a_number(world, place=2)
    officer = f"agent-{uuid4().hex[:8]}"
    token = an_invitation(world, officer, "王村医")
    with a_phone(browser, world, policy) as phone:
        phone.open(f"/f#agent={token}")
        phone.sees("#helper")
        phone.page.fill("#policy", policy["policy_number"])
        phone.tap("button.go")
        phone.sees("#code")
        phone.page.fill("#code", number.heard_soon("assisted_code", r"同意就告诉他(\d{6})"))
        phone.tap("button.go")
        phone.take_photos()
        phone.sees(".stepper")
        phone.tap("button.go")
        phone.tap("[data-band=pig-fat]")
        phone.tap("[data-tag] >> nth=0")
        phone.tap("[data-cause=accident]")
        phone.sees('.big:has-text("700.00")')
        can_agree = phone.page.query_selector("#advance")
        phone.send()
        phone.sees('progress[value="3"]')
        phone.tap("button.go")
        phone.sees("#read-only")
        [claim] = claims_of(world, policy)
        shown = world.wait(claim["id"], "JOINT_REVIEW", "TRIAGED", seconds=40.0)

    assert can_agree is None
    assert (shown["assisted_by"]["officer"], shown["assisted_by"]["is_agent"]) == (officer, True)
    assert [photo["signals"] for photo in shown["photos"]] == [[], [], []]
