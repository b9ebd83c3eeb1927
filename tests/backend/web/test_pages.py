"""What the pages say: the figures of the API to the letter, kind words for wrong filters, and deeds done once."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select, update

from backend.api.insurer_pages.shown import writers
from backend.domain.authority.sight import EVERYWHERE
from backend.store import tables
from backend.store.duty_tables import claim_clocks
from backend.texts.load import Language
from tests.backend.web.browsing import form_token, signed_in, texts
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key

SAID = writers(Language.EN)


def in_review(world: World, place: int = 0) -> str:
    """A claim that the offices look at, by its number."""
    claim = world.report(world.policy(place=place), [a_photo()])
    return str(world.wait(claim, "JOINT_REVIEW")["number"])


def stick(world: World, number: str) -> None:
    """Most of the time of this claim's clocks is used up."""
    claim_id, now = world.show(number)["id"], world.parts.clock()
    at_risk = {"at_risk_at": now - timedelta(minutes=1), "due_at": now + timedelta(minutes=20)}
    changed = update(claim_clocks).where(claim_clocks.c.claim_id == UUID(claim_id)).values(at_risk)
    world.parts.store.submit(lambda connection: connection.execute(changed)).result()


def tile(answer: httpx.Response, name: str) -> str:
    found = re.search(rf'id="{name}">([^<]*)', answer.text)
    assert found, name
    return found[1].strip()


@pytest.fixture
def told(world: World) -> dict[str, Any]:
    """The API's figures, with at least one claim that is paid."""
    policy = world.policy(place=5)
    claim = world.report(policy, [a_photo()], accept_in_advance=True)
    world.wait(claim, "JOINT_REVIEW")
    world.approve_all(claim)
    world.hand_over(claim)
    world.pay(claim)
    http = world.officer("insurer").http
    return dict(http.get("/insight", params={"species": "pig", "by": "week"}).raise_for_status().json())


def test_the_page_says_what_the_api_says(world: World, told: dict[str, Any]) -> None:
    with signed_in(world) as browser:
        shown = browser.get("/i", params={"species": "pig"})

    assert tile(shown, "claims") == SAID["count"](told["claims"])
    assert tile(shown, "open") == SAID["count"](told["open"])
    assert tile(shown, "within-15") == SAID["percent"](told["paid_within_15_min"])
    assert f"{SAID['percent'](told['curve']['marks'][-1]['paid'])}" in shown.text
    paid = told["funnel"]["steps"][-1]
    assert re.search(rf"paid</th><td class=\"number\">{SAID['count'](paid['claims'])}<", shown.text)
    assert not re.search(r"\bnan\b|\bNone\b|Undefined|built-in", texts(shown), re.IGNORECASE)


def test_the_quality_page_says_what_the_api_says(world: World, told: dict[str, Any]) -> None:
    api = world.officer("insurer").http.get("/insight/quality").json()
    with signed_in(world) as browser:
        shown = browser.get("/i/quality")

    assert tile(shown, "index") == str(api["index"])
    assert api["formula"] in texts(shown)
    assert told["claims"] > 0


@pytest.mark.parametrize("page", ["/i", "/i/stuck", "/i/quality"])
@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"from": "yesterday"}, "Reported from: is not a day such as 2026-11-26 (yesterday)"),
        ({"from": "0001-01-01"}, "Reported from: is not a day"),
        ({"species": "dragon"}, "Species: there is no such species (dragon)"),
        ({"county": "4" * 13}, "County: is too long"),
        ({"from": "2026-11-20", "to": "2026-11-01"}, "to: lies before the first day"),
    ],
)
def test_a_wrong_filter_is_named_kindly(world: World, page: str, asked: dict[str, str], field: str) -> None:
    with signed_in(world) as browser:
        shown = browser.get(page, params=asked)

    assert shown.status_code == 400
    assert field in texts(shown)
    assert 'aria-invalid="true"' in shown.text


def test_a_wrong_group_and_half_a_period_are_named_too(world: World) -> None:
    with signed_in(world) as browser:
        group = browser.get("/i", params={"by": "moon"})
        half = browser.get("/i", params={"against_from": "2026-11-01"})

    assert (group.status_code, half.status_code) == (400, 400)
    assert "claims are not told apart by that" in texts(group)
    assert "needs its first and its last day" in texts(half)


def test_the_api_compares_the_very_periods_that_are_named(world: World) -> None:
    http = world.officer("insurer").http
    asked = {"from": "2026-11-01", "to": "2026-11-20"}
    against = {"against_from": "2026-01-05", "against_to": "2026-01-24"}

    told = http.get("/insight/comparison", params=asked | against).raise_for_status().json()
    half = http.get("/insight/comparison", params={"against_to": "2026-01-24"})
    no_day = http.get("/insight/comparison", params=against | {"against_to": "AAA"})

    assert told["against"] == {"from": "2026-01-05", "to": "2026-01-24"}
    assert (told["filter"]["from"], told["filter"]["to"]) == ("2026-11-01", "2026-11-20")
    assert (half.status_code, no_day.status_code) == (422, 400)


@pytest.mark.parametrize("page", ["/i", "/i/quality"])
def test_what_fits_no_claim_is_said_in_a_sentence(world: World, page: str) -> None:
    with signed_in(world) as browser:
        shown = browser.get(page, params={"county": "999999", "product": "<b>%_@1", "from": "", "by": ""})

    assert (shown.status_code, "No claim fits this filter." in texts(shown)) == (200, True)
    assert "<b>%" not in shown.text


def test_every_stuck_claim_is_shown_with_its_holder_and_its_promise(world: World) -> None:
    number = in_review(world)
    stick(world, number)

    with signed_in(world) as browser:
        shown = browser.get("/i/stuck")

    row = next(part for part in shown.text.split("<tr ") if number in part)
    assert "insurer, veterinary office, inspection office" in row
    assert re.search(r"left 1[89] min", row)


def test_a_nudge_from_the_page_is_recorded_once_and_reaches_officers_by_name(world: World) -> None:
    number = in_review(world)
    stick(world, number)
    with signed_in(world) as browser:
        page = browser.get("/i/stuck")
        sent = {"form_token": form_token(page), "request_key": uuid4().hex, "back": f"/i/stuck#{number}"}

        done, again = (browser.post(f"/i/claims/{number}/nudge", data=sent) for _ in range(2))
        too_soon = browser.post(f"/i/claims/{number}/nudge", data=sent | {"request_key": uuid4().hex})

    assert [one.headers.get("location") for one in (done, again)] == [f"/i/stuck#{number}"] * 2
    assert (too_soon.status_code, "within the last hour" in texts(too_soon)) == (409, True)
    assert world.events(number).count("holder-nudged") == 1
    nudged = next(one for one in world.timeline(number)["events"] if one["type"] == "holder-nudged")
    assert nudged["actor"] == world.officer("insurer").id


def test_a_claim_given_to_a_colleague_is_shown_so(world: World) -> None:
    number, to = in_review(world), world.officer("insurer", 2).id
    stick(world, number)
    with signed_in(world) as browser:
        token = form_token(browser.get("/i/stuck"))
        sent = {"form_token": token, "request_key": uuid4().hex, "to": to, "reason": "on leave"}

        browser.post(f"/i/claims/{number}/assign", data=sent)
        shown = browser.get("/i/stuck")

    assert world.show(number)["assigned"] == to
    assert f"assigned to {to}" in texts(shown)


def test_only_the_insurer_acts_and_others_read(world: World) -> None:
    number = in_review(world)
    stick(world, number)
    with signed_in(world, "veterinary") as browser:
        page = browser.get("/i/stuck")
        sent = {"form_token": form_token(page), "request_key": uuid4().hex}
        refused = browser.post(f"/i/claims/{number}/nudge", data=sent)

    assert (page.status_code, refused.status_code) == (200, 403)
    assert f"/i/claims/{number}/nudge" not in page.text


def test_a_view_is_kept_under_a_name_and_restores_the_filter(world: World) -> None:
    name = f"pigs <{uuid4().hex[:6]}>"
    with signed_in(world) as browser, signed_in(world, "veterinary") as other:
        token = form_token(browser.get("/i"))
        here = "/i?species=pig&from=2026-11-01"

        kept = browser.post("/i/views", data={"form_token": token, "name": name, "back": here})
        shown, foreign = browser.get("/i/quality"), other.get("/i/quality")
        found = re.search(r"/i/views/([^/]+)/end", shown.text)
        assert found
        restored = browser.get("/i?species=pig&from=2026-11-01")
        unnamed = browser.post("/i/views", data={"form_token": token, "name": " ", "back": here})
        browser.post(f"/i/views/{found[1]}/end", data={"form_token": token})
        gone = browser.get("/i/quality")

    assert kept.headers["location"] == here
    assert 'href="/i?species=pig&amp;from=2026-11-01"' in shown.text
    assert name in texts(shown)
    assert name not in texts(foreign)
    assert 'value="pig" selected' in restored.text
    assert unnamed.status_code == 422
    assert name not in texts(gone)


def test_a_page_that_reads_itself_anew_keeps_no_session_from_running_out(world: World) -> None:
    long_ago = world.parts.clock() - timedelta(minutes=5)
    age = update(tables.sessions).where(tables.sessions.c.opened_from.is_not(None)).values(seen_at=long_ago)
    with signed_in(world, place=2) as browser:
        world.parts.store.submit(lambda connection: connection.execute(age)).result()

        browser.get("/i/stuck", headers={"X-Refresh": "1"}).raise_for_status()
        # Whatever a request leaves to be written stands before this in the queue.
        world.parts.store.submit(lambda on: on.execute(select(1))).result()
        seen = world.parts.store.engine.read(
            lambda connection: connection.scalars(
                select(tables.sessions.c.seen_at).where(
                    tables.sessions.c.opened_from.is_not(None), tables.sessions.c.ended_at.is_(None)
                )
            ).all(),
            EVERYWHERE,
        )

    assert set(seen) == {long_ago}


def test_an_address_that_is_no_page_says_so_on_a_page(world: World) -> None:
    with signed_in(world) as browser:
        missing = browser.get("/i/nowhere/at/all")

    assert (missing.status_code, "There is no such page" in texts(missing)) == (404, True)


def test_every_form_of_the_pages_needs_the_token_of_its_session(world: World) -> None:
    number = in_review(world)
    addresses = [
        *("/i/leave", "/i/reading", "/i/views", f"/i/views/{uuid4()}/end"),
        *(f"/i/claims/{number}/nudge", f"/i/claims/{number}/assign"),
    ]
    with signed_in(world) as browser:
        answers = [browser.post(address, data={"request_key": "k"}) for address in addresses]

        assert browser.get("/i").status_code == 200
    assert {one.status_code for one in answers} == {403}


def test_who_is_on_the_way_stands_with_a_stuck_claim_and_on_its_page_without_a_place(world: World) -> None:
    number = in_review(world)
    stick(world, number)
    lon, lat = world.policy()["inside"]
    body = {"position": {"lon": lon, "lat": lat + 0.05}, "expected_in_minutes": 50}
    collector = world.officer("disposal").http
    collector.post(f"/claims/{number}/visits", json=body, headers=key()).raise_for_status()

    with signed_in(world) as browser:
        row = next(part for part in browser.get("/i/stuck").text.split("<tr ") if number in part)
        page = browser.get(f"/i/claims/{number}").text
    collector.post(f"/claims/{number}/visits/end", json={}, headers=key()).raise_for_status()

    assert re.search(r"On the way: collector, expected \d", row)
    assert "The collector is on the way," in page
    assert "km in a straight line to the north of the farm" in page
    assert str(lat + 0.05)[:6] not in row + page
