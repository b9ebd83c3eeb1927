"""A phone whose clock is wrong or whose storage is full says so in words, and reports all the same."""

import pytest

from tests.journeys.world import World, eventually

pytest.importorskip("playwright", reason="needs Playwright: pip install 'flashclaim[dev]'")

from playwright.sync_api import Browser

from tests.backend.web.farmer.phone import a_phone

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")

HOURS_FAST = 30


def test_a_clock_that_is_a_day_fast_is_told_and_its_report_has_the_right_time(
    world: World, browser: Browser
) -> None:
    with a_phone(browser, world, world.policy()) as phone:
        phone.context.add_init_script(_FAST)
        phone.sign_in()
        phone.knows_its_place()
        phone.sees(f"#clock:has-text('快了 {HOURS_FAST * 60} 分钟')")
        phone.report()
        phone.send()
        [claim] = eventually(phone.claims, 20.0, "the claim")
        shown = world.wait(claim["id"], "JOINT_REVIEW", "TRIAGED")

    assert shown["occurred_at"] <= shown["reported_at"]
    # The record says how wrong the clock was: shown to officers, and no doubt.
    signals = {signal.partition(" (")[0] for photo in shown["photos"] for signal in photo["signals"]}
    assert signals == {"CLOCK_SKEW"}
    assert shown["photos"][0]["location_grade"] == "B"


def test_a_full_phone_says_so_and_keeps_the_photo_once_there_is_room(world: World, browser: Browser) -> None:
    with a_phone(browser, world, world.policy()) as phone:
        phone.page.add_init_script(_FULL)
        phone.sign_in()
        phone.tap("[data-policy]")
        phone.sees(".shutter:enabled")
        phone.page.evaluate("() => { window.room = 1_000; }")
        phone.tap(".shutter:enabled")
        phone.sees('.hint:has-text("手机满了")')
        assert phone.page.is_hidden('.keys button:has-text("拍好了")')

        # Some room, though not for the photo at its full size.
        phone.page.evaluate("() => { window.room = 110_000; }")
        phone.tap(".shutter:enabled")

        phone.sees('.keys button:has-text("(1)")')
        phone.sees('.hint:has-text("只留小照片")')


_FULL = """(() => {
  window.room = Infinity;
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, ...rest) {
    const bytes = (value?.content?.byteLength ?? 0) + (value?.original?.byteLength ?? 0);
    if (bytes > window.room) throw new DOMException("no room", "QuotaExceededError");
    return put.call(this, value, ...rest);
  };
})()"""
"""A disk without room: Chromium lets no story set a limit for IndexedDB, and refuses what is beyond it in this way."""

_FAST = f"""(() => {{
  const fast = {HOURS_FAST * 3_600_000};
  const Right = Date;
  globalThis.Date = class extends Right {{
    constructor(...given) {{ if (given.length) super(...given); else super(Right.now() + fast); }}
    static now() {{ return Right.now() + fast; }}
  }};
  if (!navigator.geolocation) return;
  // Of the phone's clock too.
  const watch = navigator.geolocation.watchPosition.bind(navigator.geolocation);
  navigator.geolocation.watchPosition = (told, ...rest) =>
    watch(({{ coords, timestamp }}) => told({{ coords, timestamp: timestamp + fast }}), ...rest);
}})()"""
