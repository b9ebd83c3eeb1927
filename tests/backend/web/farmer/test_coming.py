"""The farmer watches the collector come nearer, in words and on a map, until they are there."""

import pytest

from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key

pytest.importorskip("playwright", reason="needs Playwright: pip install 'flashclaim[dev]'")

from playwright.sync_api import Browser

from tests.backend.web.farmer.phone import a_phone

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")

PHONE = "13912340000"


def test_the_collector_comes_nearer_before_the_farmers_eyes_and_is_gone_when_there(
    world: World, browser: Browser
) -> None:
    policy, collector = world.policy(), world.officer("disposal")
    claim = world.report(policy, [a_photo()])
    world.wait(claim, "JOINT_REVIEW")
    lon, lat = policy["inside"]

    def at(metres: float) -> dict[str, float]:
        return {"lon": lon, "lat": lat + metres / 111_000}

    with a_phone(browser, world, policy) as phone:
        phone.sign_in()
        phone.open(f"/f/c/{claim}")
        phone.sees("#state")
        assert phone.page.is_hidden(".coming")

        body = {"position": at(6_000), "phone": PHONE, "expected_in_minutes": 40}
        collector.http.post(f"/claims/{claim}/visits", json=body, headers=key()).raise_for_status()
        phone.sees('.coming .told:has-text("正在路上")')
        words = phone.page.inner_text(".coming .told")
        drawn = phone.page.get_attribute(".coming svg.map", "aria-label")
        call = phone.page.get_attribute(".coming a.call", "href")
        collector.http.put("/visits/position", json={"position": at(1_200)}).raise_for_status()
        phone.sees('.coming .told:has-text("直线距离 1.")')
        kept = phone.page.evaluate(_KEPT, f"claim {claim} zh")

        with world.farmer(policy) as http:
            token = http.post(f"/claims/{claim}/links", json={"seed": "C" * 43}, headers=key()).json()[
                "token"
            ]
        reader = phone.context.new_page()
        reader.goto(f"{world.url}/f/c/{claim}#link={token}")
        reader.wait_for_selector('.coming .told:has-text("正在路上")')
        shared = reader.inner_text(".coming")
        has_map = reader.query_selector(".coming svg") is not None
        reader.close()

        collector.http.post(f"/claims/{claim}/visits/end", json={}, headers=key()).raise_for_status()
        phone.page.wait_for_selector(".coming", state="detached")
        phone.sees('ul.list li:has-text("上门结束")')

    assert "公里" in words
    assert "预计" in words
    assert drawn == words
    assert call == f"tel:{PHONE}"
    assert "coming" not in kept
    assert has_map is False
    assert "公里" not in shared


_KEPT = "name => import('/f/keep.js').then((phone) => phone.get('things', name)).then(JSON.stringify)"
