"""The printable claim file: whole in itself, harmless whatever people wrote, and for the claim's own offices."""

from html.parser import HTMLParser

import httpx
import pytest
from sqlalchemy import update

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import PolicyNumber
from backend.insight.printed.page import POLICY
from backend.store import policies, tables
from backend.texts.load import Language
from backend.texts.printed import labels
from tests.backend.api.answers import problem
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key

# The file is made of what a claim is shown as.
pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")

HOSTILE = (
    "</style></svg><script>alert(1)</script><img src=http://evil.example/x onerror=alert(1)>{{ 7*7 }}'\"&\x07"
)


class Read(HTMLParser):
    """A page's elements with their attributes, and all of its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def fetched(self) -> list[str]:
        """Every address that a browser would load or lead to."""
        asking = ("src", "href", "xlink:href", "action", "data", "srcset", "poster")
        return [one[name] or "" for _, one in self.elements for name in asking if name in one]


def print_file(world: World, claim: str, language: str = "en", lane: str = "insurer") -> httpx.Response:
    return world.officer(lane).http.get(f"/claims/{claim}/file", params={"language": language})


def is_harmless(page: Read) -> bool:
    """Nothing runs, and nothing is asked of any address."""
    handlers = [name for _, one in page.elements for name in one if name.startswith("on")]
    addresses = [one for one in page.fetched() if not one.startswith("data:image/jpeg;base64,")]
    return not (page.all("script") or page.all("iframe") or page.all("link") or handlers or addresses)


@pytest.fixture(scope="module")
def paid(installation: World) -> str:
    """A claim that went all the way, of two photos."""
    policy = installation.policy()
    installation.counter.sees = 1
    claim = installation.report(policy, [a_photo(), a_photo()], note="the sow lay in the rain")
    installation.wait(claim, "JOINT_REVIEW")
    installation.agree(claim, policy)
    installation.pay(claim)
    installation.certify(claim).raise_for_status()
    return claim


@pytest.mark.parametrize("language", list(Language))
def test_a_paid_claims_file_says_all_that_it_rests_on(world: World, paid: str, language: Language) -> None:
    shown = world.officer("insurer").http.get(f"/claims/{paid}", params={"language": language}).json()

    answer = print_file(world, paid, language)
    page = Read(answer.text)

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == f"{POLICY}; frame-ancestors 'none'"
    assert {one.get("content") for one in page.all("meta")} >= {POLICY}
    said = (
        *(shown["number"], shown["policy_number"], shown["farm"]["name"], "the sow lay in the rain"),
        *(shown["offer"]["lines"][0]["working"], shown["offer"]["amount"], shown["offer"]["offer_hash"]),
        *(shown["evidence_hash"], shown["handover"]["receipt_number"], shown["payout"]["reference"]),
        *(shown["certificate"]["certificate_number"], shown["payee"]["account_last4"]),
        *(photo["sha256"] for photo in shown["photos"]),
        *(labels(language)[name] for name in ("title", "signatures", "timeline", "no_findings")),
    )
    assert [one for one in said if one not in page.words] == []
    assert page.words.count(labels(language)["fits"]) == 8
    assert len(page.all("image")) == 2
    assert is_harmless(page)


def test_the_account_is_masked(world: World, paid: str) -> None:
    number = PolicyNumber(world.show(paid)["policy_number"])
    account = world.parts.store.engine.read(lambda on: policies.policy(on, number), EVERYWHERE).payee.account

    answer = print_file(world, paid)

    assert account not in answer.text
    assert account[-4:] in answer.text


def test_boxes_stand_where_the_machine_saw_the_animals(world: World, paid: str) -> None:
    boxes = [photo["boxes"][0]["xyxy"] for photo in world.show(paid)["photos"]]

    drawn = Read(print_file(world, paid).text).all("rect")

    assert {(one["x"], one["y"], one["width"], one["height"]) for one in drawn} == {
        (str(left), str(top), str(right - left), str(bottom - top)) for left, top, right, bottom in boxes
    }


def test_a_claim_of_which_nothing_is_known_yet_says_so(world: World) -> None:
    policy = world.policy()
    body = world.report_body(policy, [], animals=[])
    with world.farmer(policy) as farmer:
        claim = farmer.post("/claims", json=body, headers=key()).json()["id"]

    page = Read(print_file(world, claim).text)

    said = labels(Language.EN)
    for empty in ("no_photos", "no_offer", "no_acceptance", "no_handover", "no_certificate", "no_payout"):
        assert said[empty] in page.words
    assert said["no_signatures"] in page.words
    assert said["no_fix"] in page.words


def test_what_strangers_write_stays_words(world: World) -> None:
    policy = world.policy()
    claim = world.report(policy, [a_photo()], note=HOSTILE)
    world.wait(claim, "JOINT_REVIEW")
    world.decide(claim, "veterinary", note=HOSTILE).raise_for_status()

    page = Read(print_file(world, claim, "zh").text)

    assert is_harmless(page)
    assert page.words.count("<script>alert(1)</script>") >= 2
    assert "{{ 7*7 }}" in page.words


def test_a_photo_that_nobody_can_open_is_named_in_its_place(world: World) -> None:
    policy = world.policy()
    body = world.report_body(policy, [b"no photo at all", a_photo()])
    with world.farmer(policy) as farmer:
        answer = farmer.post("/claims", json=body, headers=key()).json()
        farmer.put(answer["photos"][0]["upload_url"], content=b"no photo at all")

    page = Read(print_file(world, answer["id"]).text)

    assert labels(Language.EN)["not_readable"] in page.words
    assert labels(Language.EN)["not_received"] in page.words


def test_only_the_three_offices_of_the_claims_county_have_it_made(world: World, paid: str) -> None:
    with world.farmer(world.policy()) as farmer:
        by_farmer = farmer.get(f"/claims/{paid}/file")
    by_collector = print_file(world, paid, lane="disposal")
    by_offices = [print_file(world, paid, lane=lane) for lane in ("veterinary", "inspection")]

    problem(by_farmer, 403, "not-allowed")
    problem(by_collector, 403, "not-allowed")
    assert [one.status_code for one in by_offices] == [200, 200]


def test_an_office_of_another_county_has_no_file_of_it(world: World, paid: str) -> None:
    def move_office(county: str) -> None:
        office = update(tables.organisations).where(tables.organisations.c.id == "vet-changsha")
        world.parts.store.submit(lambda connection: connection.execute(office.values(county=county))).result()

    move_office("430124")
    try:
        answer = print_file(world, paid, lane="veterinary")
    finally:
        move_office(world.county["county"])

    problem(answer, 404, "not-found")


def test_a_claim_that_is_not_there_has_no_file(world: World) -> None:
    problem(print_file(world, "FC-20200101-9999"), 404, "not-found")
