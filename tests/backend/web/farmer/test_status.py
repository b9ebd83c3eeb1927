"""What a farmer does after the report: agrees by code, answers what is asked, shares, rates, and finds help."""

import re
from typing import Any

import pytest

from tests.journeys.pictures import a_photo
from tests.journeys.world import World, eventually

pytest.importorskip("playwright", reason="needs Playwright: pip install 'flashclaim[dev]'")

from playwright.sync_api import Browser

from tests.backend.web.farmer.phone import Phone, a_phone

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")


def a_claim(world: World) -> str:
    claim = world.report(world.policy(), [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    return claim


def opened(phone: Phone, claim: str) -> None:
    phone.sign_in()
    phone.open(f"/f/c/{claim}")
    phone.sees("#state")


def events(world: World, claim: str, kind: str) -> int:
    return world.events(claim).count(kind)


def test_a_sum_is_agreed_to_by_code_and_rated_in_two_taps_once_paid(world: World, browser: Browser) -> None:
    claim = a_claim(world)
    with a_phone(browser, world, world.policy()) as phone:
        opened(phone, claim)
        phone.sees("#holders p:has-text('畜牧')")
        assert re.search(r"\d\d:\d\d", phone.page.inner_text("#next"))
        world.approve_all(claim)
        phone.tap("#agree")
        phone.page.fill("#code", "000000")
        phone.tap("#own-word button.go")
        phone.sees('[role=alert]:has-text("验证码不对")')
        phone.page.fill("#code", world.code(claim, "acceptance"))
        phone.tap("#own-word button.go")
        phone.sees("#agreed")
        world.hand_over(claim).raise_for_status()
        world.pay(claim)
        phone.sees("#rating")
        before = phone.taps
        phone.tap("[data-rate=payment-5]")
        phone.sees("[data-rate=payment-5][aria-pressed=true]")
        phone.tap("[data-recommend='9']")
        phone.sees("[data-recommend='9'][aria-pressed=true]")
        assert phone.taps - before == 2

    [payment] = [one for one in ratings(world, claim)["stages"] if one["stage"] == "payment"]
    assert (payment["score"], ratings(world, claim)["recommend"]["figure"]) == (5, 9)


def ratings(world: World, claim: str) -> dict[str, Any]:
    with world.farmer(world.policy()) as http:
        return dict(http.get(f"/claims/{claim}/ratings").raise_for_status().json())


def test_what_is_asked_for_is_answered_with_the_camera_and_shared(world: World, browser: Browser) -> None:
    claim = a_claim(world)
    world.decide(claim, "veterinary", "ask", note="请补拍耳标").raise_for_status()
    with a_phone(browser, world, world.policy()) as phone:
        opened(phone, claim)
        phone.sees("#asked:has-text('请补拍耳标')")
        phone.tap("#help")
        phone.sees("#missing:has-text('请补拍耳标')")
        phone.tap(".bar button >> nth=0")
        phone.tap("#more-photos")
        phone.tap(".shutter:enabled")
        phone.tap('.keys button:has-text("(1)")')
        phone.sees("progress[value='1']")
        phone.tap("button.go")
        phone.sees('p:has-text("2 张照片收到 2 张")')
        phone.tap("#share")
        phone.sees("#end-link")
        address = phone.page.input_value("#link")
        family = browser.new_context(locale="zh-CN").new_page()
        family.goto(address)
        family.wait_for_selector("#state")
        seen = family.inner_text("main")
        phone.tap("#end-link")
        phone.sees("#share")
        family.reload()
        family.wait_for_selector('[role=alert]:has-text("已经过期或停用")')
        family.context.close()

    # The camera shows every story of this world the same frames: what is sent twice is looked at by a person.
    world.wait(claim, "JOINT_REVIEW", "TRIAGED")
    assert (events(world, claim, "evidence-added"), len(world.show(claim)["photos"])) == (1, 2)
    assert "尾号" not in seen


def test_who_does_not_agree_says_so_and_the_claim_is_looked_at_again(world: World, browser: Browser) -> None:
    claim = a_claim(world)
    world.approve_all(claim)
    with a_phone(browser, world, world.policy()) as phone:
        opened(phone, claim)
        phone.tap("#object")
        phone.sees("#objected")

    eventually(lambda: events(world, claim, "evidence-added"), 20.0, "the objection")
    assert any("不同意这个赔款金额" in note for note in world.show(claim)["notes"])


def test_a_rejected_claim_names_who_decided_and_how_to_appeal(world: World, browser: Browser) -> None:
    claim = a_claim(world)
    changes = {"reason_code": "NOT_IN_FORCE", "note": "出险日不在保险期间内"}
    world.decide(claim, "veterinary", "reject", **changes).raise_for_status()
    with world.farmer(world.policy()) as http:
        who = http.get(f"/claims/{claim}/help").json()["rejection"]["by"]
    with a_phone(browser, world, world.policy()) as phone:
        opened(phone, claim)
        phone.sees("#rejection")

        told = phone.page.inner_text("#rejection")
        phone.open("/f")
        phone.sees("ul.list")
        listed = phone.page.inner_text("main")

    assert who in told
    assert "出险日不在保险期间内" in told
    assert "有异议请找保险公司" in told
    assert "没有同意" not in listed
