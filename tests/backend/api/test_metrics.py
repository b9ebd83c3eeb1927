"""``/metrics`` says what lists, queues and ``stats`` say, in Prometheus's own format."""

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from backend.insight.metrics import Figures, exposition
from backend.store import tables
from backend.store.engine import open_engine
from backend.workflows.clock import utc_now
from tests.backend.api.answers import problem
from tests.journeys.pictures import a_photo
from tests.journeys.world import PLAIN, World, running_world
from tests.logbook import kept_log

Labels = dict[str, str]


class Scrape:
    """What one scrape told, read by Prometheus's own parser."""

    def __init__(self, text: str) -> None:
        self.families = {family.name: family for family in text_string_to_metric_families(text)}
        self.samples = [sample for family in self.families.values() for sample in family.samples]

    def value(self, name: str, **labels: str) -> float:
        (found,) = [
            one.value for one in self.samples if one.name == name and labels.items() <= one.labels.items()
        ]
        return float(found)

    def by(self, name: str, label: str) -> dict[str, float]:
        return {one.labels[label]: one.value for one in self.samples if one.name == name and one.value}


def scraped(world: World) -> Scrape:
    """The figures as they stand: a world's first scrape waits for them, and no test asks twice."""
    answer = httpx.get(f"{world.url}/metrics", **PLAIN).raise_for_status()
    assert answer.headers["content-type"].startswith("text/plain")
    return Scrape(answer.text)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Scrape]]:
    """One claim paid, three in review, one on hold, and an effect that died."""
    with running_world(tmp_path_factory.mktemp("metrics")) as world:
        policy = world.policy()
        paid = world.report(policy, [a_photo()])
        world.wait(paid, "JOINT_REVIEW")
        world.agree(paid, policy)
        world.pay(paid)
        waiting = [world.report(world.policy(place=1), [a_photo()]) for _ in range(2)]
        for claim in waiting:
            world.wait(claim, "JOINT_REVIEW")
        world.decide(waiting[0], "veterinary").raise_for_status()
        same = a_photo()
        waiting.append(world.report(world.policy(place=1), [same]))
        world.wait(waiting[-1], "JOINT_REVIEW")
        held = world.report(world.policy(), [same])
        world.wait(held, "TRIAGED")
        effects = tables.effects
        one = effects.select().where(effects.c.kind == "verify", effects.c.state == "pending").limit(1)

        def bury(connection: object) -> None:
            found = connection.execute(one).one()  # type: ignore[attr-defined]
            dead = update(effects).where(effects.c.id == found.id).values(state="dead")
            connection.execute(dead)  # type: ignore[attr-defined]

        world.parts.store.submit(bury).result()
        yield world, scraped(world)


def test_open_claims_are_those_of_the_list(busy: tuple[World, Scrape]) -> None:
    world, scrape = busy
    listed = world.officer("insurer").http.get("/claims", params={"open_only": True}).json()["claims"]

    counted: dict[str, float] = {}
    for claim in listed:
        counted[claim["state"]] = counted.get(claim["state"], 0) + 1

    assert scrape.by("flashclaim_claims_open", "state") == counted
    assert counted == {"PAID": 1, "JOINT_REVIEW": 3, "TRIAGED": 1}
    assert scrape.value("flashclaim_claims_overdue") == 0


def test_the_figures_are_the_same_on_both_kinds_of_database(world: World) -> None:
    world.wait(world.report(world.policy(place=2), [a_photo()]), "JOINT_REVIEW")
    figures = Figures(world.parts.store.engine.read, world.parts.clock)

    scrape = Scrape(exposition(figures).decode())
    figures.close()
    stats = {one["stage"]: one for one in world.officer("insurer").http.get("/insight").json()["stages"]}
    waiting = world.officer("inspection").http.get("/reviews").json()["waiting"]

    assert scrape.value("flashclaim_queue_claims", lane="inspection") == waiting > 0
    assert scrape.value("flashclaim_stage_open", stage="joint_review") == stats["joint_review"]["open"]
    took = scrape.value("flashclaim_stage_seconds", stage="verification", quantile="0.5")
    assert took == stats["verification"]["p50_seconds"] > 0


def test_each_lanes_queue_is_as_long_as_its_officers_see_it(busy: tuple[World, Scrape]) -> None:
    world, scrape = busy

    for lane, waiting in (("insurer", 4), ("veterinary", 2), ("inspection", 3)):
        queue = world.officer(lane).http.get("/reviews", params={"lane": lane}).json()
        assert scrape.value("flashclaim_queue_claims", lane=lane) == queue["waiting"] == waiting
        assert 0 < scrape.value("flashclaim_queue_oldest_seconds", lane=lane) < 60


def test_effects_are_those_of_the_list(busy: tuple[World, Scrape]) -> None:
    world, scrape = busy
    http = world.officer("insurer").http
    dead = http.get("/effects", params={"state": "dead"}).json()["effects"]
    pending = http.get("/effects", params={"state": "pending"}).json()["effects"]

    assert sum(scrape.by("flashclaim_effects_dead", "kind").values()) == len(dead) == 1
    assert sum(scrape.by("flashclaim_effects_pending", "kind").values()) == len(pending) > 0
    assert scrape.value("flashclaim_effects_oldest_due_seconds", kind="pay") == 0


def test_stage_figures_are_those_of_stats(busy: tuple[World, Scrape]) -> None:
    world, scrape = busy
    stats = {one["stage"]: one for one in world.officer("insurer").http.get("/insight").json()["stages"]}

    assert scrape.by("flashclaim_stage_claims", "stage") == {
        name: one["count"] for name, one in stats.items()
    }
    assert scrape.by("flashclaim_stage_open", "stage") == {
        name: one["open"] for name, one in stats.items() if one["open"]
    }
    for name, share, figure in (("verification", "0.5", "p50_seconds"), ("payment", "0.9", "p90_seconds")):
        assert scrape.value("flashclaim_stage_seconds", stage=name, quantile=share) == stats[name][figure]
    unsettled = scrape.value("flashclaim_stage_seconds", stage="joint_review", quantile="0.95")
    assert (stats["joint_review"]["p95_seconds"], unsettled) == (None, float("inf"))


def test_the_process_measures_its_requests_effects_photos_and_commits(busy: tuple[World, Scrape]) -> None:
    _, scrape = busy
    photo = {"method": "PUT", "route": "/api/v1/claims/{claim}/photos/{sha256}"}

    assert scrape.value("flashclaim_http_request_duration_seconds_count", **photo, status="200") >= 4
    assert scrape.value("flashclaim_http_request_body_bytes_total", **photo) > 4_000
    assert scrape.value("flashclaim_effect_duration_seconds_count", kind="pay", outcome="finished") >= 1
    assert scrape.value("flashclaim_photo_verification_duration_seconds_count") >= 4
    assert scrape.value("flashclaim_photo_count_duration_seconds_count", counter="fake@1") >= 4
    assert scrape.value("flashclaim_database_commit_duration_seconds_count") > 20
    assert scrape.value("flashclaim_database_connections_in_use") >= 1
    assert scrape.value("flashclaim_build_info", counter="fake@1") == 1
    assert scrape.value("flashclaim_figures_available") == 1
    assert scrape.value("flashclaim_figures_age_seconds") < 30


def test_no_label_holds_what_a_caller_wrote(busy: tuple[World, Scrape]) -> None:
    world, _ = busy
    for method, path in (("GET", "/api/v1/claims/zhang-san"), ("GET", "/zhang-san"), ("ZHANG", "/healthz")):
        httpx.request(method, f"{world.url}{path}", **PLAIN)

    assert "zhang" not in httpx.get(f"{world.url}/metrics", **PLAIN).text.lower()


def test_a_caller_behind_a_proxy_is_not_taken_for_this_machine(busy: tuple[World, Scrape]) -> None:
    world, _ = busy

    answer = httpx.get(f"{world.url}/metrics", headers={"X-Real-IP": "127.0.0.1"}, **PLAIN)

    problem(answer, 403, "metrics-not-allowed")


def test_with_a_token_only_its_holder_reads_the_figures(tmp_path: Path) -> None:
    with running_world(tmp_path, farms=1, metrics_token="watchful") as world:
        url = f"{world.url}/metrics"

        without = httpx.get(url, **PLAIN)
        wrong = httpx.get(url, headers={"Authorization": "Bearer watchfuL"}, **PLAIN)
        right = httpx.get(url, headers={"Authorization": "Bearer watchful"}, **PLAIN)

    problem(without, 401, "metrics-token-missing")
    problem(wrong, 401, "metrics-token-missing")
    assert right.status_code == 200


def test_without_a_database_the_process_still_tells_its_own_figures(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    figures = Figures(engine.read, utc_now)

    with kept_log() as book:
        scrape = Scrape(exposition(figures).decode())
    figures.close()
    engine.close()

    assert scrape.value("flashclaim_figures_available") == 0
    assert "flashclaim_claims_open" not in scrape.families
    assert scrape.value("flashclaim_database_version_clashes_total") >= 0
    # Workers of other tests may still be at it.
    own = [one["event"] for one in book.events() if one["event"].startswith("figures.")]
    assert own == ["figures.failed"]


def test_figures_are_read_aside_and_a_scrape_waits_for_the_first_only(tmp_path: Path) -> None:
    looks = []

    def read(_work: object, _sight: object) -> list[Metric]:
        looks.append(threading.current_thread())
        return [GaugeMetricFamily("looks", "How often.", value=len(looks))]

    figures = Figures(read, utc_now)
    first, second = (Scrape(exposition(figures).decode()).value("looks") for _ in range(2))
    figures.close()

    assert (first, second) == (1, 1)
    assert looks == [threading.current_thread()]
