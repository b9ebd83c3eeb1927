"""A phone whose clock is wrong or whose storage is full says so in words, and reports all the same."""

import hashlib
import io

import pytest
from PIL import Image

from tests.journeys.world import World, eventually

pytest.importorskip("playwright", reason="needs Playwright: pip install 'flashclaim[dev]'")

from playwright.sync_api import Browser

from tests.backend.web.farmer.phone import PHOTO, a_phone

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
        phone.tap('.keys button:has-text("(1)")')
        phone.answer()
        phone.send()
        [claim] = eventually(phone.claims, 20.0, "the claim")
        [photo] = world.wait(claim["id"], "JOINT_REVIEW", "TRIAGED")["photos"]

    assert photo["received"]


def test_a_window_that_keeps_nothing_says_so_and_reports_all_the_same(world: World, browser: Browser) -> None:
    agent = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/111 Mobile Safari/537.36 MicroMessenger/8.0.40"
    with a_phone(browser, world, world.policy(), user_agent=agent, service_workers="block") as phone:
        phone.page.add_init_script(
            "IDBFactory.prototype.open = () => { throw new DOMException('private'); };"
        )
        phone.sign_in()
        phone.sees('.note:has-text("这个窗口关了照片就没了")')
        phone.sees('.note:has-text("微信里关了页面就停止发送")')
        phone.report()
        phone.send()
        phone.sees('progress[value="3"]')
        [claim] = eventually(phone.claims, 20.0, "the claim")

    assert all(photo["received"] for photo in world.show(claim["id"])["photos"])


def test_a_photo_that_the_browser_cannot_draw_goes_as_it_is(world: World, browser: Browser) -> None:
    written = io.BytesIO()
    with Image.open(PHOTO) as picture:
        picture.convert("RGB").resize((640, 480)).save(written, "HEIF", quality=60)
    small = {"name": "IMG_1.heic", "mimeType": "image/heic", "buffer": written.getvalue()}
    large = small | {"buffer": written.getvalue()[:40] + bytes(5_000_000)}
    with a_phone(browser, world, world.policy()) as phone:
        phone.sign_in()
        phone.knows_its_place()
        phone.tap("[data-policy]")
        phone.page.set_input_files("#own-camera", files=[large])
        phone.sees('.hint:has-text("请用圆形按钮拍")')
        assert phone.page.is_hidden('.keys button:has-text("拍好了")')
        phone.page.set_input_files("#own-camera", files=[small])
        phone.sees('.hint:has-text("原样发")')
        phone.tap('.keys button:has-text("(1)")')
        phone.answer()
        phone.sees('.thumbs p:has-text("照片 1")')
        phone.send()
        [claim] = eventually(phone.claims, 20.0, "the claim")
        [photo] = world.wait(claim["id"], "JOINT_REVIEW", "TRIAGED")["photos"]

    assert hashlib.sha256(written.getvalue()).hexdigest() == photo["sha256"]
    assert (photo["media_type"], photo["width"], photo["signals"]) == ("image/heic", 640, [])


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
