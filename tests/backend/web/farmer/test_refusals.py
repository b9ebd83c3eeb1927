"""What the server does not take is told in the farmer's words: what happened, and what to do."""

from uuid import uuid4

import pytest

from tests.journeys.pictures import a_photo
from tests.journeys.world import World

pytest.importorskip("playwright", reason="needs Playwright: pip install 'flashclaim[dev]'")

from playwright.sync_api import Browser

from tests.backend.web.farmer.phone import a_phone

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")


def test_a_report_that_the_server_does_not_take_says_why_in_either_language(
    world: World, browser: Browser
) -> None:
    policy = world.policy()
    claim = world.report(policy, [a_photo()])
    # The same claim with other facts, as a phone sends it whose storage was copied from another one.
    body = world.report_body(policy, [a_photo()]) | {"claim_id": claim}
    waiting = {"id": claim, "key": str(uuid4()), "body": body, "done": False, "number": None, "received": []}
    with a_phone(browser, world, policy) as phone:
        phone.sign_in()
        phone.knows_its_place()
        phone.page.evaluate(_KEEP, waiting)
        phone.open()
        phone.sees('section.card:has-text("这个报案已经收到过")')
        told = [phone.page.inner_text("section.card")]
        phone.tap('button[lang="en"]')
        phone.sees('section.card:has-text("This report has arrived before")')
        told.append(phone.page.inner_text("section.card"))
        unknown = phone.page.evaluate(_UNKNOWN)

    assert "Not sent" not in told[0]
    assert "没有发成" not in told[1]
    assert "0123abcd" in unknown
    assert "call the insurer" in unknown


_KEEP = """async (report) => (await import("/f/keep.js")).put("reports", report.id, report)"""
_UNKNOWN = """async () => {
  const { why } = await import("/f/signing-in.js");
  return why({ code: "of-a-newer-server", trace: "0123abcd4567" });
}"""
