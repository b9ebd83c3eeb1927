"""A farmer signs in by holding the policy card before the camera, or by a photo of it."""

import io
from pathlib import Path

import pytest
import segno
from PIL import Image

from cli.policy_card import card_address
from tests.journeys.world import World

pytest.importorskip("playwright", reason="needs Playwright: pip install 'flashclaim[dev]'")

from tests.backend.web.farmer.phone import CHROMIUM, FRAME, a_browser, a_phone

pytestmark = [
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session"),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"needs {CHROMIUM}: apt-get install chromium"),
]
READER = "/f/jsqr.js"


def a_picture(text: str, *, side: int = 300, turned: float = 7.0) -> bytes:
    """A card with the code that ``policy card`` makes, held a little askew before a grey wall: a JPEG."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="png", scale=8, border=4)
    with Image.open(drawn) as code:
        card = code.convert("RGB").resize((side, side))
    wall = Image.new("RGB", FRAME, (96, 104, 92))
    askew = card.convert("RGBA").rotate(turned, expand=True, resample=Image.Resampling.BICUBIC)
    wall.paste(askew, (180, 90), askew)
    written = io.BytesIO()
    wall.save(written, "JPEG", quality=80)
    return written.getvalue()


def test_the_card_is_read_by_the_camera_with_a_reader_that_is_fetched_at_the_tap(
    world: World, tmp_path: Path
) -> None:
    policy = world.policy()
    picture = a_picture(card_address(world.url, policy["card"]))

    def film(file: Path) -> None:
        file.write_bytes(picture * 30)

    with a_browser(tmp_path, film) as browser, a_phone(browser, world, policy) as phone:
        fetched: list[str] = []
        phone.page.on("request", lambda request: fetched.append(request.url))
        phone.open()
        phone.sees("#scan")
        phone.page.wait_for_load_state("networkidle")
        before = list(fetched)
        phone.tap("#scan")
        phone.sees("[data-policy]")
        address = phone.page.url

    assert not any(READER in one for one in before)
    assert any(READER in one for one in fetched)
    assert (phone.taps, phone.typed) == (1, 0)
    assert policy["card"] not in address


def test_where_no_camera_opens_a_photo_of_the_card_does_and_another_code_is_said_to_be_one(
    world: World, tmp_path: Path
) -> None:
    policy = world.policy()
    large = a_picture(card_address(world.url, policy["card"]), side=420, turned=-12.0)
    other = a_picture("https://example.invalid/menu")
    blank = a_picture("x" * 20, side=12)
    with a_browser(tmp_path) as browser, a_phone(browser, world, policy, permissions=[]) as phone:
        phone.page.add_init_script(
            "navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('no'))"
        )
        phone.open()
        phone.tap("#scan")
        phone.sees('.hint:has-text("打不开相机")')
        for picture, said in ((blank, "没有看到码"), (other, "不是保单卡")):
            phone.page.set_input_files("#card-photo", files=[_file(picture)])
            phone.sees(f'.hint:has-text("{said}")')

        phone.page.set_input_files("#card-photo", files=[_file(large)])

        phone.sees("[data-policy]")


def _file(content: bytes) -> dict[str, object]:
    return {"name": "card.jpg", "mimeType": "image/jpeg", "buffer": content}
