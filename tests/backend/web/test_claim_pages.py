"""Claims, flags, money and the counter as pages: what they say is what the API says, and forms do what commands do."""

import re
from http import HTTPStatus
from typing import Any

import httpx
import pytest

from backend.store.looks import Field
from tests.backend.web.browsing import form_token, signed_in, texts
from tests.journeys.pictures import a_photo
from tests.journeys.world import World

PAGES = ("/i/claims", "/i/flags?state=any", "/i/money", "/i/model")
REASON = "compared both photos"


@pytest.fixture(scope="module")
def paid(installation: World) -> str:
    """A claim that went all the way."""
    policy = installation.policy()
    installation.counter.sees = 1
    claim = installation.report(policy, [a_photo()])
    installation.wait(claim, "JOINT_REVIEW")
    installation.agree(claim, policy)
    installation.pay(claim)
    return claim


def reused(world: World) -> str:
    """A claim whose photo stands on another one."""
    photo = a_photo()
    world.counter.sees = 1
    first = world.report(world.policy(), [photo])
    world.wait(first, "JOINT_REVIEW")
    second = world.report(world.policy(place=1), [photo])
    world.wait(second, "TRIAGED")
    return second


def flag_of(world: World, claim: str) -> dict[str, Any]:
    [flag] = world.officer("insurer").http.get(f"/claims/{claim}/flags").json()["flags"]
    return dict(flag)


def judge(browser: httpx.Client, claim: str, **sent: str) -> httpx.Response:
    token = form_token(browser.get("/i/flags"))
    return browser.post(f"/i/claims/{claim}/flags", data={"form_token": token, "reason": REASON} | sent)


@pytest.mark.parametrize(
    ("language", "working"),
    [("en", "≥ 90 kg: 100 % of 700.00 = 700.00"), ("zh", "体重 90 公斤及以上：700.00 的 100 % = 700.00 元")],
)
def test_the_claims_page_says_what_the_claim_rests_on(
    world: World, paid: str, language: str, working: str
) -> None:
    asked = {"language": language}
    api = world.officer("insurer").http
    shown, told = (api.get(f"/claims/{paid}{rest}", params=asked).json() for rest in ("", "/timeline"))

    with signed_in(world, language=language) as browser:
        answer = browser.get(f"/i/claims/{shown['number']}")

    read = texts(answer)
    assert answer.status_code == HTTPStatus.OK
    said = (
        *(shown["number"], working, shown["offer"]["amount"]),
        *(shown["handover"]["receipt_number"], shown["payout"]["reference"]),
        *(event["text"] for event in told["events"]),
        *(one["by"] for one in shown["lanes"].values()),
    )
    assert [one for one in said if str(one) not in read] == []
    assert answer.text.count('class="box"') == sum(len(photo["boxes"]) for photo in shown["photos"])
    assert ("checked just now, fits" in read) or ("刚刚核对，相符" in read)
    assert 'class="map"' in answer.text
    assert "style=" not in answer.text


def test_names_and_accounts_are_masked_until_somebody_says_why(world: World, paid: str) -> None:
    in_clear = re.compile(rf"(?<!\d)6\d{{9,}}{world.show(paid)['payee']['account_last4']}(?!\d)")
    with signed_in(world) as browser:
        page = browser.get(f"/i/claims/{paid}")
        before = {one["id"] for one in world.officer("insurer").http.get("/looks").json()["looks"]}
        data = {"form_token": form_token(page), "field": Field.PAYEE.value}

        unsaid = browser.post(f"/i/claims/{paid}/look", data=data)
        seen = browser.post(f"/i/claims/{paid}/look", data=data | {"reason": "the bank asks for the name"})

    listed = world.officer("insurer").http.get("/looks").json()["looks"]
    looks = [one for one in listed if one["id"] not in before]
    assert not in_clear.search(texts(page))
    assert unsaid.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert in_clear.search(texts(seen))
    assert [one["reason"] for one in looks] == ["the bank asks for the name"]


def test_a_photo_is_shown_to_whoever_sees_its_claim(world: World, paid: str) -> None:
    sha256 = world.show(paid)["photos"][0]["sha256"]
    with signed_in(world, "veterinary") as browser:
        picture = browser.get(f"/i/claims/{paid}/photos/{sha256}/screen")
        missing = browser.get(f"/i/claims/{paid}/photos/{'0' * 64}/screen")
        unsized = browser.get(f"/i/claims/{paid}/photos/{sha256}/original")

    assert (picture.status_code, picture.headers["content-type"]) == (HTTPStatus.OK, "image/jpeg")
    assert [one.status_code for one in (missing, unsized)] == [HTTPStatus.NOT_FOUND] * 2


def test_the_list_finds_a_claim_by_number_policy_and_state(world: World, paid: str) -> None:
    shown = world.show(paid)
    with signed_in(world) as browser:
        found = [
            texts(browser.get("/i/claims", params=params))
            for params in (
                {"q": shown["number"]},
                {"q": shown["policy_number"]},
                {"q": shown["animals"][0]["tag"]},
                {"state": shown["state"], "species": "pig"},
            )
        ]
        others = browser.get("/i/claims", params={"q": shown["number"], "species": "cattle"})
        wrong = browser.get("/i/claims", params={"state": "LOST", "path": "SLOW"})

    assert all(shown["number"] in one for one in found)
    assert "No claim fits this filter." in texts(others)
    assert wrong.status_code == HTTPStatus.BAD_REQUEST
    assert {"State: there is no such state (LOST)", "Path: there is no such path (SLOW)"} <= set(
        texts(wrong).split("\n")
    )


def test_a_flag_is_shown_beside_the_other_claim_and_cleared_on_the_page(world: World) -> None:
    claim = reused(world)
    flag = flag_of(world, claim)
    with signed_in(world) as browser:
        listed = browser.get("/i/flags")

        cleared = judge(browser, claim, flag=flag["key"], state="cleared")
        after = browser.get("/i/flags", params={"state": "cleared"})

    shown = world.show(claim)
    assert shown["number"] in texts(listed)
    assert flag["elsewhere"][0]["number"] in texts(listed)
    assert cleared.status_code == HTTPStatus.SEE_OTHER
    assert REASON in texts(after)
    assert shown["state"] == "JOINT_REVIEW"
    assert flag_of(world, claim)["judged"]["reason"] == REASON


def test_a_flag_is_not_judged_without_a_reason_a_token_or_the_insurer(world: World) -> None:
    claim = reused(world)
    key = flag_of(world, claim)["key"]
    with signed_in(world) as browser, signed_in(world, "veterinary") as vet:
        wordless = judge(browser, claim, flag=key, state="confirmed", reason=" ")
        answerless = judge(browser, claim, flag=key, state="perhaps")
        foreign = browser.post(f"/i/claims/{claim}/flags", data={"flag": key, "state": "cleared"})
        others = judge(vet, claim, flag=key, state="cleared")

    assert [one.status_code for one in (wordless, answerless, foreign, others)] == [
        *(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.UNPROCESSABLE_ENTITY),
        *(HTTPStatus.FORBIDDEN, HTTPStatus.FORBIDDEN),
    ]
    assert flag_of(world, claim)["state"] == "open"


def test_the_money_page_says_what_the_api_says(world: World, paid: str) -> None:
    assert paid
    told = world.officer("insurer").http.get("/insight/money").json()
    with signed_in(world) as browser:
        read = texts(browser.get("/i/money"))
        one_state = browser.get("/i/money", params={"state": "confirmed"})
        wrong = browser.get("/i/money", params={"state": "lost"})

    amounts = [
        told["reserve"]["amount"],
        *(row["amount"] for row in told["payouts"]),
        *told["ledger"]["balances"].values(),
    ]
    assert [one for one in amounts if one not in read.split("\n")] == []
    assert world.show(paid)["number"] in texts(one_state)
    assert wrong.status_code == HTTPStatus.BAD_REQUEST


def test_one_person_stops_all_payments_and_two_let_them_leave_again(world: World) -> None:
    with signed_in(world) as browser, signed_in(world, place=2) as colleague:
        token, theirs = (form_token(one.get("/i/money")) for one in (browser, colleague))
        wordless = browser.post("/i/money/stop", data={"form_token": token})
        browser.post("/i/money/stop", data={"form_token": token, "reason": "a wrong tariff"})
        stopped = texts(browser.get("/i/money"))
        browser.post("/i/money/resume", data={"form_token": token, "reason": "the tariff is mended"})
        waits = colleague.get("/i/money")
        proposal = waits.text.split('name="proposal" value="')[1].split('"')[0]

        alone = browser.post("/i/money/agree", data={"form_token": token, "proposal": proposal})
        agreed = colleague.post("/i/money/agree", data={"form_token": theirs, "proposal": proposal})
        running = texts(browser.get("/i/money"))

    assert wordless.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "a wrong tariff" in stopped
    assert alone.status_code == HTTPStatus.FORBIDDEN
    assert agreed.status_code == HTTPStatus.SEE_OTHER
    assert "payments leave" in running


def test_a_bank_statement_is_held_against_the_books_and_changes_nothing(world: World, paid: str) -> None:
    payout = world.show(paid)["payout"]
    day = payout["paid_at"][:10]
    statement = f"date,amount,direction,reference\n{day},1.00,out,NOBODY-1\n"
    before = world.timeline(paid)["events"]
    with signed_in(world) as browser:
        token = form_token(browser.get("/i/money"))
        files = {"statement": ("bank.csv", statement.encode(), "text/csv")}

        compared = browser.post("/i/money/statement", data={"form_token": token}, files=files)
        nothing = browser.post("/i/money/statement", data={"form_token": token})

    assert compared.status_code == HTTPStatus.OK, texts(compared)
    assert "differ" in texts(compared)
    assert nothing.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert world.timeline(paid)["events"] == before


def test_the_counters_page_says_what_the_api_says(world: World, paid: str) -> None:
    assert paid
    together = world.officer("veterinary").http.get("/insight/model").json()["together"]
    with signed_in(world, "veterinary") as browser:
        read = texts(browser.get("/i/model"))
        wrong = browser.get("/i/model", params={"from": "2026-11-26", "to": "2026-11-01"})

    assert f"{together['exact']} / {together['agreed']}" in read
    assert together["agreed"] >= 1
    assert wrong.status_code == HTTPStatus.BAD_REQUEST


def test_each_office_sees_its_own_pages(world: World, paid: str) -> None:
    addresses = (*PAGES, f"/i/claims/{paid}")
    with signed_in(world, "disposal") as collector, signed_in(world, "veterinary") as vet:
        refused = [collector.get(one).status_code for one in addresses]
        seen = [vet.get(one).status_code for one in addresses]
        nowhere = vet.get("/i/claims/FC-20200101-0001").status_code

    assert refused == [HTTPStatus.FORBIDDEN] * len(addresses)
    assert seen == [*(HTTPStatus.OK, HTTPStatus.OK), HTTPStatus.FORBIDDEN, *(HTTPStatus.OK, HTTPStatus.OK)]
    assert nowhere == HTTPStatus.NOT_FOUND
