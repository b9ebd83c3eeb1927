"""Draws the pictures of docs/farmers.zh.md: ``python scripts/farmer_pictures.py``.

A report is made with the real page, in Debian's Chromium, at a server of its own with made-up farms; the camera sees
the photo in demo/photos (the animal is alive). Each screen is saved with as many colours and pixels as 100 KB hold.
"""

import sys
import tempfile
from pathlib import Path

from PIL import Image

from tests.backend.web.farmer.phone import VOICES, Phone, a_browser, a_phone
from tests.journeys.agents import an_invitation
from tests.journeys.world import key, running_world

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "farmers"
MOST_BYTES = 100_000


def main() -> int:
    """Make all of them anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as made,
        running_world(Path(made), farms=6, service_phone="0573-8200 0000") as world,
        a_browser(Path(made)) as browser,
        a_phone(browser, world, world.policy(), device_scale_factor=1.5) as phone,
    ):
        _report(phone)
        with a_phone(browser, world, world.policy(place=1), device_scale_factor=1.5) as helpers:
            _for_a_farmer(helpers)
    return 0


def _report(phone: Phone) -> None:
    phone.page.add_init_script(VOICES)
    phone.open()
    phone.sees("#phone")
    _save(phone, "sign-in")
    phone.page.goto("about:blank")
    phone.sign_in()
    phone.knows_its_place()
    _save(phone, "home")
    phone.tap("[data-policy]")
    phone.sees(".shutter:enabled")
    phone.page.wait_for_timeout(1_000)
    _save(phone, "camera")
    phone.take_photos()
    phone.sees(".stepper")
    _save(phone, "heads")
    phone.tap("button.go")
    phone.sees("[data-band]")
    phone.page.wait_for_load_state("networkidle")
    _save(phone, "sizes")
    phone.tap("[data-band=pig-fat]")
    phone.sees("[data-tag]")
    _save(phone, "tags")
    phone.tap("[data-tag] >> nth=0")
    phone.sees("[data-cause]")
    _save(phone, "cause")
    phone.tap("[data-cause=accident]")
    phone.sees('.big:has-text("700.00")')
    _save(phone, "check")
    phone.send()
    phone.sees('progress[value="3"]')
    _save(phone, "sent")
    phone.tap("button.go")
    phone.sees('#state:has-text("三方审核")')
    phone.page.wait_for_timeout(500)
    _save(phone, "claim")
    phone.page.evaluate("() => document.documentElement.classList.add('care')")
    _save(phone, "claim-care")
    phone.page.evaluate("() => document.documentElement.classList.remove('care')")
    _somebody_comes(phone)
    phone.tap("#help")
    phone.sees("#appeal")
    _save(phone, "help")
    _until_rated(phone)


def _somebody_comes(phone: Phone) -> None:
    """The claim while the collector is on the way; ended as the farmer sees it end."""
    world, [claim] = phone.world, phone.claims()
    lon, lat = phone.policy["inside"]
    collector, address = world.officer("disposal").http, f"/claims/{claim['id']}/visits"
    body = {
        "position": {"lon": lon + 0.024, "lat": lat + 0.019},
        "expected_in_minutes": 15,
        "phone": "13912340000",
    }
    collector.post(address, json=body, headers=key()).raise_for_status()
    phone.sees(".coming svg")
    phone.page.locator(".coming").scroll_into_view_if_needed()
    _save(phone, "coming")
    collector.post(f"{address}/end", json={}, headers=key()).raise_for_status()
    phone.page.wait_for_selector(".coming", state="detached")


def _until_rated(phone: Phone) -> None:
    """The claim as it is offered, and once it is paid."""
    world, [claim] = phone.world, phone.claims()
    world.approve_all(claim["id"], note="photos compared, one animal")
    phone.open(f"/f/c/{claim['id']}")
    phone.tap("#agree")
    phone.sees("#code")
    phone.page.fill("#code", "123456")
    _save(phone, "agree")
    world.accept(claim["id"], phone.policy).raise_for_status()
    world.hand_over(claim["id"]).raise_for_status()
    world.pay(claim["id"])
    phone.open(f"/f/c/{claim['id']}")
    phone.tap("[data-rate=payment-5]")
    phone.tap("[data-recommend='9']")
    phone.sees("[data-recommend='9'][aria-pressed=true]")
    _save(phone, "rating")


def _for_a_farmer(phone: Phone) -> None:
    """The first screens of a village agent, who reports for a farmer without a phone."""
    phone.open(f"/f#agent={an_invitation(phone.world, 'agent-pictures', '王村医')}")
    phone.sees("#helper")
    phone.page.fill("#policy", phone.policy["policy_number"])
    _save(phone, "assist")
    phone.tap("button.go")
    phone.sees("#code")
    _save(phone, "assist-code")


def _save(phone: Phone, name: str) -> None:
    file = FOLDER / f"{name}.png"
    phone.page.screenshot(path=file)
    with Image.open(file) as shown:
        whole = shown.convert("RGB")
        for colours, share in ((128, 1.0), (64, 0.8), (48, 0.667)):
            picture = whole.resize((round(whole.width * share), round(whole.height * share)))
            picture.quantize(colours, dither=Image.Dither.NONE).save(file, optimize=True)
            if file.stat().st_size <= MOST_BYTES:
                return
    raise ValueError(f"{name} stays above {MOST_BYTES} bytes")


if __name__ == "__main__":
    sys.exit(main())
