"""An officer comes to the pages by a one-time link of a machine with a key, and leaves them again."""

from http import HTTPStatus

import httpx

from backend.api.bearing import COOKIE
from tests.backend.web.browsing import a_browser, a_link, form_token, signed_in, texts
from tests.journeys.offices import Office
from tests.journeys.world import PLAIN, World


def test_a_link_opens_the_pages_once(world: World) -> None:
    link = a_link(world.officer("insurer"))
    with a_browser(world) as first, a_browser(world) as second:
        entered, again = first.get(link), second.get(link)

        shown = first.get("/i")

    assert (entered.status_code, entered.headers["location"]) == (HTTPStatus.SEE_OTHER, "/i")
    assert shown.status_code == HTTPStatus.OK
    assert (again.status_code, "good no more" in texts(again)) == (HTTPStatus.UNAUTHORIZED, True)
    assert not second.cookies


def test_the_cookie_is_for_the_pages_alone(world: World) -> None:
    with signed_in(world) as browser:
        cookie = browser.cookies[COOKIE]
        said = browser.get(a_link(world.officer("insurer"))).headers["set-cookie"].lower()

    api = httpx.get(f"{world.url}/api/v1/me", headers={"Authorization": f"Bearer {cookie}"}, **PLAIN)
    by_cookie = httpx.get(f"{world.url}/api/v1/me", headers={"Cookie": f"{COOKIE}={cookie}"}, **PLAIN)
    token = world.officer("insurer").http.headers["authorization"].split()[1]
    page = httpx.get(f"{world.url}/i", headers={"Cookie": f"{COOKIE}={token}"}, **PLAIN)

    assert {"httponly", "samesite=strict", "path=/i"} <= {part.strip() for part in said.split(";")}
    assert [one.status_code for one in (api, by_cookie, page)] == [HTTPStatus.UNAUTHORIZED] * 3


def test_away_from_this_machine_the_cookie_travels_by_tls_alone(world: World) -> None:
    with a_browser(world) as browser:
        entered = browser.get(a_link(world.officer("insurer")), headers={"Host": "claims.example.cn"})
        said = entered.headers["set-cookie"]
        cookie = said.partition(";")[0]

        shown = browser.get("/i", headers={"Cookie": cookie})

    assert cookie.startswith("__Secure-flashclaim_page=")
    assert "secure" in {part.strip().lower() for part in said.split(";")}
    assert shown.status_code == HTTPStatus.OK


def test_a_link_that_another_site_opens_signs_nobody_in(world: World) -> None:
    with a_browser(world) as browser:
        refused = browser.get(a_link(world.officer("insurer")), headers={"Sec-Fetch-Site": "cross-site"})

    assert (refused.status_code, browser.cookies.get(COOKIE)) == (HTTPStatus.UNAUTHORIZED, None)


def test_whoever_is_not_signed_in_is_told_how(world: World) -> None:
    with a_browser(world, "zh-CN,zh;q=0.9") as browser:
        shown = browser.get("/i")

    assert shown.status_code == HTTPStatus.UNAUTHORIZED
    assert "flashclaim web" in texts(shown)
    assert 'lang="zh-CN"' in shown.text


def test_a_page_ends_with_the_session_that_opened_it(world: World) -> None:
    office = Office(world)
    officer = office.one
    with a_browser(world) as browser:
        browser.get(a_link(officer))
        listed = officer.http.get("/sessions").json()["sessions"]
        before = browser.get("/i").status_code

        officer.http.delete("/sessions/current").raise_for_status()

        after = browser.get("/i").status_code

    assert sorted(one["page"] for one in listed) == [False, True]
    assert (before, after) == (HTTPStatus.OK, HTTPStatus.UNAUTHORIZED)


def test_leaving_ends_the_pages_session_and_no_other(world: World) -> None:
    officer = Office(world).one
    with a_browser(world) as browser:
        browser.get(a_link(officer))
        cookie, token = browser.cookies[COOKIE], form_token(browser.get("/i"))

        left = browser.post("/i/leave", data={"form_token": token})

        again = browser.get("/i", headers={"Cookie": f"{COOKIE}={cookie}"})

    assert (left.status_code, again.status_code) == (HTTPStatus.SEE_OTHER, HTTPStatus.UNAUTHORIZED)
    assert officer.http.get("/me").status_code == HTTPStatus.OK


def test_what_another_site_makes_the_browser_send_changes_nothing(world: World) -> None:
    with signed_in(world) as browser, signed_in(world, place=2) as other:
        foreign = form_token(other.get("/i"))

        answers = [browser.post("/i/leave", data=sent) for sent in ({}, {"form_token": foreign})]

        assert browser.get("/i").status_code == HTTPStatus.OK
    assert [one.status_code for one in answers] == [HTTPStatus.FORBIDDEN] * 2


def test_a_reader_chooses_language_and_appearance(world: World) -> None:
    with signed_in(world) as browser:
        token = form_token(browser.get("/i"))
        chosen = {"form_token": token, "language": "zh", "theme": "dark", "back": "/i?species=pig"}

        answer = browser.post("/i/reading", data=chosen)
        shown = browser.get(answer.headers["location"])

    assert answer.headers["location"] == "/i?species=pig"
    assert 'lang="zh-CN" data-theme="dark"' in shown.text


def test_a_form_sends_nobody_to_another_site(world: World) -> None:
    with signed_in(world) as browser:
        token = form_token(browser.get("/i"))
        backs = (
            *("https://elsewhere.example/i", "//elsewhere.example/i", "/i\\..\\x", "/docs"),
            *("//[", " /i/stuck", "/i?q=\N{CJK UNIFIED IDEOGRAPH-732A}", "/i#\u2028", "/ix"),
        )

        answers = [
            browser.post("/i/reading", data={"form_token": token, "language": "en", "back": back})
            for back in backs
        ]

    assert {(one.status_code, one.headers["location"]) for one in answers} == {(HTTPStatus.SEE_OTHER, "/i")}
