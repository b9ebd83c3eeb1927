"""Everyone around a claim, at work through the storm: phones, officers, farmers who agree, the collector."""

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from threading import Event, Lock
from typing import Any
from uuid import UUID

from PIL import Image

from tests.chaos.callers import Answer, Caller, StormOver, Tally
from tests.journeys.papers import OfficerClient, signed_decision, signed_handover
from tests.journeys.world import World

PHONES = 5
_LANES = ("insurer", "veterinary", "inspection")
# A killed worker leaves half a line, on which the next one goes on with its own.
_NOTICE = re.compile(r"\[(FC-[0-9-]+)\][^\[\n]*?(验证码|交接码)\D*(\d{6})")
_PURPOSE = {"验证码": "acceptance", "交接码": "handover"}
_ENDED = {"PAID", "CLOSED"}
_TWICE, _INCOMPLETE = 0.15, 0.1
"""Shares of reports that are sent twice at once, and of those whose last photo never leaves the phone."""


class Messages:
    """The one-time codes that farmers were sent, the newest last, read from what the workers print."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0
        self._codes: dict[tuple[str, str], str] = {}
        self._lock = Lock()

    def code(self, number: str, purpose: str) -> str | None:
        with self._lock:
            if self._path.exists():
                with self._path.open("rb") as told:
                    told.seek(self._read)
                    whole = told.read()
                # A killed worker may leave half a line, and another one may be writing its own.
                whole = whole[: whole.rfind(b"\n") + 1]
                self._read += len(whole)
                for found in _NOTICE.finditer(whole.decode("utf-8", "replace")):
                    self._codes[found[1], _PURPOSE[found[2]]] = found[3]
            return self._codes.get((number, purpose))


class People:
    """At work until told that no new losses are reported, and then until every claim is paid."""

    def __init__(
        self,
        world: World,
        tally: Tally,
        messages: Messages,
        *,
        phone_url: str,
        seed: str,
        most_claims: int,
    ) -> None:
        self._world, self._tally, self._messages, self._seed = world, tally, messages, seed
        self._most_claims = most_claims
        self._no_more_losses, self._home = Event(), tally.over
        self._begun = 0
        self._settled: set[str] = set()
        self._phones = {
            one["policy_number"]: Caller(phone_url, world.access_token(one), tally)
            for one in world.county["policies"]
            if one["species"] == "pig"
        }
        self._policies: dict[str, str] = {}
        """Policy number by claim id."""
        self._desks = {
            one.id: Caller(world.url, one.http.headers["authorization"].removeprefix("Bearer "), tally)
            for one in world.officers.values()
        }
        self._work: list[Future[None]] = []

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Everyone works until the end of the block."""
        jobs: list[Callable[[], None]] = [lambda place=place: self._phone(place) for place in range(PHONES)]  # type: ignore[misc]
        jobs += [lambda lane=lane: self._officer(lane) for lane in _LANES]  # type: ignore[misc]
        jobs += [self._farmers, self._collector]
        with ThreadPoolExecutor(len(jobs)) as pool:
            self._work = [pool.submit(self._through_the_storm, job) for job in jobs]
            try:
                yield
            finally:
                self._no_more_losses.set()
                self._home.set()
        for caller in (*self._phones.values(), *self._desks.values()):
            caller.close()

    def stop_reporting(self) -> None:
        """No new losses; what was begun is finished."""
        self._no_more_losses.set()

    def finished(self) -> bool:
        """Whether every phone is done and every acknowledged claim is paid.

        Raises:
            Exception: What ended somebody's work.
        """
        for job in self._work:
            if job.done():
                job.result()
        return all(job.done() for job in self._work[:PHONES]) and self._settled >= set(self._tally.numbers)

    def unsettled(self) -> set[str]:
        return set(self._tally.numbers) - self._settled

    def _phone(self, place: int) -> None:
        chance = Random(f"{self._seed}/phone {place}")
        while not self._no_more_losses.is_set():
            with self._tally.lock:
                if self._begun >= self._most_claims:
                    return
                self._begun += 1
            policy = self._world.policy("pig", chance.randrange(len(self._phones)))
            self._report(chance, policy)
            self._no_more_losses.wait(chance.uniform(0.1, 1.0))

    def _report(self, chance: Random, policy: dict[str, Any]) -> None:
        """One loss: the manifest until it is acknowledged, then each photo until it is."""
        phone = self._phones[policy["policy_number"]]
        photos = [a_photo(chance) for _ in range(chance.choice((1, 1, 2)))]
        body = self._world.report_body(
            policy, photos, claim_id=str(UUID(int=chance.getrandbits(128), version=4))
        )
        keys = [f"{body['claim_id']}/{time}" for time in range(2 if chance.random() < _TWICE else 1)]
        answers = at_once([lambda key=key: phone.post("/claims", body, key) for key in keys])  # type: ignore[misc]
        for answer in answers:
            if answer.status not in {200, 201}:
                self._tally.went_wrong(f"a report was answered {answer.status} {answer.body[:300]!r}")
                return
        numbers = {answer.document["number"] for answer in answers}
        if len(numbers) > 1:
            self._tally.went_wrong(f"one report got the numbers {numbers}")
        claim = body["claim_id"]
        with self._tally.lock:
            self._policies[claim] = policy["policy_number"]
            self._tally.numbers[claim] = numbers.pop()
        kept_back = len(photos) > 1 and chance.random() < _INCOMPLETE
        for announced, photo in list(zip(answers[0].document["photos"], photos, strict=True))[kept_back:]:
            ways = [
                chance.choice((phone.upload, phone.upload_in_parts))
                for _ in range(1 + (chance.random() < _TWICE))
            ]
            sent = at_once([lambda way=way: way(announced["upload_url"], photo) for way in ways])  # type: ignore[misc] # noqa: B023 - asked at once
            if any(one.status != 200 for one in sent):
                self._tally.went_wrong(
                    f"a photo was answered {[(one.status, one.body[:300]) for one in sent]}"
                )
            else:
                with self._tally.lock:
                    self._tally.photos[claim, hashlib.sha256(photo).hexdigest()] = photo

    def _officer(self, lane: str) -> None:
        """Approve whatever waits for this lane, as it stands when it is looked at."""
        officer = self._world.officer(lane)
        desk = self._desks[officer.id]
        for _ in self._rounds(0.3):
            queue = desk.get(f"/reviews?lane={lane}&limit=100").document
            for claim in [row["id"] for row in queue["claims"]]:
                shown = desk.get(f"/claims/{claim}").document
                if shown["state"] == "JOINT_REVIEW" and shown["lanes"][lane]["state"] != "APPROVED":
                    self._decide(desk, officer, shown)

    def _decide(self, desk: Caller, officer: OfficerClient, shown: dict[str, Any]) -> None:
        body = signed_decision(officer, shown, note="seen on the farm")
        key = f"{shown['id']}/{officer.lane}/{body['evidence_hash']:.12}/{body['offer_hash']:.12}"
        answer = desk.post(f"/claims/{shown['id']}/decisions", body, key)
        if answer.status == 403 and b"second-look-needed" in answer.body:
            colleague = self._world.colleague(officer.id)
            body = signed_decision(colleague, shown, note="seen on the farm, too")
            desk = self._desks[colleague.id]
            answer = desk.post(f"/claims/{shown['id']}/decisions", body, f"{key}/colleague")
        # A late photo voids what was decided while it was on its way.
        if answer.status not in {200, 409}:
            self._tally.went_wrong(f"a decision was answered {answer.status} {answer.body[:300]!r}")

    def _farmers(self) -> None:
        """Look at one's claims, and agree to what is offered with the newest code."""
        for _ in self._rounds(0.3):
            for claim in sorted(self.unsettled()):
                farmer = self._phones[self._policies[claim]]
                shown = farmer.get(f"/claims/{claim}").document
                if shown["state"] in _ENDED:
                    self._settled.add(claim)
                accepted = shown["acceptance"] and shown["acceptance"]["is_current"]
                if shown["state"] in {"JOINT_REVIEW", "OFFERED"} and not accepted:
                    self._with_code(farmer, shown, "acceptance", self._accept)

    def _collector(self) -> None:
        """Fetch the carcass of whatever has been reviewed."""
        collector = self._world.officer("disposal")
        desk = self._desks[collector.id]
        fetched: set[str] = set()
        for _ in self._rounds(0.3):
            for claim in sorted(self.unsettled() - fetched):
                shown = desk.get(f"/claims/{claim}").document
                if shown["handover"]:
                    fetched.add(claim)
                elif shown["state"] in {"OFFERED", "ACCEPTED"}:
                    self._with_code(desk, shown, "handover", lambda *said: self._hand_over(collector, *said))

    def _accept(self, farmer: Caller, shown: dict[str, Any], code: str) -> Answer:
        return farmer.post(f"/claims/{shown['id']}/acceptance", {"code": code}, f"{shown['id']}/agree/{code}")

    @staticmethod
    def _hand_over(collector: OfficerClient, desk: Caller, shown: dict[str, Any], code: str) -> Answer:
        body = signed_handover(collector, shown["id"], code, receipt_number=f"R-{shown['number']}")
        return desk.post(f"/claims/{shown['id']}/handovers", body, f"{shown['id']}/fetch/{code}")

    def _with_code(
        self,
        caller: Caller,
        shown: dict[str, Any],
        purpose: str,
        use: Callable[[Caller, dict[str, Any], str], Answer],
    ) -> None:
        """Use the newest code; where a crash has left the farmer with an old one, ask for another."""
        code = self._messages.code(shown["number"], purpose)
        if code is None:
            return
        answer = use(caller, shown, code)
        if answer.status == 403 and self._messages.code(shown["number"], purpose) == code:
            caller.post(f"/claims/{shown['id']}/codes", {"purpose": purpose})
        elif answer.status not in {200, 403, 409}:
            self._tally.went_wrong(f"{purpose} was answered {answer.status} {answer.body[:300]!r}")

    def _rounds(self, pause_s: float) -> Iterator[None]:
        """Again and again until everyone goes home."""
        while not self._home.wait(pause_s):
            yield

    @staticmethod
    def _through_the_storm(job: Callable[[], None]) -> None:
        with suppress(StormOver):
            job()


def a_photo(chance: Random) -> bytes:
    """A JPEG that nobody has sent before. The real counter sees no pig in noise: people look, and give notes."""
    picture = Image.frombytes("RGB", (32, 24), chance.randbytes(32 * 24 * 3)).resize((640, 480))
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=80)
    return written.getvalue()


def at_once(asks: list[Callable[[], Answer]]) -> list[Answer]:
    """What each is answered, asked side by side."""
    if len(asks) == 1:
        return [asks[0]()]
    with ThreadPoolExecutor(len(asks)) as both:
        return list(both.map(lambda ask: ask(), asks))
