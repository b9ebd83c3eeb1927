"""A farmer reports with a phone: in few taps, with and without a signal, and nothing is lost or doubled."""

import hashlib
import io
from typing import Any

import pytest
from PIL import ExifTags, Image

from backend.domain.ids import PhotoId
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, eventually

pytest.importorskip("playwright", reason="needs Playwright: pip install 'flashclaim[dev]'")

from playwright.sync_api import Browser

from tests.backend.web.farmer.phone import FRAME, PHOTO, Phone, a_phone

# What a browser does does not depend on the database; the routes behind it are tried on both kinds.
pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")

MOST_TAPS = 9
MOST_BYTES = 110_000


def received(phone: Phone) -> list[dict[str, Any]]:
    """The photos of this farmer's one claim, all of them there and looked at."""
    [claim] = eventually(phone.claims, 20.0, "the claim")
    shown: dict[str, Any] = phone.world.wait(claim["id"], "JOINT_REVIEW", "TRIAGED", seconds=40.0)
    assert all(photo["received"] for photo in shown["photos"])
    return list(shown["photos"])


def test_a_known_farmer_reports_in_nine_taps_and_types_nothing(world: World, browser: Browser) -> None:
    with a_phone(browser, world, world.policy()) as phone:
        phone.sign_in()
        phone.knows_its_place()
        phone.report()
        phone.sees('.big:has-text("700.00")')
        assert not phone.page.is_checked("#advance")
        phone.send()
        photos = received(phone)

        phone.sees('progress[value="3"]')
        phone.tap("button.go")
        phone.sees("#state")

    assert (phone.taps - 1, phone.typed) == (MOST_TAPS, 0)
    assert len(photos) == 3
    for photo in photos:
        content = world.parts.blobs.get(PhotoId(photo["sha256"]))
        assert hashlib.sha256(content).hexdigest() == photo["sha256"]
        assert len(content) <= MOST_BYTES
        assert (photo["width"], photo["height"], photo["signals"]) == (*FRAME, [])
        assert (photo["location_grade"], photo["fence"]["decision"]) == ("B", "INSIDE")


def test_whoever_signs_out_leaves_nothing_that_the_server_said_on_the_phone(
    world: World, browser: Browser
) -> None:
    policy = world.policy()
    claim = world.report(policy, [a_photo()])
    kept = "import('/f/keep.js').then((phone) => phone.names('things'))"
    with a_phone(browser, world, policy) as phone:
        phone.sign_in()
        phone.sees(f'a[href="/f/c/{claim}"]')
        before = phone.page.evaluate(kept)

        phone.page.click('button:has-text("退出"), button:has-text("Sign out")')

        eventually(lambda: "claims" not in phone.page.evaluate(kept), 20.0, "the list to go")
        after = phone.page.evaluate(kept)
    assert {"claims", "policies", "tokens"} <= set(before)
    assert {"claims", "policies", "tokens"}.isdisjoint(after)


def test_a_report_made_without_a_signal_arrives_once_when_there_is_one(
    world: World, browser: Browser
) -> None:
    with a_phone(browser, world, world.policy()) as phone:
        phone.sign_in()
        phone.knows_its_place()
        phone.context.set_offline(True)
        phone.report()
        phone.send()
        phone.sees('p:has-text("没有信号")')
        # The page itself is there too, and what was reported waits in it.
        phone.open()
        phone.sees('strong:has-text("已存在手机里")')
        assert phone.claims() == []

        phone.context.set_offline(False)

        photos = received(phone)

    assert len(photos) == 3
    assert [photo["signals"] for photo in photos] == [[], [], []]


def test_a_photo_is_signed_at_the_shutter_with_a_nonce_that_came_before_it(
    world: World, browser: Browser
) -> None:
    with a_phone(browser, world, world.policy()) as phone:
        phone.sign_in()
        phone.knows_its_place()
        before = phone.page.evaluate(_NONCE)
        phone.report()
        phone.page.evaluate("import('/f/device.js').then((phone) => phone.register())")
        assert phone.page.evaluate(_NONCE) != before

        phone.send()

        photos = received(phone)
        signed = phone.page.evaluate(_NONCES_SENT)
    assert signed == [before] * 3
    assert [photo["signals"] for photo in photos] == [[], [], []]


def test_a_line_that_breaks_again_and_again_loses_and_doubles_nothing(world: World, browser: Browser) -> None:
    with a_phone(browser, world, world.policy()) as phone:
        phone.sign_in()
        phone.knows_its_place()
        phone.report()
        line = phone.context.new_cdp_session(phone.page)
        line.send("Network.enable")
        slow = {"offline": False, "latency": 20, "downloadThroughput": 500_000, "uploadThroughput": 150_000}
        line.send("Network.emulateNetworkConditions", slow)
        phone.send()
        for _ in range(5):
            line.send("Network.emulateNetworkConditions", slow | {"offline": True})
            phone.page.wait_for_timeout(60)
            line.send("Network.emulateNetworkConditions", slow)
            phone.page.wait_for_timeout(240)
        # Killed in the middle: what is kept goes on from there.
        phone.page.reload()

        photos = received(phone)

    assert len(photos) == 3


def test_a_report_that_was_begun_is_gone_on_with_after_the_browser_died(
    world: World, browser: Browser
) -> None:
    with a_phone(browser, world, world.policy()) as phone:
        # Dies while it still waits for its place: the photo is kept before.
        phone.page.add_init_script("navigator.geolocation.watchPosition = () => 1;")
        phone.sign_in()
        phone.tap("[data-policy]")
        phone.tap(".shutter:enabled")
        eventually(lambda: phone.page.evaluate(_SHOTS), 20.0, "the photo")
        phone.page.close()
        phone.page = phone.context.new_page()
        phone.open()

        phone.tap("section.card button.go")

        phone.sees('.keys button:has-text("(1)")')


def test_a_phone_without_place_and_camera_reports_all_the_same(world: World, browser: Browser) -> None:
    picture = a_camera_file(world.policy()["inside"])
    with a_phone(browser, world, world.policy(), permissions=[]) as phone:
        phone.sign_in()
        phone.knows_its_place()
        phone.context.clear_permissions()
        phone.tap("[data-policy]")
        phone.sees('p:has-text("没有位置也能报案")')
        phone.page.set_input_files("#own-camera", files=[picture])
        phone.tap('.keys button:has-text("(1)")')
        phone.tap("button.go")
        phone.tap("[data-band=pig-fat]")
        phone.tap("[data-tag] >> nth=0")
        phone.tap("[data-cause=accident]")
        phone.send()

        [photo] = received(phone)

    # The camera's own place was read before the photo was made smaller, and is all that there is.
    assert (photo["location_grade"], photo["signals"]) == ("C", [])
    assert photo["camera_exif"]["make"] == "Barn Phones"
    assert photo["fence"]["signals"] == ["NO_ACCURACY"]


def test_two_tabs_that_come_back_at_once_stay_signed_in(world: World, browser: Browser) -> None:
    with a_phone(browser, world, world.policy()) as phone:
        phone.sign_in()
        phone.knows_its_place()
        other = phone.context.new_page()
        other.goto(f"{world.url}/f")
        other.wait_for_selector("[data-policy]")
        phone.page.evaluate(_LET_TOKENS_END)

        for page in (phone.page, other):
            page.evaluate("() => { location.reload(); }")
        phone.page.wait_for_selector('p:has-text("还没有报案")')
        other.wait_for_selector('p:has-text("还没有报案")')
        phone.open()

        phone.sees("[data-policy]")
        assert phone.page.query_selector("#phone") is None


_LET_TOKENS_END = """async () => {
  const { get, put } = await import("/f/keep.js");
  await put("things", "tokens", { ...(await get("things", "tokens")), until: 0 });
}"""


_SHOTS = """import("/f/whose.js").then(async ({ drafts }) => (await drafts())[0]?.shots.length ?? 0)"""
_NONCE = """import("/f/keep.js").then(async ({ get }) => (await get("things", "device")).nonce)"""
_NONCES_SENT = """import("/f/keep.js").then(async ({ all }) =>
  (await all("reports")).flatMap((one) => one.body.photos.map((photo) => photo.capture.record.nonce)))"""


def a_camera_file(place: tuple[float, float]) -> dict[str, Any]:
    """A photo as a phone's own camera app writes it, with its place."""
    lon, lat = place
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Barn Phones"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {
            ExifTags.GPS.GPSLatitudeRef: "N",
            ExifTags.GPS.GPSLatitude: (lat, 0.0, 0.0),
            ExifTags.GPS.GPSLongitudeRef: "E",
            ExifTags.GPS.GPSLongitude: (lon, 0.0, 0.0),
        }
    )
    written = io.BytesIO()
    with Image.open(PHOTO) as photo:
        photo.convert("RGB").save(written, "JPEG", quality=90, exif=exif)
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}
